package com.pacerelle.test;

import com.pacerelle.dev.DevRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;

import static com.pacerelle.test.PacerelleConditions.confirm;
import static com.pacerelle.test.PacerelleConditions.text;
import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
class WholeApplicationTests {

	@Autowired
	private DevRelay relay;

	// tag::whole[]
	@Autowired
	private TestPerson alice;

	@Test
	void deploys() {
		this.alice.says("/deploy 1.2").receives(confirm("confirm-deploy")).answers(true);
		this.alice.receives(text("Deployed 1.2"));
	}
	// end::whole[]

	@AfterEach
	void agentKeepsToTheProtocol() {
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void contextLoads(@Autowired ApplicationContext context) {
		assertThat(context.getBean(Unrelated.class)).isNotNull();
	}

	// tag::canary[]
	@Test
	@Canary("canary-1b77")
	void whatPeopleSayStaysBetweenThemAndTheAgent() {
		this.alice.says("The password is canary-1b77").receives(text("alice said The password is canary-1b77"));
	}
	// end::canary[]

	@Test
	void eachTestHasAnotherConversation() {
		assertThat(this.alice).hasToString("");
		this.alice.receivesNothing();
	}

	// tag::assertj[]
	@Test
	void conditionsAreThoseOfAssertj() {
		Received received = this.alice.says("hello").receives();
		assertThat(received).is(text("alice said hello")).isNot(confirm("confirm-deploy"));
		assertThat(this.alice.received().text()).startsWith("alice");
		assertThat(this.alice).hasToString("alice: hello\nagent: text \"alice said hello\"");
	}
	// end::assertj[]

	@Test
	void agentIsConnectedToTheRelayOfTheTest() {
		this.alice.says("hello").receives();
		assertThat(this.relay.isAgentConnected()).isTrue();
	}

}
