package com.pacerelle.client.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What differs between databases in the statements of {@link Sql}. They are written for
 * tables that several agents share.
 */
enum Dialect {

	/** Each agent has a database of its own, and no table has a column for the agent. */
	SQLITE {

		@Override
		String adapt(String sql) {
			return AGENT.matcher(sql).replaceAll("");
		}

		@Override
		@Nullable String lockAgent() {
			return null;
		}

	},

	/** All agents share the tables of a schema that nothing else is in. */
	POSTGRESQL {

		@Override
		String adapt(String sql) {
			return TABLE.matcher(sql)
				.replaceAll("$1 " + PostgresSchema.NAME + ".$2")
				.replace("LIMIT -1 ", "")
				.replace("rowid > 0 AND ", "");
		}

		@Override
		String lockAgent() {
			return "SELECT 1 FROM leases WHERE number = ?0 FOR UPDATE";
		}

	};

	private static final Pattern AGENT = Pattern
		.compile("(\\w+\\.)?agent = \\?0 AND | WHERE (\\w+\\.)?agent = \\?0(?! AND)|\\bagent, |\\?0, ");

	private static final Pattern TABLE = Pattern.compile("\\b(FROM|INTO|JOIN|UPDATE) (?!SET )(\\w+)");

	private static final Pattern PARAMETER = Pattern.compile("\\?(\\d+)");

	private final Map<String, Translation> translations = new ConcurrentHashMap<>();

	abstract String adapt(String sql);

	/**
	 * What keeps transactions of the application from writing.
	 * @return a query, or {@code null} where there are none
	 */
	abstract @Nullable String lockAgent();

	/**
	 * Translates a statement.
	 * @param sql the statement, with parameters {@code ?1}, {@code ?2}, and the agent's
	 * number as {@code ?0}
	 * @return how this database takes it
	 */
	Translation translate(String sql) {
		return this.translations.computeIfAbsent(sql, (text) -> Translation.of(adapt(text)));
	}

	/**
	 * A statement as the driver takes it.
	 *
	 * @param text its text, with a {@code ?} for each parameter
	 * @param parameters which parameter each of them is
	 */
	record Translation(String text, List<Integer> parameters) {

		private static Translation of(String sql) {
			List<Integer> parameters = new ArrayList<>();
			Matcher matcher = PARAMETER.matcher(sql);
			while (matcher.find()) {
				parameters.add(Integer.valueOf(matcher.group(1)));
			}
			return new Translation(matcher.replaceAll("?"), List.copyOf(parameters));
		}

	}

}
