package com.pacerelle.client.message;

/**
 * A widget together with the type of its answer.
 *
 * @param <T> the type of the answer
 */
public interface Question<T> {

	/**
	 * What the person sees.
	 * @return the widget
	 */
	Widget<?> widget();

	/**
	 * Reads an answer that is not cancelled.
	 * @param answer a message with a widget response
	 * @return the typed answer
	 * @throws InvalidAnswerException if the value does not fit; its messages are for the
	 * person
	 * @throws IllegalArgumentException if the message is no answer, or a cancelled one
	 */
	T read(AgentMessage answer);

	/**
	 * What to ask after an invalid answer. The widget is sent with an id of its own and
	 * with what is wrong as its body. Called again after a crash, with the same answer,
	 * it has to return the same question.
	 * @param answer the answer
	 * @param failure what is wrong with it
	 * @return the question, by default this one
	 */
	default Question<T> askAgain(AgentMessage answer, InvalidAnswerException failure) {
		return this;
	}

}
