package com.pacerelle.spring.handler;

import java.util.List;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.NotRetryable;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Reply;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.context.support.StaticMessageSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tokens of a model: one message, and a progress for as long as it takes.
 */
class StreamedTextTests {

	private final StaticMessageSource messages = new StaticMessageSource();

	@Test
	void whatTakesAMomentIsOneMessageAndNothingElse() {
		StepVerifier.withVirtualTime(() -> sent(Flux.just("One ", "two ", "three").delayElements(millis(300))))
			.thenAwait(Duration.ofSeconds(1))
			.expectNext(new Reply("One two three"))
			.verifyComplete();
	}

	@Test
	void whatTakesLongerIsShownWhileItGrows() {
		StepVerifier.withVirtualTime(() -> sent(Flux.just("One ", "two ", "three").delayElements(millis(700))))
			.thenAwait(Duration.ofSeconds(3))
			.expectNext(writing("One "), writing("One two "))
			.expectNext(Progress.of("Written", 1, 1).cancellable(false))
			.expectNext(new Reply("One two three"))
			.verifyComplete();
	}

	@Test
	void aModelThatThinksIsSeenToDoSo() {
		StepVerifier.withVirtualTime(() -> sent(Mono.delay(millis(1500)).map((tick) -> "Yes").flux()))
			.thenAwait(Duration.ofSeconds(2))
			.expectNext(writing(""))
			.expectNextCount(1)
			.expectNext(new Reply("Yes"))
			.verifyComplete();
	}

	@Test
	void ofALongTextTheEndIsShown() {
		String start = "x".repeat(5000);
		String end = "y".repeat(StreamedText.SHOWN_LENGTH);
		StepVerifier.withVirtualTime(() -> sent(Flux.just(start, end, ".").delayElements(millis(450))))
			.thenAwait(Duration.ofSeconds(2))
			.expectNext(writing("…" + end))
			.expectNextCount(1)
			.expectNext(new Reply(start + end + "."))
			.verifyComplete();
	}

	@Test
	void halfASurrogatePairIsNotShown() {
		String text = "😀".repeat(StreamedText.SHOWN_LENGTH) + "!";
		StepVerifier.withVirtualTime(() -> sent(Mono.just(text).concatWith(Mono.never())))
			.thenAwait(Duration.ofSeconds(1))
			.assertNext((progress) -> assertThat(((Progress) progress).body()).startsWith("…😀").endsWith("!"))
			.thenCancel()
			.verify();
	}

	@Test
	void aFailureEndsTheProgressWithWhatThereIs() {
		StepVerifier
			.withVirtualTime(() -> sent(Flux.just("One ")
				.concatWith(Mono.delay(millis(1500)).then(Mono.error(new IllegalStateException())))))
			.thenAwait(Duration.ofSeconds(2))
			.expectNext(writing("One "))
			.expectNext(Progress.of("Not finished", 1, 1).cancellable(false).body("One "))
			.verifyError(IllegalStateException.class);
	}

	@Test
	void theApplicationsWordsAreUsed() {
		this.messages.addMessage("pacerelle.stream.writing", Locale.getDefault(), "Ich schreibe");
		StepVerifier.withVirtualTime(() -> sent(Mono.just("Ja").concatWith(Mono.never())))
			.thenAwait(Duration.ofSeconds(1))
			.expectNext(Progress.of("Ich schreibe", 0, 1).cancellable().body("Ja"))
			.thenCancel()
			.verify();
	}

	@Test
	void withoutWordsNothingIsShownBeforeTheEnd() {
		this.messages.addMessage("pacerelle.stream.writing", Locale.getDefault(), "");
		StepVerifier.withVirtualTime(() -> sent(Flux.just("One ", "two").delayElements(millis(2000))))
			.thenAwait(Duration.ofSeconds(4))
			.expectNext(new Reply("One two"))
			.verifyComplete();
	}

	@Test
	void aTextWithoutEndIsRefusedAndNotTriedAgain() {
		StepVerifier.create(sent(Flux.just("x".repeat(1000)).repeat()))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(NotRetryable.class)
				.hasMessageStartingWith("A handler returned a text of more than 1000000 characters in parts"));
	}

	@Test
	void partsThatComeOnTheSubscribingThreadAreShownToo() {
		CountDownLatch seen = new CountDownLatch(1);
		Flux<String> blocking = Flux.create((sink) -> {
			sink.next("One ");
			try {
				sink.next(seen.await(1, TimeUnit.MINUTES) ? "two" : "nothing was shown");
			}
			catch (InterruptedException ex) {
				sink.error(ex);
			}
			sink.complete();
		});
		StepVerifier.create(sent(blocking).doOnNext((content) -> seen.countDown()))
			.expectNext(writing("One "))
			.expectNextCount(1)
			.expectNext(new Reply("One two"))
			.verifyComplete();
	}

	private Flux<Content> sent(Flux<String> parts) {
		return new StreamedText(new Words(List.of(this.messages))).collect(parts, (text) -> Flux.just(new Reply(text)));
	}

	private static Progress writing(String body) {
		return Progress.of("Writing…", 0, 1).cancellable().body(body);
	}

	private static Duration millis(long millis) {
		return Duration.ofMillis(millis);
	}

}
