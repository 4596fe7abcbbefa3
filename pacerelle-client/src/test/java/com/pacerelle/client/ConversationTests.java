package com.pacerelle.client;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConversationTests {

	@Test
	void sessionsAreNamedAfterPersonConversationAndDevice() {
		Conversation conversation = new Conversation("alice", "c-1");
		assertThat(conversation.address(null).name()).isEqualTo("human:alice:c-1");
		assertThat(conversation.address("phone").name()).isEqualTo("human:alice:c-1:device:phone");
		assertThat(conversation.address("phone").deviceId()).isEqualTo(1);
	}

	@Test
	void noTwoTriplesOfIdsShareAName() {
		assertThat(new Conversation("a", "b:device:c").address(null))
			.isNotEqualTo(new Conversation("a", "b").address("c"));
		assertThat(new Conversation("a:b", "c").address(null)).isNotEqualTo(new Conversation("a", "b:c").address(null));
		assertThat(new Conversation("a%3Ab", "c").address(null))
			.isNotEqualTo(new Conversation("a:b", "c").address(null));
	}

}
