package com.pacerelle.spring.handler;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.pacerelle.client.MessageRecoverer;
import com.pacerelle.client.RetrySettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.Assert;

/**
 * What {@link PacerelleHandler @PacerelleHandler} says about failures of its method.
 *
 * @param attempts how often the method is called, or 0 for the application's number
 * @param backoff the first pause, or {@code null} for the application's
 * @param noRetryFor failures that no other attempt can mend
 * @param recoverer the type of the bean that decides then
 */
record HandlerRetry(int attempts, @Nullable Duration backoff, List<Class<? extends Throwable>> noRetryFor,
		Class<? extends MessageRecoverer> recoverer) {

	/**
	 * Reads the annotation.
	 * @param annotation the annotation of a method
	 * @return what it says
	 * @throws IllegalArgumentException if it is not valid
	 */
	static HandlerRetry of(PacerelleHandler annotation) {
		Assert.isTrue(annotation.attempts() >= 0, "has a negative number of attempts");
		Assert.isTrue(annotation.backoffMillis() >= -1, "has a negative backoff");
		return new HandlerRetry(annotation.attempts(),
				(annotation.backoffMillis() >= 0) ? Duration.ofMillis(annotation.backoffMillis()) : null,
				List.of(annotation.noRetryFor()), annotation.recoverer());
	}

	/**
	 * The settings of the method.
	 * @param defaults those of the application
	 * @param beanFactory has the recoverers
	 * @return the settings
	 */
	RetrySettings settings(RetrySettings defaults, BeanFactory beanFactory) {
		Set<Class<? extends Throwable>> types = new HashSet<>(defaults.noRetryFor());
		types.addAll(this.noRetryFor);
		return new RetrySettings((this.attempts > 0) ? this.attempts : defaults.attempts(),
				(this.backoff != null) ? this.backoff : defaults.backoff(), types,
				(this.recoverer != MessageRecoverer.class) ? beanFactory.getBean(this.recoverer)
						: defaults.recoverer());
	}

}
