package com.pacerelle.client.conversation;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import com.pacerelle.client.outbound.Destination;
import com.pacerelle.client.outbound.Outbox;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Shows the progress of a handler while it runs. The first {@link Progress} of a widget
 * id creates the widget, later ones update it. When the person cancels one that the
 * handler returned, what it returned is cancelled; when it shows one itself, it is told
 * with the next one.
 */
public final class LiveProgress {

	/** A person sees no more than this many changes, and each costs a commit. */
	private static final long MIN_PAUSE_NANOS = 100_000_000;

	private final Asking asking;

	private final Outbox outbox;

	private final Conversation conversation;

	private final CallContext call;

	private final Sinks.Empty<Void> cancelled = Sinks.empty();

	private final Map<String, Shown> shown = new ConcurrentHashMap<>();

	private @Nullable String defaultId;

	/**
	 * Creates the progress of a handler.
	 * @param asking shows a widget once
	 * @param outbox says whether the relay keeps up
	 * @param conversation takes the updates
	 * @param call the call of the handler
	 */
	LiveProgress(Asking asking, Outbox outbox, Conversation conversation, CallContext call) {
		this.asking = asking;
		this.outbox = outbox;
		this.conversation = conversation;
		this.call = call;
	}

	/**
	 * Takes a progress that changes one that was returned before: only the last one is
	 * kept, and shown as soon as it is time. A handler may so return them faster than
	 * they can be shown.
	 * @param content what the handler returned
	 * @return whether it was taken
	 */
	public boolean conflate(Content content) {
		return content instanceof Progress progress && conflate(progress, true);
	}

	/**
	 * Shows a progress for code that goes on meanwhile.
	 * @param progress how far it is
	 * @throws AnswerCancelledException if the person has cancelled it
	 */
	void showNow(Progress progress) {
		if (!conflate(progress, false)) {
			show(progress).block();
		}
		Shown now = Objects.requireNonNull(this.shown.get(id(progress)));
		if (now.cancelled) {
			throw new AnswerCancelledException(id(progress));
		}
	}

	private synchronized boolean conflate(Progress progress, boolean returned) {
		String id = id(progress);
		Progress current = progress.id(id);
		Shown before = this.shown.get(id);
		if (before == null) {
			Shown created = new Shown(current, returned);
			created.created(create(id, created));
			this.shown.put(id, created);
			return false;
		}
		before.wanted = current;
		boolean complete = current.max() != null && current.value().doubleValue() >= current.max().doubleValue();
		if (complete || before.isDue()) {
			updateNow(before);
		}
		else {
			updateLater(before);
		}
		return true;
	}

	/**
	 * Shows the first progress of a widget, and lets everything else through.
	 * @param content what {@link #conflate} has not taken
	 * @return what is sent when the handler ends
	 */
	public Mono<Content> show(Content content) {
		if (!(content instanceof Progress progress)) {
			return Mono.just(content);
		}
		Shown created = Objects.requireNonNull(this.shown.get(id(progress)));
		return created.creation().then(Mono.empty());
	}

	/** If it fails, that shows when the last one is shown. */
	private void updateNow(Shown shown) {
		update(shown).subscribe((sent) -> {
		}, (failure) -> {
		});
	}

	/**
	 * Shows the last update after a pause, and nothing while the relay is behind.
	 */
	private void updateLater(Shown shown) {
		if (shown.later.compareAndSet(false, true)) {
			Schedulers.parallel().schedule(() -> {
				shown.later.set(false);
				if (this.call.isOver()) {
					return;
				}
				if (shown.isDue()) {
					updateNow(shown);
				}
				else {
					updateLater(shown);
				}
			}, MIN_PAUSE_NANOS, TimeUnit.NANOSECONDS);
		}
	}

	private synchronized String id(Progress progress) {
		String id = progress.id();
		if (id == null) {
			id = (this.defaultId != null) ? this.defaultId : this.call.nextWidgetId();
			this.defaultId = id;
		}
		return id;
	}

	private Mono<?> create(String id, Shown created) {
		Progress wanted = created.wanted;
		OpenQuestions.Open question = Boolean.TRUE.equals(wanted.isCancellable()) ? this.call.ask(null, id) : null;
		return this.asking.show(Destination.of(this.call.message()), this.call, wanted, id).doOnNext((sent) -> {
			if (question != null) {
				letCancellationPass(question, created);
			}
		}).flatMap((sent) -> sent.before() ? this.conversation.send(updateOf(wanted, id)) : Mono.empty());
	}

	private void letCancellationPass(OpenQuestions.Open question, Shown created) {
		this.call.turn().allowLookAhead();
		question.answer().whenComplete((answer, failure) -> {
			this.call.turn().endLookAhead();
			WidgetResponse response = (answer != null) ? answer.message().widgetResponse() : null;
			if (response != null && created.wanted.isCancelledBy(response)) {
				created.cancelled = true;
				if (created.returned) {
					this.cancelled.tryEmitEmpty();
				}
			}
		});
	}

	/** Updates the widget of an earlier run, of which nothing is known, as a whole. */
	private static WidgetUpdate updateOf(Progress progress, String id) {
		WidgetUpdate update = WidgetUpdate.of(id);
		for (Map.Entry<String, @Nullable Object> field : progress.spec().entrySet()) {
			update = update.with(field.getKey(), field.getValue());
		}
		return update;
	}

	private Mono<?> update(Shown shown) {
		return shown.queue((sent, wanted) -> {
			WidgetUpdate update = sent.updateTo(wanted);
			return update.isEmpty() ? Mono.empty() : this.conversation.send(update);
		});
	}

	/**
	 * Shows the last updates.
	 * @return completes when it is committed
	 */
	public Mono<Void> flush() {
		return Flux.fromIterable(this.shown.values()).concatMap(this::update).then();
	}

	/**
	 * Completes when the person cancels a progress that the handler returned.
	 * @return never has an element
	 */
	public Mono<Void> cancelled() {
		return this.cancelled.asMono();
	}

	/**
	 * A widget that the person sees.
	 */
	private final class Shown {

		private final AtomicBoolean later = new AtomicBoolean();

		/** Whether the handler has returned it. */
		private final boolean returned;

		private volatile boolean cancelled;

		private volatile Progress wanted;

		private volatile long sentAt = System.nanoTime();

		private Progress sent;

		/** The creation, then the last update: each waits for the one before. */
		private Mono<?> last = Mono.empty();

		private Mono<?> creation = Mono.empty();

		Shown(Progress first, boolean returned) {
			this.returned = returned;
			this.sent = first;
			this.wanted = first;
		}

		private boolean isDue() {
			return System.nanoTime() - this.sentAt >= MIN_PAUSE_NANOS && LiveProgress.this.outbox.keepsUp();
		}

		private synchronized void created(Mono<?> creation) {
			this.creation = creation.cache();
			this.last = this.creation;
		}

		private synchronized Mono<?> creation() {
			return this.creation;
		}

		private synchronized Mono<?> queue(BiFunction<Progress, Progress, Mono<?>> update) {
			this.sentAt = System.nanoTime();
			Mono<?> next = this.last.onErrorComplete().then(Mono.defer(() -> {
				Progress now = this.wanted;
				return update.apply(this.sent, now).doOnSuccess((done) -> this.sent = now);
			})).cache();
			this.last = next;
			return next;
		}

	}

}
