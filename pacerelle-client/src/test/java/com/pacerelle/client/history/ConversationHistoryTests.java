package com.pacerelle.client.history;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import com.pacerelle.client.history.HistoryContext.SenderType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Sealing and opening of history records (gateway.md section 6).
 */
class ConversationHistoryTests {

	private static final HistoryContext CONTEXT = new HistoryContext("c-1", "m-1", "agent-1", SenderType.AGENT, "h-1",
			1);

	private final ConversationHistory history = new ConversationHistory(key(7));

	@ParameterizedTest
	@ValueSource(strings = { "", "Hello", "Grüße \uD83D\uDE80\u0000", "{\"kind\":\"chat.message\"}" })
	void recordOpensUnderItsOwnContext(String text) {
		HistoryRecord record = this.history.seal(text, CONTEXT);
		assertThat(this.history.open(record, CONTEXT)).isEqualTo(text);
		assertThat(this.history.open(HistoryRecord.parse(record.toJson()), CONTEXT)).isEqualTo(text);
	}

	// tag::archive[]
	/**
	 * Opens the record of a message that was asked for.
	 * @param key the conversation's history key
	 * @param json the record, as the archive gave it
	 * @return the payload of the message
	 */
	private static String readFromArchive(byte[] key, String json) {
		HistoryContext asked = new HistoryContext("c-1", "m-1", "agent-1", SenderType.AGENT, "h-1", 1);
		try (ConversationHistory history = new ConversationHistory(key)) {
			return history.open(HistoryRecord.parse(json), asked);
		}
	}
	// end::archive[]

	@Test
	void recordIsReadFromAnArchive() {
		assertThat(readFromArchive(key(7), this.history.seal("Hello", CONTEXT).toJson())).isEqualTo("Hello");
	}

	@Test
	void recordIsWrittenWithTheFieldsOfTheProtocol() {
		HistoryRecord record = this.history.seal("Hello", CONTEXT);
		assertThat(record.toJson()).isEqualTo("{\"key_id\":\"h-1\",\"epoch\":1,\"iv_b64\":\"" + record.ivB64()
				+ "\",\"ciphertext_b64\":\"" + record.ciphertextB64() + "\",\"aad_version\":1}");
		assertThat(CONTEXT.additionalData()).asString(StandardCharsets.UTF_8)
			.isEqualTo("pacerelle:conversation-history:v1:c-1:m-1:agent-1:agent:h-1:1");
		assertThat(this.history.seal("Hello", CONTEXT).ivB64()).isNotEqualTo(record.ivB64());
	}

	static Stream<HistoryContext> otherContexts() {
		return Stream.of(new HistoryContext("c-2", "m-1", "agent-1", SenderType.AGENT, "h-1", 1),
				new HistoryContext("c-1", "m-2", "agent-1", SenderType.AGENT, "h-1", 1),
				new HistoryContext("c-1", "m-1", "agent-2", SenderType.AGENT, "h-1", 1),
				new HistoryContext("c-1", "m-1", "agent-1", SenderType.HUMAN, "h-1", 1),
				new HistoryContext("c-1", "m-1", "agent-1", SenderType.AGENT, "h-2", 1),
				new HistoryContext("c-1", "m-1", "agent-1", SenderType.AGENT, "h-1", 2));
	}

	@ParameterizedTest
	@MethodSource("otherContexts")
	void recordOpensUnderNoOtherContext(HistoryContext other) {
		HistoryRecord record = this.history.seal("Hello", CONTEXT);
		assertRefused(this.history, record, other);
		HistoryRecord relabelled = new HistoryRecord(other.keyId(), other.epoch(), record.ivB64(),
				record.ciphertextB64(), 1);
		assertRefused(this.history, relabelled, other);
	}

	@Test
	void recordOpensWithNoOtherKey() {
		assertRefused(new ConversationHistory(key(8)), this.history.seal("Hello", CONTEXT), CONTEXT);
	}

	@Test
	void damagedRecordIsRefused() {
		HistoryRecord record = this.history.seal("Hello", CONTEXT);
		byte[] ciphertext = Base64.getDecoder().decode(record.ciphertextB64());
		for (int i = 0; i < ciphertext.length; i++) {
			byte[] flipped = ciphertext.clone();
			flipped[i] ^= 1;
			assertRefused(this.history,
					new HistoryRecord("h-1", 1, record.ivB64(), Base64.getEncoder().encodeToString(flipped), 1),
					CONTEXT);
		}
		assertRefused(this.history, new HistoryRecord("h-1", 1, record.ivB64(), "", 1), CONTEXT);
		assertRefused(this.history, new HistoryRecord("h-1", 1, "AAAA", record.ciphertextB64(), 1), CONTEXT);
		assertRefused(this.history, new HistoryRecord("h-1", 1, "?", record.ciphertextB64(), 1), CONTEXT);
		assertRefused(this.history, new HistoryRecord("h-1", 1, record.ivB64(), record.ciphertextB64(), 2), CONTEXT);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "[]", "{", "{}", "{\"key_id\":\"h\",\"epoch\":1,\"iv_b64\":\"\",\"ciphertext_b64\":\"\"}",
					"{\"key_id\":\"h\",\"epoch\":1,\"iv_b64\":\"\",\"ciphertext_b64\":\"\",\"aad_version\":2}",
					"{\"key_id\":\"h\",\"epoch\":1,\"iv_b64\":\"\",\"ciphertext_b64\":\"\",\"aad_version\":true}",
					"{\"key_id\":\"h\",\"epoch\":1.5,\"iv_b64\":\"\",\"ciphertext_b64\":\"\",\"aad_version\":1}",
					"{\"key_id\":7,\"epoch\":1,\"iv_b64\":\"\",\"ciphertext_b64\":\"\",\"aad_version\":1}" })
	void whatIsNoRecordIsRefused(String json) {
		assertThatExceptionOfType(InvalidHistoryRecordException.class).isThrownBy(() -> HistoryRecord.parse(json));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a:b", "a\nb", "\u0000", "\u007f" })
	void idsOfAContextHaveNoColonsAndNoControls(String id) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HistoryContext(id, "m-1", "agent-1", SenderType.AGENT, "h-1", 1))
			.withMessageContaining("'conversationId'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HistoryContext("c-1", id, "agent-1", SenderType.AGENT, "h-1", 1))
			.withMessageContaining("'messageId'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HistoryContext("c-1", "m-1", id, SenderType.AGENT, "h-1", 1))
			.withMessageContaining("'senderId'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HistoryContext("c-1", "m-1", "agent-1", SenderType.AGENT, id, 1))
			.withMessageContaining("'keyId'");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, 1L << 53, Long.MAX_VALUE })
	void epochIsWithinTheSafeIntegers(long epoch) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new HistoryContext("c-1", "m-1", "agent-1", SenderType.AGENT, "h-1", epoch))
			.withMessageContaining("'epoch'");
	}

	@Test
	void keyHas32Bytes() {
		for (int length : List.of(0, 16, 31, 33)) {
			assertThatIllegalArgumentException().isThrownBy(() -> new ConversationHistory(new byte[length]))
				.withMessageContaining("32");
		}
	}

	private static void assertRefused(ConversationHistory history, HistoryRecord record, HistoryContext context) {
		assertThatExceptionOfType(InvalidHistoryRecordException.class).isThrownBy(() -> history.open(record, context));
	}

	private static byte[] key(int value) {
		byte[] key = new byte[32];
		Arrays.fill(key, (byte) value);
		return key;
	}

}
