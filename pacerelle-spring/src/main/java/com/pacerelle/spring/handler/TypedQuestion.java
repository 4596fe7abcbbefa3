package com.pacerelle.spring.handler;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Widget;

/**
 * A widget whose answer is read as a type of the application. Its {@code toString()} has
 * no text.
 *
 * @param <W> the type of the widget
 * @param <T> the type of the answer
 * @param widget what the person sees
 * @param reader reads an answer that is not cancelled
 */
public record TypedQuestion<W extends Widget<?>, T>(W widget, Function<AgentMessage, T> reader) implements Question<T> {

	/**
	 * Creates a question.
	 */
	public TypedQuestion {
		Objects.requireNonNull(widget, "'widget' must not be null");
		Objects.requireNonNull(reader, "'reader' must not be null");
	}

	/**
	 * The same question with a changed widget, such as one with an id or an end.
	 * @param change changes the widget, but not what its answers look like
	 * @return the question
	 */
	public TypedQuestion<W, T> with(UnaryOperator<W> change) {
		return new TypedQuestion<>(change.apply(this.widget), this.reader);
	}

	@Override
	public T read(AgentMessage answer) {
		return this.reader.apply(answer);
	}

	@Override
	public Question<T> askAgain(AgentMessage answer, InvalidAnswerException failure) {
		return (this.reader instanceof FormReader<T> reader && this.widget instanceof Form form)
				? reader.askAgain(form, answer) : this;
	}

	@Override
	public String toString() {
		return "TypedQuestion[id=" + this.widget.id() + "]";
	}

}
