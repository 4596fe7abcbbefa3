package com.pacerelle.sample;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.spring.handler.PacerelleHandler;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Asks and continues with the answer, in one method.
 */
@Component
class AskHandler {

	// tag::ask[]
	@PacerelleHandler(command = "/ask", description = "asks, and replies to the answer")
	Mono<String> ask(Conversation conversation) {
		return conversation.ask(Confirm.of("Shall I go on?"))
			.map((yes) -> yes ? "You said yes" : "You said no")
			.onErrorReturn(AnswerCancelledException.class, "You said nothing");
	}
	// end::ask[]

}
