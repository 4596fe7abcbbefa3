package com.pacerelle.spring.connect;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class FileInstallationRepositoryTests {

	private static final Installation ONE = new Installation("agent-1", "alice", "c-1", "s3cret-1");

	private static final Installation TWO = new Installation("agent-2", "bob", "c-2", "s3cret-2");

	@TempDir
	Path root;

	@Test
	void installationsAreReadByTheNextProcess() {
		Path file = this.root.resolve("new/installations.json");
		InstallationRepository repository = new FileInstallationRepository(file);
		assertThat(repository.findAll()).isEmpty();
		repository.save(ONE);
		repository.save(TWO);
		assertThat(new FileInstallationRepository(file).findAll()).containsExactly(ONE, TWO);
	}

	@Test
	void aNewInstallationOfAnAgentReplacesTheOld() {
		InstallationRepository repository = repository();
		Installation again = new Installation("agent-1", "alice", "c-1", "another");
		repository.save(ONE);
		repository.save(TWO);
		repository.save(again);
		assertThat(repository.findAll()).containsExactlyInAnyOrder(again, TWO);
		repository.remove("agent-1");
		repository.remove("agent-3");
		assertThat(repository.findAll()).containsExactly(TWO);
	}

	@Test
	void onlyTheOwnerReadsTheFileAndNothingElseIsLeft() throws Exception {
		repository().save(ONE);
		repository().save(TWO);
		try (Stream<Path> files = Files.list(this.root)) {
			assertThat(files).singleElement()
				.satisfies((file) -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
					.isEqualTo("rw-------"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "s3cret", "[{\"agentId\":\"s3cret\"}]", "{\"s3cret\":1}" })
	void aDamagedFileIsNeitherQuotedNorReplaced(String content) throws Exception {
		Path file = Files.writeString(this.root.resolve("installations.json"), content);
		assertThatIllegalStateException().isThrownBy(() -> repository().findAll())
			.withMessageContaining(file.toString())
			.withMessageNotContaining("s3cret")
			.withNoCause();
		assertThatIllegalStateException().isThrownBy(() -> repository().save(ONE));
		assertThat(file).hasContent(content);
	}

	@Test
	void aFileThatCannotBeWrittenIsNamed() throws Exception {
		Path inTheWay = Files.writeString(this.root.resolve("file"), "");
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> new FileInstallationRepository(inTheWay.resolve("installations.json")).save(ONE))
			.withMessageContaining("installations.json");
	}

	@Test
	void tokensAreNotDescribed() {
		assertThat(List.of(ONE, TWO)).hasToString("[Installation[agentId=agent-1], Installation[agentId=agent-2]]");
	}

	private InstallationRepository repository() {
		return new FileInstallationRepository(this.root.resolve("installations.json"));
	}

}
