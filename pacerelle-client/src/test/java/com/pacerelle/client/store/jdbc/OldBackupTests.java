package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import com.pacerelle.client.store.StoreOutdatedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class OldBackupTests {

	@TempDir
	private Path root;

	@Test
	void anOldDatabaseInThePlaceOfTheNewOneIsRecognised() throws IOException {
		SqliteAgentStore.open(this.root, "agent").close();
		Path database = this.root.resolve("agent").resolve("agent.db");
		Path backup = Files.copy(database, this.root.resolve("backup.db"));
		SqliteAgentStore.open(this.root, "agent").close();
		byte[] newest = Files.readAllBytes(database);

		Files.copy(backup, database, StandardCopyOption.REPLACE_EXISTING);

		for (int attempt = 0; attempt < 2; attempt++) {
			assertThatExceptionOfType(StoreOutdatedException.class)
				.isThrownBy(() -> SqliteAgentStore.open(this.root, "agent"))
				.withMessageContaining("is of an old backup")
				.withMessageContaining("generation 2, the database has 1");
		}
		Files.write(database, newest);
		assertThatNoException().isThrownBy(() -> SqliteAgentStore.open(this.root, "agent").close());
		Files.copy(backup, database, StandardCopyOption.REPLACE_EXISTING);
		StoreRestore.open(this.root, "agent", null).close();
		assertThatNoException().isThrownBy(() -> SqliteAgentStore.open(this.root, "agent").close());
	}

	@Test
	void aBackupOfTheSameStateOrAnotherAgentInItsPlaceIsNoOldOne() throws IOException {
		for (int start = 0; start < 3; start++) {
			SqliteAgentStore.open(this.root, "agent").close();
		}
		Path database = this.root.resolve("agent").resolve("agent.db");
		byte[] newest = Files.readAllBytes(database);
		Files.delete(database);
		SqliteAgentStore.open(this.root, "agent").close();
		Files.write(database, newest);
		assertThatNoException().isThrownBy(() -> SqliteAgentStore.open(this.root, "agent").close());
	}

	@Test
	void anHourOfWorkIsAGenerationToo() throws Exception {
		SqliteAgentStore.open(this.root, "agent").close();
		try (JdbcAgentStore store = (JdbcAgentStore) SqliteAgentStore.open(this.root, "agent")) {
			for (int minute = 0; minute < 60; minute++) {
				store.keepUp();
			}
		}
		assertThat(Files.readString(this.root.resolve(".agent.generation"))).endsWith(" 3\n");
	}

}
