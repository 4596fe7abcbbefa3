package com.pacerelle.spring.connect;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import com.pacerelle.client.connect.AuthorizationSecrets;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class InMemoryPendingInstallationsTests {

	private static final Instant NOW = Instant.parse("2026-11-21T07:00:00Z");

	private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

	@Test
	void eachIsTakenOnceByItsState() {
		PendingInstallations pending = new InMemoryPendingInstallations(2, this.clock);
		pending.add(secrets("one"));
		pending.add(secrets("two"));
		assertThat(pending.take("three")).isNull();
		assertThat(pending.take("one")).isEqualTo(secrets("one"));
		assertThat(pending.take("one")).isNull();
		assertThat(pending.take("two")).isEqualTo(secrets("two"));
	}

	@Test
	void theOldestGivesWay() {
		PendingInstallations pending = new InMemoryPendingInstallations(2, this.clock);
		pending.add(secrets("one"));
		pending.add(secrets("two"));
		pending.add(secrets("three"));
		assertThat(pending.take("one")).isNull();
		assertThat(pending.take("two")).isNotNull();
		assertThat(pending.take("three")).isNotNull();
		assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryPendingInstallations(0, this.clock))
			.withMessage("'capacity' must be at least 1");
	}

	@Test
	void afterHalfAnHourItIsTooLate() {
		Clock moving = mock(Clock.class);
		given(moving.instant()).willReturn(NOW, NOW, NOW, NOW, NOW.plus(Duration.ofMinutes(30)).minusNanos(1),
				NOW.plus(Duration.ofMinutes(30)));
		PendingInstallations pending = new InMemoryPendingInstallations(2, moving);
		pending.add(secrets("one"));
		pending.add(secrets("two"));
		assertThat(pending.take("one")).isNotNull();
		assertThat(pending.take("two")).isNull();
	}

	@Test
	void itCanBeKeptWithAnHttpSession() throws Exception {
		PendingInstallations pending = new InMemoryPendingInstallations(2, Clock.systemUTC());
		pending.add(secrets("one"));
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		new ObjectOutputStream(bytes).writeObject(pending);
		PendingInstallations read = (PendingInstallations) new ObjectInputStream(
				new ByteArrayInputStream(bytes.toByteArray()))
			.readObject();
		assertThat(read.take("one")).isEqualTo(secrets("one"));
	}

	private static AuthorizationSecrets secrets(String state) {
		return new AuthorizationSecrets(state, "verifier of " + state);
	}

}
