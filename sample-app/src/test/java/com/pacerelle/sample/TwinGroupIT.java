package com.pacerelle.sample;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import com.pacerelle.sample.NativeGroup.GroupReply;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.oneTimePrekeys;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same members talk in a group with our sample and with the published SDK's echo
 * agent.
 */
@RequiresPython
class TwinGroupIT {

	static Stream<Named<Function<RelayAccess, AgentProcess>>> agents() {
		return Stream.of(Named.of("ours", AgentProcess::sample),
				Named.of("the published SDK's", AgentProcess::publishedSdk));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("agents")
	void agentsOfBothSdksAnswerInTheSameWay(Function<RelayAccess, AgentProcess> factory) {
		byte[] key = new byte[32];
		Arrays.fill(key, (byte) 9);
		String keyB64 = Base64.getEncoder().encodeToString(key);
		try (NativePeer peer = NativePeer.start(); AgentProcess agent = factory.apply(peer.access()).start()) {
			peer.await(connected(), oneTimePrekeys(50));
			NativePerson anna = peer.join("anna", "anna", "team", "phone");
			NativePerson bela = peer.join("bela", "bela", "team", null);
			NativeGroup group = peer.group("team");
			group.distribute(anna);
			String first = group.send(bela, "one");
			peer.await(allAcknowledged());
			group.rotate(2);
			group.distribute(anna);
			String second = group.sendWithHistoryKey(bela, "two",
					Map.of("key_id", "archive-1", "epoch", 1, "raw_key_b64", keyB64));
			peer.await(allAcknowledged());

			List<GroupReply> replies = group.replies();
			assertThat(group.texts()).containsExactly("Received: one", "Received: two");
			assertThat(replies).extracting(GroupReply::replyTo).containsExactly(first, second);
			assertThat(replies).extracting(GroupReply::keyId).containsExactly("key-1", "key-2");
			assertThat(replies.get(0).historyRecord().isNull()).isTrue();
			assertThat(peer.openHistory(replies.get(1).historyRecord(), keyB64,
					Map.of("conversation_id", "team", "message_id", replies.get(1).messageId(), "sender_id", "agent-1",
							"sender_type", "agent", "key_id", "archive-1", "epoch", 1)))
				.isEqualTo(replies.get(1).text());
			assertThat(peer.check(anna, bela).faults()).isEmpty();
			assertThat(agent.isRunning()).isTrue();
		}
	}

}
