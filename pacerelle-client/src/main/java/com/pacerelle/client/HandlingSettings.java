package com.pacerelle.client;

import java.time.Duration;
import java.util.Set;

/**
 * The settings of how messages are handled.
 *
 * @param concurrency how many conversations are handled at once
 * @param queueCapacity how many messages wait in memory, with their content, before
 * reading pauses until some of them are stored
 * @param attempts how often a handler is called for one message before it is a dead
 * letter, at least 1
 * @param backoff the first pause between these calls; each is twice as long as the one
 * before
 * @param noRetryFor failures of handlers that no other attempt can mend, with their
 * subclasses
 * @param maxDeadLetters how many messages that could not be handled are kept
 * @param deadLetterRetention how long they are kept
 * @param logExceptionMessages whether the messages of exceptions are logged, which may
 * quote what people wrote
 * @param timeout how long a call of a handler may take, from the call to the end of what
 * it returns, the time not counted that a person takes to answer; zero for ever
 * @param virtualThreads whether handlers run on virtual threads where the JDK has them
 * @param newDevice what happens to messages of a known person from a new device
 */
public record HandlingSettings(int concurrency, int queueCapacity, int attempts, Duration backoff,
		Set<Class<? extends Throwable>> noRetryFor, int maxDeadLetters, Duration deadLetterRetention,
		boolean logExceptionMessages, Duration timeout, boolean virtualThreads, NewDevicePolicy newDevice) {

	/**
	 * Checks the settings.
	 * @throws InvalidSettingException if one is not valid
	 */
	public HandlingSettings {
		requireAtLeastOne("concurrency", concurrency);
		requireAtLeastOne("queueCapacity", queueCapacity);
		requireAtLeastOne("attempts", attempts);
		requireNotNegative("backoff", backoff);
		requireNotNegative("timeout", timeout);
		InvalidSettingException.require(maxDeadLetters >= 0, "handling.maxDeadLetters", "must not be negative");
		requireNotNegative("deadLetterRetention", deadLetterRetention);
		noRetryFor = Set.copyOf(noRetryFor);
	}

	/**
	 * What happens to a message whose handler fails and has no settings of its own.
	 * @return the settings
	 */
	public RetrySettings retry() {
		return new RetrySettings(this.attempts, this.backoff, this.noRetryFor, null);
	}

	private static void requireAtLeastOne(String name, int value) {
		InvalidSettingException.require(value >= 1, "handling." + name, "must be at least 1");
	}

	private static void requireNotNegative(String name, Duration value) {
		InvalidSettingException.require(!value.isNegative(), "handling." + name, "must not be negative");
	}

	/**
	 * Builds {@link HandlingSettings}.
	 */
	public static final class Builder {

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
			return new HandlingSettings(this.concurrency, this.queueCapacity, this.attempts, this.backoff,
					this.noRetryFor, this.maxDeadLetters, this.deadLetterRetention, this.logExceptionMessages,
					this.timeout, this.virtualThreads, this.newDevice);
		}

	}

}
