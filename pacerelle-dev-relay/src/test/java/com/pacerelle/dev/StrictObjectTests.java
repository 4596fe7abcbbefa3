package com.pacerelle.dev;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StrictObjectTests {

	@Test
	void readsEveryKindOfField() {
		StrictObject object = parse(
				"""
						{ "text": "a", "number": 7, "flag": true, "bytes": "AQID", "list": ["b"], "objects": [{ "id": "c" }] }""");
		assertThat(object.string("text")).isEqualTo("a");
		assertThat(object.optionalString("other")).isNull();
		assertThat(object.integer("number", 7, 7)).isEqualTo(7);
		assertThat(object.bool("flag")).isTrue();
		assertThat(object.base64("bytes", 3)).containsExactly(1, 2, 3);
		assertThat(object.strings("list")).containsExactly("b");
		assertThat(object.objects("objects")).singleElement()
			.extracting((element) -> element.string("id"))
			.isEqualTo("c");
		object.end();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "{} {}", "{\"a\":1,\"a\":1}", "[]", "null", "\"text\"" })
	void refusesWhatIsNoObject(String json) {
		assertThatExceptionOfType(ProtocolViolationException.class).isThrownBy(() -> parse(json))
			.withMessageStartingWith("It is not");
	}

	@Test
	void namesTheFieldThatIsBad() {
		assertBad("{}", (object) -> object.string("f"), "It field 'f' is not of type string");
		assertBad("{\"f\":null}", (object) -> object.optionalString("f"), "It field 'f' is not of type string");
		assertBad("{\"f\":\"\"}", (object) -> object.string("f"), "It field 'f' is not a non-empty string");
		assertBad("{\"f\":\"1\"}", (object) -> object.integer("f", 1, 9), "It field 'f' is not of type number");
		assertBad("{\"f\":1.5}", (object) -> object.integer("f", 1, 9), "It field 'f' is not an integer in 1..9");
		assertBad("{\"f\":10}", (object) -> object.integer("f", 1, 9), "It field 'f' is not an integer in 1..9");
		assertBad("{\"f\":99999999999}", (object) -> object.integer("f", 1, 9),
				"It field 'f' is not an integer in 1..9");
		assertBad("{\"f\":\"true\"}", (object) -> object.bool("f"), "It field 'f' is not of type boolean");
		assertBad("{\"f\":\"AQI\"}", (object) -> object.base64("f"), "It field 'f' is not padded Base64");
		assertBad("{\"f\":\"A-_D\"}", (object) -> object.base64("f"), "It field 'f' is not Base64");
		assertBad("{\"f\":\"AQID\"}", (object) -> object.base64("f", 4), "It field 'f' does not have 4 bytes");
		assertBad("{\"f\":[1]}", (object) -> object.strings("f"), "It field 'f' is not a non-empty string");
		assertBad("{\"f\":[1]}", (object) -> object.objects("f"), "It field 'f' is not a JSON object");
		assertBad("{\"f\":1}", StrictObject::end, "It has the unknown field 'f'");
	}

	private static void assertBad(String json, Consumer<StrictObject> read, String message) {
		assertThatExceptionOfType(ProtocolViolationException.class).isThrownBy(() -> read.accept(parse(json)))
			.withMessage(message);
	}

	private static StrictObject parse(String json) {
		return StrictObject.parse("It", json.getBytes(StandardCharsets.UTF_8));
	}

}
