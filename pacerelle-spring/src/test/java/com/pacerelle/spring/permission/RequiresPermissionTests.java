package com.pacerelle.spring.permission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.AnswerExpiredException;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.NoHandlerException;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.NotRetryable;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.client.permission.PermissionGrant;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import com.pacerelle.spring.handler.HandlerInvocation;
import com.pacerelle.spring.handler.HandlerMethodRegistry;
import com.pacerelle.spring.handler.HelpHandler;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

class RequiresPermissionTests {

	private final ScriptedConversation conversation = new ScriptedConversation();

	private final HandlerInvocation invocation = new HandlerInvocation(this.conversation.message(), this.conversation);

	@Test
	void asksThePersonBehindTheMessage() {
		run((context) -> {
			this.conversation.answers.add(ScriptedConversation.ONCE);
			Files files = context.getBean(Files.class);
			assertThat(this.invocation.<String>call(() -> files.delete("/data/old", true)))
				.isEqualTo("deleted /data/old");
			Permission asked = this.conversation.asked.get(0);
			assertThat(asked.title()).isEqualTo("Delete /data/old?");
			assertThat(asked.authorization()).containsEntry("action", "file.delete")
				.containsEntry("resource", "file:/data/old")
				.containsEntry("parameters", Map.of("path", "/data/old", "force", true));
			assertThat(this.conversation.status()).isEqualTo("consumed");
		});
	}

	@Test
	void asksAgainForEachCallThatWasAllowedOnce() {
		run((context) -> {
			this.conversation.answers.addAll(List.of(ScriptedConversation.ONCE, ScriptedConversation.NO));
			Files files = context.getBean(Files.class);
			this.invocation.<String>call(() -> files.delete("/data/old", true));
			assertThatExceptionOfType(PermissionNotGrantedException.class)
				.isThrownBy(() -> this.invocation.<String>call(() -> files.delete("/data/old", true)))
				.withMessageContaining("did not allow 'file.delete'")
				.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("/data/old"));
			assertThat(this.conversation.status()).isEqualTo("denied");
			assertThat(files.calls()).hasSize(1);
		});
	}

	@Test
	void grantForTheSessionCoversTheSameArgumentsUntilItIsRevoked() {
		run((context) -> {
			this.conversation.answers
				.addAll(List.of(ScriptedConversation.SESSION, ScriptedConversation.SESSION, ScriptedConversation.NO));
			Files files = context.getBean(Files.class);
			this.invocation.<String>call(() -> files.read("/data/a"));
			this.invocation.<String>call(() -> files.read("/data/a"));
			assertThat(this.conversation.asked).hasSize(1);
			this.invocation.<String>call(() -> files.read("/data/b"));
			assertThat(this.conversation.asked).hasSize(2);
			// tag::revoke[]
			PermissionSessions sessions = context.getBean(PermissionSessions.class);
			PermissionGrant first = sessions.current().grants().get(0);
			sessions.current().revoke(first.requestId());
			// end::revoke[]
			assertThatExceptionOfType(PermissionNotGrantedException.class)
				.isThrownBy(() -> this.invocation.<String>call(() -> files.read("/data/a")));
			assertThat(files.calls()).hasSize(3);
		});
	}

	@Test
	void laterDenialTakesTheGrantBack() {
		run((context) -> {
			this.conversation.answers.addAll(List.of(ScriptedConversation.SESSION, ScriptedConversation.NO));
			Files files = context.getBean(Files.class);
			this.invocation.<String>call(() -> files.read("/data/a"));
			String id = String.valueOf(this.conversation.asked.get(0).id());
			PermissionAnswers answers = context.getBean(PermissionAnswers.class);
			assertThat(answers.answer(this.conversation.answer(id, ScriptedConversation.NO))).isNotNull();
			assertThatExceptionOfType(PermissionNotGrantedException.class)
				.isThrownBy(() -> this.invocation.<String>call(() -> files.read("/data/a")));
		});
	}

	@Test
	void cancelledAndLateAnswersAreRefusals() {
		run((context) -> {
			this.conversation.answers
				.addAll(List.of(new AnswerCancelledException("w-1"), new AnswerExpiredException("w-2")));
			Files files = context.getBean(Files.class);
			assertThatExceptionOfType(PermissionNotGrantedException.class)
				.isThrownBy(() -> this.invocation.<String>call(() -> files.read("/data/a")))
				.withMessageContaining("did not allow");
			assertThat(this.conversation.status()).isEqualTo("denied");
			assertThatExceptionOfType(PermissionNotGrantedException.class)
				.isThrownBy(() -> this.invocation.<String>call(() -> files.read("/data/a")))
				.withMessageContaining("did not answer in time");
			assertThat(files.calls()).isEmpty();
		});
	}

	@Test
	void exceptionOfTheMethodReachesTheCaller() {
		run((context) -> {
			this.conversation.answers.add(ScriptedConversation.ONCE);
			Files files = context.getBean(Files.class);
			assertThatIOException().isThrownBy(() -> {
				try {
					this.invocation.<String>call(() -> {
						try {
							return files.fail();
						}
						catch (IOException ex) {
							throw new UncheckedIOException(ex);
						}
					});
				}
				catch (UncheckedIOException ex) {
					throw ex.getCause();
				}
			}).withMessage("the disk is full");
		});
	}

	@Test
	void reactiveMethodIsAdmittedAtEachSubscription() {
		run((context) -> {
			this.conversation.answers.addAll(List.of(ScriptedConversation.ONCE, ScriptedConversation.NO));
			Files files = context.getBean(Files.class);
			Mono<String> sync = files.sync("cloud").contextWrite(Context.of(HandlerInvocation.class, this.invocation));
			assertThat(this.conversation.asked).isEmpty();
			StepVerifier.create(sync).expectNext("synced cloud").verifyComplete();
			StepVerifier.create(sync).verifyError(PermissionNotGrantedException.class);
			assertThat(files.calls()).hasSize(1);
		});
	}

	@Test
	void streamsAndStagesAreGuardedAsWell() {
		run((context) -> {
			this.conversation.answers.addAll(List.of(ScriptedConversation.ONCE, ScriptedConversation.ONCE));
			Files files = context.getBean(Files.class);
			StepVerifier.create(files.list("/data").contextWrite(Context.of(HandlerInvocation.class, this.invocation)))
				.expectNext("a", "b")
				.verifyComplete();
			assertThat(this.invocation.<CompletableFuture<String>>call(() -> files.later("x")).join())
				.isEqualTo("later x");
		});
	}

	@Test
	void callForNoMessageIsRefused() {
		run((context) -> {
			Files files = context.getBean(Files.class);
			assertThatExceptionOfType(PermissionNotGrantedException.class)
				.isThrownBy(() -> files.delete("/data/old", true))
				.withMessageContaining("not called for a message");
			StepVerifier.create(files.sync("cloud")).verifyError(PermissionNotGrantedException.class);
			assertThat(files.calls()).isEmpty();
		});
	}

	@Test
	void nobodyIsAskedInAGroup() {
		run((context) -> {
			Files files = context.getBean(Files.class);
			AgentMessage message = AgentMessage.builder("alice", "c-1").id("m-1").group(true).text("/cleanup").build();
			HandlerInvocation inGroup = new HandlerInvocation(message, this.conversation);
			assertThatExceptionOfType(PermissionNotGrantedException.class)
				.isThrownBy(() -> inGroup.<String>call(() -> files.read("/data/a")))
				.withMessageContaining("directly");
			StepVerifier.create(files.sync("cloud").contextWrite(Context.of(HandlerInvocation.class, inGroup)))
				.verifyError(PermissionNotGrantedException.class);
			assertThat(this.conversation.asked).isEmpty();
		});
	}

	@Test
	void answersToPermissionsAloneDoNotMakeAnApplicationAnAgent() {
		new ApplicationContextRunner().withUserConfiguration(Permissions.class, Handlers.class).run((context) -> {
			HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
			assertThat(registry.size()).isZero();
			StepVerifier.create(registry.handle(this.conversation.message(), this.conversation))
				.verifyError(NoHandlerException.class);
			AgentMessage late = this.conversation.answer("pacerelle-permission-1", ScriptedConversation.NO);
			StepVerifier.create(registry.handle(late, this.conversation)).verifyComplete();
		});
	}

	@Test
	void aRefusedOrCancelledPermissionEndsTheMessage() {
		new ApplicationContextRunner().withUserConfiguration(Permissions.class, Handlers.class)
			.withBean(Files.class)
			.withBean(Cleaner.class)
			.run((context) -> {
				HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
				this.conversation.answers.addAll(List.of(ScriptedConversation.NO, new AnswerCancelledException("w")));
				for (int asked = 1; asked <= 2; asked++) {
					StepVerifier.create(registry.handle(this.conversation.message(), this.conversation))
						.verifyErrorSatisfies(
								(failure) -> assertThat(failure).isInstanceOf(PermissionNotGrantedException.class)
									.isInstanceOf(NotRetryable.class));
					assertThat(this.conversation.asked).hasSize(asked);
				}
				assertThat(context.getBean(Files.class).calls()).isEmpty();
			});
	}

	@Test
	void argumentsOfTheFrameworkAreNotShown() {
		run((context) -> {
			this.conversation.answers.addAll(List.of(ScriptedConversation.ONCE, ScriptedConversation.ONCE));
			Files files = context.getBean(Files.class);
			this.invocation.<String>call(() -> files.clean("/tmp", this.conversation.message(), this.conversation));
			assertThat(this.conversation.asked.get(0).authorization()).containsEntry("parameters",
					Map.of("path", "/tmp"));
			AgentAttachment file = AgentAttachment.builder("a.txt", "text/plain")
				.id("f1")
				.size(3)
				.blobId("b1")
				.key("the key", null)
				.build();
			this.invocation.<String>call(() -> files.keep(file));
			assertThat(this.conversation.asked.get(1).authorization()).containsEntry("parameters",
					Map.of("file", Map.of("id", "f1", "name", "a.txt", "size", 3)));
		});
	}

	@Test
	void methodsThatNoProxyCanGuardAreRefused() {
		assertThat(problem(NotGuarded.class).lines()).hasSize(3)
			.allMatch((line) -> line.contains("is private, static or final, so that no proxy can guard it"));
		assertThat(problem(FinalClass.class)).contains("FinalClass.delete' is in a final class");
	}

	@Test
	void callsOnThisAreRefused() {
		assertThat(problem(CallsOnThis.class).lines()).hasSize(3)
			.allMatch((line) -> line.contains("calls a @RequiresPermission method of its own bean"))
			.anyMatch((line) -> line.contains("CallsOnThis.direct'"))
			.anyMatch((line) -> line.contains("CallsOnThis.inLambda'"))
			.anyMatch((line) -> line.contains("CallsOnThis.byReference'"));
		new ApplicationContextRunner().withUserConfiguration(Permissions.class)
			.withBean(CallsItsProxy.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void expressionsThatCannotBeEvaluatedAreRefused() {
		assertThat(problem(BrokenExpressions.class).lines()).hasSize(3)
			.anyMatch((line) -> line.contains(".broken' has a 'resource' that is not a valid expression"))
			.anyMatch((line) -> line.contains(".unknown' has a 'resource' with #pth, but no such parameter"))
			.anyMatch((line) -> line.contains(".inTitle' has a 'title' with #who, but no such parameter"));
	}

	@Test
	void anAspectOnTheAnnotationOfHandlersDoesNotPreventTheStart() {
		new ApplicationContextRunner().withUserConfiguration(Permissions.class, Handlers.class)
			.withBean(HelpHandler.class)
			.withBean(DefaultAdvisorAutoProxyCreator.class, () -> {
				DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
				creator.setProxyTargetClass(true);
				return creator;
			})
			.withBean(DefaultPointcutAdvisor.class,
					() -> new DefaultPointcutAdvisor(
							AnnotationMatchingPointcut.forMethodAnnotation(PacerelleHandler.class),
							(MethodInterceptor) MethodInvocation::proceed))
			.run((context) -> {
				assertThat(AopUtils.isCglibProxy(context.getBean(PermissionAnswers.class))).isTrue();
				assertThat(AopUtils.isCglibProxy(context.getBean(HelpHandler.class))).isTrue();
				AgentMessage late = this.conversation.answer("pacerelle-permission-1", ScriptedConversation.NO);
				StepVerifier.create(context.getBean(HandlerMethodRegistry.class).handle(late, this.conversation))
					.verifyComplete();
			});
	}

	private static String problem(Class<?> bean) {
		List<String> problems = new ArrayList<>();
		new ApplicationContextRunner().withUserConfiguration(Permissions.class)
			.withBean(bean)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOfSatisfying(InvalidPermissionException.class,
						(failure) -> problems.add(String.valueOf(failure.getMessage()))));
		return problems.get(0);
	}

	private void run(ContextConsumer<AssertableApplicationContext> test) {
		new ApplicationContextRunner().withUserConfiguration(Permissions.class).withBean(Files.class).run(test);
	}

	@Configuration(proxyBeanMethods = false)
	static class Permissions {

		@Bean
		PermissionSessions sessions() {
			return new PermissionSessions("Agent", Duration.ofHours(1), Clock.systemUTC());
		}

		@Bean
		PermissionGuard guard(PermissionSessions sessions) {
			return new PermissionGuard(sessions, Duration.ofMinutes(5), Clock.systemUTC());
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		PermissionAnswers answers(PermissionSessions sessions) {
			return new PermissionAnswers(sessions);
		}

		@Bean
		static PermissionBeanPostProcessor postProcessor(ObjectProvider<PermissionGuard> guard) {
			return new PermissionBeanPostProcessor(guard::getObject);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Handlers {

		@Bean
		HandlerMethodRegistry registry(ConfigurableListableBeanFactory beanFactory,
				ObjectProvider<AgentGatewayClient> client) {
			return new HandlerMethodRegistry(beanFactory, client);
		}

	}

	static class Files {

		private final List<String> calls = new ArrayList<>();

		List<String> calls() {
			return this.calls;
		}

		// tag::delete[]
		@RequiresPermission(action = "file.delete", resource = "file:#{#path}", title = "Delete #{#path}?")
		String delete(String path, boolean force) {
			this.calls.add(path);
			return "deleted " + path;
		}
		// end::delete[]

		// tag::read[]
		@RequiresPermission(action = "file.read", resource = "#{#path}",
				scopes = { PermissionScope.ONCE, PermissionScope.SESSION })
		String read(String path) {
			this.calls.add(path);
			return "read " + path;
		}
		// end::read[]

		@RequiresPermission(action = "file.clean", resource = "#{#path}")
		String clean(String path, AgentMessage message, Conversation conversation) {
			return "cleaned " + path;
		}

		@RequiresPermission(action = "file.keep", resource = "disk")
		String keep(AgentAttachment file) {
			return "kept";
		}

		@RequiresPermission(action = "file.fail", resource = "disk")
		String fail() throws IOException {
			throw new IOException("the disk is full");
		}

		@RequiresPermission(action = "file.sync", resource = "#{#target}")
		Mono<String> sync(String target) {
			return Mono.fromSupplier(() -> {
				this.calls.add(target);
				return "synced " + target;
			});
		}

		@RequiresPermission(action = "file.list", resource = "#{#folder}")
		Flux<String> list(String folder) {
			return Flux.just("a", "b");
		}

		@RequiresPermission(action = "file.later", resource = "#{#what}")
		CompletableFuture<String> later(String what) {
			return CompletableFuture.completedFuture("later " + what);
		}

	}

	static class Cleaner {

		private final Files files;

		Cleaner(Files files) {
			this.files = files;
		}

		@PacerelleHandler("/cleanup")
		String cleanUp() {
			return this.files.delete("/data/old", true);
		}

	}

	static class NotGuarded {

		@RequiresPermission(action = "a", resource = "r")
		private void ofPrivate() {
		}

		@RequiresPermission(action = "a", resource = "r")
		static void ofStatic() {
		}

		@RequiresPermission(action = "a", resource = "r")
		final void ofFinal() {
		}

		void callsOfPrivate() {
			ofPrivate();
		}

	}

	static final class FinalClass {

		@RequiresPermission(action = "a", resource = "r")
		void delete() {
		}

	}

	static class CallsOnThis {

		@RequiresPermission(action = "a", resource = "r")
		void guarded(String path) {
		}

		void direct() {
			guarded("a");
		}

		void inLambda(List<String> paths) {
			paths.forEach((path) -> guarded(path + "/"));
		}

		void byReference(List<String> paths) {
			paths.forEach(this::guarded);
		}

		void innocent() {
		}

	}

	static class CallsItsProxy {

		private final ObjectProvider<CallsItsProxy> self;

		CallsItsProxy(ObjectProvider<CallsItsProxy> self) {
			this.self = self;
		}

		@RequiresPermission(action = "a", resource = "r")
		void guarded() {
		}

		void calls() {
			this.self.getObject().guarded();
		}

	}

	static class BrokenExpressions {

		@RequiresPermission(action = "a", resource = "file:#{#path")
		void broken(String path) {
		}

		@RequiresPermission(action = "a", resource = "file:#{#pth}")
		void unknown(String path) {
		}

		@RequiresPermission(action = "a", resource = "#{#path + #a0 + #root}", title = "For #{#who.trim()}?")
		void inTitle(String path) {
		}

	}

}
