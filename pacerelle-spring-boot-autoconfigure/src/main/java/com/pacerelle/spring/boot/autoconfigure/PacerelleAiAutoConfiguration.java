package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.spring.ai.ConversationAdvisor;
import com.pacerelle.spring.ai.UserMessageArgumentResolver;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.util.unit.DataSize;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for handlers that use a model of
 * Spring AI: each {@link ChatClient} that is built with the builder of the application
 * knows the conversation that it is used for.
 */
@AutoConfiguration(after = PacerelleAutoConfiguration.class)
@ConditionalOnClass(ChatClient.class)
@ConditionalOnBooleanProperty(name = "pacerelle.enabled", matchIfMissing = true)
public final class PacerelleAiAutoConfiguration {

	PacerelleAiAutoConfiguration() {
	}

	@Bean
	ChatClientBuilderCustomizer pacerelleChatClientBuilderCustomizer() {
		return (builder) -> builder.defaultAdvisors(new ConversationAdvisor());
	}

	@Bean
	@ConditionalOnMissingBean
	UserMessageArgumentResolver pacerelleUserMessageArgumentResolver() {
		return new UserMessageArgumentResolver(DataSize.ofMegabytes(10));
	}

}
