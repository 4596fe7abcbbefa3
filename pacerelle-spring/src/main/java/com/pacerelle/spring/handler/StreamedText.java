package com.pacerelle.spring.handler;

import java.time.Duration;

import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.NotRetryable;
import com.pacerelle.client.message.Progress;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A text that comes in parts, such as the tokens of a model. What takes longer than a
 * moment is shown while it grows, as the body of one progress; the text itself is one
 * message at the end, which is committed with the acceptance of the message that it
 * answers.
 */
final class StreamedText {

	/** Each change is an encrypted message, and nobody reads faster. */
	static final Duration PERIOD = Duration.ofSeconds(1);

	/** A change carries the whole body: so much of the end is shown. */
	static final int SHOWN_LENGTH = 1000;

	/** In a message this has 8 MB at most, with its record for the archive. */
	static final int MAX_LENGTH = 1_000_000;

	private final Words words;

	StreamedText(Words words) {
		this.words = words;
	}

	/**
	 * Collects the parts.
	 * @param parts the parts
	 * @param whole makes the text into what is sent
	 * @return the progress, if it takes a while, and what is sent at the end
	 */
	Flux<Content> collect(Flux<String> parts, Conversion whole) {
		return Flux.defer(() -> {
			Draft draft = new Draft();
			Sinks.Empty<Void> end = Sinks.empty();
			// First, as the parts may come on the thread that subscribes to them.
			Flux<Content> growing = Flux.interval(PERIOD)
				.onBackpressureDrop()
				.takeUntilOther(end.asMono())
				.concatMap((tick) -> draft.growing());
			Mono<Content> text = parts.doOnNext(draft::append)
				.then(Mono.<Content>empty())
				.doFinally((signal) -> end.tryEmitEmpty());
			return Flux.merge(growing, text)
				.onErrorResume(draft::failed)
				.concatWith(Flux.defer(() -> draft.done(whole)));
		});
	}

	private String words(String code) {
		return this.words.of(code, "");
	}

	/**
	 * Makes a text into what is sent.
	 */
	@FunctionalInterface
	interface Conversion {

		Flux<Content> convert(String text);

	}

	/**
	 * The text so far, and whether the person sees it.
	 */
	private final class Draft {

		private final String writing = words("pacerelle.stream.writing");

		private final StringBuffer text = new StringBuffer();

		private volatile boolean shown;

		void append(String part) {
			if (this.text.length() + part.length() > MAX_LENGTH) {
				throw new TextTooLongException();
			}
			this.text.append(part);
		}

		Mono<Content> growing() {
			this.shown = !this.writing.isBlank();
			return this.shown ? Mono.just(Progress.of(this.writing, 0, 1).cancellable().body(end())) : Mono.empty();
		}

		Flux<Content> done(Conversion conversion) {
			Flux<Content> whole = this.text.isEmpty() ? Flux.empty() : conversion.convert(this.text.toString());
			return ended(words("pacerelle.stream.done"), "").concatWith(whole);
		}

		Flux<Content> failed(Throwable failure) {
			return ended(words("pacerelle.stream.failed"), end()).concatWith(Mono.error(failure));
		}

		/** As a complete one it is shown at once. */
		private Flux<Content> ended(String words, String body) {
			String title = words.isBlank() ? this.writing : words;
			return this.shown ? Flux.just(Progress.of(title, 1, 1).cancellable(false).body(body)) : Flux.empty();
		}

		private String end() {
			int start = Math.max(0, this.text.length() - SHOWN_LENGTH);
			return (start == 0) ? this.text.toString()
					: "…" + this.text.substring(Character.isLowSurrogate(this.text.charAt(start)) ? start + 1 : start);
		}

	}

	/**
	 * Another attempt would cost as much, and end like this one.
	 */
	static final class TextTooLongException extends IllegalStateException implements NotRetryable {

		private static final long serialVersionUID = 1L;

		TextTooLongException() {
			super("A handler returned a text of more than " + MAX_LENGTH
					+ " characters in parts: return several as Flux<Reply>, or a file");
		}

	}

}
