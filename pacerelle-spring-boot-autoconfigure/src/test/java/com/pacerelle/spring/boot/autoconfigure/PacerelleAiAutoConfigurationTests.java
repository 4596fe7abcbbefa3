package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.spring.ai.ConversationAdvisor;
import com.pacerelle.spring.ai.UserMessageArgumentResolver;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;
import org.springframework.ai.chat.client.advisor.api.Advisor;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link PacerelleAiAutoConfiguration}.
 */
class PacerelleAiAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PacerelleAiAutoConfiguration.class));

	@Test
	void eachChatClientKnowsItsConversation() {
		ChatClient.Builder builder = mock(ChatClient.Builder.class);
		this.contextRunner.run((context) -> {
			context.getBean(ChatClientBuilderCustomizer.class).customize(builder);
			verify(builder).defaultAdvisors((Advisor) any(ConversationAdvisor.class));
		});
	}

	@Test
	void handlersTakeUserMessages() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(UserMessageArgumentResolver.class));
	}

	@Test
	void applicationBringsItsOwnLimitForMedia() {
		UserMessageArgumentResolver own = new UserMessageArgumentResolver(DataSize.ofKilobytes(1));
		this.contextRunner.withBean(UserMessageArgumentResolver.class, () -> own)
			.run((context) -> assertThat(context.getBean(UserMessageArgumentResolver.class)).isSameAs(own));
	}

	@Test
	void nothingIsThereWithoutSpringAi() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.springframework.ai"))
			.run((context) -> assertThat(context).doesNotHaveBean(UserMessageArgumentResolver.class));
	}

	@Test
	void nothingIsThereWhenTheAgentIsDisabled() {
		this.contextRunner.withPropertyValues("pacerelle.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(UserMessageArgumentResolver.class));
	}

}
