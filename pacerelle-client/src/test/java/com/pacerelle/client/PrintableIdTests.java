package com.pacerelle.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.pacerelle.client.GatewayEvent.Novelty;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PrintableIdTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "0b5f9d1e-6a52-4d0c-8f0e-3b1f4f1c2a77", "alice@example.com", "Zoë", "李", "a b", "😀" })
	void idThatCanBeSeenStaysAsItIs(String id) {
		assertThat(PrintableId.of(id)).isEqualTo(id);
	}

	@ParameterizedTest
	@CsvSource({ "000a", "000d", "001b", "0000", "007f", "0085", "2028", "2029", "202a", "202e", "2066", "2069", "200b",
			"200e", "200f", "061c", "feff", "00ad", "d800", "e000", "e0001" })
	void whatCannotBeSeenIsWritten(String codePoint) {
		String character = new String(Character.toChars(Integer.parseInt(codePoint, 16)));
		assertThat(PrintableId.of("a" + character + "b")).isEqualTo("a\\u" + codePoint + "b");
	}

	@Test
	void longIdIsCut() {
		assertThat(PrintableId.of("😀".repeat(128))).isEqualTo("😀".repeat(128));
		assertThat(PrintableId.of("😀".repeat(1024))).isEqualTo("😀".repeat(128) + "…");
		assertThat(PrintableId.of("\u202e".repeat(1024))).hasSize(128 * 6 + 1);
	}

	@Test
	void eventsAndMessagesShowNoIdAsItCame() {
		String id = "\u202eid\u2028" + "x".repeat(1000);
		KnownDevice device = new KnownDevice(id, id, id, "CODE", Instant.EPOCH, KnownDevice.Trust.WAITING);
		assertThat(List.of(new GatewayEvent.IdentityChanged(id),
				new GatewayEvent.DeviceAdded(device, Novelty.NEW_DEVICE), new GatewayEvent.DeviceDecided(device),
				new GatewayEvent.DeviceForgotten(device),
				new GatewayEvent.MessageRejected(id, id, RejectionReason.CONFLICT),
				new GatewayEvent.GroupKeyAdded(id, id, 1, id, id), new GatewayEvent.GroupKeyRejected(id, id, id),
				new GatewayEvent.GroupKeysLimited(id, id, GatewayEvent.GroupKeysLimited.Reason.TOO_MANY),
				new GatewayEvent.DecryptionLimited(id, id, id, Duration.ZERO),
				new GatewayEvent.AnswerRefused(id, id, id, GatewayEvent.AnswerRefused.Reason.EXPIRED),
				new GatewayEvent.HandlingFailed(id, id, new IllegalStateException()),
				AgentMessage.builder(id, id).id(id).text("").build(),
				new Receipt(id, new byte[32], Receipt.State.ACCEPTED, null, Instant.EPOCH),
				new InboundMessage(id, id, new ConversationKey(id, id), id, true, "", null,
						GatewayJson.MAPPER.createObjectNode())))
			.extracting(Object::toString)
			.allSatisfy((text) -> assertThat(text).contains("=\\u202eid\\u2028x")
				.doesNotContain("\u202e")
				.doesNotContain("\u2028")
				.hasSizeLessThan(1000));
		assertThat(new GatewayEvent.GroupKeyAdded("c", "k", 1, "alice", null))
			.hasToString("GroupKeyAdded[conversationId=c, keyId=k, epoch=1, senderId=alice, deviceId=null]");
	}

}
