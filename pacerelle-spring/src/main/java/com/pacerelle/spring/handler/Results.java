package com.pacerelle.spring.handler;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import com.pacerelle.client.PrintableId;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Reply;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.Resource;
import org.springframework.core.log.LogMessage;

/**
 * Converts the results of handler methods to what the agent sends.
 */
final class Results {

	private static final Log logger = LogFactory.getLog(Results.class);

	private static final String ALLOWED = "String, Content such as widgets and files, Question, Path, Resource, and an "
			+ "Optional, array, Iterable, Stream, Mono, Flux or CompletionStage of these, and void";

	private static final ReactiveAdapterRegistry adapters = ReactiveAdapterRegistry.getSharedInstance();

	private final List<HandlerResultConverter> converters;

	private final StreamedText streamedText;

	Results(List<HandlerResultConverter> converters, Words words) {
		this.converters = List.copyOf(converters);
		this.streamedText = new StreamedText(words);
	}

	/**
	 * How the results of a method are converted.
	 * @param method the method
	 * @return the conversion
	 * @throws IllegalArgumentException if they cannot be; the message says what is
	 * allowed
	 */
	Conversion of(HandlerMethod method) {
		MethodParameter returnType = method.getReturnType();
		ResolvableType type = ResolvableType.forMethodParameter(returnType);
		Conversion conversion = method.isSuspending() ? suspended(type) : forType(type);
		if (conversion == null) {
			throw new IllegalArgumentException(
					"returns " + returnType.getGenericParameterType().getTypeName() + ", but allowed are " + ALLOWED);
		}
		return conversion;
	}

	/**
	 * Whether the result of a method comes after it has returned.
	 * @param method the method
	 * @return whether it returns a publisher or a future
	 */
	static boolean isDeferred(HandlerMethod method) {
		return method.isSuspending()
				|| adapters.getAdapter(ResolvableType.forMethodParameter(method.getReturnType()).toClass()) != null;
	}

	/**
	 * A suspending function returns a publisher: of the elements of a flow, else of the
	 * result.
	 */
	private @Nullable Conversion suspended(ResolvableType type) {
		ReactiveAdapter adapter = adapters.getAdapter(type.toClass());
		boolean flow = adapter != null && adapter.isMultiValue();
		Elements elements = (result) -> Flux.from((Publisher<?>) result);
		return flow ? stream(type.getGeneric(), elements) : each(type, elements);
	}

	private @Nullable Conversion forType(ResolvableType type) {
		Class<?> raw = type.toClass();
		for (HandlerResultConverter converter : this.converters) {
			if (converter.supports(type)) {
				return (result, invocation) -> Flux.from(converter.convert(result, invocation));
			}
		}
		if (isNothing(raw)) {
			return (result, invocation) -> Flux.empty();
		}
		if (raw == Object.class) {
			return this::convertUnknown;
		}
		Conversion single = forSingle(raw);
		return (single != null) ? single : forSeveral(type, raw);
	}

	private static boolean isNothing(Class<?> type) {
		return type == void.class || type == Void.class || type.getName().equals("kotlin.Unit");
	}

	private static @Nullable Conversion forSingle(Class<?> type) {
		if (type == String.class) {
			return Results::text;
		}
		if (Content.class.isAssignableFrom(type)) {
			return (result, invocation) -> Flux.just((Content) result);
		}
		if (Question.class.isAssignableFrom(type)) {
			return (result, invocation) -> Flux.just(((Question<?>) result).widget());
		}
		if (Path.class.isAssignableFrom(type)) {
			return (result, invocation) -> Flux.just(AgentFile.of((Path) result));
		}
		if (Resource.class.isAssignableFrom(type)) {
			return (result, invocation) -> Flux.just(file((Resource) result));
		}
		return null;
	}

	private static Flux<Content> text(Object text, HandlerInvocation invocation) {
		if (((String) text).isBlank()) {
			logger.debug(LogMessage.format("A blank text is not sent in reply to message %s",
					PrintableId.of(invocation.message().id())));
			return Flux.empty();
		}
		return Flux.just(new Reply((String) text));
	}

	private static AgentFile file(Resource resource) {
		return AgentFile.of(Objects.requireNonNullElse(resource.getFilename(), "file"), resource);
	}

	private @Nullable Conversion forSeveral(ResolvableType type, Class<?> raw) {
		if (raw.isArray() && !raw.getComponentType().isPrimitive()) {
			return each(type.getComponentType(), (result) -> Flux.fromIterable(Arrays.asList((Object[]) result)));
		}
		if (raw == Optional.class) {
			return each(type.getGeneric(), (result) -> Flux.fromStream(() -> ((Optional<?>) result).stream()));
		}
		if (Stream.class.isAssignableFrom(raw)) {
			return each(type.as(Stream.class).getGeneric(), (result) -> Flux.fromStream((Stream<?>) result));
		}
		if (Iterable.class.isAssignableFrom(raw)) {
			return each(type.as(Iterable.class).getGeneric(), (result) -> Flux.fromIterable((Iterable<?>) result));
		}
		ReactiveAdapter adapter = adapters.getAdapter(raw);
		if (adapter != null) {
			ResolvableType elementType = adapter.isNoValue() ? ResolvableType.forClass(Void.class)
					: type.as(adapter.getReactiveType()).getGeneric();
			Elements elements = (result) -> Flux.from(adapter.toPublisher(result));
			return adapter.isMultiValue() ? stream(elementType, elements) : each(elementType, elements);
		}
		return null;
	}

	/**
	 * Strings that come one after the other are parts of one text, such as the tokens of
	 * a model; of everything else, each element is sent.
	 */
	private @Nullable Conversion stream(ResolvableType elementType, Elements elements) {
		if (elementType.toClass() != String.class) {
			return each(elementType, elements);
		}
		Conversion whole = forType(elementType);
		return (whole != null) ? (result, invocation) -> this.streamedText
			.collect(elements.of(result).cast(String.class), (text) -> whole.convert(text, invocation)) : null;
	}

	/**
	 * One element is converted before the next one is requested: that one may take its
	 * time.
	 */
	private @Nullable Conversion each(ResolvableType elementType, Elements elements) {
		Conversion element = forType(elementType);
		return (element != null) ? (result, invocation) -> elements.of(result)
			.concatMap((value) -> element.convert(value, invocation), 0) : null;
	}

	private Flux<Content> convertUnknown(Object result, HandlerInvocation invocation) {
		Conversion conversion = (result.getClass() != Object.class)
				? forType(ResolvableType.forClass(result.getClass())) : null;
		if (conversion == null) {
			return Flux.error(new IllegalStateException("A handler returned an instance of "
					+ result.getClass().getName() + ", but allowed are " + ALLOWED));
		}
		return conversion.convert(result, invocation);
	}

	/**
	 * Converts the results of one type.
	 */
	@FunctionalInterface
	interface Conversion {

		/**
		 * Converts a result.
		 * @param result the result
		 * @param invocation the call that it is the result of
		 * @return what the agent sends
		 */
		Flux<Content> convert(Object result, HandlerInvocation invocation);

	}

	/**
	 * Takes the elements out of a result.
	 */
	@FunctionalInterface
	private interface Elements {

		Flux<?> of(Object result);

	}

}
