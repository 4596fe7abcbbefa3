package com.pacerelle.client.wire;

import java.util.Arrays;
import java.util.List;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.codec.Utf8;
import com.pacerelle.client.message.WidgetUpdate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import static org.assertj.core.api.Assertions.assertThat;

class PayloadFuzzTests {

	/**
	 * Reads a payload.
	 * @param bytes the payload and, behind a zero byte, the attachments of the envelope
	 */
	@FuzzTest
	void whatIsReadIsWrittenAndReadAgain(byte[] bytes) {
		int end = 0;
		while (end < bytes.length && bytes[end] != 0) {
			end++;
		}
		String plaintext = Utf8.decode(Arrays.copyOf(bytes, end));
		if (plaintext == null) {
			return;
		}
		Payload.Decoded decoded = Payload.decode(plaintext, true, attachments(bytes, end + 1));
		WidgetUpdate update = decoded.widgetUpdate();
		if (update != null) {
			String written = Payload.encode(update, List.of()).plaintext();
			assertThat(Payload.decode(written, true, MissingNode.getInstance()).widgetUpdate()).isEqualTo(update);
		}
		else if (decoded.widgetResponse() == null) {
			String written = Payload.ofText(decoded.text());
			assertThat(Payload.decode(written, true, MissingNode.getInstance()).text()).isEqualTo(decoded.text());
		}
	}

	private static JsonNode attachments(byte[] bytes, int from) {
		try {
			return (from < bytes.length) ? GatewayJson.MAPPER.readTree(Arrays.copyOfRange(bytes, from, bytes.length))
					: MissingNode.getInstance();
		}
		catch (JacksonException ex) {
			return MissingNode.getInstance();
		}
	}

}
