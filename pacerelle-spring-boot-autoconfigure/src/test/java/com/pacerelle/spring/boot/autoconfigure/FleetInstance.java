package com.pacerelle.spring.boot.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.pacerelle.spring.connect.InstalledAgents;
import com.pacerelle.spring.handler.PacerelleHandler;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * An instance of an application that people have installed, for {@link FleetTests}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ PacerelleAutoConfiguration.class, PacerelleConnectAutoConfiguration.class })
class FleetInstance {

	@Bean
	DataSource dataSource(Environment environment) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(environment.getRequiredProperty("fleet.database"));
		dataSource.setMaximumPoolSize(6);
		return dataSource;
	}

	@PacerelleHandler
	String echo(String text) {
		return "Received: " + text;
	}

	public static void main(String[] args) throws InterruptedException {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(FleetInstance.class)
			.web(WebApplicationType.NONE)
			.run(args);
		InstalledAgents agents = context.getBean(InstalledAgents.class);
		CountDownLatch never = new CountDownLatch(1);
		while (!never.await(1, TimeUnit.SECONDS)) {
			System.out.printf("agents %d, threads %d, heap %d MB%n", agents.agentIds().size(),
					Thread.getAllStackTraces().size(),
					(Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
		}
	}

}
