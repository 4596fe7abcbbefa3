package com.pacerelle.client.event;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class RejectionsTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger(Rejections.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Events events = new Events();

	private final Rejections rejections = new Rejections(this.events);

	@BeforeEach
	void start() {
		this.log.start();
		this.logger.setLevel(Level.WARN);
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
	}

	@Test
	void logsTheFirstOfEachReasonAndTheDoublingsOfItsNumber() {
		for (int i = 1; i <= 1000; i++) {
			this.rejections.reject("m-" + i, "c-1", RejectionReason.UNDECRYPTABLE);
		}
		this.rejections.reject("other", "c-1", RejectionReason.UNTRUSTED_IDENTITY);
		assertThat(lines()).hasSize(11);
		assertThat(lines().get(0)).startsWith("Message m-1 of conversation c-1 is refused and not acknowledged: ");
		assertThat(lines().get(9)).contains("Message m-512 ").contains(" 512 refused").endsWith("number 1024");
		assertThat(lines().get(10)).contains("Message other ").contains("another identity");
	}

	@Test
	void tellsEachOneAsAnEvent() {
		StepVerifier.create(this.events.asFlux()).then(() -> {
			for (int i = 1; i <= 100; i++) {
				this.rejections.reject("m-" + i, "c-1", RejectionReason.CONFLICT);
			}
			this.events.complete();
		})
			.expectNext(new GatewayEvent.MessageRejected("m-1", "c-1", RejectionReason.CONFLICT))
			.expectNextCount(99)
			.verifyComplete();
	}

	@Test
	void idsAreShownSafely() {
		this.rejections.reject("m\u2028WARN", "\u202e" + "c".repeat(1000), RejectionReason.CONFLICT);
		assertThat(lines()).singleElement()
			.satisfies((line) -> assertThat(line).contains("m\\u2028WARN").contains("\\u202ec").hasSizeLessThan(500));
	}

	@Test
	void changedIdentitiesAreLoggedAtTheDoublingsOfTheirNumber() {
		for (int i = 1; i <= 1000; i++) {
			this.rejections.identityChanged("alice\u2028");
		}
		assertThat(lines()).hasSize(10).allSatisfy((line) -> assertThat(line).contains("alice\\u2028"));
	}

	private List<String> lines() {
		return this.log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

}
