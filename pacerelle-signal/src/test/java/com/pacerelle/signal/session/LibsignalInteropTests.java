package com.pacerelle.signal.session;

import java.util.Collections;
import java.util.List;
import java.util.Random;

import com.pacerelle.signal.CryptoProvider;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Conversations with libsignal, in which this library takes either role.
 */
class LibsignalInteropTests {

	/**
	 * The role of this library.
	 */
	enum Role {

		INITIATOR {

			@Override
			Conversation newConversation() {
				return new Conversation(new OwnEndpoint(11), new LibsignalEndpoint(22));
			}

		},

		RESPONDER {

			@Override
			Conversation newConversation() {
				return new Conversation(new LibsignalEndpoint(22), new OwnEndpoint(11));
			}

		};

		abstract Conversation newConversation();

		Conversation established() {
			Conversation conversation = newConversation();
			conversation.start();
			return conversation;
		}

	}

	@ParameterizedTest
	@EnumSource
	void fiveThousandMessagesGoBackAndForth(Role role) {
		Conversation conversation = role.established();
		for (int i = 0; i < 2500; i++) {
			conversation.deliver(conversation.send(conversation.initiator));
			conversation.deliver(conversation.send(conversation.responder));
		}
		assertThat(conversation.epoch()).isGreaterThanOrEqualTo(10);
	}

	@ParameterizedTest
	@EnumSource
	void aNativeProviderComputesThePrimitives(Role role) {
		CryptoProvider.of(Conscrypt.newProvider()).use();
		try {
			Conversation conversation = role.established();
			for (int i = 0; i < 200; i++) {
				conversation.deliver(conversation.send(conversation.initiator));
				conversation.deliver(conversation.send(conversation.responder));
			}
		}
		finally {
			CryptoProvider.standard().use();
		}
	}

	@ParameterizedTest
	@EnumSource
	void aThousandMessagesGoOneWayAtOnce(Role role) {
		Conversation conversation = role.newConversation();
		conversation.initiator.process(conversation.responder.bundle());
		for (int i = 0; i < 2; i++) {
			conversation.send(conversation.initiator, 1000).forEach(conversation::deliver);
			conversation.send(conversation.responder, 1000).forEach(conversation::deliver);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aThousandMessagesArriveInReverse(Role role) {
		Conversation conversation = role.newConversation();
		conversation.initiator.process(conversation.responder.bundle());
		List<Conversation.Message> there = conversation.send(conversation.initiator, 1000);
		Collections.reverse(there);
		there.forEach(conversation::deliver);
		List<Conversation.Message> back = conversation.send(conversation.responder, 1000);
		Collections.reverse(back);
		back.forEach(conversation::deliver);
		conversation.refuseAsDuplicate(there.get(500));
		conversation.refuseAsDuplicate(back.get(500));
	}

	@ParameterizedTest
	@EnumSource
	void aThirdOfTheMessagesIsLost(Role role) {
		RandomNetwork network = new RandomNetwork(role.established(), new Random().nextLong());
		network.lose(0.3);
		network.run(3000);
		assertThat(network.conversation().epoch()).isGreaterThanOrEqualTo(10);
	}

	@ParameterizedTest
	@EnumSource
	void messagesAreReorderedAndRepeated(Role role) {
		RandomNetwork network = new RandomNetwork(role.established(), new Random().nextLong());
		network.reorder(20);
		network.repeat(0.1);
		network.run(2000);
		assertThat(network.conversation().epoch()).isGreaterThanOrEqualTo(10);
	}

	@ParameterizedTest
	@EnumSource
	void aRestartBetweenAnyTwoMessagesIsNotNoticed(Role role) {
		RandomNetwork network = new RandomNetwork(role.newConversation(), new Random().nextLong());
		network.conversation().initiator.process(network.conversation().responder.bundle());
		network.lose(0.1);
		network.reorder(5);
		network.restart();
		network.run(1500);
		assertThat(network.conversation().epoch()).isGreaterThanOrEqualTo(10);
	}

	@ParameterizedTest
	@EnumSource
	void anotherSessionReplacesTheFirstAndLateMessagesBringItBack(Role role) {
		Conversation conversation = role.established();
		Conversation.Message late = conversation.send(conversation.initiator);
		Conversation.Message later = conversation.send(conversation.initiator);
		for (int i = 0; i < 5; i++) {
			conversation.initiator.process(conversation.responder.bundle());
			conversation.send(conversation.initiator, 3).forEach(conversation::deliver);
			conversation.send(conversation.responder, 3).forEach(conversation::deliver);
		}
		conversation.deliver(late);
		conversation.deliver(conversation.send(conversation.responder));
		conversation.deliver(conversation.send(conversation.initiator));
		conversation.refuseAsDuplicate(late);
		conversation.deliver(later);
	}

	@ParameterizedTest
	@EnumSource
	void bothSidesStartASessionAtOnce(Role role) {
		Conversation conversation = role.newConversation();
		conversation.initiator.process(conversation.responder.bundle());
		conversation.responder.process(conversation.initiator.bundle());
		List<Conversation.Message> there = conversation.send(conversation.initiator, 3);
		List<Conversation.Message> back = conversation.send(conversation.responder, 3);
		there.forEach(conversation::deliver);
		back.forEach(conversation::deliver);
		for (int i = 0; i < 10; i++) {
			conversation.deliver(conversation.send(conversation.initiator));
			conversation.deliver(conversation.send(conversation.responder));
		}
		assertThat(SessionCipher.isPreKeyMessage(conversation.send(conversation.initiator).frame())).isFalse();
		assertThat(SessionCipher.isPreKeyMessage(conversation.send(conversation.responder).frame())).isFalse();
	}

	@ParameterizedTest
	@EnumSource
	void storedSessionsOfLibsignalAreReadAndWrittenAsTheyWere(Role role) {
		Conversation conversation = role.newConversation();
		LibsignalEndpoint libsignal = (LibsignalEndpoint) ((role == Role.INITIATOR) ? conversation.responder
				: conversation.initiator);
		for (int i = 0; i < 3; i++) {
			conversation.initiator.process(conversation.responder.bundle());
			conversation.send(conversation.initiator);
			if (libsignal == conversation.initiator) {
				// With what is pending until there is an answer.
				assertThat(SessionRecord.decode(libsignal.record()).encode()).isEqualTo(libsignal.record());
			}
			RandomNetwork network = new RandomNetwork(conversation, new Random().nextLong());
			network.lose(0.1);
			network.reorder(10);
			network.run(300);
			byte[] record = libsignal.record();
			assertThat(SessionRecord.decode(record).encode()).as(network::toString).isEqualTo(record);
		}
	}

}
