package com.pacerelle.spring.permission;

import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.permission.PermissionAction;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import com.pacerelle.spring.handler.HandlerCatalog;
import com.pacerelle.spring.handler.HandlerInvocation;
import com.pacerelle.spring.handler.Questions;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.common.TemplateParserContext;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * Calls methods with {@link RequiresPermission @RequiresPermission} through the
 * {@link PermissionGuard}.
 */
final class PermissionInterceptor implements MethodInterceptor {

	static final ParameterNameDiscoverer PARAMETER_NAMES = new DefaultParameterNameDiscoverer();

	private static final SpelExpressionParser PARSER = new SpelExpressionParser();

	/** They say for whom a method is called, and not what it does. */
	private static final List<Class<?>> FRAMEWORK_TYPES = List.of(AgentMessage.class, WidgetResponse.class,
			Conversation.class, AgentGatewayClient.class, HandlerInvocation.class, HandlerCatalog.class,
			Questions.class);

	private final Supplier<PermissionGuard> guard;

	private final Map<String, Expression> expressions = new ConcurrentHashMap<>();

	/**
	 * Creates the interceptor.
	 * @param guard the guard, not used before the first call
	 */
	PermissionInterceptor(Supplier<PermissionGuard> guard) {
		this.guard = guard;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation call) throws Throwable {
		Method method = AopUtils.getMostSpecificMethod(call.getMethod(),
				Objects.requireNonNull(call.getThis()).getClass());
		GuardedAction guarded = guardedAction(method, call);
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType());
		return (adapter != null) ? adapter.fromPublisher(reactive(call, guarded, adapter)) : blocking(call, guarded);
	}

	private @Nullable Object blocking(MethodInvocation call, GuardedAction guarded) throws Throwable {
		HandlerInvocation invocation = HandlerInvocation.current().orElseThrow(() -> noMessage(guarded));
		try {
			return this.guard.get().<@Nullable Object>call(invocation, guarded, (action) -> {
				try {
					return call.proceed();
				}
				catch (Throwable ex) {
					throw new UndeclaredThrowableException(ex);
				}
			});
		}
		catch (UndeclaredThrowableException ex) {
			throw ex.getUndeclaredThrowable();
		}
	}

	private Publisher<Object> reactive(MethodInvocation call, GuardedAction guarded, ReactiveAdapter adapter) {
		Mono<HandlerInvocation> invocation = HandlerInvocation.current()
			.map(Mono::just)
			.orElseGet(() -> HandlerInvocation.fromContext().switchIfEmpty(Mono.error(() -> noMessage(guarded))));
		Flux<Object> result = invocation
			.flatMapMany((found) -> this.guard.get().run(found, guarded, (action) -> proceed(call, adapter)));
		return adapter.isMultiValue() ? result : result.singleOrEmpty();
	}

	private static Flux<Object> proceed(MethodInvocation call, ReactiveAdapter adapter) {
		try {
			// The call itself is over when its result is subscribed to, maybe more than
			// once.
			Object value = ((ProxyMethodInvocation) call).invocableClone().proceed();
			return (value != null) ? Flux.from(adapter.toPublisher(value)) : Flux.empty();
		}
		catch (Throwable ex) {
			return Flux.error(ex);
		}
	}

	private GuardedAction guardedAction(Method method, MethodInvocation call) {
		RequiresPermission annotation = Objects
			.requireNonNull(AnnotatedElementUtils.findMergedAnnotation(method, RequiresPermission.class));
		@Nullable Object[] arguments = call.getArguments();
		EvaluationContext context = new MethodBasedEvaluationContext(Objects.requireNonNull(call.getThis()), method,
				arguments, PARAMETER_NAMES);
		String resource = evaluate(annotation.resource(), context);
		String title = annotation.title().isEmpty() ? annotation.action() + ": " + resource
				: evaluate(annotation.title(), context);
		return new GuardedAction(PermissionAction.of(annotation.action(), resource, parameters(method, arguments)),
				title, List.of(annotation.scopes()));
	}

	private static Map<String, @Nullable Object> parameters(Method method, @Nullable Object[] arguments) {
		@Nullable String[] names = Objects.requireNonNullElseGet(PARAMETER_NAMES.getParameterNames(method),
				() -> new String[arguments.length]);
		Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
		for (int i = 0; i < arguments.length; i++) {
			Class<?> type = method.getParameterTypes()[i];
			if (FRAMEWORK_TYPES.stream().noneMatch((framework) -> framework.isAssignableFrom(type))) {
				parameters.put((names[i] != null) ? names[i] : "arg" + i, shown(arguments[i]));
			}
		}
		return parameters;
	}

	/** The key of a file is nothing to be read. */
	private static @Nullable Object shown(@Nullable Object argument) {
		return (argument instanceof AgentAttachment file)
				? Map.of("id", file.id(), "name", file.name(), "size", file.size()) : argument;
	}

	private String evaluate(String template, EvaluationContext context) {
		Expression expression = this.expressions.computeIfAbsent(template, PermissionInterceptor::parse);
		return String.valueOf(expression.getValue(context, String.class));
	}

	static Expression parse(String template) {
		return PARSER.parseExpression(template, new TemplateParserContext());
	}

	private static PermissionNotGrantedException noMessage(GuardedAction guarded) {
		return new PermissionNotGrantedException("'" + guarded.action().action() + "' needs the permission of a person,"
				+ " but is not called for a message: call it from a @PacerelleHandler method, on its thread or with its"
				+ " Reactor context, or hand the work over with HandlerInvocation.call");
	}

}
