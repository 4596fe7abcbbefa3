package com.pacerelle.client;

import java.time.Duration;
import java.util.Objects;

import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.DateTime;
import com.pacerelle.client.message.FilePicker;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.Tally;
import com.pacerelle.client.message.WidgetUpdate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.lang.CheckReturnValue;

/**
 * Where messages of the agent go: a person, or a group, in a conversation. Handlers get
 * the one of their message, whose device and reference the messages keep;
 * {@link AgentGatewayClient#conversation(String, String)} gives one at any time.
 */
public interface Conversation {

	/**
	 * The id of the conversation.
	 * @return not empty
	 */
	String id();

	/**
	 * The recipient.
	 * @return the id of a person, or {@code group:<conversation id>}
	 */
	String to();

	/**
	 * Whether it is a group.
	 * @return whether messages go to all members of a group
	 */
	boolean isGroup();

	/**
	 * The same conversation, in which messages refer to an earlier one and go to the
	 * device it came from.
	 * @param messageId the message that is answered
	 * @return the conversation
	 */
	Conversation replyingTo(String messageId);

	/**
	 * The same conversation on one device of the person. In a group it changes nothing.
	 * @param deviceId the device
	 * @return the conversation
	 */
	Conversation onDevice(String deviceId);

	/**
	 * Sends something now, without waiting for the end of a handler.
	 * <p>
	 * When this completes, the message is encrypted and on the disk, and will reach the
	 * relay: as soon as there is a connection, in the order of sending, also after a
	 * crash of this process. It does not say that the relay has it, nor that anybody has
	 * read it. After a connection is lost, the relay may get it again, with the same id,
	 * by which it is told that it is the same. It is given up only if the relay refuses
	 * it as too large, twice in a row, and lost only if the relay loses it later than
	 * three seconds after it has read it. When this fails, nothing is sent.
	 * @param content what to send
	 * @return the message, once it is committed; fails with
	 * {@link UnknownRecipientException} if the person never wrote in this conversation,
	 * with {@link GroupKeyException} if there is no key of the group, with
	 * {@link OutboxFullException} if 100,000 messages wait for a connection, with
	 * {@link IllegalArgumentException} if the answered message belongs to another
	 * conversation or person
	 */
	@CheckReturnValue
	Mono<SentMessage> send(Content content);

	/**
	 * Sends something now, and blocks the calling thread until it is committed.
	 * @param content what to send
	 * @return the message
	 * @throws UnknownRecipientException if the person never wrote in this conversation;
	 * and whatever else {@link #send(Content)} fails with
	 * @throws IllegalStateException if the calling thread must not block
	 */
	default SentMessage sendAndWait(Content content) {
		return await(send(content), "This thread must not block: return what 'send' returns");
	}

	/**
	 * How the group has voted so far on a widget that was sent with
	 * {@link com.pacerelle.client.message.ResponseMode#COLLECTIVE}.
	 * @param <T> the type of an option
	 * @param widgetId the widget's id; the latest if several have this id
	 * @param type {@link Boolean} for a {@code confirm}, {@link String} for a
	 * {@code choice}
	 * @return the tally, empty if no such widget was sent here, or it was deleted because
	 * of its age; fails with {@link IllegalArgumentException} if its options are of
	 * another type
	 */
	@CheckReturnValue
	<T> Mono<Tally<T>> tally(String widgetId, Class<T> type);

	/**
	 * Sends a text.
	 * @param text the text
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendMessage(String text) {
		return send(new Reply(text));
	}

	/**
	 * Sends a file.
	 * @param file what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendFile(AgentFile file) {
		return send(file);
	}

	/**
	 * Sends a picture, a sound or a video.
	 * @param media what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendMedia(AgentFile media) {
		return send(media);
	}

	/**
	 * Sends a question with two answers.
	 * @param confirm what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendConfirmWidget(Confirm confirm) {
		return send(confirm);
	}

	/**
	 * Sends a question with one answer of several.
	 * @param choice what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendChoiceWidget(Choice choice) {
		return send(choice);
	}

	/**
	 * Sends a question with any number of answers.
	 * @param choices what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendChoiceWidget(Choices choices) {
		return send(choices);
	}

	/**
	 * Sends a request for a permission.
	 * @param permission what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendPermissionWidget(Permission permission) {
		return send(permission);
	}

	/**
	 * Sends a form.
	 * @param form what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendFormWidget(Form form) {
		return send(form);
	}

	/**
	 * Sends how far something is.
	 * @param progress what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendProgressWidget(Progress progress) {
		return send(progress);
	}

	/**
	 * Sends a question for a date or a time.
	 * @param dateTime what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendDatetimeWidget(DateTime<?> dateTime) {
		return send(dateTime);
	}

	/**
	 * Sends a question for files.
	 * @param filePicker what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendFilePickerWidget(FilePicker filePicker) {
		return send(filePicker);
	}

	/**
	 * Sends a change of a widget that was sent before.
	 * @param update what to send
	 * @return as {@link #send(Content)}
	 */
	@CheckReturnValue
	default Mono<SentMessage> sendWidgetUpdate(WidgetUpdate update) {
		return send(update);
	}

	/**
	 * Asks the person and waits for the answer, without holding a thread. The answer is
	 * received ahead of earlier messages that wait for their handler.
	 * <p>
	 * In the handler of a message, this survives a crash: the answer is accepted together
	 * with the message. When the handler runs again, in the same way, the widget is not
	 * sent again, and an answer already given is used. So a widget without an id gets one
	 * that depends on the message and on how many were asked before by its handler. In a
	 * group, the person who wrote the message is asked.
	 * <p>
	 * After an invalid answer the question is asked again, up to ten times, with what is
	 * wrong as the body of another widget, whose id ends with {@code -2}, {@code -3} and
	 * so on.
	 * @param <T> the type of the answer
	 * @param question what to ask, not collective
	 * @return the answer; fails with {@link AnswerCancelledException} if the person
	 * cancels the widget, with {@link AnswerExpiredException} if it expires, with
	 * {@link com.pacerelle.client.message.InvalidAnswerException} after the last invalid
	 * answer, with {@link IllegalStateException} if a widget of this id is being asked in
	 * the conversation already, and as {@link #send(Content)}
	 */
	@CheckReturnValue
	<T> Mono<T> ask(Question<T> question);

	/**
	 * Asks the person, with a timeout.
	 * @param <T> the type of the answer
	 * @param question what to ask, not collective
	 * @param timeout how long to wait for an answer
	 * @return as {@link #ask(Question)}; fails with {@link AnswerTimeoutException} if
	 * there is no answer in time
	 */
	@CheckReturnValue
	<T> Mono<T> ask(Question<T> question, Duration timeout);

	/**
	 * Asks the person and blocks the calling thread until there is an answer. Handlers of
	 * other conversations are not delayed, but each waiting one holds a thread: with very
	 * many questions, use virtual threads or {@link #ask(Question)}.
	 * @param <T> the type of the answer
	 * @param question what to ask, not collective
	 * @return the answer
	 * @throws NoAnswerException as {@link #ask(Question)}
	 * @throws IllegalStateException if the calling thread must not block
	 */
	default <T> T askAndWait(Question<T> question) {
		return await(ask(question), "This thread must not wait for a person: return what 'ask' returns");
	}

	/**
	 * Asks the person and blocks the calling thread, with a timeout.
	 * @param <T> the type of the answer
	 * @param question what to ask, not collective
	 * @param timeout how long to wait for an answer
	 * @return the answer
	 * @throws NoAnswerException as {@link #ask(Question, Duration)}
	 * @throws IllegalStateException if the calling thread must not block
	 */
	default <T> T askAndWait(Question<T> question, Duration timeout) {
		return await(ask(question, timeout), "This thread must not wait for a person: return what 'ask' returns");
	}

	/**
	 * Shows how far a handler is, from code that goes on meanwhile: the first progress of
	 * an id, or without one, creates the widget, later ones change it, as for those that
	 * a handler returns ({@link AgentMessageHandler}). Blocks until the first one is
	 * committed; later ones are shown when it is time.
	 * @param progress how far it is
	 * @throws AnswerCancelledException if the person has cancelled the widget
	 * @throws IllegalStateException if this is not the conversation of a handler that is
	 * running, or the calling thread must not block
	 */
	default void show(Progress progress) {
		throw new IllegalStateException("Only a running handler shows progress: send it, and updates of it");
	}

	private static <T> T await(Mono<T> result, String otherwise) {
		if (Schedulers.isInNonBlockingThread()) {
			throw new IllegalStateException(otherwise);
		}
		return Objects.requireNonNull(result.block(), "There is no result");
	}

}
