package com.pacerelle.spring.boot.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.observation.PacerelleObservation;
import io.micrometer.common.docs.KeyName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code docs/observability.md} and the dashboard name what the enums document, all of it
 * and nothing else.
 */
class ObservabilityDocumentationTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(pacerelle\\.[a-z.]+)` \\|");

	private static final Pattern METRIC = Pattern.compile("\\bpacerelle_[a-z_]+");

	private static final Pattern TIMER = Pattern.compile("(pacerelle_[a-z_]+)_seconds_(?:count|sum|max)");

	private static final Pattern LABELS = Pattern.compile("by \\(([a-z, ]+)\\)|[{,] ?([a-z]+)(?==|!=|=~)");

	@Test
	void theTablesNameEachObservationAndGauge() throws IOException {
		assertThat(ROW.matcher(page()).results().map((row) -> row.group(1)))
			.containsExactlyElementsOf(Stream.concat(observations(), gauges()).toList());
	}

	@Test
	void thePageNamesEachKey() throws IOException {
		String page = page();
		assertThat(Stream
			.concat(Arrays.stream(PacerelleObservation.LowCardinalityKeyNames.values()),
					Arrays.stream(PacerelleObservation.HighCardinalityKeyNames.values()))
			.map(KeyName::asString)).allSatisfy((key) -> assertThat(page).contains("`" + key + "`"));
	}

	@Test
	void thePageNamesEachEvent() throws IOException {
		String page = page();
		assertThat(GatewayEvent.class.getPermittedSubclasses())
			.allSatisfy((event) -> assertThat(page).contains("| `" + event.getSimpleName() + "` |"));
	}

	@Test
	void theDashboardShowsEachMetricAndNoOther() throws IOException {
		String dashboard = dashboard();
		Set<String> shown = METRIC.matcher(dashboard)
			.results()
			.map(MatchResult::group)
			.map((metric) -> TIMER.matcher(metric).replaceFirst("$1"))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(shown).containsExactlyInAnyOrderElementsOf(
				Stream.concat(observations(), gauges()).map((name) -> name.replace('.', '_')).toList());
	}

	@Test
	void theDashboardUsesLabelsThatExist() throws IOException {
		List<String> keys = Arrays.stream(PacerelleObservation.LowCardinalityKeyNames.values())
			.map(KeyName::asString)
			.toList();
		assertThat(LABELS.matcher(dashboard())
			.results()
			.map((label) -> (label.group(1) != null) ? label.group(1) : label.group(2))
			.flatMap((labels) -> Arrays.stream(labels.split(", ")))).isNotEmpty()
			.allMatch((label) -> keys.contains(label) || label.equals("job"), "is a key");
	}

	@Test
	void theDashboardIsJson() throws IOException {
		assertThat(JsonMapper.shared().readTree(dashboard()).get("panels").size()).isEqualTo(14);
	}

	private static Stream<String> observations() {
		return Arrays.stream(PacerelleObservation.values()).map(PacerelleObservation::getName);
	}

	private static Stream<String> gauges() {
		return Arrays.stream(PacerelleMeter.values()).map(PacerelleMeter::getName);
	}

	private static String page() throws IOException {
		return Files.readString(DOCS.resolve("observability.md"));
	}

	private static String dashboard() throws IOException {
		return Files.readString(DOCS.resolve("grafana").resolve("pacerelle-agent.json"));
	}

}
