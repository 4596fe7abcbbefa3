package com.pacerelle.client;

import java.time.Clock;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Where a client takes the time from. Applications have no reason to replace it; a test
 * that lets a question expire without waiting has.
 *
 * @param clock tells until when questions can be answered, and how old keys and records
 * are
 * @param timers ends questions that nobody has answered in time
 */
public record TimeSource(Clock clock, Scheduler timers) {

	/**
	 * The time of this machine.
	 * @return the time source
	 */
	public static TimeSource system() {
		return new TimeSource(Clock.systemUTC(), Schedulers.parallel());
	}

}
