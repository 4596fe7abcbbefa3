package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class SqlTests {

	@TempDir
	private static Path root;

	@BeforeAll
	static void createTables() {
		TestPostgres.open(root, "agent", null).close();
	}

	@ParameterizedTest
	@EnumSource
	void everyStatementFindsItsRowsByAKey(Sql sql) throws SQLException {
		assertFindsItsRowsByAKey(sql.text());
	}

	@ParameterizedTest
	@EnumSource
	void theRowsOfASealedColumnAreFoundByTheirKeyToo(SealedColumn column) throws SQLException {
		assertFindsItsRowsByAKey(column.nextRows());
		assertFindsItsRowsByAKey(column.read());
		assertFindsItsRowsByAKey(column.replace());
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "BEGIN", "COMMIT", "ROLL_BACK", "SAVE", "RELEASE",
			"ROLL_BACK_TO_SAVEPOINT", "IS_VACUUM_DUE", "SET_VACUUM_DUE", "READ_GENERATION", "NEXT_GENERATION" })
	void everyStatementFindsItsRowsByAKeyOfItsAgentInPostgres(Sql sql) throws SQLException {
		assertFindsItsRowsByAKeyInPostgres(sql.text());
	}

	@ParameterizedTest
	@EnumSource
	void theRowsOfASealedColumnAreFoundByTheirKeyInPostgresToo(SealedColumn column) throws SQLException {
		assertFindsItsRowsByAKeyInPostgres(column.firstRows());
		assertFindsItsRowsByAKeyInPostgres(column.nextRows());
		assertFindsItsRowsByAKeyInPostgres(column.read());
		assertFindsItsRowsByAKeyInPostgres(column.replace());
	}

	private static void assertFindsItsRowsByAKeyInPostgres(String sql) throws SQLException {
		AtomicInteger parameter = new AtomicInteger();
		String text = Pattern.compile("\\?")
			.matcher(Dialect.POSTGRESQL.translate(sql).text())
			.replaceAll((question) -> "\\$" + parameter.incrementAndGet());
		// Else the driver wants values for the parameters.
		try (Connection connection = TestPostgres.server()
			.getDatabase("postgres", "postgres", Map.of("preferQueryMode", "simple"))
			.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute("SET enable_seqscan = off");
			List<String> plan = new ArrayList<>();
			try (ResultSet row = statement.executeQuery("EXPLAIN (GENERIC_PLAN) " + text)) {
				while (row.next()) {
					plan.add(row.getString(1));
				}
			}
			assertThat(plan).noneMatch((step) -> step.contains("Seq Scan"));
			assertThat(plan).filteredOn((step) -> step.contains("Index Cond"))
				.allMatch((step) -> step.contains("agent = "));
		}
	}

	private static void assertFindsItsRowsByAKey(String sql) throws SQLException {
		SqliteAgentStore.open(root, "agent").close();
		try (Connection connection = new Database(root.resolve("agent").resolve("agent.db")).openReader();
				Statement statement = connection.createStatement();
				ResultSet plan = statement.executeQuery("EXPLAIN QUERY PLAN " + Dialect.SQLITE.translate(sql).text())) {
			List<String> steps = new ArrayList<>();
			while (plan.next()) {
				steps.add(plan.getString("detail"));
			}
			assertThat(steps).noneMatch((step) -> step.contains("SCAN") || step.contains("TEMP B-TREE"));
			if (sql.matches("(SELECT|UPDATE|DELETE) .*")) {
				assertThat(steps).anyMatch((step) -> step.startsWith("SEARCH"));
			}
		}
	}

}
