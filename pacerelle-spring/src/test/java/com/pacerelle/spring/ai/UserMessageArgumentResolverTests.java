package com.pacerelle.spring.ai;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.spring.handler.HandlerInvocation;
import com.pacerelle.spring.handler.HandlerMethodRegistry;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.UserMessage;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.MethodParameter;
import org.springframework.util.MimeTypeUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link UserMessageArgumentResolver}.
 */
class UserMessageArgumentResolverTests {

	private final UserMessageArgumentResolver resolver = new UserMessageArgumentResolver(DataSize.ofBytes(100));

	@Test
	void aTextIsTheTextOfTheMessage() {
		UserMessage message = resolve(message("hello", null));
		assertThat(message.getText()).isEqualTo("hello");
		assertThat(message.getMedia()).isEmpty();
	}

	@Test
	void attachmentsAreMedia() {
		UserMessage message = resolve(
				message("What is this?", null, AgentAttachment.of("secret.png", "image/png", new byte[] { 1, 2, 3 })));
		assertThat(message.getMedia()).singleElement().satisfies((media) -> {
			assertThat(media.getMimeType()).isEqualTo(MimeTypeUtils.IMAGE_PNG);
			assertThat(media.getDataAsByteArray()).containsExactly(1, 2, 3);
			assertThat(media.getName()).doesNotContain("secret");
		});
	}

	@Test
	void aTypeThatIsNoneIsSomeBytes() {
		UserMessage message = resolve(message("", null, AgentAttachment.of("x", "no type", new byte[] { 1 })));
		assertThat(message.getMedia().get(0).getMimeType()).isEqualTo(MimeTypeUtils.APPLICATION_OCTET_STREAM);
	}

	@Test
	void attachmentsThatAreTooLargeTogetherAreRefused() {
		AgentAttachment half = AgentAttachment.of("x", "image/png", new byte[51]);
		assertThatExceptionOfType(AttachmentRefusedException.class)
			.isThrownBy(() -> resolve(message("", null, half, half)))
			.withMessageStartingWith("The attachments have more than 100 bytes together");
	}

	@Test
	void aHandlerForAnythingGetsWhatPeopleWriteAndNoAnswers() {
		new ApplicationContextRunner().withBean(UserMessageArgumentResolver.class, () -> this.resolver)
			.withBean(HandlerMethodRegistry.class)
			.withBean(Agent.class)
			.run((context) -> {
				HandlerMethodRegistry handlers = context.getBean(HandlerMethodRegistry.class);
				assertThat(handlers.handle(message("hello", null), mock(Conversation.class)).collectList().block())
					.hasSize(1);
				assertThat(handlers
					.handle(message("", new WidgetResponse("r", "w", true, false)), mock(Conversation.class))
					.collectList()
					.block()).isEmpty();
			});
	}

	private UserMessage resolve(AgentMessage message) {
		Method method = Objects.requireNonNull(ReflectionUtils.findMethod(Agent.class, "answer", (Class<?>[]) null));
		MethodParameter parameter = MethodParameter.forExecutable(method, 0);
		assertThat(this.resolver.supports(parameter)).isTrue();
		return this.resolver.resolve(parameter, new HandlerInvocation(message, mock(Conversation.class)));
	}

	private static AgentMessage message(String text, @Nullable WidgetResponse response,
			AgentAttachment... attachments) {
		return AgentMessage.builder("alice", "c-1")
			.id("m-1")
			.text(text)
			.attachments(attachments)
			.widgetResponse(response)
			.build();
	}

	static class Agent {

		@PacerelleHandler
		String answer(UserMessage message, Conversation conversation) {
			return "You said " + message.getText();
		}

	}

}
