package com.pacerelle.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.ReceivedMessage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One person floods a slow handler of the sample's jar with messages, and keeps nobody
 * else waiting. How long others wait is in docs/performance.md.
 */
class FloodIT {

	private static final Logger logger = LoggerFactory.getLogger(FloodIT.class);

	private static final int FLOOD = 1500;

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	@AutoClose
	private final DevRelay relay = DevRelay.start();

	@AutoClose
	private final AgentProcess agent = AgentProcess
		.sample(new RelayAccess(this.relay.agentId(), this.relay.token(), this.relay.baseUrl()),
				"--pacerelle.shutdown-grace=1s")
		.start();

	@Test
	void anotherPersonIsAnsweredWhileThousandsOfSlowMessagesWait() {
		await().atMost(TIMEOUT).until(this.relay::isAgentConnected);
		Person flooder = this.relay.person("flooder", "c-flood", "phone");
		Person other = this.relay.person("other", "c-other", "phone");
		ask(other, "hello");
		for (int i = 0; i < FLOOD; i++) {
			// Takes some seconds each.
			flooder.send("/progress");
		}
		List<Long> millis = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			long before = System.nanoTime();
			assertThat(ask(other, "message " + i).text()).isEqualTo("Received: message " + i);
			millis.add(Duration.ofNanos(System.nanoTime() - before).toMillis());
		}
		logger.info("Answers beside the flood took {} ms", millis);
		assertThat(this.relay.unacknowledged()).as("the flood still waits").hasSizeGreaterThan(FLOOD - 50);
		assertThat(this.relay.isAgentConnected()).isTrue();
		assertThat(this.relay.violations()).isEmpty();
	}

	private static ReceivedMessage ask(Person person, String text) {
		String id = person.send(text);
		ReceivedMessage reply = person.reply(id)
			.switchIfEmpty(Mono.error(new AssertionError("no reply")))
			.block(TIMEOUT);
		assertThat(reply).isNotNull();
		return reply;
	}

}
