package com.pacerelle.signal.session;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Two endpoints and the messages between them.
 */
final class Conversation {

	final Endpoint initiator;

	final Endpoint responder;

	private int sent;

	private long epoch;

	Conversation(Endpoint initiator, Endpoint responder) {
		this.initiator = initiator;
		this.responder = responder;
	}

	/**
	 * Starts a session that both sides acknowledge.
	 */
	void start() {
		this.initiator.process(this.responder.bundle());
		deliver(send(this.initiator));
		deliver(send(this.responder));
	}

	Endpoint other(Endpoint endpoint) {
		return (endpoint == this.initiator) ? this.responder : this.initiator;
	}

	Message send(Endpoint sender) {
		String text = "message " + this.sent++;
		Message message = new Message(other(sender), sender.encrypt(text), text);
		this.epoch = Math.max(this.epoch, message.epoch());
		return message;
	}

	List<Message> send(Endpoint sender, int count) {
		List<Message> messages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			messages.add(send(sender));
		}
		return messages;
	}

	void deliver(Message message) {
		assertThat(message.receiver().decrypt(message.frame())).isEqualTo(message.text());
	}

	void refuseAsDuplicate(Message message) {
		assertThat(refuse(message).isDuplicate()).isTrue();
	}

	Endpoint.Refused refuse(Message message) {
		Endpoint.Refused refused = catchThrowableOfType(Endpoint.Refused.class,
				() -> message.receiver().decrypt(message.frame()));
		assertThat(refused).as(message.text()).isNotNull();
		return refused;
	}

	/**
	 * The highest epoch that any message named.
	 * @return the epoch of SPQR, from 1
	 */
	long epoch() {
		return this.epoch;
	}

	/**
	 * A message on its way.
	 *
	 * @param receiver who shall read it
	 * @param frame the frame
	 * @param text the text
	 */
	record Message(Endpoint receiver, byte[] frame, String text) {

		SignalMessage signalMessage() {
			return SessionCipher.isPreKeyMessage(this.frame) ? PreKeySignalMessage.parse(this.frame).message()
					: SignalMessage.parse(this.frame, 1);
		}

		private long epoch() {
			ByteBuffer pqRatchet = ByteBuffer.wrap(signalMessage().pqRatchet());
			assertThat(pqRatchet.get()).as("version of SPQR").isEqualTo((byte) 1);
			long value = 0;
			int shift = 0;
			byte next;
			do {
				next = pqRatchet.get();
				value |= (next & 0x7FL) << shift;
				shift += 7;
			}
			while (next < 0);
			return value;
		}

	}

}
