package com.pacerelle.sample;

import java.util.ArrayList;
import java.util.List;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.SentMessage;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * The samples of {@code docs/groups.md}.
 */
class GroupSamplesTests {

	private final AgentGatewayClient client = mock(AgentGatewayClient.class);

	private final List<String> told = new ArrayList<>();

	// tag::handler[]
	@PacerelleHandler
	String answer(AgentMessage message) {
		return message.group() ? message.from() + " wrote to all of us: " + message.text()
				: "You wrote to me alone: " + message.text();
	}
	// end::handler[]

	// tag::announce[]
	Mono<SentMessage> announce(String conversationId, String text) {
		return this.client.conversation("group:" + conversationId, conversationId).sendMessage(text);
	}
	// end::announce[]

	// tag::events[]
	Disposable watchKeys() {
		return this.client.events().ofType(GatewayEvent.GroupKeyAdded.class).subscribe((added) -> {
			String device = (added.deviceId() != null) ? added.deviceId() : "an unnamed device";
			tellOperator(added.senderId() + " on " + device + " gave a key for " + added.conversationId());
		});
	}
	// end::events[]

	private void tellOperator(String text) {
		this.told.add(text);
	}

	@Test
	void handlerKnowsWhetherAMessageIsForAll() {
		AgentMessage direct = AgentMessage.builder("anna", "team").id("m-1").text("Hello").build();
		AgentMessage group = AgentMessage.builder("anna", "team").id("m-1").group(true).text("Hello").build();
		assertThat(answer(direct)).isEqualTo("You wrote to me alone: Hello");
		assertThat(answer(group)).isEqualTo("anna wrote to all of us: Hello");
	}

	@Test
	void applicationWritesToAGroupByItsName() {
		SentMessage sent = new SentMessage("m-2", "team", null);
		Conversation team = mock();
		given(this.client.conversation("group:team", "team")).willReturn(team);
		given(team.sendMessage("Deployed")).willReturn(Mono.just(sent));
		assertThat(announce("team", "Deployed").block()).isEqualTo(sent);
	}

	@Test
	void operatorIsToldWhoGaveAKey() {
		given(this.client.events()).willReturn(Flux.just(new GatewayEvent.GroupKeyAdded("team", "k", 1, "anna", null)));
		watchKeys().dispose();
		assertThat(this.told).containsExactly("anna on an unnamed device gave a key for team");
	}

}
