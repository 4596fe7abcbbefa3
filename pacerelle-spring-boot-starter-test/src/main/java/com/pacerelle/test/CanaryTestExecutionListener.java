package com.pacerelle.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.pacerelle.dev.autoconfigure.DevStoreRoot;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;
import org.springframework.util.ClassUtils;

/**
 * Looks for a {@link Canary @Canary}.
 */
final class CanaryTestExecutionListener implements TestExecutionListener {

	private static final String LOG = CanaryTestExecutionListener.class.getName() + ".log";

	private static final boolean METERS = ClassUtils.isPresent("io.micrometer.core.instrument.MeterRegistry",
			CanaryTestExecutionListener.class.getClassLoader());

	@Override
	public void beforeTestMethod(TestContext testContext) {
		String canary = canary(testContext);
		if (canary != null) {
			testContext.getApplicationContext()
				.getBeanProvider(CanaryObservationHandler.class)
				.ifAvailable((observations) -> observations.watchFor(canary));
			testContext.setAttribute(LOG, new CanaryLog(canary));
		}
	}

	@Override
	public void afterTestMethod(TestContext testContext) throws IOException {
		String canary = canary(testContext);
		if (canary == null || !(testContext.removeAttribute(LOG) instanceof CanaryLog log)) {
			return;
		}
		List<String> found = new ArrayList<>();
		ApplicationContext context = testContext.getApplicationContext();
		try {
			context.getBeanProvider(TestAgent.class).ifAvailable(TestAgent::awaitIdle);
		}
		finally {
			found.addAll(log.found());
		}
		context.getBeanProvider(CanaryObservationHandler.class)
			.ifAvailable((observations) -> found.addAll(observations.found()));
		if (METERS) {
			context.getBeanProvider(MeterRegistry.class)
				.forEach((registry) -> found.addAll(Meters.find(registry, canary)));
		}
		DevStoreRoot store = context.getBeanProvider(DevStoreRoot.class).getIfAvailable();
		if (store != null && store.temporary()) {
			found.addAll(find(store.path(), canary));
		}
		if (!found.isEmpty()) {
			throw new AssertionError("The canary '" + canary + "' was found:\n  " + String.join("\n  ", found));
		}
	}

	private static @Nullable String canary(TestContext testContext) {
		Canary canary = AnnotatedElementUtils.findMergedAnnotation(testContext.getTestMethod(), Canary.class);
		if (canary == null) {
			canary = TestContextAnnotationUtils.findMergedAnnotation(testContext.getTestClass(), Canary.class);
		}
		return (canary != null) ? canary.value() : null;
	}

	/** Bytes are compared as characters of one byte each. */
	private static List<String> find(Path directory, String canary) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			List<String> found = new ArrayList<>();
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(canary)) {
					found.add("in the agent's store: " + file.getFileName());
				}
			}
			return found;
		}
	}

	/** Micrometer's meters are there only in some applications. */
	private static final class Meters {

		static List<String> find(MeterRegistry registry, String canary) {
			return registry.getMeters()
				.stream()
				.map(Meter::getId)
				.filter((id) -> id.toString().contains(canary) || String.valueOf(id.getDescription()).contains(canary))
				.map((id) -> "in a meter: " + id)
				.toList();
		}

	}

}
