package com.pacerelle.sample;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * The database of an application that has one.
 */
@Configuration(proxyBeanMethods = false)
@Profile("standby")
class StandbyDatabase {

	@Bean
	DataSource dataSource(@Value("${database.url}") String url) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(url);
		dataSource.setUsername("postgres");
		return dataSource;
	}

}
