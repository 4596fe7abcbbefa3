package com.pacerelle.spring.boot.autoconfigure;

/**
 * Where agents keep their state.
 */
public enum StoreType {

	/** In an embedded SQLite database for each agent. */
	SQLITE,

	/** In the application's PostgreSQL database. */
	JDBC

}
