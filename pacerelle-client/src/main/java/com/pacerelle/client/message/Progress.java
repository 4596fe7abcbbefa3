package com.pacerelle.client.message;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How far a work is. It has no answer but its cancellation.
 *
 * @param id the widget's id, or {@code null}
 * @param title what is being done
 * @param body more words, or {@code null}
 * @param value how much is done
 * @param max how much there is to do, or {@code null} to leave it out
 * @param cancellable whether the person may cancel it, or {@code null} to leave it out
 * @param expiresAt until when it can be cancelled, or {@code null}
 */
public record Progress(@Nullable String id, String title, @Nullable String body, Number value, @Nullable Number max,
		@Nullable Boolean cancellable, @Nullable Instant expiresAt) implements Widget<Void> {

	/**
	 * Creates a progress.
	 * @param id the widget's id
	 * @param title what is being done
	 * @param value how much is done
	 * @param max how much there is to do
	 * @return the widget
	 */
	public static Progress of(String id, String title, Number value, Number max) {
		return new Progress(id, title, null, value, max, null, null);
	}

	@Override
	public Progress id(String id) {
		return new Progress(id, this.title, this.body, this.value, this.max, this.cancellable, this.expiresAt);
	}

	@Override
	public Progress body(String body) {
		return new Progress(this.id, this.title, body, this.value, this.max, this.cancellable, this.expiresAt);
	}

	@Override
	public String kind() {
		return "progress";
	}

	@Override
	public Map<String, Object> spec() {
		Map<String, Object> spec = new LinkedHashMap<>();
		spec.put("title", this.title);
		spec.put("value", this.value);
		if (this.body != null) {
			spec.put("body", this.body);
		}
		if (this.max != null) {
			spec.put("max", this.max);
		}
		if (this.cancellable != null) {
			spec.put("cancellable", this.cancellable);
		}
		return spec;
	}

	@Override
	public @Nullable ResponseMode responseMode() {
		return null;
	}

	@Override
	public Void read(AgentMessage answer) {
		throw new UnsupportedOperationException("A progress has no answer but its cancellation");
	}

	@Override
	public String toString() {
		return "Progress[id=" + this.id + "]";
	}

}
