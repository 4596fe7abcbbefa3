package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;

import javax.crypto.AEADBadTagException;

import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.store.GroupKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The ciphertexts and keys of groups as they travel (gateway.md section 7), also hostile
 * ones.
 */
class GroupMessageTests {

	private static final SecureRandom SECURE_RANDOM = new SecureRandom();

	private static final GroupKey KEY = new GroupKey("c-1", "k-1", 3, key());

	private static final String SENDER_KEY = "{\"type\":\"pacerelle.group.sender_key\",\"v\":1,\"alg\":\"AES-256-GCM\","
			+ "\"conversation_id\":\"c-1\",\"key_id\":\"k-1\",\"epoch\":3,\"raw_key_b64\":\""
			+ Base64.getEncoder().encodeToString(key()) + "\"}";

	private static byte[] key() {
		byte[] key = new byte[32];
		Arrays.fill(key, (byte) 5);
		return key;
	}

	@Test
	void messageTravelsAsCompactJson() throws AEADBadTagException {
		GroupMessage message = GroupMessage.seal(KEY, bytes("Grüße"), SECURE_RANDOM);
		assertThat(new String(message.toJson(), StandardCharsets.UTF_8)).matches(
				"\\{\"type\":\"pacerelle.group.message\",\"v\":1,\"alg\":\"AES-256-GCM\",\"conversation_id\":\"c-1\","
						+ "\"key_id\":\"k-1\",\"epoch\":3,\"iv_b64\":\"[^\"]{16}\",\"ciphertext_b64\":\"[^\"]+\"}");
		GroupMessage read = GroupMessage.parse(message.toJson());
		assertThat(read).usingRecursiveComparison().isEqualTo(message);
		assertThat(read.open(KEY)).isEqualTo(bytes("Grüße"));
	}

	@Test
	void messageOpensOnlyWithItsKeyGroupIdAndEpoch() {
		GroupMessage message = GroupMessage.seal(KEY, bytes("Hello"), SECURE_RANDOM);
		for (GroupKey other : new GroupKey[] { new GroupKey("c-2", "k-1", 3, key()),
				new GroupKey("c-1", "k-2", 3, key()), new GroupKey("c-1", "k-1", 4, key()),
				new GroupKey("c-1", "k-1", 3, new byte[32]) }) {
			assertThatExceptionOfType(AEADBadTagException.class).isThrownBy(() -> message.open(other));
		}
	}

	@Test
	void unknownFieldsAreIgnored() {
		ObjectNode node = GatewayJson.readObject(json(GroupMessage.seal(KEY, bytes("Hello"), SECURE_RANDOM)));
		assertThat(GroupMessage.parse(bytes(node.put("later", "field").toString()))).isNotNull();
		assertThat(ID.readKey(bytes(SENDER_KEY.replace("\"v\":1", "\"v\":1,\"later\":{}")))).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "type", "v", "alg", "conversation_id", "key_id", "epoch", "iv_b64", "ciphertext_b64" })
	void eachFieldMustBeThereAndHaveItsType(String name) {
		String json = json(GroupMessage.seal(KEY, bytes("Hello"), SECURE_RANDOM));
		for (String value : new String[] { null, "null", "true", "-1", "0", "1.5", "9e99", "\"\"", "\"?\"", "[]", "{}",
				"9".repeat(50), "\"\\u0000\"" }) {
			ObjectNode node = GatewayJson.readObject(json);
			node.remove(name);
			if (value != null) {
				node.set(name, GatewayJson.MAPPER.readTree(value));
			}
			GroupMessage message = GroupMessage.parse(bytes(node.toString()));
			boolean otherId = (name.equals("conversation_id") || name.equals("key_id")) && "\"?\"".equals(value);
			assertThat(message != null).as("%s: %s", name, value).isEqualTo(otherId);
		}
	}

	private static final GroupKeyId ID = new GroupKeyId("c-1", "k-1", 3);

	@Test
	void keyOfAMemberIsRead() {
		assertThat(ID.readKey(bytes(SENDER_KEY))).usingRecursiveComparison().isEqualTo(KEY);
		assertThat(new GroupKeyId("c-2", "k-1", 3).readKey(bytes(SENDER_KEY))).isNull();
		assertThat(new GroupKeyId("c-1", "k-2", 3).readKey(bytes(SENDER_KEY))).isNull();
		assertThat(new GroupKeyId("c-1", "k-1", 4).readKey(bytes(SENDER_KEY))).isNull();
	}

	@Test
	void mutatedJsonIsNeverMoreThanRefused() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		byte[] message = GroupMessage.seal(KEY, bytes("Hello"), SECURE_RANDOM).toJson();
		for (int i = 0; i < 20_000; i++) {
			byte[] mutated = mutate((i % 2 == 0) ? message : bytes(SENDER_KEY), random);
			GroupMessage parsed = GroupMessage.parse(mutated);
			if (parsed != null) {
				assertThat(parsed.nonce()).as("seed %d", seed).hasSize(12);
				assertThat(parsed.epoch()).as("seed %d", seed).isPositive();
			}
			GroupKey key = ID.readKey(mutated);
			if (key != null) {
				assertThat(key.key()).as("seed %d", seed).hasSize(32);
				assertThat(ID.names(key)).as("seed %d", seed).isTrue();
			}
		}
	}

	private static byte[] mutate(byte[] json, Random random) {
		byte[] mutated = json.clone();
		for (int i = random.nextInt(4); i >= 0; i--) {
			int at = random.nextInt(mutated.length);
			switch (random.nextInt(4)) {
				case 0 -> mutated[at] = (byte) random.nextInt();
				case 1 -> mutated = Arrays.copyOf(mutated, at + 1);
				case 2 -> mutated[at] = (byte) "{}[]\":,0-".charAt(random.nextInt(9));
				default -> System.arraycopy(json, random.nextInt(json.length), mutated, at, 1);
			}
		}
		return mutated;
	}

	@Test
	void hostileJsonIsRefused() {
		assertThat(GroupMessage.parse(new byte[0])).isNull();
		assertThat(GroupMessage.parse(new byte[] { '{', (byte) 0xff })).isNull();
		assertThat(GroupMessage.parse(bytes("{\"type\":" + "[".repeat(100_000)))).isNull();
		assertThat(GroupMessage.parse(bytes("{\"epoch\":" + "9".repeat(5_000) + "}"))).isNull();
		assertThat(ID.readKey(bytes("{\"a\":".repeat(100_000)))).isNull();
	}

	private static String json(GroupMessage message) {
		return new String(message.toJson(), StandardCharsets.UTF_8);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
