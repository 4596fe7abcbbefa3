package com.pacerelle.client.outbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.function.UnaryOperator;

import com.pacerelle.client.encryption.PayloadCiphers;
import com.pacerelle.client.event.Failures;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.ApplicationTransaction;
import com.pacerelle.client.wire.InboundMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent sends, and accepts, in one transaction of the application. It is kept in
 * its order, encrypted and written right before the transaction commits, under the locks
 * of its conversations, and sent when the transaction has committed.
 */
final class TransactionalSends implements ApplicationTransaction.Participant {

	private static final Logger logger = LoggerFactory.getLogger(TransactionalSends.class);

	private final ApplicationTransaction transaction;

	private final AgentStore store;

	private final PayloadCiphers ciphers;

	private final OutgoingWriter writer;

	private final UnaryOperator<Destination> addressing;

	private final List<Outgoing> kept = new ArrayList<>();

	private final List<OutgoingWriter.Written> written = new ArrayList<>();

	private List<Lock> locks = List.of();

	/**
	 * Takes part in a transaction.
	 * @param transaction the transaction
	 * @param store takes part as well
	 * @param ciphers lock conversations
	 * @param writer encrypts and writes
	 * @param addressing finds the device of who a message is for, with what the
	 * transaction reads
	 */
	TransactionalSends(ApplicationTransaction transaction, AgentStore store, PayloadCiphers ciphers,
			OutgoingWriter writer, UnaryOperator<Destination> addressing) {
		this.transaction = transaction;
		this.store = store;
		this.ciphers = ciphers;
		this.writer = writer;
		this.addressing = addressing;
	}

	void add(Outgoing outgoing) {
		this.kept.add(outgoing);
	}

	@Override
	public int mark() {
		return this.kept.size();
	}

	@Override
	public void returnTo(int mark) {
		this.kept.subList(mark, this.kept.size()).clear();
	}

	@Override
	public void beforeCommit() {
		if (this.kept.isEmpty()) {
			return;
		}
		InboundMessage answered = this.kept.stream()
			.map(Outgoing::accepted)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		this.locks = this.ciphers.lockAll(
				this.kept.stream().map((outgoing) -> outgoing.destination().conversation()).distinct().toList(),
				answered);
		this.store.within(this.transaction, () -> {
			OutgoingWriter.Written held = (answered != null && this.kept.size() > 1) ? this.writer.store(answered)
					: null;
			if (held != null) {
				this.written.add(held);
			}
			this.kept.forEach((outgoing) -> this.written.add(this.writer.write(addressed(outgoing))));
		});
		this.kept.clear();
	}

	/** A message is answered where it came from. */
	private Outgoing addressed(Outgoing outgoing) {
		return (outgoing.accepted() != null) ? outgoing : outgoing.to(this.addressing.apply(outgoing.destination()));
	}

	@Override
	public void afterCompletion(ApplicationTransaction.Outcome outcome) {
		try {
			this.writer.settle(this.written, isCommitted(outcome));
		}
		finally {
			this.locks.forEach(Lock::unlock);
		}
		if (outcome == ApplicationTransaction.Outcome.COMMITTED) {
			this.kept.forEach(this::sendLate);
		}
	}

	/** All of it is in the store, or nothing is. */
	private boolean isCommitted(ApplicationTransaction.Outcome outcome) {
		return switch (outcome) {
			case COMMITTED -> true;
			case ROLLED_BACK -> false;
			case UNKNOWN -> this.written.stream().anyMatch(this.writer::isCommitted);
		};
	}

	/** What was sent after the transaction was written, by whoever waited for its end. */
	private void sendLate(Outgoing outgoing) {
		try {
			this.writer.commit(addressed(outgoing));
		}
		catch (RuntimeException ex) {
			logger.error("{} messages that were sent while a transaction ended are lost: {}",
					outgoing.messages().size(), Failures.describe(ex));
		}
	}

}
