package com.pacerelle.client;

import java.time.Duration;
import java.util.Set;

/**
 * The settings of how messages are handled.
 */
public sealed interface HandlingSettings permits DefaultHandlingSettings {

	/**
	 * How many conversations are handled at once.
	 * @return at least 1
	 */
	int concurrency();

	/**
	 * How many messages wait in memory, with their content, before reading pauses until
	 * some of them are stored.
	 * @return at least 1
	 */
	int queueCapacity();

	/**
	 * How often a handler is called for one message before it is a dead letter.
	 * @return at least 1
	 */
	int attempts();

	/**
	 * The first pause between these calls; each is twice as long as the one before.
	 * @return the pause
	 */
	Duration backoff();

	/**
	 * Failures of handlers that no other attempt can mend, with their subclasses.
	 * @return the types
	 */
	Set<Class<? extends Throwable>> noRetryFor();

	/**
	 * How many messages that could not be handled are kept.
	 * @return 0 or more
	 */
	int maxDeadLetters();

	/**
	 * How long they are kept.
	 * @return the time
	 */
	Duration deadLetterRetention();

	/**
	 * Whether the messages of exceptions are logged, which may quote what people wrote.
	 * @return whether they are
	 */
	boolean logExceptionMessages();

	/**
	 * How long a call of a handler may take, from the call to the end of what it returns,
	 * the time not counted that a person takes to answer.
	 * @return the time, zero for ever
	 */
	Duration timeout();

	/**
	 * Whether handlers run on virtual threads where the JDK has them.
	 * @return whether they do
	 */
	boolean virtualThreads();

	/**
	 * What happens to messages of a known person from a new device.
	 * @return the policy
	 */
	NewDevicePolicy newDevice();

	/**
	 * What happens to a message whose handler fails and has no settings of its own.
	 * @return the settings
	 */
	default RetrySettings retry() {
		return new RetrySettings(attempts(), backoff(), noRetryFor(), null);
	}

	/**
	 * Builds {@link HandlingSettings}.
	 */
	final class Builder {

		private int concurrency = 64;

		private int queueCapacity = 4096;

		private int attempts = 3;

		private Duration backoff = Duration.ofMillis(200);

		private Set<Class<? extends Throwable>> noRetryFor = Set.of();

		private int maxDeadLetters = 1000;

		private Duration deadLetterRetention = Duration.ofDays(30);

		private boolean logExceptionMessages;

		private Duration timeout = Duration.ofMinutes(10);

		private boolean virtualThreads;

		private NewDevicePolicy newDevice = NewDevicePolicy.NOTIFY;

		Builder() {
		}

		Builder(HandlingSettings settings) {
			this.concurrency = settings.concurrency();
			this.queueCapacity = settings.queueCapacity();
			this.attempts = settings.attempts();
			this.backoff = settings.backoff();
			this.noRetryFor = settings.noRetryFor();
			this.maxDeadLetters = settings.maxDeadLetters();
			this.deadLetterRetention = settings.deadLetterRetention();
			this.logExceptionMessages = settings.logExceptionMessages();
			this.timeout = settings.timeout();
			this.virtualThreads = settings.virtualThreads();
			this.newDevice = settings.newDevice();
		}

		/**
		 * Sets {@link HandlingSettings#concurrency()}.
		 * @param concurrency how many conversations are handled at once
		 * @return this builder
		 */
		public Builder concurrency(int concurrency) {
			this.concurrency = concurrency;
			return this;
		}

		/**
		 * Sets {@link HandlingSettings#queueCapacity()}.
		 * @param queueCapacity how many messages wait in memory
		 * @return this builder
		 */
		public Builder queueCapacity(int queueCapacity) {
			this.queueCapacity = queueCapacity;
			return this;
		}

		/**
		 * Sets {@link HandlingSettings#attempts()}.
		 * @param attempts how often a handler is called for one message
		 * @return this builder
		 */
		public Builder attempts(int attempts) {
			this.attempts = attempts;
			return this;
		}

		/**
		 * Sets {@link HandlingSettings#backoff()}.
		 * @param backoff the first pause between calls of a handler
		 * @return this builder
		 */
		public Builder backoff(Duration backoff) {
			this.backoff = backoff;
			return this;
		}

		/**
		 * Sets {@link HandlingSettings#noRetryFor()}.
		 * @param noRetryFor failures that no other attempt can mend
		 * @return this builder
		 */
		public Builder noRetryFor(Set<Class<? extends Throwable>> noRetryFor) {
			this.noRetryFor = noRetryFor;
			return this;
		}

		/**
		 * Sets {@link HandlingSettings#maxDeadLetters()}.
		 * @param maxDeadLetters how many messages that could not be handled are kept
		 * @return this builder
		 */
		public Builder maxDeadLetters(int maxDeadLetters) {
			this.maxDeadLetters = maxDeadLetters;
			return this;
		}

		/**
		 * Sets {@link HandlingSettings#deadLetterRetention()}.
		 * @param deadLetterRetention how long they are kept
		 * @return this builder
		 */
		public Builder deadLetterRetention(Duration deadLetterRetention) {
			this.deadLetterRetention = deadLetterRetention;
			return this;
		}

		/**
		 * Sets {@link HandlingSettings#logExceptionMessages()}.
		 * @param logExceptionMessages whether the messages of exceptions are logged
		 * @return this builder
		 */
		public Builder logExceptionMessages(boolean logExceptionMessages) {
			this.logExceptionMessages = logExceptionMessages;
			return this;
		}

		/**
		 * Sets {@link HandlingSettings#timeout()}.
		 * @param timeout how long a call of a handler may take
		 * @return this builder
		 */
		public Builder timeout(Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		/**
		 * Sets {@link HandlingSettings#virtualThreads()}.
		 * @param virtualThreads whether handlers run on virtual threads
		 * @return this builder
		 */
		public Builder virtualThreads(boolean virtualThreads) {
			this.virtualThreads = virtualThreads;
			return this;
		}

		/**
		 * Sets {@link HandlingSettings#newDevice()}.
		 * @param newDevice what happens to messages from a new device
		 * @return this builder
		 */
		public Builder newDevice(NewDevicePolicy newDevice) {
			this.newDevice = newDevice;
			return this;
		}

		HandlingSettings build() {
			return new DefaultHandlingSettings(this.concurrency, this.queueCapacity, this.attempts, this.backoff,
					this.noRetryFor, this.maxDeadLetters, this.deadLetterRetention, this.logExceptionMessages,
					this.timeout, this.virtualThreads, this.newDevice);
		}

	}

}
