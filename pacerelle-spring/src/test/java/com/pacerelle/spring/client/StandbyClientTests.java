package com.pacerelle.spring.client;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ClientLoad;
import com.pacerelle.client.ClientStoppedException;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.GatewayEvent.ConnectionChanged;
import com.pacerelle.client.StandbyException;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.client.store.LeaseListener;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * A client that waits while another process has its agent.
 */
class StandbyClientTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final LeaseHolder HERE = new LeaseHolder("here", Instant.ofEpochSecond(1));

	private static final LeaseHolder ELSEWHERE = new LeaseHolder("elsewhere", Instant.ofEpochSecond(2));

	/** What happens to the store and to clients, in its order. */
	private final List<String> calls = new CopyOnWriteArrayList<>();

	private final List<GatewayEvent> events = new CopyOnWriteArrayList<>();

	/** How often somebody asked who has the agent. */
	private final AtomicInteger looked = new AtomicInteger();

	private volatile boolean free = true;

	private volatile @Nullable RuntimeException refusal;

	private volatile boolean open;

	private volatile @Nullable LeaseListener listener;

	private final SharedStore store = store();

	private final RestartableClient client = RestartableClient.withStandby(this.store, this::createClient);

	StandbyClientTests() {
		this.client.events().subscribe(this.events::add);
	}

	@Test
	void runsWhereTheAgentIsFree() {
		assertThat(this.client.state()).isEqualTo(ConnectionState.STOPPED);
		this.client.start();
		assertThat(this.calls).containsExactly("reopen", "create", "start");
		assertThat(this.client.state()).isEqualTo(ConnectionState.CONNECTED);
		assertThat(this.client.holder()).isEqualTo(HERE);
		this.client.connected().block(PATIENCE);
		this.client.start();
		this.client.stop(Duration.ofSeconds(3)).block(PATIENCE);
		assertThat(this.calls).containsExactly("reopen", "create", "start", "start", "stop", "close");
		assertThat(this.listener).isNull();
	}

	@Test
	void waitsWhereItIsNotAndTakesOver() {
		this.free = false;
		this.client.start();
		assertThat(this.client.state()).isEqualTo(ConnectionState.STANDBY);
		assertThat(this.client.load()).isEqualTo(ClientLoad.NONE);
		assertThatExceptionOfType(StandbyException.class).isThrownBy(() -> this.client.devices("alice"))
			.withMessageContaining("runs in another one");
		this.listener.taken(ELSEWHERE);
		assertThat(this.client.holder()).isEqualTo(ELSEWHERE);
		StepVerifier.create(this.client.upload(null))
			.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(StandbyException.class)
				.hasMessageContaining("instance 'elsewhere' since 1970-01-01T00:00:02Z"))
			.verify(PATIENCE);
		this.client.replaceToken("next");
		StepVerifier connected = StepVerifier.create(this.client.connected()).expectComplete().verifyLater();

		// Another one was quicker.
		this.listener.available();
		await().until(() -> this.calls.size() == 2);
		assertThat(this.client.state()).isEqualTo(ConnectionState.STANDBY);

		this.free = true;
		await().untilAsserted(() -> {
			this.listener.available();
			assertThat(this.client.state()).isEqualTo(ConnectionState.CONNECTED);
		});
		connected.verify(PATIENCE);
		assertThat(this.calls.subList(this.calls.size() - 3, this.calls.size())).containsExactly("create", "token next",
				"start");
		assertThat(this.client.holder()).isEqualTo(HERE);
		assertThat(this.events).containsExactly(new ConnectionChanged(ConnectionState.STANDBY));
	}

	@Test
	void stopsWhenItHasLostTheAgentAndTakesItAgainLater() {
		this.client.start();
		this.free = false;
		this.open = false;
		this.listener.lost();
		this.listener.lost();
		await().untilAsserted(() -> assertThat(this.calls).endsWith("stop", "close"));
		assertThat(this.client.state()).isEqualTo(ConnectionState.STANDBY);
		assertThatExceptionOfType(StandbyException.class).isThrownBy(this.client::verificationCode);
		await().untilAsserted(() -> assertThat(this.events).containsExactly(new GatewayEvent.AgentTaken(),
				new ConnectionChanged(ConnectionState.STOPPED), new ConnectionChanged(ConnectionState.STANDBY)));

		this.free = true;
		await().untilAsserted(() -> {
			this.listener.available();
			assertThat(this.client.state()).isEqualTo(ConnectionState.CONNECTED);
		});
		assertThat(this.calls).endsWith("reopen", "create", "start");
	}

	@Test
	void whoHasTheAgentAgainDoesNotStopForAnOldLoss() {
		this.client.start();
		int looked = this.looked.get();
		this.listener.lost();
		await().until(() -> this.looked.get() > looked);
		assertThat(this.client.state()).isEqualTo(ConnectionState.CONNECTED);
		assertThat(this.events).isEmpty();
	}

	@Test
	void aStoreThatCannotBeOpenedIsTriedAgainOnceItIsAStandby() {
		this.free = false;
		this.client.start();
		this.refusal = new StoreException("The database is away", null);
		this.listener.available();
		await().until(() -> this.calls.size() == 2);
		this.refusal = null;
		this.free = true;
		await().untilAsserted(() -> {
			this.listener.available();
			assertThat(this.client.state()).isEqualTo(ConnectionState.CONNECTED);
		});
	}

	@Test
	void aStoreThatCannotBeOpenedWhenItStartsIsAFailure() {
		this.refusal = new StoreException("The database is away", null);
		assertThatIllegalStateException().isThrownBy(this.client::start).withMessage("The database is away");
	}

	@Test
	void aStandbyThatIsStoppedWaitsNoMoreAndStartsAgain() {
		this.free = false;
		this.client.start();
		StepVerifier connected = StepVerifier.create(this.client.connected())
			.expectError(ClientStoppedException.class)
			.verifyLater();
		LeaseListener before = this.listener;
		this.client.stop(Duration.ZERO).block(PATIENCE);
		connected.verify(PATIENCE);
		assertThat(this.client.state()).isEqualTo(ConnectionState.STOPPED);
		assertThatExceptionOfType(ClientStoppedException.class).isThrownBy(() -> this.client.devices("alice"));
		this.free = true;
		before.available();
		assertThat(this.calls).containsExactly("reopen");

		this.client.start();
		assertThat(this.client.state()).isEqualTo(ConnectionState.CONNECTED);
	}

	private SharedStore store() {
		return proxy(SharedStore.class, (name, argument) -> switch (name) {
			case "holder" -> {
				this.looked.incrementAndGet();
				yield this.open ? HERE : null;
			}
			case "reopen" -> {
				this.calls.add("reopen");
				RuntimeException refused = this.refusal;
				if (refused != null) {
					throw refused;
				}
				if (!this.free) {
					throw new StoreInUseException("in use");
				}
				this.open = true;
				yield null;
			}
			case "close" -> {
				this.calls.add("close");
				this.open = false;
				yield null;
			}
			case "watch" -> {
				this.listener = (LeaseListener) argument;
				yield (SharedStore.Watch) () -> this.listener = null;
			}
			case "toString" -> "store";
			default -> throw new UnsupportedOperationException(name);
		});
	}

	private AgentGatewayClient createClient() {
		this.calls.add("create");
		Sinks.Many<GatewayEvent> told = Sinks.many().multicast().directBestEffort();
		return proxy(AgentGatewayClient.class, (name, argument) -> switch (name) {
			case "start" -> this.calls.add("start") ? null : null;
			case "replaceToken" -> this.calls.add("token " + argument) ? null : null;
			case "state" -> ConnectionState.CONNECTED;
			case "connected" -> Mono.empty();
			case "events" -> told.asFlux();
			case "stop" -> Mono.fromRunnable(() -> {
				this.calls.add("stop");
				told.tryEmitNext(new ConnectionChanged(ConnectionState.STOPPED));
			});
			default -> throw new UnsupportedOperationException(name);
		});
	}

	private static <T> T proxy(Class<T> type, Call call) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> call.run(method.getName(), (arguments != null) ? arguments[0] : null)));
	}

	private interface Call {

		@Nullable Object run(String name, @Nullable Object argument);

	}

}
