package com.pacerelle.mcp;

import org.jspecify.annotations.Nullable;

/**
 * What became of a question. Its {@code toString()} has no content.
 *
 * @param questionId the question
 * @param answered whether there is an answer
 * @param value the answer, or {@code null}
 * @param reason why there is none, or {@code null}
 */
record Answer(String questionId, boolean answered, @Nullable Object value, @Nullable String reason) {

	@Override
	public String toString() {
		return "Answer[questionId=" + this.questionId + ", answered=" + this.answered + "]";
	}

}
