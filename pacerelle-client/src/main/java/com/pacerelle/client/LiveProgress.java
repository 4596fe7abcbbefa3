package com.pacerelle.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Shows how far a handler is while it runs. The first {@link Progress} of a widget id
 * creates the widget, later ones update it; when the person cancels it, what the handler
 * returned is cancelled.
 */
final class LiveProgress {

	/** A person sees no more than this many changes, and each costs a commit. */
	private static final long MIN_PAUSE_NANOS = 100_000_000;

	private final Asking asking;

	private final HandlerCall call;

	private final Sinks.Empty<Void> cancelled = Sinks.empty();

	private final Map<String, Shown> shown = new ConcurrentHashMap<>();

	private @Nullable String defaultId;

	LiveProgress(Asking asking, HandlerCall call) {
		this.asking = asking;
		this.call = call;
	}

	/**
	 * Shows a progress at once, and lets everything else through.
	 * @param content what the handler returned
	 * @return what is sent when the handler ends
	 */
	Mono<Content> show(Content content) {
		return (content instanceof Progress progress) ? show(progress).then(Mono.empty()) : Mono.just(content);
	}

	private Mono<?> show(Progress progress) {
		String id = id(progress);
		Progress current = progress.id(id);
		Shown before = this.shown.get(id);
		if (before == null) {
			Shown created = new Shown(current);
			this.shown.put(id, created);
			return create(id, created);
		}
		before.wanted = current;
		boolean complete = current.max() != null && current.value().doubleValue() >= current.max().doubleValue();
		return (complete || System.nanoTime() - before.sentAt >= MIN_PAUSE_NANOS) ? update(before) : Mono.empty();
	}

	private String id(Progress progress) {
		String id = progress.id();
		if (id == null) {
			id = (this.defaultId != null) ? this.defaultId : this.call.nextWidgetId();
			this.defaultId = id;
		}
		return id;
	}

	private Mono<?> create(String id, Shown created) {
		if (Boolean.TRUE.equals(created.wanted.isCancellable())) {
			OpenQuestions.Open question = this.call.ask(null, id);
			this.call.turn().letPass();
			question.answer().whenComplete((answer, failure) -> {
				this.call.turn().closeRanks();
				WidgetResponse response = (answer != null) ? answer.message().widgetResponse() : null;
				if (response != null && created.wanted.isCancelledBy(response)) {
					this.cancelled.tryEmitEmpty();
				}
			});
		}
		return this.asking.showProgress(this.call, created.wanted, id);
	}

	private Mono<?> update(Shown shown) {
		WidgetUpdate update = shown.sent.updateTo(shown.wanted);
		shown.sent = shown.wanted;
		shown.sentAt = System.nanoTime();
		return update.isEmpty() ? Mono.empty() : this.asking.conversationOf(this.call).send(update);
	}

	/**
	 * Shows what was held back.
	 * @return completes when it is committed
	 */
	Mono<Void> flush() {
		return Flux.fromIterable(this.shown.values()).concatMap(this::update).then();
	}

	/**
	 * Completes when the person cancels a progress.
	 * @return never has an element
	 */
	Mono<Void> cancelled() {
		return this.cancelled.asMono();
	}

	/**
	 * A widget that the person sees.
	 */
	private static final class Shown {

		private Progress sent;

		private volatile Progress wanted;

		private long sentAt = System.nanoTime();

		Shown(Progress first) {
			this.sent = first;
			this.wanted = first;
		}

	}

}
