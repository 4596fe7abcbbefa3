package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static com.pacerelle.client.store.jdbc.TestChanges.PEER;
import static com.pacerelle.client.store.jdbc.TestChanges.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class StoreDirectoryTests {

	@TempDir
	private Path root;

	@ParameterizedTest
	@ValueSource(
			strings = { "", " ", ".", "..", "../agent", "a/b", "/", "a\\b", "a\0b", "a\nb", ".hidden", "ä", "a:b" })
	void anAgentIdThatCannotNameADirectoryIsRefused(String agentId) throws IOException {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> StoreDirectory.take(this.root, agentId))
			.withMessageContaining("Copy it from the app again");
		assertThat(this.root).isEmptyDirectory();
	}

	@Test
	void anAgentIdIsAtMost128CharactersLong() {
		StoreDirectory.take(this.root, "a".repeat(128)).close();

		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> StoreDirectory.take(this.root, "a".repeat(129)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "5f0c3a3e-9d64-4d0e-8a7a-1c2d3e4f5a6b", "agent_1", "Agent.v2", "agent@example.com" })
	void theDirectoryOfAnAgentIsNamedByItsId(String agentId) {
		SqliteAgentStore.open(this.root, agentId).close();

		assertThat(this.root.resolve(agentId).resolve("agent.db")).isNotEmptyFile();
	}

	@Test
	void aRootMayHaveCharactersThatMeanSomethingInAUrl() {
		Path odd = this.root.resolve("a b?c=d&e#f%20;g").resolve("Größe");
		try (AgentStore store = SqliteAgentStore.open(odd, "agent")) {
			store.commitAsync(List.of(session(PEER, (byte) 1))).join();
			assertThat(store.session(PEER)).isNotNull();
		}
		assertThat(odd.resolve("agent").resolve("agent.db")).isNotEmptyFile();
	}

	@Test
	void onlyTheOwnerCanReadTheStore() throws IOException {
		assumePosix();
		Path root = this.root.resolve("new");
		try (AgentStore store = SqliteAgentStore.open(root, "agent")) {
			store.commitAsync(List.of(session(PEER, (byte) 1))).join();

			assertThat(permissions(root)).isEqualTo("rwx------");
			assertThat(permissions(root.resolve("agent"))).isEqualTo("rwx------");
			assertThat(files(root.resolve("agent"))).extracting((file) -> file.getFileName().toString())
				.containsExactlyInAnyOrder("lock", "agent.db", "agent.db-wal", "agent.db-shm");
			assertThat(files(root.resolve("agent")))
				.allSatisfy((file) -> assertThat(permissions(file)).isEqualTo("rw-------"));
		}
	}

	@Test
	void rightsThatAreTooWideAreNarrowedAndTheRootIsLeftAlone() throws IOException {
		assumePosix();
		SqliteAgentStore.open(this.root, "agent").close();
		Path directory = this.root.resolve("agent");
		for (String name : List.of("agent.db-wal", "agent.db-shm")) {
			Files.createFile(directory.resolve(name));
		}
		for (Path file : files(directory)) {
			Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
		}
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		Files.setPosixFilePermissions(this.root, PosixFilePermissions.fromString("rwxr-xr-x"));

		try (StoreDirectory taken = StoreDirectory.take(this.root, "agent")) {
			assertThat(taken).hasToString(directory.toString());
			assertThat(files(directory)).hasSize(4)
				.allSatisfy((file) -> assertThat(permissions(file)).isEqualTo("rw-------"));
		}
		assertThat(permissions(directory)).isEqualTo("rwx------");
		assertThat(permissions(this.root)).isEqualTo("rwxr-xr-x");
	}

	@Test
	void aSecondStoreOfTheSameAgentIsRefusedUntilTheFirstIsClosed() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolve("link"), this.root);
		try (AgentStore store = SqliteAgentStore.open(this.root, "agent")) {
			for (Path root : List.of(this.root, link, this.root.resolve("agent").resolve(".."))) {
				assertThatExceptionOfType(StoreInUseException.class)
					.isThrownBy(() -> SqliteAgentStore.open(root, "agent"))
					.withMessageContaining(this.root.resolve("agent").toString())
					.withMessageContaining("Stop the other process");
			}
			SqliteAgentStore.open(this.root, "another-agent").close();
			assertThat(store.lastSequence()).isZero();
		}
		SqliteAgentStore.open(this.root, "agent").close();
	}

	@Test
	void closingAStoreTwiceDoesNotFreeItForAThirdOne() {
		AgentStore first = SqliteAgentStore.open(this.root, "agent");
		first.close();
		try (AgentStore second = SqliteAgentStore.open(this.root, "agent")) {
			first.close();
			assertThatExceptionOfType(StoreInUseException.class)
				.isThrownBy(() -> SqliteAgentStore.open(this.root, "agent"));
			assertThat(second.lastSequence()).isZero();
		}
	}

	@Test
	@Tag("process")
	void anotherProcessIsRefusedEvenAfterThisOneWasRefusedItself() throws IOException {
		try (AgentStore store = SqliteAgentStore.open(this.root, "agent")) {
			assertThatExceptionOfType(StoreInUseException.class)
				.isThrownBy(() -> SqliteAgentStore.open(this.root, "agent"));
			try (StoreProcess other = StoreProcess.start(this.root, Opener.class, this.root)) {
				assertThat(other.readLine()).isEqualTo("StoreInUseException");
			}
			assertThat(store.lastSequence()).isZero();
		}
	}

	@Test
	@Tag("process")
	void theStoreIsFreeAsSoonAsTheProcessThatHadItIsGone() throws Exception {
		try (StoreProcess other = StoreProcess.start(this.root, Opener.class, this.root)) {
			assertThat(other.readLine()).isEqualTo("open");
			assertThatExceptionOfType(StoreInUseException.class)
				.isThrownBy(() -> SqliteAgentStore.open(this.root, "agent"));
			other.kill();
		}
		SqliteAgentStore.open(this.root, "agent").close();
	}

	@Test
	void aRootThatIsAFileIsAClearError() throws IOException {
		Path file = Files.createFile(this.root.resolve("file"));

		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> SqliteAgentStore.open(file, "agent"))
			.withMessageContaining(file.resolve("agent").toString())
			.withMessageContaining("another store root");
	}

	private void assumePosix() throws IOException {
		assumeTrue(Files.getFileStore(this.root).supportsFileAttributeView("posix"),
				"The file system of the temporary directory has no POSIX permissions");
	}

	private static String permissions(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.toList();
		}
	}

	/**
	 * Opens a store, says how that went, and waits for its end.
	 */
	static final class Opener {

		private Opener() {
		}

		public static void main(String[] arguments) throws IOException {
			try {
				SqliteAgentStore.open(Path.of(arguments[0]), "agent");
				System.out.println("open");
				System.in.read();
			}
			catch (StoreException ex) {
				System.out.println(ex.getClass().getSimpleName());
			}
		}

	}

}
