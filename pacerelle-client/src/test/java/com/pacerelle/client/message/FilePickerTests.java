package com.pacerelle.client.message;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FilePickerTests {

	private static final AgentAttachment PDF = Answers.file("1", "Brief.PDF", "application/pdf");

	private static final AgentAttachment PNG = Answers.file("2", "logo.png", "image/png");

	private static final AgentAttachment ODD = Answers.file("3", "logo", "not a type");

	private final FilePicker picker = FilePicker.of("The brief, please").id("upload-brief");

	@Test
	void hasTheFieldsThatWereSet() {
		assertThat(this.picker.spec()).isEqualTo(Map.of("title", "The brief, please"));
		assertThat(this.picker.multiple().accept("application/pdf", "image/*", ".md").maxFiles(3).spec())
			.isEqualTo(Map.of("title", "The brief, please", "multiple", true, "accept",
					List.of("application/pdf", "image/*", ".md"), "maxFiles", 3));
		assertThat(this.picker.multiple(false).spec()).containsEntry("multiple", false);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", "pdf", "image", "image/", "image/*/*", "*.pdf" })
	void refusesToAcceptWhatIsNoTypeAndNoExtension(String accepted) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.picker.accept(accepted))
			.withMessage("'accept' must have types such as 'application/pdf', wildcards such as 'image/*', or"
					+ " extensions such as '.pdf', not '" + accepted + "'");
	}

	@Test
	void refusesLessThanOneFile() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.picker.maxFiles(0))
			.withMessage("'maxFiles' must be at least 1, not 0");
	}

	@Test
	void isAnsweredWithTheAttachmentsThatTheValueNames() {
		assertThat(this.picker.read(Answers.of(files("1"), PDF, PNG))).containsExactly(PDF);
		assertThat(this.picker.multiple().read(Answers.of(files("2", "1"), PDF, PNG))).containsExactly(PNG, PDF);
	}

	@Test
	void acceptsByTypeByWildcardAndByExtension() {
		assertThat(this.picker.accept("application/pdf").read(Answers.of(files("1"), PDF))).containsExactly(PDF);
		assertThat(this.picker.accept("image/*").read(Answers.of(files("2"), PNG))).containsExactly(PNG);
		assertThat(this.picker.accept(".pdf").read(Answers.of(files("1"), PDF))).containsExactly(PDF);
		assertInvalid(this.picker.accept("image/*", ".md"), answer("1"),
				"Choose files of these types only: image/*, .md");
		assertInvalid(this.picker.accept("image/*"), answer("3"), "Choose files of these types only: image/*");
	}

	@Test
	void respectsItsLimits() {
		assertInvalid(this.picker, answer(), "Choose a file");
		assertInvalid(this.picker, answer("1", "2"), "Choose one file only");
		assertInvalid(this.picker.multiple(), answer("1", "1"), "Choose each file once");
		assertInvalid(this.picker.multiple().maxFiles(1), answer("1", "2"), "Choose at most 1 files");
		assertInvalid(this.picker, answer("4"), "A file did not arrive, send it again");
	}

	@Test
	void isNotAnsweredWithAnythingElse() {
		for (Object value : Arrays.asList(null, "1", List.of("1"), Map.of(), Map.of("files", "1"),
				Map.of("files", List.of("1")))) {
			assertInvalid(this.picker, Answers.of(value, PDF), "Choose a file");
		}
	}

	private static Map<String, Object> files(String... ids) {
		return Map.of("files", Stream.of(ids).map((id) -> Map.of("id", id, "name", "x")).toList());
	}

	private static AgentMessage answer(String... ids) {
		return Answers.of(files(ids), PDF, PNG, ODD);
	}

	private static void assertInvalid(FilePicker widget, AgentMessage answer, String message) {
		assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> widget.read(answer))
			.satisfies((ex) -> assertThat(ex.messages()).containsExactly(message));
	}

}
