package com.pacerelle.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * The lines of the log that have a canary.
 */
final class CanaryLog extends AppenderBase<ILoggingEvent> {

	private final String canary;

	private final List<String> found = new CopyOnWriteArrayList<>();

	private final Logger root;

	CanaryLog(String canary) {
		this.canary = canary;
		if (!(LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger logger)) {
			throw new IllegalStateException("@Canary needs Logback to look into the log");
		}
		this.root = logger;
		setContext(logger.getLoggerContext());
		start();
		logger.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		String line = event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage() + " "
				+ event.getMDCPropertyMap();
		if (event.getThrowableProxy() != null) {
			line += "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
		}
		if (line.contains(this.canary)) {
			this.found.add("in the log: " + line);
		}
	}

	/**
	 * Ends the watch.
	 * @return the lines
	 */
	List<String> found() {
		this.root.detachAppender(this);
		stop();
		return this.found;
	}

}
