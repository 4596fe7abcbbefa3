package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class SqlTests {

	@TempDir
	private static Path root;

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
