package com.pacerelle.client;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PeerSessionsTests {

	@Test
	void sessionsAreNamedAfterPersonConversationAndDevice() {
		ConversationKey conversation = new ConversationKey("alice", "c-1");
		assertThat(PeerSessions.address(conversation, null).name()).isEqualTo("human:alice:c-1");
		assertThat(PeerSessions.address(conversation, "phone").name()).isEqualTo("human:alice:c-1:device:phone");
		assertThat(PeerSessions.address(conversation, "phone").deviceId()).isEqualTo(1);
	}

	@Test
	void noTwoTriplesOfIdsShareAName() {
		assertThat(PeerSessions.address(new ConversationKey("a", "b:device:c"), null))
			.isNotEqualTo(PeerSessions.address(new ConversationKey("a", "b"), "c"));
		assertThat(PeerSessions.address(new ConversationKey("a:b", "c"), null))
			.isNotEqualTo(PeerSessions.address(new ConversationKey("a", "b:c"), null));
		assertThat(PeerSessions.address(new ConversationKey("a%3Ab", "c"), null))
			.isNotEqualTo(PeerSessions.address(new ConversationKey("a:b", "c"), null));
	}

}
