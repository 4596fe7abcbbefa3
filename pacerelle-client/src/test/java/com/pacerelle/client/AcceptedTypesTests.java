package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AcceptedTypesTests {

	private static final byte[] PNG = { (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, '\r', 'I', 'H',
			'D', 'R' };

	private static final byte[] PDF = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] PROGRAM = { 0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 62, 0 };

	private static final byte[] TEXT = "a;b\n1;2\n".getBytes(StandardCharsets.US_ASCII);

	@ParameterizedTest
	@CsvSource({ "image/*, a.png, image/png, true", "image/*, a.png, application/pdf, false",
			"application/pdf, a, application/pdf, true", "application/pdf, a.pdf, application/octet-stream, false",
			".pdf, report.PDF, application/octet-stream, true", ".pdf, report.pdf.exe, application/pdf, false",
			"image/*, a.png, not a type, false", "image/*, a.png, image/*, false", "*/*, a, text/plain, true",
			"text/plain, a.txt, text/plain;charset=utf-8, true" })
	void judgesNameAndDeclaredType(String pattern, String name, String mime, boolean accepted) {
		assertThat(new AcceptedTypes(List.of(pattern)).accepts(name, mime)).isEqualTo(accepted);
	}

	@Test
	void judgesContentByItsMagicBytes() {
		AcceptedTypes images = new AcceptedTypes(List.of("image/*"));
		assertThat(images.acceptsContent(PNG, "a.png")).isTrue();
		assertThat(images.acceptsContent(PNG, "a.txt")).isTrue();
		assertThat(images.acceptsContent(PDF, "a.png")).isFalse();
		assertThat(images.acceptsContent(PROGRAM, "a.png")).isFalse();
		AcceptedTypes pdf = new AcceptedTypes(List.of("application/pdf"));
		assertThat(pdf.acceptsContent(PDF, "a.pdf")).isTrue();
		assertThat(pdf.acceptsContent(TEXT, "a.pdf")).isFalse();
	}

	@Test
	void knowsThatATableIsAText() {
		assertThat(new AcceptedTypes(List.of("text/plain")).acceptsContent(TEXT, "a.csv")).isTrue();
		assertThat(new AcceptedTypes(List.of("text/csv")).acceptsContent(TEXT, "a.csv")).isTrue();
		assertThat(new AcceptedTypes(List.of("text/csv")).acceptsContent(TEXT, "a.txt")).isFalse();
	}

	@Test
	void wantsTheContentThatAnExtensionMeans() {
		AcceptedTypes extensions = new AcceptedTypes(List.of(".pdf", ".csv", ".own-format"));
		assertThat(extensions.acceptsContent(PDF, "a.pdf")).isTrue();
		assertThat(extensions.acceptsContent(PROGRAM, "a.pdf")).isFalse();
		assertThat(extensions.acceptsContent(TEXT, "a.csv")).isTrue();
		assertThat(extensions.acceptsContent(PNG, "a.csv")).isFalse();
		assertThat(extensions.acceptsContent(new byte[] { 1, 2, 3 }, "a.own-format")).isTrue();
	}

	@Test
	void acceptsAllWhenThereAreNone() {
		AcceptedTypes all = new AcceptedTypes(List.of());
		assertThat(all.acceptsAll()).isTrue();
		assertThat(all.accepts("a.exe", "nonsense")).isTrue();
		assertThat(all.acceptsContent(PROGRAM, "a.png")).isTrue();
	}

}
