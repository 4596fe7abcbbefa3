package com.pacerelle.sample;

import java.time.Duration;

import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.ReceivedMessage;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(properties = "pacerelle.dev-relay.enabled=true")
class SampleApplicationTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@Autowired
	private DevRelay relay;

	@Test
	void answersEachMessageWithItsText() {
		await().atMost(PATIENCE).until(this.relay::isAgentConnected);
		Person alice = this.relay.person("alice", "conversation", "phone");
		ReceivedMessage reply = alice.reply(alice.send("Hello")).block(PATIENCE);
		assertThat(reply).extracting(ReceivedMessage::text).isEqualTo("Received: Hello");
		await().atMost(PATIENCE).until(() -> this.relay.unacknowledged().isEmpty());
		assertThat(this.relay.violations()).isEmpty();
	}

}
