package com.pacerelle.client.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What all widgets have in common.
 */
class WidgetTests {

	static Stream<Widget<?>> everyWidget() {
		return Stream.of(Confirm.of("Title").id("old"), Choice.of("Title").id("old").option("a", "A"),
				Choices.of("Title").id("old").option("a", "A"), Permission.of("Title").id("old"),
				Form.of("Title").id("old").field(FormField.text("name", "Name")), Progress.of("Title", 1, 2).id("old"),
				DateTime.date("Title").id("old"), DateTime.time("Title").id("old"),
				DateTime.dateTime("Title").id("old"), FilePicker.of("Title").id("old"),
				CustomWidget.of("rating", Map.of("title", "Title")).id("old"));
	}

	static Stream<Widget<?>> everyWidgetWithoutId() {
		return Stream.of(Confirm.of("Title"), Choice.of("Title"), Choices.of("Title"), Permission.of("Title"),
				Form.of("Title"), Progress.of("Title", 1, 2), DateTime.date("Title"), DateTime.time("Title"),
				DateTime.dateTime("Title"), FilePicker.of("Title"), CustomWidget.of("rating", Map.of()));
	}

	@ParameterizedTest
	@MethodSource("everyWidget")
	void keepsWhatIsSetAndChangesNothingElse(Widget<?> widget) {
		Instant noon = Instant.parse("2026-05-23T12:00:00Z");
		Widget<?> changed = widget.id("new").body("Body").expiresAt(noon).with("younger", List.of(1, "two"));
		assertThat(changed).hasSameClassAs(widget);
		assertThat(changed.id()).isEqualTo("new");
		assertThat(changed.expiresAt()).isEqualTo(noon);
		assertThat(changed.kind()).isEqualTo(widget.kind());
		Map<String, Object> spec = new HashMap<>(widget.spec());
		spec.put("body", "Body");
		spec.put("younger", List.of(1, "two"));
		assertThat(changed.spec()).isEqualTo(spec);
		assertThat(widget.id()).isEqualTo("old");
		assertThat(widget.expiresAt()).isNull();
		assertThat(widget.spec()).doesNotContainKeys("body", "younger").containsEntry("title", "Title");
	}

	@ParameterizedTest
	@MethodSource("everyWidgetWithoutId")
	void canGoWithoutIdUntilItIsSent(Widget<?> widget) {
		assertThat(widget.id()).isNull();
		assertThat(widget.id("new").id()).isEqualTo("new");
	}

	@ParameterizedTest
	@MethodSource("everyWidget")
	void isTheWidgetOfTheQuestionThatItIs(Widget<?> widget) {
		assertThat(widget.widget()).isSameAs(widget);
	}

	@ParameterizedTest
	@MethodSource("everyWidget")
	void refusesAnIdThatIsTooShortOrTooLong(Widget<?> widget) {
		assertThat(widget.id("x".repeat(256)).id()).hasSize(256);
		assertThatIllegalArgumentException().isThrownBy(() -> widget.id(""))
			.withMessage("'id' must have 1 to 256 characters, not 0");
		assertThatIllegalArgumentException().isThrownBy(() -> widget.id("x".repeat(257)))
			.withMessage("'id' must have 1 to 256 characters, not 257");
	}

	@ParameterizedTest
	@MethodSource("everyWidget")
	void hasAnUnmodifiableSpec(Widget<?> widget) {
		List<Object> list = new ArrayList<>(List.of(1));
		Widget<?> changed = widget.with("list", list);
		list.add(2);
		assertThat(changed.spec()).containsEntry("list", List.of(1));
		assertThat(changed.spec()).isUnmodifiable();
	}

	@ParameterizedTest
	@MethodSource("everyWidget")
	void refusesToReadWhatIsNoAnswer(Widget<?> widget) {
		assertThatIllegalArgumentException().isThrownBy(
				() -> widget.read(AgentMessage.builder("alice", "conversation-1").id("message-1").text("yes").build()))
			.withMessage("The message message-1 is no answer to a widget");
		assertThatIllegalArgumentException().isThrownBy(() -> widget.read(Answers.cancelled()))
			.withMessage("The widget 'widget-1' was cancelled: nothing to be read");
	}

	@Test
	void dataMakesTheIdThatOfAQuestionAboutIt() {
		Confirm sure = Confirm.of("Sure?").id("sure");
		String id = sure.data(Map.of("b", 2, "a", 1)).id();
		assertThat(id).matches("sure:[0-9a-f]{32}");
		assertThat(sure.data(new TreeMap<>(Map.of("a", 1, "b", 2))).id()).isEqualTo(id);
		assertThat(sure.data(Map.of("a", 1)).id()).isNotEqualTo(id);
		assertThat(sure.data("x").header().data()).isEqualTo("\"x\"");
		assertThat(Confirm.of("Sure?").data("x").id()).isNull();
		assertThat(sure.data("x").spec()).isEqualTo(sure.spec());
		assertThat(sure.data("secret").toString()).doesNotContain("secret");
	}

	@Test
	void dataIsJsonOfBoundedLength() {
		Confirm sure = Confirm.of("Sure?").id("sure");
		assertThatIllegalArgumentException().isThrownBy(() -> sure.data("x".repeat(16_383)))
			.withMessageStartingWith("'data' must have at most 16384 characters");
		Map<String, Object> circle = new HashMap<>();
		circle.put("itself", circle);
		assertThatIllegalArgumentException().isThrownBy(() -> sure.data(circle))
			.withMessageStartingWith("'data' must be a JSON value");
	}

	@Test
	void refusesABlankTitle() {
		assertThatIllegalArgumentException().isThrownBy(() -> Confirm.of(" ").id("id"))
			.withMessage("'title' must not be blank");
		assertThatIllegalArgumentException().isThrownBy(() -> DateTime.date(""))
			.withMessage("'title' must not be blank");
		WidgetHeader untitled = new WidgetHeader("id", null, null, null, null, null, Map.of());
		assertThatIllegalArgumentException().isThrownBy(() -> new Confirm(untitled, null, null).spec())
			.withMessage("'title' must not be null");
	}

	@Test
	void leavesOutAnEmptyBody() {
		assertThat(Confirm.of("Title").id("id").body("").spec()).isEqualTo(Map.of("title", "Title"));
	}

	@Test
	void refusesAFurtherFieldThatTheWidgetSetsItself() {
		assertThatIllegalArgumentException().isThrownBy(() -> Confirm.of("Title").id("id").with("title", "x").spec())
			.withMessage("'title' must not be set with 'with' as well");
	}

	@Test
	void refusesAFieldThatIsNotOfAJsonType() {
		assertThatIllegalArgumentException().isThrownBy(() -> Confirm.of("Title").with("a", List.of(Instant.EPOCH)))
			.withMessage("'extra.a[0]' must be a string, a boolean, a number, null, or a list or map of these, not a"
					+ " java.time.Instant");
		assertThatIllegalArgumentException().isThrownBy(() -> Confirm.of("Title").with("a", Double.NaN))
			.withMessage("'extra.a' must be a finite number of the Java platform");
		assertThatIllegalArgumentException().isThrownBy(() -> Confirm.of("Title").with("a", Map.of(1, "x")))
			.withMessage("'extra.a' must have strings as keys");
		Map<String, Object> endless = new LinkedHashMap<>();
		endless.put("b", endless);
		assertThatIllegalArgumentException().isThrownBy(() -> Confirm.of("Title").with("a", endless))
			.withMessageEndingWith("is nested too deeply");
	}

}
