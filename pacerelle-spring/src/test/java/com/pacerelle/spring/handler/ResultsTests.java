package com.pacerelle.spring.handler;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetUpdate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Results}: what the agent sends for each type that handlers return.
 */
class ResultsTests {

	private static final AtomicBoolean closed = new AtomicBoolean();

	private final StaticListableBeanFactory beanFactory = new StaticListableBeanFactory(
			Map.of("handlers", new Handlers()));

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			text                 | text
			reply                | text
			widget               | widget w
			subtypeOfWidget      | widget w
			progress             | widget w
			update               | update of w
			question             | widget w
			file                 | file report.txt text/plain
			path                 | file chart.png image/png
			resource             | file note.txt text/plain
			resourceWithoutName  | file file application/octet-stream
			list                 | text, text
			listOfContents       | text, widget w
			listOfPaths          | file chart.png image/png
			nestedLists          | text, text
			array                | text, widget w
			iterable             | text
			stream               | text, text
			optional             | text
			mono                 | widget w
			monoOfOptional       | text
			monoOfStream         | text, text
			flux                 | widget w, widget w
			fluxOfReplies        | text, text
			tokens               | text and text
			noTokens             |
			monoOfTokens         | text and text
			listOfTokens         | text and text, text and text
			publisher            | text
			flow                 | text
			stage                | text
			stageOfList          | text, text
			object               | widget w
			objectThatIsAList    | text, widget w
			monoOfAnything       | text
			custom               | text
			listOfCustom         | text, text
			nothing              |
			""")
	void eachTypeIsSentInItsWay(String method, String sent) {
		StepVerifier.create(invoke(method, List.of(new VersionConverter())).map(ResultsTests::describe).collectList())
			.expectNext((sent != null) ? List.of(sent.split(", ")) : List.of())
			.verifyComplete();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			number          | int
			bytes           | byte[]
			listOfNumbers   | java.util.List<java.lang.Integer>
			monoOfNumber    | reactor.core.publisher.Mono<java.lang.Integer>
			arrayOfNumbers  | java.lang.Integer[]
			custom          | com.pacerelle.spring.handler.ResultsTests$Version
			""")
	void typesThatCannotBeSentAreRefusedBeforeTheFirstMessage(String method, String type) {
		assertThatIllegalArgumentException().isThrownBy(() -> invoke(method, List.of()))
			.withMessage("returns " + type
					+ ", but allowed are String, Content such as widgets and files, Question, Path, "
					+ "Resource, and an Optional, array, Iterable, Stream, Mono, Flux or CompletionStage of these, and void");
	}

	@Test
	void aStreamIsClosed() {
		closed.set(false);
		StepVerifier.create(invoke("closingStream", List.of())).expectNextCount(1).thenCancel().verify();
		assertThat(closed).isTrue();
	}

	@Test
	void oneElementIsTakenAfterTheOther() {
		List<Long> requested = new ArrayList<>();
		requests = requested;
		StepVerifier.create(invoke("counted", List.of()), 1).expectNextCount(1).thenCancel().verify();
		assertThat(requested).containsExactly(1L);
	}

	private Flux<Content> invoke(String name, List<HandlerResultConverter> converters) {
		Method found = ReflectionUtils.findMethod(Handlers.class, name);
		assertThat(found).isNotNull();
		HandlerMethod method = new HandlerMethod(this.beanFactory, "handlers", Handlers.class, found);
		return new InvocableHandlerMethod(method, new Parameters(List.of()),
				new Results(converters, new Words(List.of())).of(method), null, null)
			.invoke(new HandlerInvocation(TestMessages.text("hello"), TestConversation.INSTANCE), null);
	}

	private static String describe(Content content) {
		if (content instanceof Reply reply) {
			return reply.text();
		}
		if (content instanceof AgentFile file) {
			return "file " + file.name() + " " + file.mime();
		}
		return (content instanceof WidgetUpdate update) ? "update of " + update.ref()
				: "widget " + ((Widget<?>) content).id();
	}

	private static List<Long> requests = new ArrayList<>();

	record Version(String name) {
	}

	static class VersionConverter implements HandlerResultConverter {

		@Override
		public boolean supports(ResolvableType type) {
			return type.toClass() == Version.class;
		}

		@Override
		public Publisher<? extends Content> convert(Object result, HandlerInvocation invocation) {
			return Mono.just(new Reply(((Version) result).name()));
		}

	}

	static class Handlers {

		private static final Confirm CONFIRM = Confirm.of("Sure?").id("w");

		String text() {
			return "text";
		}

		Content reply() {
			return new Reply("text");
		}

		Widget<?> widget() {
			return CONFIRM;
		}

		Confirm subtypeOfWidget() {
			return CONFIRM;
		}

		Progress progress() {
			return Progress.of("Building", 1, 10).id("w");
		}

		WidgetUpdate update() {
			return new WidgetUpdate(null, "w", Map.of());
		}

		Question<Boolean> question() {
			return new TypedQuestion<>(CONFIRM, CONFIRM::read);
		}

		AgentFile file() {
			return AgentFile.of("report.txt", new byte[0]);
		}

		Path path() {
			return Path.of("charts", "chart.png");
		}

		Resource resource() {
			return new ByteArrayResource(new byte[0]) {

				@Override
				public String getFilename() {
					return "note.txt";
				}

			};
		}

		Resource resourceWithoutName() {
			return new ByteArrayResource(new byte[0]);
		}

		List<String> list() {
			return List.of("text", "text");
		}

		List<? extends Content> listOfContents() {
			return List.of(new Reply("text"), CONFIRM);
		}

		List<Path> listOfPaths() {
			return List.of(path());
		}

		List<List<String>> nestedLists() {
			return List.of(List.of("text"), List.of(), List.of("text"));
		}

		Object[] array() {
			return new Object[] { "text", CONFIRM };
		}

		Iterable<String> iterable() {
			return List.of("text");
		}

		Stream<String> stream() {
			return Stream.of("text", "text");
		}

		Optional<String> optional() {
			return Optional.of("text");
		}

		Mono<Confirm> mono() {
			return Mono.just(CONFIRM);
		}

		Mono<Optional<String>> monoOfOptional() {
			return Mono.just(Optional.of("text"));
		}

		Mono<Stream<String>> monoOfStream() {
			return Mono.just(stream());
		}

		Flux<Progress> flux() {
			return Flux.just(progress(), progress());
		}

		Flux<Reply> fluxOfReplies() {
			return Flux.just(new Reply("text"), new Reply("text"));
		}

		Flux<String> tokens() {
			return Flux.just("text", " and", " text");
		}

		Flux<String> noTokens() {
			return Flux.just("", "");
		}

		Mono<Flux<String>> monoOfTokens() {
			return Mono.just(tokens());
		}

		List<Flux<String>> listOfTokens() {
			return List.of(tokens(), tokens());
		}

		Publisher<String> publisher() {
			return Mono.just("text");
		}

		Flow.Publisher<String> flow() {
			return JdkFlowAdapter.publisherToFlowPublisher(Mono.just("text"));
		}

		CompletionStage<String> stage() {
			return CompletableFuture.completedFuture("text");
		}

		CompletableFuture<List<String>> stageOfList() {
			return CompletableFuture.completedFuture(list());
		}

		Object object() {
			return CONFIRM;
		}

		Object objectThatIsAList() {
			return List.of("text", CONFIRM);
		}

		Mono<?> monoOfAnything() {
			return Mono.just("text");
		}

		Version custom() {
			return new Version("text");
		}

		List<Version> listOfCustom() {
			return List.of(custom(), custom());
		}

		void nothing() {
		}

		int number() {
			return 1;
		}

		byte[] bytes() {
			return new byte[0];
		}

		List<Integer> listOfNumbers() {
			return List.of();
		}

		Mono<Integer> monoOfNumber() {
			return Mono.empty();
		}

		Integer[] arrayOfNumbers() {
			return new Integer[0];
		}

		Stream<String> closingStream() {
			return Stream.of("text", "text").onClose(() -> closed.set(true));
		}

		Flux<Reply> counted() {
			return Flux.just(new Reply("text"), new Reply("text")).hide().doOnRequest((count) -> requests.add(count));
		}

	}

}
