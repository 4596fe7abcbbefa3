package com.pacerelle.spring.ai;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.AnswerExpiredException;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Widget;
import com.pacerelle.spring.ai.PersonTools.Answer;
import com.pacerelle.spring.ai.PersonTools.Field;
import com.pacerelle.spring.handler.HandlerInvocation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PersonTools}.
 */
class PersonToolsTests {

	private final Conversation conversation = mock(Conversation.class);

	private final List<Widget<?>> asked = new ArrayList<>();

	private final PersonTools tools = PersonTools.of(invocation("m-1"));

	@Test
	void aQuestionIsAnsweredWithYesOrNo() {
		thePersonAnswers(true);
		assertThat(this.tools.confirm("Delete it?", "There is no backup")).isEqualTo(new Answer(true, true, null));
		assertThat(this.asked.get(0)).isInstanceOfSatisfying(Confirm.class,
				(confirm) -> assertThat(confirm.title() + confirm.body()).isEqualTo("Delete it?There is no backup"));
	}

	@Test
	void oneOptionIsChosen() {
		thePersonAnswers("2");
		assertThat(this.tools.choose("Which?", List.of("red", "green"), null).value()).isEqualTo("green");
		assertThat(this.asked.get(0)).isInstanceOf(Choice.class);
	}

	@Test
	void severalOptionsAreChosen() {
		thePersonAnswers(List.of("1", "2"));
		assertThat(this.tools.choose("Which?", List.of("red", "green"), true).value())
			.isEqualTo(List.of("red", "green"));
		assertThat(this.asked.get(0)).isInstanceOf(Choices.class);
	}

	@Test
	void aFormIsFilledIn() {
		thePersonAnswers(Map.of("age", 7));
		Field age = new Field("age", "How old are you?", FormField.Type.NUMBER, true);
		assertThat(this.tools.fillIn("You", List.of(age)).value()).isEqualTo(Map.of("age", 7));
		assertThat(this.asked.get(0)).isInstanceOfSatisfying(Form.class, (form) -> assertThat(form.fields())
			.containsExactly(FormField.number("age", "How old are you?").required()));
	}

	@Test
	void aModelIsToldThatThereIsNoAnswer() {
		given(this.conversation.askAndWait(any())).willThrow(new AnswerCancelledException("w"))
			.willThrow(new AnswerExpiredException("w"));
		assertThat(this.tools.confirm("Sure?", null).reason()).isEqualTo("The person cancelled the question");
		assertThat(this.tools.confirm("Sure?", null).reason()).isEqualTo("The person did not answer in time");
	}

	@Test
	void aQuestionExpires() {
		thePersonAnswers(true);
		PersonTools.of(invocation("m-1"), Duration.ofMinutes(1)).confirm("Sure?", null);
		assertThat(this.asked.get(0).expiresAt()).isCloseTo(Instant.now().plusSeconds(60),
				within(Duration.ofSeconds(30)));
	}

	@Test
	void aHandlerThatRunsAgainAsksTheSameWithTheSameId() {
		thePersonAnswers(true);
		this.tools.confirm("Sure?", null);
		PersonTools.of(invocation("m-1")).confirm("Sure?", null);
		assertThat(ids()).hasSize(2).containsOnly(ids().get(0));
	}

	@Test
	void anAnswerNeverCountsForAQuestionInOtherWords() {
		thePersonAnswers(true);
		this.tools.confirm("List the files?", null);
		PersonTools.of(invocation("m-1")).confirm("Delete the files?", null);
		PersonTools.of(invocation("m-1")).confirm("List the files?", "And delete them?");
		PersonTools.of(invocation("m-2")).confirm("List the files?", null);
		assertThat(ids()).hasSize(4).doesNotHaveDuplicates();
	}

	@Test
	void theSameQuestionCanBeAskedTwice() {
		thePersonAnswers(true);
		this.tools.confirm("Sure?", null);
		this.tools.confirm("Sure?", null);
		assertThat(ids()).doesNotHaveDuplicates();
	}

	@Test
	void aQuestionThatContradictsItselfIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.tools.confirm(" ", null))
			.withMessage("'title' must not be blank");
	}

	@Test
	void whatAPersonAnswersIsNotInToString() {
		assertThat(new Answer(true, "secret", null)).hasToString("Answer[answered=true]");
	}

	private void thePersonAnswers(Object answer) {
		given(this.conversation.askAndWait(any())).willAnswer((call) -> {
			Question<?> question = call.getArgument(0);
			this.asked.add(question.widget());
			return answer;
		});
	}

	private List<String> ids() {
		return this.asked.stream().map((widget) -> String.valueOf(widget.id())).toList();
	}

	private HandlerInvocation invocation(String messageId) {
		return new HandlerInvocation(AgentMessage.builder("alice", "c-1").id(messageId).text("hello").build(),
				this.conversation);
	}

}
