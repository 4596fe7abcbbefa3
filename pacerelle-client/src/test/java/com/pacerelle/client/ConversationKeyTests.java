package com.pacerelle.client;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConversationKeyTests {

	@Test
	void sessionsAreNamedAfterPersonConversationAndDevice() {
		ConversationKey conversation = new ConversationKey("alice", "c-1");
		assertThat(conversation.address(null).name()).isEqualTo("human:alice:c-1");
		assertThat(conversation.address("phone").name()).isEqualTo("human:alice:c-1:device:phone");
		assertThat(conversation.address("phone").deviceId()).isEqualTo(1);
	}

	@Test
	void noTwoTriplesOfIdsShareAName() {
		assertThat(new ConversationKey("a", "b:device:c").address(null))
			.isNotEqualTo(new ConversationKey("a", "b").address("c"));
		assertThat(new ConversationKey("a:b", "c").address(null))
			.isNotEqualTo(new ConversationKey("a", "b:c").address(null));
		assertThat(new ConversationKey("a%3Ab", "c").address(null))
			.isNotEqualTo(new ConversationKey("a:b", "c").address(null));
	}

}
