package com.pacerelle.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Collects all that is logged, with stack traces: of this library from DEBUG, of others
 * from WARN.
 */
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

	private final Logger own = (Logger) LoggerFactory.getLogger("com.pacerelle");

	private final Logger netty = (Logger) LoggerFactory.getLogger("reactor.netty");

	private final Level before = this.own.getLevel();

	private final Level nettyBefore = this.netty.getLevel();

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	public LogCapture() {
		setContext(this.root.getLoggerContext());
		start();
		this.own.setLevel(Level.DEBUG);
		this.netty.setLevel(Level.WARN);
		this.root.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		// The relay's own log is not ours.
		if (!event.getLoggerName().startsWith("reactor.netty.http.server")) {
			this.events.add(event);
		}
	}

	public List<String> lines() {
		List<String> lines = new ArrayList<>();
		for (ILoggingEvent event : this.events) {
			IThrowableProxy failure = event.getThrowableProxy();
			lines.add(event.getLevel() + " " + event.getFormattedMessage()
					+ ((failure != null) ? "\n" + ThrowableProxyUtil.asString(failure) : ""));
		}
		return lines;
	}

	@Override
	public void close() {
		this.root.detachAppender(this);
		this.own.setLevel(this.before);
		this.netty.setLevel(this.nettyBefore);
		stop();
	}

}
