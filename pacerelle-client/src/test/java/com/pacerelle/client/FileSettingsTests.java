package com.pacerelle.client;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FileSettingsTests {

	@Test
	void acceptsTypesWildcardsAndExtensions() {
		List<String> patterns = List.of("application/pdf", "image/*", ".csv");
		assertThat(new FileSettings(0, patterns).acceptedTypes()).isEqualTo(patterns);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", "pdf", "image/", "/png", "image png" })
	void refusesWhatIsNoTypeAndNoExtension(String pattern) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> new FileSettings(0, List.of(pattern)))
			.withMessageStartingWith("'files.acceptedTypes' must have")
			.satisfies((failure) -> assertThat(failure.setting()).isEqualTo("files.acceptedTypes"));
	}

	@Test
	void refusesANegativeSize() {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> new FileSettings(-1, List.of()))
			.withMessage("'files.maxSize' must not be negative");
	}

}
