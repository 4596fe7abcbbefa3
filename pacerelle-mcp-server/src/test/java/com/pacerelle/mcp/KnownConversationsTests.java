package com.pacerelle.mcp;

import java.nio.file.Path;

import com.pacerelle.client.AgentGatewaySettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link KnownConversations}.
 */
class KnownConversationsTests {

	@TempDir
	private Path root;

	@Test
	void aConversationIsKnownAfterARestartToo() {
		KnownConversation known = conversations("agent").add("alice", "c-1");
		conversations("agent").add("group:c-2", "c-2");
		assertThat(conversations("agent").all()).contains(known).hasSize(2);
		assertThat(conversations("agent").get(known.conversation())).isEqualTo(known);
		assertThat(conversations("another").all()).isEmpty();
	}

	@Test
	void oneThatNobodyHasWrittenInIsNot() {
		assertThatIllegalArgumentException().isThrownBy(() -> conversations("agent").get("guess"))
			.withMessageStartingWith("There is no such conversation");
	}

	private KnownConversations conversations(String agentId) {
		return new KnownConversations(
				AgentGatewaySettings.builder(agentId, "token").storeRoot(this.root.resolve("store")).build());
	}

}
