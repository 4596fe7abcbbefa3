// tag::handlers[]
package com.example.approval;

import java.time.Duration;
import java.util.Optional;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.NoAnswerException;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.spring.handler.Argument;
import com.pacerelle.spring.handler.PacerelleExceptionHandler;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

@Component
class DropHandlers {

	private final AgentGatewayClient client;

	private final Databases databases;

	private final String approver;

	DropHandlers(AgentGatewayClient client, Databases databases, @Value("${approver}") String approver) {
		this.client = client;
		this.databases = databases;
		this.approver = approver;
	}

	@PacerelleHandler(value = "/drop", description = "deletes a database")
	String drop(@Argument String name, AgentMessage message) {
		Optional<Conversation> approval = this.client.conversations()
			.filter((conversation) -> conversation.to().equals(this.approver))
			.next()
			.blockOptional();
		if (approval.isEmpty()) {
			return "Nobody can approve this yet";
		}
		Confirm question = Confirm.of("May " + message.from() + " delete " + name + "?")
			.danger()
			.labels("Delete", "Keep");
		if (!approval.get().askAndWait(question, Duration.ofMinutes(10))) {
			return name + " was not approved";
		}
		this.databases.drop(name);
		return name + " is deleted";
	}

	@PacerelleHandler
	String ready() {
		return "I ask you when somebody wants to delete something";
	}

	@PacerelleExceptionHandler
	String noAnswer(NoAnswerException failure) {
		return "It was not approved";
	}

}
// end::handlers[]
