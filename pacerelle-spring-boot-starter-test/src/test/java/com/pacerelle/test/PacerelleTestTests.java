package com.pacerelle.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Fault;
import com.pacerelle.dev.PersonFile;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static com.pacerelle.test.PacerelleConditions.choice;
import static com.pacerelle.test.PacerelleConditions.confirm;
import static com.pacerelle.test.PacerelleConditions.dateTime;
import static com.pacerelle.test.PacerelleConditions.file;
import static com.pacerelle.test.PacerelleConditions.filePicker;
import static com.pacerelle.test.PacerelleConditions.form;
import static com.pacerelle.test.PacerelleConditions.permission;
import static com.pacerelle.test.PacerelleConditions.progress;
import static com.pacerelle.test.PacerelleConditions.text;
import static com.pacerelle.test.PacerelleConditions.textMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;

@PacerelleTest
class PacerelleTestTests {

	@MockitoBean
	private Deployments deployments;

	// tag::deploy[]
	@Test
	void deploysWhenThePersonAgrees(@Autowired TestPerson person) {
		given(this.deployments.deploy("1.2")).willReturn("Deployed");
		person.says("/deploy 1.2").receives(confirm("confirm-deploy")).answers(true).receives(text("Deployed"));
	}
	// end::deploy[]

	@Test
	void onlyHandlersAndWhatTheyNeedAreInTheContext(@Autowired ApplicationContext context) {
		assertThat(context.getBeanProvider(DeployHandlers.class).getIfAvailable()).isNotNull();
		assertThat(context.getBeanProvider(InheritedHandlers.class).getIfAvailable()).isNotNull();
		assertThat(context.getBeanProvider(Unrelated.class).getIfAvailable()).isNull();
	}

	@Test
	void peopleAreNewInEachTestAndNamedAfterTheirField(@Autowired TestPerson alice, @Autowired TestPerson bob) {
		assertThat(alice.name()).isEqualTo("alice");
		assertThat(bob.name()).isEqualTo("bob");
		assertThat(alice.conversationId()).isNotEqualTo(bob.conversationId());
		alice.says("hello").receives(text("alice said hello"));
		bob.receivesNothing();
	}

	@Test
	void everyWidgetIsAnsweredWithItsType(@Autowired TestPerson person) {
		person.says("/choice").receives(choice("format").title("Which format?")).answers("pdf");
		person.receives(text("format: pdf"));
		person.says("/choices").receives(choice("checks")).answers(List.of("lint", "test"));
		person.receives(text("checks: [lint, test]"));
		person.says("/form").receives(form("release")).answers(new Release("1.2", 3)).receives(text("1.2, 3"));
		person.says("/form").receives(form("release")).answers(Map.of("version", "2", "priority", 5));
		person.receives(text("2, 5"));
		person.says("/date").receives(dateTime("review")).answers(LocalDate.of(2026, 6, 1));
		person.receives(text("review: 2026-06-01"));
		person.says("/permission").receives(permission("read")).grants().receives(text("granted ONCE"));
		person.says("/permission").receives(permission("read")).denies().receives(text("denied"));
		person.says("/confirm").receives(confirm("sure")).cancels().receives(text("cancelled"));
	}

	// tag::files[]
	@Test
	void filesGoBothWays(@Autowired TestPerson person) {
		PersonFile notes = PersonFile.of("notes.txt", "Remember".getBytes(StandardCharsets.UTF_8));
		person.sends("", notes).receives(file("notes.txt"));
		assertThat(person.received().files()).containsExactly(notes);
		person.says("/upload").receives(filePicker("brief")).answers(notes).receives(text("notes.txt"));
	}
	// end::files[]

	// tag::progress[]
	@Test
	void progressIsSeenAndCancelled(@Autowired TestPerson person) {
		person.says("/progress")
			.receives(progress("build").with("value", 10))
			.sees(progress("build").with("value", 75));
		person.cancels().receivesNothing();
	}
	// end::progress[]

	@Test
	void answerOfTheWrongShapeIsRefusedAndTheRightOneNamed(@Autowired TestPerson person) {
		person.says("/choice").receives(choice("format"));
		assertRefused(() -> person.answers(true),
				"The choice 'format' is answered with the id of one of its options [pdf, md], not with true (Boolean)");
		assertRefused(() -> person.answers("doc"),
				"The choice 'format' is answered with the id of one of its options [pdf, md], not with doc (String)");
		assertRefused(person::grants, "The choice 'format' \"Which format?\" {options=[{id=pdf, label=PDF}, "
				+ "{id=md, label=Markdown}]} is not answered with grants()");
		person.answers("md").receives(text("format: md")).says("/form").receives(form("release"));
		assertRefused(() -> person.answers(Map.of("priority", "high")),
				"The form 'release' is answered with a Map or a record with the fields {version=text, priority=number},"
						+ " not with 'priority': high (String)");
		person.answers(new Release("1", 1)).receives(text("1, 1")).says("/date").receives(dateTime("review"));
		assertRefused(() -> person.answers("tomorrow"),
				"The datetime 'review' is answered with a LocalDate, not with tomorrow (String)");
	}

	@Test
	void invalidAnswerOfTheRightShapeReachesTheAgent(@Autowired TestPerson person) {
		person.says("/form").receives(form("release")).answers(Map.of("version", "1", "priority", 9));
		person.receives(form("release-2")).answers(Map.of("version", "1", "priority", 1)).receives(text("1, 1"));
	}

	@Test
	void whatIsWrongIsToldWithTheConversationSoFar(@Autowired TestPerson alice) {
		alice.says("hello").receives(text("alice said hello")).says("again");
		assertRefused(() -> alice.receives(confirm("sure")), """
				Expected confirm 'sure', but received text "alice said again".
				The conversation so far:
				  alice: hello
				  agent: text "alice said hello"
				  alice: again
				  agent: text "alice said again\"""");
	}

	@Test
	void waitsHaveATimeout(@Autowired TestPeople people) {
		TestPerson alice = people.within(Duration.ofMillis(50)).person("alice");
		assertRefused(() -> alice.receives(text("hello")),
				"Expected text \"hello\", but received nothing within PT0.05S.\nThe conversation so far: nothing was said.");
		assertRefused(() -> alice.sees(progress("build")),
				"Expected to see progress 'build' within PT0.05S.\n" + "The conversation so far: nothing was said.");
	}

	@Test
	void failureOfTheHandlerIsTheCause(@Autowired TestPerson person) {
		person.says("/fail");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> person.receives(text("Done")))
			.withRootCauseInstanceOf(UnsupportedOperationException.class);
	}

	// tag::devices[]
	@Test
	void devicesHaveConversationsOfTheirOwn(@Autowired TestPerson alice) {
		TestPerson laptop = alice.onDevice("laptop");
		assertThat(alice.onDevice("laptop")).isSameAs(laptop);
		laptop.says("hello").receives(text("alice said hello"));
		alice.receivesNothing().says("me too").receives(text("alice said me too"));
		laptop.receivesNothing();
	}

	@Test
	void groupReadsWhatOneOfItAsked(@Autowired TestPeople people) {
		TestPeople team = people.inGroup();
		TestPerson anna = team.person("anna");
		TestPerson bob = team.person("bob");
		anna.says("hello").receives(text("anna said hello"));
		bob.receives(textMatching("anna .*")).says("hi").receives(text("bob said hi"));
	}
	// end::devices[]

	@Test
	void messageIsHandledAgainWhenTheProcessCrashesBeforeTheCommit(@Autowired TestPerson person,
			@Autowired TestAgent agent, @Autowired DeployHandlers handlers) {
		person.says("first").receives(text("person said first"));
		int calls = handlers.calls();
		int crashes = agent.crashes();
		agent.crashAt(CrashPoint.BEFORE_COMMIT);
		person.says("second").receives(text("person said second")).receivesNothing();
		assertThat(agent.crashes()).isEqualTo(crashes + 1);
		assertThat(handlers.calls()).isEqualTo(calls + 2);
	}

	// tag::crash[]
	@Test
	void answerComesOnceWhenTheProcessCrashesAfterTheCommit(@Autowired TestPerson person, @Autowired TestAgent agent,
			@Autowired DeployHandlers handlers) {
		person.says("first").receives(text("person said first"));
		int calls = handlers.calls();
		agent.crashAt(CrashPoint.AFTER_COMMIT);
		person.says("second").receives(text("person said second")).receivesNothing();
		assertThat(handlers.calls()).isEqualTo(calls + 1);
	}
	// end::crash[]

	@Test
	void questionStaysOpenWhenTheProcessCrashes(@Autowired TestPerson person, @Autowired TestAgent agent) {
		given(this.deployments.deploy("1.3")).willReturn("Deployed");
		person.says("/deploy 1.3").receives(confirm("confirm-deploy"));
		agent.crash();
		person.answers(true).receives(text("Deployed"));
		agent.disconnect();
		person.says("still there?").receives(text("person said still there?"));
		agent.awaitIdle();
	}

	// tag::clock[]
	@Test
	void questionExpiresWithoutWaiting(@Autowired TestPerson person, @Autowired TestClock clock) {
		person.says("/approve").receives(confirm("approve"));
		clock.advance(Duration.ofMinutes(59));
		person.answers(true).receives(text("Approved"));
		person.says("/approve").receives(confirm("approve"));
		clock.advance(Duration.ofMinutes(61));
		person.receives(text("Nobody answered"));
	}
	// end::clock[]

	// tag::faults[]
	@Test
	void messagesMeetFaults(@Autowired TestPerson person, @Autowired DevRelay relay, @Autowired TestAgent agent) {
		relay.failNext(Fault.DUPLICATE);
		person.says("twice").receives(text("person said twice")).receivesNothing();
		relay.failNext(Fault.CORRUPT);
		person.says("damaged");
		agent.disconnect();
		person.receives(text("person said damaged"));
	}
	// end::faults[]

	@Test
	void appThatIsInstalledAnewIsReadOnceItsOldIdentityIsForgotten(@Autowired TestPerson nomad,
			@Autowired TestAgent agent, @Autowired AgentGatewayClient client) {
		nomad.says("hello").receives(text("nomad said hello"));
		nomad.renewsIdentity().says("it is me");
		client.devices("nomad").forEach((device) -> client.forgetDevice("nomad", device.verificationCode()).block());
		agent.disconnect();
		nomad.receives(text("nomad said it is me"));
		assertThat(nomad.verificationCode()).isEqualTo(client.verificationCode());
	}

	private static void assertRefused(Runnable answer, String message) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(answer::run).withMessage(message);
	}

	record Release(String version, int priority) {
	}

}
