package com.pacerelle.client.conversation;

import java.time.Duration;

import com.pacerelle.client.ClientStoppedException;
import com.pacerelle.client.conversation.OpenQuestions.Open;
import com.pacerelle.client.wire.ConversationKey;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class OpenQuestionsTests {

	private static final ConversationKey KITCHEN = new ConversationKey("ann", "kitchen");

	private final OpenQuestions questions = new OpenQuestions(2);

	@Test
	void noMoreAreOpenThanThereIsRoomFor() {
		Open first = open("first");
		open("second");
		assertThatIllegalStateException().isThrownBy(() -> open("third")).withMessageContaining("2 open questions");
		first.close();
		assertThat(open("third").answer()).isNotDone();
	}

	@Test
	void aWidgetIsAskedOnceAtATime() {
		open("first");
		assertThatIllegalStateException().isThrownBy(() -> open("first")).withMessageContaining("'first'");
	}

	@Test
	void afterTheEndEachQuestionFails() {
		Open before = open("before");
		this.questions.close();
		assertThat(before.answer()).isCompletedExceptionally();
		assertThat(open("after").answer()).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withCauseInstanceOf(ClientStoppedException.class);
	}

	private Open open(String widgetId) {
		return this.questions.open(KITCHEN, "ann", widgetId, (answer) -> true);
	}

}
