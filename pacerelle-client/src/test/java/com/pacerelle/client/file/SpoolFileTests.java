package com.pacerelle.client.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import com.pacerelle.client.message.FileTransferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SpoolFileTests {

	@TempDir
	private Path directory;

	@Test
	void isGoneWhenItIsClosed() {
		FileChannel file = SpoolFile.open(this.directory);
		SpoolFile.close(file);
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	@EnabledOnOs(value = { OS.LINUX, OS.MAC }, disabledReason = "Only POSIX deletes what is open")
	void hasNoNameWhileItIsOpenSoThatACrashLeavesNothingBehind() throws IOException {
		try (FileChannel file = SpoolFile.open(this.directory)) {
			assertThat(file.isOpen()).isTrue();
			assertThat(this.directory).isEmptyDirectory();
		}
	}

	@Test
	void saysWhereItCannotBe() throws IOException {
		Path missing = this.directory.resolve("missing");
		assertThatExceptionOfType(FileTransferException.class).isThrownBy(() -> SpoolFile.open(missing))
			.withMessageContaining(missing.toString())
			.withMessageContaining("java.io.tmpdir");
		assertThat(Files.exists(missing)).isFalse();
	}

}
