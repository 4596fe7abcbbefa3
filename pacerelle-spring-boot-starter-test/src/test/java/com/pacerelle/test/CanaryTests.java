package com.pacerelle.test;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;

import com.pacerelle.dev.autoconfigure.DevStoreRoot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.TestContextManager;

import static com.pacerelle.test.PacerelleConditions.text;
import static com.pacerelle.test.PacerelleConditions.textMatching;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CanaryTests {

	private static final String MARKER = "canary-5d1f";

	@Test
	void staysBetweenThePersonAndTheAgent() throws Exception {
		run("says");
	}

	@Test
	void isFoundInTheLog() {
		assertFound("logs", "in the log: WARN com.pacerelle.test.CanaryTests$Leaks It was canary-5d1f {}");
	}

	@Test
	void isFoundInTheStackTraceOfAFailure() {
		assertFound("fails", "Not now, canary-5d1f");
	}

	@Test
	void isFoundInAMeter() {
		assertFound("counts", "in a meter: ");
	}

	@Test
	void isFoundInAnObservation() {
		assertFound("observes", "in an observation: said canary-5d1f");
	}

	@Test
	void isFoundInTheStore() {
		assertFound("stores", "in the agent's store: leak");
	}

	private static void assertFound(String method, String where) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> run(method))
			.withMessageStartingWith("The canary 'canary-5d1f' was found:")
			.withMessageContaining(where);
	}

	private static void run(String name) throws Exception {
		TestContextManager manager = new TestContextManager(Leaks.class);
		Leaks test = new Leaks();
		Method method = Leaks.class.getDeclaredMethod(name);
		manager.beforeTestClass();
		manager.prepareTestInstance(test);
		manager.beforeTestMethod(test, method);
		method.invoke(test);
		try {
			manager.afterTestMethod(test, method, null);
		}
		finally {
			test.clean();
		}
	}

	@SpringBootTest(classes = { TestedApplication.class, Leaks.Registries.class },
			properties = "pacerelle.log-exception-messages=true")
	@Canary(MARKER)
	static class Leaks {

		@Autowired
		private TestPerson person;

		@Autowired
		private MeterRegistry meters;

		@Autowired
		private ObservationRegistry observations;

		@Autowired
		private DevStoreRoot store;

		void says() {
			this.person.says("It is " + MARKER).receives(text("person said It is " + MARKER));
		}

		void logs() {
			LoggerFactory.getLogger(getClass()).warn("It was {}", MARKER);
		}

		void fails() {
			this.person.says("/fail " + MARKER).receives(textMatching("Something went wrong.*"));
		}

		void counts() {
			this.meters.counter("messages", "text", MARKER).increment();
		}

		void observes() {
			Observation.start("said " + MARKER, this.observations).stop();
		}

		void stores() throws IOException {
			Files.writeString(leak(), "It was " + MARKER);
		}

		void clean() throws IOException {
			this.meters.clear();
			Files.deleteIfExists(leak());
		}

		private Path leak() {
			return this.store.path().resolve("leak");
		}

		@TestConfiguration(proxyBeanMethods = false)
		static class Registries {

			@Bean
			MeterRegistry meterRegistry() {
				return new SimpleMeterRegistry();
			}

			@Bean
			ObservationRegistry observationRegistry(CanaryObservationHandler canary) {
				ObservationRegistry registry = ObservationRegistry.create();
				registry.observationConfig().observationHandler(canary);
				return registry;
			}

		}

	}

}
