package com.pacerelle.client.permission;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.permission.PermissionGrant.State;
import com.pacerelle.client.permission.PermissionOutcome.Denied;
import com.pacerelle.client.permission.PermissionOutcome.Duplicate;
import com.pacerelle.client.permission.PermissionOutcome.Granted;
import com.pacerelle.client.permission.PermissionOutcome.Reason;
import com.pacerelle.client.permission.PermissionOutcome.Rejected;
import com.pacerelle.client.permission.PermissionOutcome.Revoked;
import com.pacerelle.client.permission.PermissionOutcome.Unrelated;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

class PermissionPolicyTests {

	private static final Instant START = Instant.parse("2026-05-23T10:00:00Z");

	private static final PermissionAction DELETE = PermissionAction.of("file.delete", "/data/report.txt",
			Map.of("force", true, "depth", 2));

	private final MovingClock clock = new MovingClock();

	private final List<String> deleted = new ArrayList<>();

	private final PermissionPolicy policy = new PermissionPolicy(
			new PermissionSession("s-1", "Release agent", START.plus(Duration.ofHours(1))), this.clock);

	@Test
	void widgetTellsWhatIsAskedFor() {
		Permission widget = this.policy.request(
				request().id("allow-delete").body("It is old").scopes(PermissionScope.ONCE, PermissionScope.SESSION));
		assertThat(widget.id()).isEqualTo("allow-delete");
		assertThat(widget.expiresAt()).isEqualTo(START.plus(Duration.ofMinutes(5)));
		assertThat(widget.spec()).containsEntry("title", "Delete the report?")
			.containsEntry("body", "It is old")
			.containsEntry("scopes", List.of("once", "session"))
			.containsEntry("authorization", authorization("requested"));
	}

	@Test
	void sessionLimitsTheRequest() {
		PermissionRequest tooLong = PermissionRequest.of("alice", "c-1", DELETE, "Delete?",
				START.plus(Duration.ofDays(1)));
		assertThat(this.policy.request(tooLong).expiresAt()).isEqualTo(this.policy.session().expiresAt());
	}

	@Test
	void grantForOnceIsUsedUpBeforeTheOperationAlsoWhenItFails() {
		ask("r-1");
		assertThat(this.policy.receive(granted("a-1", "r-1", "once"))).isInstanceOf(Granted.class);
		assertThatIllegalStateException().isThrownBy(() -> this.policy.run("r-1", "alice", "c-1", DELETE, (action) -> {
			assertThat(this.policy.grants()).extracting(PermissionGrant::state).containsExactly(State.CONSUMED);
			throw new IllegalStateException("the disk is full");
		}));
		assertNotRun("r-1", "alice", "c-1", DELETE, "consumed");
		assertThat(status("r-1")).isEqualTo("consumed");
	}

	@Test
	void policyFromTheRequestToTheOperation() {
		Conversation conversation = mock();
		AgentMessage answer = granted("a-1", "allow-delete", "once");
		// tag::policy[]
		PermissionPolicy policy = new PermissionPolicy(
				new PermissionSession("run-1", "Release agent", this.clock.instant().plus(Duration.ofHours(8))),
				this.clock);
		PermissionAction action = PermissionAction.of("file.delete", "/data/report.txt", Map.of("force", true));
		conversation.send(policy.request(PermissionRequest
			.of("alice", "c-1", action, "Delete the report?", this.clock.instant().plus(Duration.ofMinutes(5)))
			.id("allow-delete")));

		// When a message comes:
		if (policy.receive(answer) instanceof PermissionOutcome.Granted granted) {
			policy.run(granted.grant().requestId(), "alice", "c-1", action, (allowed) -> delete(allowed.resource()));
			conversation.send(policy.update("allow-delete"));
		}
		// end::policy[]
		assertThat(this.deleted).containsExactly("/data/report.txt");
		assertThat(policy.grants()).extracting(PermissionGrant::state).containsExactly(State.CONSUMED);
	}

	private boolean delete(String resource) {
		return this.deleted.add(resource);
	}

	@Test
	void grantForTheSessionAllowsTheSameActionAgain() {
		this.policy.request(request().id("r-1").scopes(PermissionScope.SESSION));
		this.policy.receive(granted("a-1", "r-1", "session"));
		for (int i = 0; i < 3; i++) {
			assertThat(this.policy.<String>run("r-1", "alice", "c-1", DELETE, PermissionAction::resource))
				.isEqualTo("/data/report.txt");
		}
		assertThat(this.policy.find("alice", "c-1", DELETE)).isNotNull();
		assertThat(status("r-1")).isEqualTo("granted");
	}

	@Test
	void parametersAreComparedAsCanonicalJson() {
		ask("r-1");
		this.policy.receive(granted("a-1", "r-1", "once"));
		PermissionAction reordered = PermissionAction.of("file.delete", "/data/report.txt",
				new TreeMap<>(Map.of("depth", 2, "force", true)));
		assertThat(this.policy.<Boolean>run("r-1", "alice", "c-1", reordered, (action) -> true)).isTrue();
	}

	@Test
	void grantCoversExactlyOneActionOfOnePersonInOneConversation() {
		ask("r-1");
		this.policy.receive(granted("a-1", "r-1", "once"));
		assertNotRun("r-1", "bob", "c-1", DELETE, "another person");
		assertNotRun("r-1", "alice", "c-2", DELETE, "another person");
		assertNotRun("r-1", "alice", "c-1", PermissionAction.of("file.delete", "/data/report.txt", null), "parameters");
		assertNotRun("r-1", "alice", "c-1", PermissionAction.of("file.read", "/data/report.txt", null), "parameters");
		assertNotRun("r-2", "alice", "c-1", DELETE, "No permission was granted");
		assertThat(this.policy.<Boolean>run("r-1", "alice", "c-1", DELETE, (action) -> true)).isTrue();
	}

	@Test
	void denialAndCancellationGrantNothing() {
		ask("r-1");
		ask("r-2");
		assertThat(this.policy.receive(answer("a-1", "r-1", Map.of("granted", false), false)))
			.isEqualTo(new Denied("r-1"));
		assertThat(this.policy.receive(answer("a-2", "r-2", null, true))).isEqualTo(new Denied("r-2"));
		assertThat(this.policy.receive(granted("a-3", "r-1", "once")))
			.isEqualTo(new Rejected("r-1", Reason.ALREADY_DECIDED));
		assertThat(status("r-1")).isEqualTo("denied");
		assertThat(this.policy.grants()).isEmpty();
	}

	@Test
	void laterDenialRevokes() {
		ask("r-1");
		this.policy.receive(granted("a-1", "r-1", "once"));
		assertThat(this.policy.receive(answer("a-2", "r-1", Map.of("granted", false), false)))
			.isEqualTo(new Revoked("r-1"));
		assertNotRun("r-1", "alice", "c-1", DELETE, "revoked");
		assertThat(status("r-1")).isEqualTo("revoked");
	}

	@Test
	void eachAnswerIsProcessedOnce() {
		ask("r-1");
		this.policy.receive(granted("a-1", "r-1", "once"));
		assertThat(this.policy.receive(answer("a-1", "r-1", Map.of("granted", false), false)))
			.isEqualTo(new Duplicate("r-1"));
		assertThat(status("r-1")).isEqualTo("granted");
	}

	@Test
	void answerIsAcceptedOnlyEncryptedAndFromThePersonAsked() {
		ask("r-1");
		WidgetResponse yes = new WidgetResponse("a-1", "r-1", Map.of("granted", true, "scope", "once"), false);
		assertRejected(message("alice", "c-1", false, yes), Reason.UNENCRYPTED);
		assertRejected(message("bob", "c-1", true, yes), Reason.SENDER_MISMATCH);
		assertRejected(message("alice", "c-2", true, yes), Reason.SENDER_MISMATCH);
		assertRejected(answer("a-1", "r-1", "yes", false), Reason.INVALID_RESPONSE);
		assertRejected(answer("a-1", "r-1", Map.of("granted", "true"), false), Reason.INVALID_RESPONSE);
		assertRejected(answer("", "r-1", Map.of("granted", true), false), Reason.INVALID_RESPONSE);
		assertRejected(granted("a-1", "r-1", "session"), Reason.SCOPE_NOT_OFFERED);
		assertRejected(granted("a-1", "r-1", "always"), Reason.SCOPE_NOT_OFFERED);
		assertThat(this.policy.receive(granted("a-1", "r-1", "once"))).isInstanceOf(Granted.class);
	}

	@Test
	void otherMessagesAreUnrelated() {
		ask("r-1");
		assertThat(this.policy.receive(granted("a-1", "r-2", "once"))).isEqualTo(new Unrelated());
		assertThat(this.policy.receive(AgentMessage.builder("alice", "c-1").id("m-1").text("yes").build()))
			.isEqualTo(new Unrelated());
	}

	@Test
	void requestAndGrantExpire() {
		ask("r-1");
		ask("r-2");
		this.policy.receive(granted("a-1", "r-1", "once"));
		this.clock.now = START.plus(Duration.ofMinutes(5));
		assertNotRun("r-1", "alice", "c-1", DELETE, "expired");
		assertRejected(granted("a-2", "r-2", "once"), Reason.EXPIRED);
		assertThat(status("r-1")).isEqualTo("expired");
		assertThat(status("r-2")).isEqualTo("expired");
		assertThat(this.policy.grants()).extracting(PermissionGrant::state).containsExactly(State.EXPIRED);
		assertThat(this.policy.find("alice", "c-1", DELETE)).isNull();
	}

	@Test
	void grantForTheSessionLastsUntilTheSessionEnds() {
		this.policy.request(request().id("r-1").scopes(PermissionScope.ONCE, PermissionScope.SESSION));
		this.policy.receive(granted("a-1", "r-1", "session"));
		this.clock.now = START.plus(Duration.ofMinutes(6));
		this.policy.request(new PermissionRequest("r-2", "alice", "c-1", DELETE, "Delete it?", null,
				List.of(PermissionScope.ONCE), START.plus(Duration.ofMinutes(10))));
		assertThat(this.policy.find("alice", "c-1", DELETE)).isNotNull()
			.extracting(PermissionGrant::expiresAt)
			.isEqualTo(this.policy.session().expiresAt());
		assertThat(status("r-1")).isEqualTo("granted");
		this.clock.now = this.policy.session().expiresAt();
		assertThat(this.policy.find("alice", "c-1", DELETE)).isNull();
		assertThat(status("r-1")).isEqualTo("expired");
	}

	@Test
	void expiredRequestsAreForgottenAtTheNextOne() {
		ask("r-1");
		this.policy.receive(granted("a-1", "r-1", "once"));
		this.clock.now = START.plus(Duration.ofMinutes(10));
		this.policy
			.request(PermissionRequest.of("alice", "c-1", DELETE, "Delete?", START.plus(Duration.ofMinutes(20))));
		assertThat(this.policy.grants()).isEmpty();
	}

	@Test
	void endOfTheSessionRevokesAll() {
		ask("r-1");
		ask("r-2");
		this.policy.receive(granted("a-1", "r-1", "once"));
		this.policy.endSession();
		assertThat(this.policy.isEnded()).isTrue();
		assertNotRun("r-1", "alice", "c-1", DELETE, "revoked");
		assertRejected(granted("a-2", "r-2", "once"), Reason.SESSION_ENDED);
		assertThatIllegalStateException().isThrownBy(() -> ask("r-3")).withMessageContaining("ended");
	}

	@Test
	void revocationAndDenialByTheApplication() {
		ask("r-1");
		assertThat(this.policy.revoke("r-1")).isFalse();
		assertThat(this.policy.deny("r-1")).isTrue();
		assertThat(status("r-1")).isEqualTo("denied");
		ask("r-2");
		this.policy.receive(granted("a-1", "r-2", "once"));
		assertThat(this.policy.revoke("r-2")).isTrue();
		assertNotRun("r-2", "alice", "c-1", DELETE, "revoked");
		assertThat(this.policy.deny("unknown")).isFalse();
	}

	@Test
	void monoIsAdmittedAtEachSubscription() {
		ask("r-1");
		this.policy.receive(granted("a-1", "r-1", "once"));
		AtomicInteger runs = new AtomicInteger();
		Mono<Integer> operation = this.policy.runMono("r-1", "alice", "c-1", DELETE,
				(action) -> Mono.fromCallable(runs::incrementAndGet));
		assertThat(this.policy.grants()).extracting(PermissionGrant::state).containsExactly(State.ACTIVE);
		StepVerifier.create(operation).expectNext(1).verifyComplete();
		StepVerifier.create(operation).verifyError(PermissionNotGrantedException.class);
	}

	@Test
	void idsAreUsedOnce() {
		ask("r-1");
		assertThatIllegalArgumentException().isThrownBy(() -> ask("r-1")).withMessageContaining("'id'");
	}

	@ParameterizedTest
	@EnumSource(PermissionScope.class)
	void scopesAreUniqueAndNotEmpty(PermissionScope scope) {
		assertThatIllegalArgumentException().isThrownBy(() -> request().scopes(new PermissionScope[0]))
			.withMessageContaining("'scopes'");
		assertThatIllegalArgumentException().isThrownBy(() -> request().scopes(scope, scope))
			.withMessageContaining("'scopes'");
	}

	@Test
	void badInputIsNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> PermissionAction.of(" ", "x", null))
			.withMessageContaining("'action'");
		assertThatIllegalArgumentException().isThrownBy(() -> PermissionAction.of("x", "", null))
			.withMessageContaining("'resource'");
		assertThatIllegalArgumentException().isThrownBy(() -> PermissionAction.of("x", "y", Map.of("n", Double.NaN)))
			.withMessageContaining("'parameters'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.policy.request(PermissionRequest.of("alice", "c-1", DELETE, "Delete?", START)))
			.withMessageContaining("'expiresAt'");
		assertThatIllegalArgumentException().isThrownBy(() -> new PermissionSession("s", " ", START))
			.withMessageContaining("'label'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new PermissionPolicy(new PermissionSession("s", "label", START), this.clock))
			.withMessageContaining("'session'");
	}

	@Test
	void nothingSecretIsPrinted() {
		assertThat(DELETE.toString()).doesNotContain("report", "force");
		assertThat(request().body("secret").toString()).doesNotContain("report", "secret");
		assertThatExceptionOfType(PermissionNotGrantedException.class)
			.isThrownBy(() -> this.policy.run("r", "alice", "c-1", DELETE, (action) -> true))
			.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("report"));
	}

	private void ask(String id) {
		this.policy.request(request().id(id));
	}

	private PermissionRequest request() {
		return PermissionRequest.of("alice", "c-1", DELETE, "Delete the report?", START.plus(Duration.ofMinutes(5)));
	}

	private void assertRejected(AgentMessage answer, Reason reason) {
		assertThat(this.policy.receive(answer)).isInstanceOfSatisfying(Rejected.class,
				(rejected) -> assertThat(rejected.reason()).isEqualTo(reason));
	}

	private void assertNotRun(String id, String user, String conversation, PermissionAction action, String why) {
		assertThatExceptionOfType(PermissionNotGrantedException.class)
			.isThrownBy(() -> this.policy.run(id, user, conversation, action, (admitted) -> {
				throw new AssertionError("must not run");
			}))
			.withMessageContaining(why);
	}

	private Object status(String id) {
		Map<?, ?> spec = (Map<?, ?>) this.policy.update(id).patch().get("spec");
		assertThat(spec).isNotNull();
		Map<?, ?> authorization = (Map<?, ?>) spec.get("authorization");
		return authorization.get("status");
	}

	private static Map<String, Object> authorization(String status) {
		return Map.of("action", "file.delete", "resource", "/data/report.txt", "parameters",
				Map.of("force", true, "depth", 2), "expires_at", "2026-05-23T10:05:00.000Z", "session",
				Map.of("id", "s-1", "label", "Release agent", "expires_at", "2026-05-23T11:00:00.000Z"), "revocable",
				true, "status", status);
	}

	private static AgentMessage granted(String id, String ref, String scope) {
		return answer(id, ref, Map.of("granted", true, "scope", scope), false);
	}

	private static AgentMessage answer(String id, String ref, @Nullable Object value, boolean cancelled) {
		return message("alice", "c-1", true, new WidgetResponse(id, ref, value, cancelled));
	}

	private static AgentMessage message(String from, String conversation, boolean encrypted, WidgetResponse response) {
		return AgentMessage.builder(from, conversation)
			.id("m-" + response.id())
			.encrypted(encrypted)
			.widgetResponse(response)
			.build();
	}

	private static final class MovingClock extends Clock {

		private Instant now = START;

		@Override
		public Instant instant() {
			return this.now;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	}

}
