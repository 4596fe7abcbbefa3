package com.pacerelle.dev;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.FilePicker;
import com.pacerelle.client.message.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * People who send and receive files, and groups of them, with the real client.
 */
class FilesAndGroupsTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final PersonFile NOTES = PersonFile.of("notes.txt", "Remember".getBytes(StandardCharsets.UTF_8));

	private final DevRelay relay = DevRelay.start();

	private final TestAgent agent;

	FilesAndGroupsTests(@TempDir Path storeRoot) {
		AgentMessageHandler handler = (message, conversation) -> Flux.fromIterable(message.attachments())
			.flatMapSequential((file) -> file.download().map((content) -> (Content) AgentFile.of(file.name(), content)))
			.switchIfEmpty(message.text().equals("ask") ? Flux.just(FilePicker.of("Which file?").id("pick")) : Flux
				.just(new Reply(message.from() + (message.group() ? " said to all: " : " said: ") + message.text())));
		this.agent = new TestAgent(this.relay, storeRoot, handler);
	}

	@AfterEach
	void close() {
		this.agent.close();
		assertThat(this.relay.violations()).isEmpty();
		this.relay.close();
	}

	@Test
	void fileComesBackAsItWasSent() {
		Person alice = this.relay.person("alice", "conversation", "phone");
		ReceivedMessage reply = reply(alice, alice.send("Here it is", List.of(NOTES)));
		assertThat(alice.files(reply)).containsExactly(NOTES);
		assertThat(NOTES.mime()).isEqualTo("text/plain");
		assertThat(NOTES).hasToString("PersonFile[size=8]");
	}

	@Test
	void filePickerIsAnsweredWithFiles() {
		Person alice = this.relay.person("alice", "conversation", "phone");
		reply(alice, alice.send("ask"));
		ReceivedMessage reply = reply(alice, alice.answerWithFiles("pick", List.of(NOTES)));
		assertThat(alice.files(reply)).containsExactly(NOTES);
	}

	@Test
	void textHasNoFiles() {
		Person alice = this.relay.person("alice", "conversation", "phone");
		assertThat(alice.files(reply(alice, alice.send("{")))).isEmpty();
	}

	@Test
	void allMembersReadWhatTheAgentSendsToTheGroup() {
		Group team = this.relay.group("team");
		Person alice = team.member("alice", "phone");
		Person bob = team.member("bob", "phone");
		assertThat(team.member("bob", "phone")).isSameAs(bob);
		ReceivedMessage toAlice = reply(alice, alice.send("Hello"));
		assertThat(toAlice.text()).isEqualTo("alice said to all: Hello");
		assertThat(bob.received().blockFirst(PATIENCE)).isEqualTo(toAlice);
		assertThat(reply(bob, bob.send("Hello, too")).text()).isEqualTo("bob said to all: Hello, too");
	}

	@Test
	void deviceHasTheSameIdentityInAllItsConversations() {
		for (String conversation : List.of("first", "second")) {
			Person alice = this.relay.person("alice", conversation, "phone");
			reply(alice, alice.send("Hello"));
		}
		assertThat(this.agent.client().devices("alice")).hasSize(2)
			.extracting((device) -> device.verificationCode())
			.containsOnly(this.agent.client().devices("alice").get(0).verificationCode());
	}

	private static ReceivedMessage reply(Person person, String messageId) {
		return Objects.requireNonNull(person.reply(messageId).block(PATIENCE));
	}

}
