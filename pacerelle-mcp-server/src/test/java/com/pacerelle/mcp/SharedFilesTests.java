package com.pacerelle.mcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.pacerelle.client.message.AgentAttachment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SharedFiles}.
 */
class SharedFilesTests {

	private static final String ELSEWHERE = "There is no such file in the directories from which files may be sent";

	@TempDir
	private Path root;

	private Path allowed;

	@BeforeEach
	void files() throws IOException {
		this.allowed = Files.createDirectory(this.root.resolve("allowed"));
		Files.writeString(this.allowed.resolve("report.txt"), "report");
		Files.writeString(this.root.resolve("secret.txt"), "secret");
		Files.writeString(Files.createDirectory(this.root.resolve("allowed-not")).resolve("secret.txt"), "secret");
	}

	@Test
	void nothingIsSentUnlessADirectoryIsConfigured() {
		assertThatIllegalArgumentException().isThrownBy(() -> send(null, this.allowed.resolve("report.txt")))
			.withMessageContaining("PACERELLE_MCP_FILES");
	}

	@Test
	void aFileOfAConfiguredDirectoryIsSent() throws IOException {
		assertThat(new SharedFiles(properties(this.allowed, null)).toSend(this.allowed.resolve("report.txt").toString())
			.content()
			.getContentAsByteArray()).asString().isEqualTo("report");
	}

	@Test
	void aFileElsewhereIsNot() {
		refused(this.root.resolve("secret.txt"));
		refused(this.root.resolve("allowed-not/secret.txt"));
		refused(this.allowed.resolve("../secret.txt"));
		refused(Path.of("/etc/passwd"));
	}

	@Test
	void aLinkLeadsNowhereElse() throws IOException {
		Files.createSymbolicLink(this.allowed.resolve("link.txt"), this.root.resolve("secret.txt"));
		Files.createSymbolicLink(this.allowed.resolve("directory"), this.root);
		refused(this.allowed.resolve("link.txt"));
		refused(this.allowed.resolve("directory/secret.txt"));
	}

	@Test
	void whatIsNoFileIsToldLikeWhatIsElsewhere() {
		refused(this.allowed.resolve("missing.txt"));
		refused(this.allowed);
	}

	@Test
	void filesOfPeopleAreSavedUnderNamesThatAreMadeHere() throws IOException {
		Path downloads = this.root.resolve("downloads");
		String saved = new SharedFiles(properties(this.allowed, downloads)).save(attachment("../../evil.sh"));
		assertThat(saved).isNotNull();
		assertThat(Path.of(saved)).hasContent("content").hasParent(downloads.toAbsolutePath());
		assertThat(Path.of(saved).getFileName().toString()).endsWith(".sh").doesNotContain("evil");
	}

	@Test
	void filesOfPeopleAreNotSavedUnlessADirectoryIsConfigured() {
		assertThat(new SharedFiles(properties(this.allowed, null)).save(attachment("report.txt"))).isNull();
	}

	@Test
	void aFileThatCannotBeReadHasNoPath() {
		AgentAttachment broken = attachment("report.txt")
			.from((attachment, listener) -> Mono.error(new IllegalStateException()));
		assertThat(new SharedFiles(properties(this.allowed, this.root)).save(broken)).isNull();
	}

	private void refused(Path path) {
		assertThatIllegalArgumentException().isThrownBy(() -> send(this.allowed, path)).withMessage(ELSEWHERE);
	}

	private static void send(@Nullable Path directory, Path path) {
		new SharedFiles(properties(directory, null)).toSend(path.toString());
	}

	private static McpServerProperties properties(@Nullable Path directory, @Nullable Path downloads) {
		return new McpServerProperties((directory != null) ? List.of(directory) : List.of(), downloads, null);
	}

	private static AgentAttachment attachment(String name) {
		return AgentAttachment.of(name, "text/plain", "content".getBytes());
	}

}
