package com.pacerelle.spring.handler;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/**
 * What a class logs at DEBUG.
 */
final class DebugLog implements AutoCloseable {

	private final Logger logger;

	private final Level level;

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	DebugLog(Class<?> source) {
		this.logger = (Logger) LoggerFactory.getLogger(source);
		this.level = this.logger.getLevel();
		this.logger.setLevel(Level.DEBUG);
		this.logger.addAppender(this.appender);
		this.appender.start();
	}

	String text() {
		return String.join("\n", this.appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.appender);
		this.logger.setLevel(this.level);
	}

}
