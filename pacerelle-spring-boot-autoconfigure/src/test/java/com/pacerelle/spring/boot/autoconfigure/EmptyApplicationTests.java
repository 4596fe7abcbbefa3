package com.pacerelle.spring.boot.autoconfigure;

import java.util.function.Consumer;

import com.pacerelle.client.AgentGatewayClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The generated test of an application that has the starter, and nothing else yet.
 */
@ExtendWith(OutputCaptureExtension.class)
class EmptyApplicationTests {

	@Test
	void contextLoadsWithoutCredentials(CapturedOutput output) throws Exception {
		run(WithoutCredentials.class, (context) -> {
			assertThat(output)
				.contains("There is no agent: this test sets neither 'pacerelle.agent-id' nor 'pacerelle.token'");
			assertThat(context.getBeanProvider(AgentGatewayLifecycle.class).getIfAvailable()).isNull();
			assertThat(context.getBeanProvider(AgentGatewayClient.class).getIfAvailable()).isNull();
		});
	}

	@Test
	void halfOfTheCredentialsIsAnErrorInATestToo() {
		assertThatException().isThrownBy(() -> run(WithHalfOfThem.class, (context) -> {
		})).havingRootCause().withMessageContaining("'pacerelle.token'");
	}

	private static void run(Class<?> test, Consumer<ApplicationContext> assertions) throws Exception {
		TestContextManager manager = new TestContextManager(test);
		ApplicationContext context = manager.getTestContext().getApplicationContext();
		try {
			assertions.accept(context);
		}
		finally {
			manager.getTestContext().markApplicationContextDirty(null);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class EmptyApplication {

	}

	@SpringBootTest(classes = EmptyApplication.class, webEnvironment = SpringBootTest.WebEnvironment.NONE)
	static class WithoutCredentials {

	}

	@SpringBootTest(classes = EmptyApplication.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = "pacerelle.agent-id=agent-1")
	static class WithHalfOfThem {

	}

}
