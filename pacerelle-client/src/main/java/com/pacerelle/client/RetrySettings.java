package com.pacerelle.client;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What happens to a message whose handler fails.
 *
 * @param attempts how often the handler is called for it, at least 1
 * @param backoff the first pause between these calls; each is twice as long as the one
 * before
 * @param noRetryFor failures that no other attempt can mend, with their subclasses
 * @param recoverer decides what becomes of the message then, or {@code null}: it is a
 * dead letter, and the person reads {@link AgentMessageHandler#sentenceFor}
 */
public record RetrySettings(int attempts, Duration backoff, Set<Class<? extends Throwable>> noRetryFor,
		@Nullable MessageRecoverer recoverer) {

	/**
	 * Checks the settings.
	 * @throws InvalidSettingException if one is not valid
	 */
	public RetrySettings {
		InvalidSettingException.require(attempts >= 1, "handling.attempts", "must be at least 1");
		InvalidSettingException.require(!backoff.isNegative(), "handling.backoff", "must not be negative");
		noRetryFor = Set.copyOf(noRetryFor);
	}

}
