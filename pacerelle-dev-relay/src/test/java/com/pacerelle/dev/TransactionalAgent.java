package com.pacerelle.dev;

import java.net.URI;
import java.time.Duration;

import javax.sql.DataSource;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.PostgresStores;
import com.pacerelle.spring.handler.HandlerMethodRegistry;
import com.pacerelle.spring.transaction.SpringTransactions;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An application with an agent whose store is in its database, without Spring Boot.
 */
final class TransactionalAgent implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	TransactionalAgent(URI relay, String agentId, String token, DataSource dataSource, Class<?>... components) {
		// Whoever has it closes it.
		this.context.registerBean(DataSource.class, () -> new DelegatingDataSource(dataSource));
		this.context.registerBean(AgentGatewaySettings.class,
				() -> AgentGatewaySettings.builder(agentId, token)
					.connection((connection) -> connection.baseUrl(relay).minBackoff(Duration.ofMillis(10)))
					.handling((handling) -> handling.backoff(Duration.ofMillis(20)).attempts(ATTEMPTS))
					.build());
		this.context.register(Application.class);
		this.context.register(components);
		boolean started = false;
		try {
			this.context.refresh();
			client().start();
			client().connected().block(PATIENCE);
			started = true;
		}
		finally {
			if (!started) {
				this.context.close();
			}
		}
	}

	/** Random failures end before. */
	static final int ATTEMPTS = 50;

	/**
	 * A pool of an application.
	 * @param url the database
	 * @return its data source, to be closed
	 */
	static HikariDataSource pool(String url) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(url);
		pool.setMaximumPoolSize(20);
		return pool;
	}

	AgentGatewayClient client() {
		return this.context.getBean(AgentGatewayClient.class);
	}

	TransactionTemplate transactions() {
		return this.context.getBean(TransactionTemplate.class);
	}

	JdbcTemplate jdbc() {
		return this.context.getBean(JdbcTemplate.class);
	}

	@Override
	public void close() {
		client().stop(PATIENCE).block();
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	static class Application {

		@Bean
		JdbcTemplate jdbc(DataSource dataSource) {
			return new JdbcTemplate(dataSource);
		}

		@Bean
		JdbcTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		TransactionTemplate transactions(PlatformTransactionManager transactionManager) {
			return new TransactionTemplate(transactionManager);
		}

		// tag::beans[]
		@Bean
		SpringTransactions agentTransactions(DataSource dataSource, BeanFactory beanFactory) {
			return new SpringTransactions(dataSource, beanFactory);
		}

		@Bean
		AgentStore store(AgentGatewaySettings settings, DataSource dataSource, SpringTransactions transactions) {
			return new PostgresStores(dataSource, PostgresStores.DEFAULT_LEASE_TIME, transactions)
				.open(settings.agentId(), null);
		}
		// end::beans[]

		@Bean
		HandlerMethodRegistry handlers(ConfigurableListableBeanFactory beanFactory,
				ObjectProvider<AgentGatewayClient> client) {
			return new HandlerMethodRegistry(beanFactory, client);
		}

		@Bean
		AgentGatewayClient client(AgentGatewaySettings settings, AgentStore store, HandlerMethodRegistry handlers) {
			return new DefaultAgentGatewayClient(settings, store, handlers);
		}

	}

}
