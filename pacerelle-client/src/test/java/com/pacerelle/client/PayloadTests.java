package com.pacerelle.client;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PayloadTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "Hello", " {\"kind\":\"chat.message\",\"text\":\"x\"}", "{", "{}", "{\"kind\":1}",
			"{\"kind\":\"chat.message\",\"text\":1}", "{\"kind\":\"other\",\"text\":\"x\"}", "[1]",
			"{\"type\":\"widget.response\",\"id\":\"1\",\"v\":1,\"ref\":\"w\",\"value\":true}",
			"{\"type\":\"pacerelle.delivery\",\"v\":2,\"body\":\"x\"}", "{\"a\":1} trailing" })
	void everythingThatIsNoChatMessageIsReadAsItIs(String plaintext) {
		assertThat(Payload.text(plaintext)).isEqualTo(plaintext);
	}

	@Test
	void chatMessageIsReadAsItsText() {
		assertThat(Payload.text("{\"kind\":\"chat.message\",\"text\":\"Hello\",\"attachments\":[{}],\"x\":1}"))
			.isEqualTo("Hello");
	}

	@Test
	void hostileJsonIsText() {
		String nested = "{\"a\":" + "[".repeat(100_000);
		assertThat(Payload.text(nested)).isEqualTo(nested);
		String number = "{\"a\":" + "9".repeat(5_000) + "}";
		assertThat(Payload.text(number)).isEqualTo(number);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Hello", "", "{not json", "{\"a\":1}", "[{\"type\":\"widget.standard\"}]" })
	void plainTextIsSentAsItIs(String text) {
		assertThat(Payload.ofText(text)).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"type\":\"widget.standard\",\"id\":\"1\",\"v\":1,\"kind\":\"confirm\",\"spec\":{}}",
			" {\"type\":\"widget.update\"}", "{\"kind\":\"chat.message\",\"text\":\"x\"}",
			"{\"type\":\"pacerelle.delivery\",\"v\":1,\"body\":\"x\"}" })
	void textThatWouldBeReadAsSomethingElseStaysText(String text) {
		String payload = Payload.ofText(text);
		assertThat(payload).startsWith("{\"").contains("\"kind\":\"chat.message\"");
		assertThat(Payload.text(payload)).isEqualTo(text);
	}

}
