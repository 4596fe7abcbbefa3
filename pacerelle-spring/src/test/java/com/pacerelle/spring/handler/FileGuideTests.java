package com.pacerelle.spring.handler;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.SentMessage;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.AttachmentRefusedException.Reason;
import com.pacerelle.client.message.Reply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.ArgumentCaptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * The code of {@code docs/files.md} does what it says.
 */
class FileGuideTests {

	@AutoClose
	private static final HandlerContext agent = HandlerContext.started(Agent.class, Refusals.class);

	@TempDir
	private Path directory;

	@Test
	void readsSmallFilesIntoMemory() {
		assertThat(agent.reply(message("/count", "a\nb\n"))).isEqualTo("2 line(s)");
		assertThat(agent.reply(message("/count", "x".repeat((int) AgentAttachment.MAX_IN_MEMORY_SIZE + 1))))
			.isEqualTo("I cannot read this file: it is too large");
	}

	@Test
	void readsLargeFilesAsAStream() {
		assertThat(agent.reply(message("/first", "a\nb\n"))).isEqualTo("It starts with: a");
	}

	@Test
	void keepsFilesUnderNamesOfItsOwn() {
		assertThat(new Archive(this.directory).keep(attachment("a\nb\n")).block()).isEqualTo("Kept 4 bytes");
		assertThat(this.directory.toFile().list()).singleElement().asString().hasSize(36);
	}

	@Test
	void saysWhyItRefusesAFile() {
		AgentAttachment tampered = attachment("x").from((attachment, listener) -> Mono
			.error(new AttachmentRefusedException(Reason.TAMPERED, "It is not what was encrypted")));
		assertThat(agent.reply(message("/count", tampered))).isEqualTo("I cannot read this file: please send it again");
	}

	@Test
	void sendsFilesAndMedia() throws IOException {
		AgentFile report = (AgentFile) agent.handle(message("/report", "")).get(0);
		assertThat(report.name()).isEqualTo("report.csv");
		assertThat(report.mime()).isEqualTo("text/csv");
		Reply logs = (Reply) agent.handle(message("/logs", "")).get(0);
		assertThat(logs.files()).extracting(AgentFile::name).containsExactly("agent.log", "audit.bin");
		assertThat(logs.files()).extracting(AgentFile::mime).containsExactly("text/x-log", "application/x-audit");
		Path clip = Files.writeString(this.directory.resolve("clip.mp4"), "clip");
		AgentFile media = Agent.clip(clip);
		assertThat(media.mime()).isEqualTo("video/mp4");
		assertThat(media.width()).isEqualTo(1280);
		assertThat(media.duration()).hasSeconds(95);
		assertThat(media.content().getContentAsByteArray()).hasSize(4);
		media.listener().transferred(10, 20);
	}

	@Test
	void uploadsOnceForMany() {
		AgentGatewayClient client = mock();
		given(client.upload(any())).willReturn(Mono.just(attachment("x")));
		Conversation alice = conversation();
		Conversation bob = conversation();
		assertThat(new Newsletter(client).send(Path.of("news.pdf"), List.of(alice, bob)).collectList().block())
			.hasSize(2);
		verify(client, times(1)).upload(any());
		ArgumentCaptor<AgentFile> sent = ArgumentCaptor.forClass(AgentFile.class);
		verify(bob).send(sent.capture());
		assertThat(sent.getValue().uploaded()).isNotNull();
	}

	@Test
	void readsStoredAttachmentsLater() {
		AgentGatewayClient client = mock();
		AgentAttachment stored = AgentAttachment.builder("a.txt", "text/plain")
			.id("f1")
			.size(1)
			.blobId("b1")
			.key("key", "iv")
			.build();
		given(client.readable(stored)).willReturn(attachment("x"));
		assertThatIllegalStateException().isThrownBy(() -> stored.download().block());
		assertThat(new Job(client).run(stored).block()).isEqualTo(1);
	}

	private static Conversation conversation() {
		Conversation conversation = mock();
		given(conversation.send(any())).willReturn(Mono.just(new SentMessage("m1", "c1", null)));
		return conversation;
	}

	private static AgentMessage message(String text, String content) {
		return message(text, attachment(content));
	}

	private static AgentMessage message(String text, AgentAttachment attachment) {
		return AgentMessage.builder("u1", "c1").id("m1").text(text).attachments(attachment).build();
	}

	// tag::test[]
	static AgentAttachment attachment(String content) {
		return AgentAttachment.of("../brief.txt", "text/plain", content.getBytes(StandardCharsets.UTF_8));
	}
	// end::test[]

	@Component
	static class Agent {

		private static final Logger logger = LoggerFactory.getLogger(Agent.class);

		// tag::memory[]
		@PacerelleHandler(command = "/count", kind = MessageKind.ATTACHMENT)
		Mono<String> count(AgentAttachment file) {
			return file.download()
				.map((bytes) -> new String(bytes, StandardCharsets.UTF_8).lines().count() + " line(s)");
		}
		// end::memory[]

		// tag::resource[]
		@PacerelleHandler(command = "/first", kind = MessageKind.ATTACHMENT)
		String firstLine(AgentAttachment file) throws IOException {
			try (InputStream content = file.resource().getInputStream();
					BufferedReader lines = new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8))) {
				return "It starts with: " + lines.readLine();
			}
		}
		// end::resource[]

		// tag::send[]
		@PacerelleHandler(command = "/report")
		AgentFile report() {
			return AgentFile.of("report.csv", "task,state\nlint,done\n".getBytes(StandardCharsets.UTF_8));
		}

		@PacerelleHandler(command = "/logs")
		Reply logs() {
			return new Reply("Here are the logs of today", List.of(AgentFile.of(Path.of("/var/log/agent.log")),
					AgentFile.of(Path.of("/var/log/audit.bin")).mime("application/x-audit")));
		}
		// end::send[]

		// tag::media[]
		static AgentFile clip(Path video) {
			return AgentFile.of(video)
				.dimensions(1280, 720)
				.duration(Duration.ofSeconds(95))
				.onProgress((transferred, total) -> logger.info("{} of {} bytes", transferred, total));
		}
		// end::media[]

	}

	// tag::refused[]
	@Component
	static class Refusals {

		@PacerelleExceptionHandler
		String refused(AttachmentRefusedException failure) {
			return "I cannot read this file: " + switch (failure.reason()) {
				case TOO_LARGE, TOO_LARGE_FOR_MEMORY -> "it is too large";
				case TYPE_NOT_ACCEPTED -> "please send a PDF";
				case WRONG_SIZE, TAMPERED, NO_KEY, NOT_FOUND -> "please send it again";
			};
		}

	}
	// end::refused[]

	record Archive(Path directory) {

		// tag::path[]
		Mono<String> keep(AgentAttachment file) {
			Path target = this.directory.resolve(UUID.randomUUID().toString());
			return file.download(target).thenReturn("Kept " + file.size() + " bytes");
		}
		// end::path[]

	}

	record Newsletter(AgentGatewayClient client) {

		// tag::upload[]
		Flux<SentMessage> send(Path file, List<Conversation> readers) {
			return this.client.upload(AgentFile.of(file))
				.map(AgentFile::of)
				.flatMapMany((uploaded) -> Flux.fromIterable(readers).concatMap((reader) -> reader.send(uploaded)));
		}
		// end::upload[]

	}

	record Job(AgentGatewayClient client) {

		// tag::readable[]
		Mono<Integer> run(AgentAttachment stored) {
			return this.client.readable(stored).download().map((bytes) -> bytes.length);
		}
		// end::readable[]

	}

}
