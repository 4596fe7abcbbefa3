package com.pacerelle.client.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.TestBlobs;
import com.pacerelle.client.core.Threads;
import com.pacerelle.client.event.Lifetime;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.http.AgentToken;
import com.pacerelle.client.http.RelayHttpClient;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.AttachmentRefusedException.Reason;
import com.pacerelle.client.message.FileTransferException;
import com.pacerelle.client.message.Reply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpResources;
import reactor.test.StepVerifier;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Files on their way to the relay and back.
 */
@Timeout(600)
class FileTransferTests {

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final String NAME = "the secret plan.txt";

	@TempDir
	private Path directory;

	@TempDir
	private Path spool;

	@AutoClose
	private final TestBlobs relay = new TestBlobs();

	private Duration timeout = Duration.ofMinutes(1);

	private final ExecutorService threads = Threads.pool("files", 4, false);

	@AfterEach
	void leavesNothingInTheTemporaryDirectory() {
		await().untilAsserted(() -> assertThat(this.spool).isEmptyDirectory());
		this.threads.shutdownNow();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 15, 16, 17, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_000 })
	void comesBackAsItWasSent(int size) throws IOException {
		byte[] content = random(size);
		AgentAttachment attachment = upload(AgentFile.of(NAME, content));
		assertThat(attachment.name()).isEqualTo(NAME);
		assertThat(attachment.mime()).isEqualTo("text/plain");
		assertThat(attachment.size()).isEqualTo(size);
		assertThat(attachment.sha256()).hasSize(64);
		assertThat(attachment.download().block()).isEqualTo(content);
		Path target = this.directory.resolve("target");
		assertThat(attachment.download(target).block()).isEqualTo(target);
		assertThat(target).hasBinaryContent(content);
		assertThat(attachment.resource().getContentAsByteArray()).isEqualTo(content);
		assertThat(attachment.resource().contentLength()).isEqualTo(size);
		assertThat(this.relay.blobs().get(attachment.blobId())).hasSize(size + FileCipher.TAG_SIZE);
		assertThat(this.relay.requests().get(0))
			.isEqualTo("POST /agent/blobs Bearer " + TestBlobs.TOKEN + " application/octet-stream " + (size + 16));
		assertThat(this.relay.requests().get(1))
			.startsWith("GET /agent/blobs/blob%2F1%20%3F%23%25%2E%2A Bearer " + TestBlobs.TOKEN);
	}

	@Test
	void isEncryptedWithAnotherKeyEachTime() {
		AgentFile file = AgentFile.of(NAME, new byte[1000]);
		AgentAttachment first = upload(file);
		AgentAttachment second = upload(file);
		assertThat(first.keyB64()).isNotEqualTo(second.keyB64());
		assertThat(first.id()).isNotEqualTo(second.id());
		assertThat(this.relay.blobs().get(first.blobId())).isNotEqualTo(this.relay.blobs().get(second.blobId()));
	}

	@Test
	void isNotUploadedAgain() {
		AgentAttachment attachment = upload(AgentFile.of(NAME, new byte[10]).duration(Duration.ofSeconds(2)));
		AgentAttachment again = upload(AgentFile.of(attachment));
		assertThat(again).isEqualTo(attachment);
		assertThat(again.download().block()).hasSize(10);
		assertThat(this.relay.blobs()).hasSize(1);
	}

	@Test
	void givesEachContentItsFilesInTheirOrder() {
		List<Uploads.Uploaded> uploaded = uploads((settings) -> settings).upload(List.of(new Reply("text"),
				new Reply("two", List.of(AgentFile.of("a.txt", new byte[1]), AgentFile.of("b.txt", new byte[2]))),
				AgentFile.of("c.txt", new byte[3])));
		assertThat(uploaded).extracting((content) -> content.attachments().stream().map(AgentAttachment::name).toList())
			.containsExactly(List.of(), List.of("a.txt", "b.txt"), List.of("c.txt"));
		assertThat(uploaded.get(1)).asString().isEqualTo("Uploaded[attachments=2]");
	}

	@Test
	void readsAContentOnce() {
		Resource once = new InputStreamResource(new ByteArrayInputStream(png(20, 10)));
		AgentAttachment attachment = upload(AgentFile.of("chart.png", once));
		assertThat(attachment.width()).isEqualTo(20);
		assertThat(attachment.height()).isEqualTo(10);
		assertThat(attachment.download().block()).isEqualTo(png(20, 10));
	}

	@Test
	void saysWhatTheApplicationSaysAboutIt() {
		AgentAttachment attachment = upload(AgentFile.of("chart.png", png(20, 10))
			.mime("image/x-own")
			.dimensions(3, 4)
			.duration(Duration.ofMillis(1500))
			.thumbnailBlobId("thumb-1"));
		assertThat(attachment.mime()).isEqualTo("image/x-own");
		assertThat(attachment.width()).isEqualTo(3);
		assertThat(attachment.height()).isEqualTo(4);
		assertThat(attachment.durationMs()).isEqualTo(1500);
		assertThat(attachment.thumbnailBlobId()).isEqualTo("thumb-1");
	}

	@Test
	void showsHowFarItIs() {
		List<Long> up = new CopyOnWriteArrayList<>();
		List<Long> down = new CopyOnWriteArrayList<>();
		int total = 300_000 + FileCipher.TAG_SIZE;
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(300_000)).onProgress((transferred, size) -> {
			assertThat(size).isEqualTo(total);
			up.add(transferred);
		}));
		attachment.download(this.directory.resolve("target"), (transferred, size) -> {
			assertThat(size).isEqualTo(total);
			down.add(transferred);
		}).block();
		assertThat(up).isSorted().hasSizeGreaterThan(3).endsWith((long) total);
		assertThat(down).isSorted().isNotEmpty().endsWith((long) total);
	}

	static List<UnaryOperator<byte[]>> tamperings() {
		List<UnaryOperator<byte[]>> tamperings = new ArrayList<>();
		for (int position : new int[] { 0, 1, 500, 999, 1000, 1007, 1015 }) {
			tamperings.add((blob) -> {
				blob[position] ^= 1;
				return blob;
			});
		}
		tamperings.add((blob) -> new byte[blob.length]);
		return tamperings;
	}

	@ParameterizedTest
	@MethodSource("tamperings")
	void isRefusedWhenItWasTamperedWith(UnaryOperator<byte[]> tampering) throws IOException {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(1000)));
		this.relay.blobs().compute(attachment.blobId(), (id, blob) -> tampering.apply(blob));
		assertRefused(attachment, Reason.TAMPERED);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 15, 16, 1000, 1015, 1017, 5000 })
	void isRefusedWhenItHasAnotherSize(int size) throws IOException {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(1000)));
		this.relay.blobs().compute(attachment.blobId(), (id, blob) -> Arrays.copyOf(blob, size));
		assertRefused(attachment, Reason.WRONG_SIZE);
	}

	@Test
	void isRefusedWithoutReadingMoreThanItsSize() throws IOException {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(1000)));
		this.relay.answer((request, response) -> response
			.sendByteArray(Flux.<byte[]>generate((sink) -> sink.next(new byte[1024]))));
		assertRefused(attachment, Reason.WRONG_SIZE);
	}

	@Test
	void isRefusedWithoutAKey() throws IOException {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(1000)));
		assertRefused(withKey(attachment, null, attachment.ivB64()), Reason.NO_KEY);
		assertRefused(withKey(attachment, attachment.keyB64(), null), Reason.NO_KEY);
		assertRefused(withKey(attachment, "%%%", attachment.ivB64()), Reason.NO_KEY);
		assertRefused(withKey(attachment, attachment.keyB64(), "AAAA"), Reason.NO_KEY);
		assertThat(this.relay.requests()).as("nothing is downloaded in vain").hasSize(1);
		String otherKey = Base64.getEncoder().encodeToString(new byte[32]);
		assertRefused(withKey(attachment, otherKey, attachment.ivB64()), Reason.TAMPERED);
	}

	@Test
	void isRefusedWhenItIsTooLarge() throws IOException {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(1001)));
		assertRefused(attachment.from(downloads((settings) -> settings.files((files) -> files.maxSize(1000)))),
				Reason.TOO_LARGE);
		assertThat(this.relay.requests()).hasSize(1);
		assertThat(attachment.from(downloads((settings) -> settings.files((files) -> files.maxSize(1001))))
			.download()
			.block()).hasSize(1001);
	}

	@Test
	void isNotUploadedWhenItIsTooLarge() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> uploads((settings) -> settings.files((files) -> files.maxSize(1000)))
				.upload(AgentFile.of(NAME, random(1001)))
				.block())
			.withMessageContaining("'files.maxSize'")
			.withMessageNotContaining(NAME);
		assertThat(this.relay.requests()).isEmpty();
	}

	@Test
	void isNotTakenIntoMemoryWhenItIsTooLargeForThat() {
		AgentAttachment attachment = upload(AgentFile.of(NAME, new byte[(int) AgentAttachment.MAX_IN_MEMORY_SIZE + 1]));
		assertThatExceptionOfType(AttachmentRefusedException.class).isThrownBy(() -> attachment.download().block())
			.withMessageContaining("use download(Path) or resource()")
			.extracting(AttachmentRefusedException::reason)
			.isEqualTo(Reason.TOO_LARGE_FOR_MEMORY);
		assertThat(attachment.download(this.directory.resolve("target")).block())
			.hasSize(AgentAttachment.MAX_IN_MEMORY_SIZE + 1);
	}

	@Test
	void isRefusedWhenItsTypeIsNotAccepted() throws IOException {
		UnaryOperator<AgentGatewaySettings.Builder> images = (settings) -> settings
			.files((files) -> files.acceptedTypes(List.of("image/*", ".csv")));
		AgentAttachment text = upload(AgentFile.of("a.txt", "text".getBytes(StandardCharsets.UTF_8)));
		assertRefused(text.from(downloads(images)), Reason.TYPE_NOT_ACCEPTED);
		assertThat(this.relay.requests()).as("its name was enough").hasSize(1);
		AgentAttachment disguised = upload(AgentFile.of("a.png", "text".getBytes(StandardCharsets.UTF_8)));
		assertRefused(disguised.from(downloads(images)), Reason.TYPE_NOT_ACCEPTED);
		AgentAttachment image = upload(AgentFile.of("a.png", png(5, 5)));
		assertThat(image.from(downloads(images)).download().block()).isEqualTo(png(5, 5));
		AgentAttachment table = upload(AgentFile.of("a.csv", "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)));
		assertThat(table.from(downloads(images)).download().block()).hasSize(8);
	}

	@ParameterizedTest
	@ValueSource(ints = { 404, 410 })
	void isRefusedWhenTheRelayDoesNotHaveIt(int status) throws IOException {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(10)));
		this.relay.answer((request, response) -> response.status(status).send());
		assertRefused(attachment, Reason.NOT_FOUND);
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 307, 400, 401, 403, 413, 429, 500, 503 })
	void failsClearlyWhenTheRelayAnswersOtherwise(int status) {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(10)));
		this.relay.answer((request, response) -> request.receive()
			.then(response.status(status).header("Location", "/agent/blobs/elsewhere").send().then()));
		assertTransferFails(attachment.download(),
				"A file could not be downloaded: the relay answered with HTTP status " + status);
		assertTransferFails(uploads((settings) -> settings).upload(AgentFile.of(NAME, random(10))),
				"A file could not be uploaded: the relay answered with HTTP status " + status);
		assertThat(this.relay.requests()).as("no redirect is followed").hasSize(3);
	}

	@Test
	void failsWhenTheConnectionIsCutInTheMiddle() {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(1000)));
		this.relay.answer((request, response) -> response.header("Content-Length", "1016")
			.sendByteArray(Flux.just(new byte[500]).concatWith(Mono.error(new IOException("cut")))));
		assertTransferFails(attachment.download(), "A file could not be downloaded: the connection was lost");
		this.relay.answer((request, response) -> {
			request.withConnection((connection) -> connection.channel().close());
			return Mono.never();
		});
		assertTransferFails(attachment.download(), "A file could not be downloaded: the connection was lost");
		assertTransferFails(uploads((settings) -> settings).upload(AgentFile.of(NAME, random(5_000_000))),
				"A file could not be uploaded: the connection was lost");
	}

	@Test
	void failsWhenNothingMoves() {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(1000)));
		this.timeout = Duration.ofSeconds(1);
		this.relay.answer((request, response) -> Mono.never());
		Mono<byte[]> download = attachment.from(downloads((settings) -> settings)).download();
		assertTransferFails(download, "A file could not be downloaded: no data was transferred for 1 s");
		assertTransferFails(uploads((settings) -> settings).upload(AgentFile.of(NAME, random(100))),
				"A file could not be uploaded: no data was transferred for 1 s");
		assertTransferFails(uploads((settings) -> settings).upload(AgentFile.of(NAME, random(20_000_000))),
				"A file could not be uploaded: no data was transferred for 1 s");
		this.relay.answer((request, response) -> response.header("Content-Length", "1016")
			.sendByteArray(Flux.concat(Mono.just(new byte[500]), Mono.never())));
		assertTransferFails(download, "A file could not be downloaded: no data was transferred for 1 s");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "no JSON", "{}", "[]", "{\"id\":\"\"}", "{\"id\":1}" })
	void failsWhenTheRelayDoesNotSayWhereItIs(String answer) {
		this.relay.answer((request, response) -> request.receive().then(response.sendString(Mono.just(answer)).then()));
		assertTransferFails(uploads((settings) -> settings).upload(AgentFile.of(NAME, random(10))),
				"The relay's answer to an upload has no id");
	}

	@Test
	void failsWhenTheRelayHasStoredSomethingElse() {
		String answer = "{\"id\":\"1\",\"sha256\":\"" + "0".repeat(64) + "\"}";
		this.relay.answer((request, response) -> request.receive().then(response.sendString(Mono.just(answer)).then()));
		assertTransferFails(uploads((settings) -> settings).upload(AgentFile.of(NAME, random(10))),
				"A file could not be uploaded: the relay has stored something else");
	}

	@Test
	void failsWhenTheAnswerOfTheRelayHasNoEnd() {
		this.relay.answer((request, response) -> response
			.sendByteArray(Flux.<byte[]>generate((sink) -> sink.next(new byte[1024]))));
		assertTransferFails(uploads((settings) -> settings).upload(AgentFile.of(NAME, random(10))),
				"The relay's answer to an upload is too long");
	}

	@Test
	void failsWithoutItsNameWhenItCannotBeRead() {
		Path missing = this.directory.resolve(NAME);
		assertTransferFails(uploads((settings) -> settings).upload(AgentFile.of(missing)), "A file cannot be read");
		assertTransferFails(
				uploads((settings) -> settings).upload(AgentFile.of(NAME, new FileSystemResource(this.directory))),
				"A file cannot be read");
	}

	@Test
	void isOnlySentEncrypted() {
		assertThatIllegalStateException().isThrownBy(
				() -> uploads((settings) -> settings.encrypted(false)).upload(AgentFile.of(NAME, new byte[1])).block())
			.withMessageContaining("switch encryption on");
		assertThat(this.relay.requests()).isEmpty();
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Has other permissions")
	void replacesItsTargetOnlyWhenItIsThereAsAWhole() throws IOException {
		Path target = Files.writeString(this.directory.resolve("target"), "before");
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(1000)));
		byte[] blob = this.relay.blobs().get(attachment.blobId());
		this.relay.blobs().put(attachment.blobId(), new byte[1016]);
		assertThatExceptionOfType(AttachmentRefusedException.class)
			.isThrownBy(() -> attachment.download(target).block());
		assertThat(target).hasContent("before");
		this.relay.blobs().put(attachment.blobId(), blob);
		attachment.download(target).block();
		assertThat(target).hasSize(1000);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target))).isEqualTo("rw-------");
		assertThat(this.directory).isDirectoryNotContaining("glob:**.part");
	}

	@Test
	void canBeCancelledAtAnyTime() throws InterruptedException {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(1000)));
		CountDownLatch asked = new CountDownLatch(2);
		this.relay.answer((request, response) -> {
			asked.countDown();
			return Mono.never();
		});
		Disposable download = attachment.download().onErrorComplete().subscribe();
		Disposable upload = uploads((settings) -> settings).upload(AgentFile.of(NAME, random(20_000_000)))
			.onErrorComplete()
			.subscribe();
		asked.await();
		download.dispose();
		upload.dispose();
	}

	@Test
	void canBeReadFromTheClientThatReceivedIt() {
		AgentAttachment attachment = upload(AgentFile.of(NAME, random(1000)));
		AgentAttachment stored = withKey(attachment, attachment.keyB64(), attachment.ivB64());
		assertThatIllegalStateException().isThrownBy(() -> stored.download().block())
			.withMessageContaining("AgentGatewayClient.readable");
		assertThat(stored.from(downloads((settings) -> settings)).download().block()).hasSize(1000);
	}

	@Test
	void descriptionsHaveNoNameAndNoKey() {
		AgentFile file = AgentFile.of(NAME, new byte[1]);
		AgentAttachment attachment = upload(file);
		assertThat(List.of(file.toString(), attachment.toString(), attachment.resource().toString()))
			.noneMatch((text) -> text.contains(NAME) || text.contains(String.valueOf(attachment.keyB64())));
	}

	private AgentAttachment withKey(AgentAttachment attachment, @Nullable String keyB64, @Nullable String ivB64) {
		AgentAttachment other = AgentAttachment.builder(attachment.name(), attachment.mime())
			.id(attachment.id())
			.size(attachment.size())
			.blobId(attachment.blobId())
			.sha256(attachment.sha256())
			.key(keyB64, ivB64)
			.build();
		return (keyB64 == attachment.keyB64() && ivB64 == attachment.ivB64()) ? other : other.from(attachment.source());
	}

	private void assertRefused(AgentAttachment attachment, Reason reason) throws IOException {
		Path target = this.directory.resolve("refused");
		StepVerifier.create(attachment.download()).verifyErrorSatisfies((failure) -> assertRefused(failure, reason));
		StepVerifier.create(attachment.download(target))
			.verifyErrorSatisfies((failure) -> assertRefused(failure, reason));
		assertThat(target).doesNotExist();
		assertThatExceptionOfType(AttachmentRefusedException.class)
			.isThrownBy(() -> attachment.resource().getInputStream())
			.satisfies((failure) -> assertRefused(failure, reason));
	}

	private static void assertRefused(Throwable failure, Reason reason) {
		assertThat(failure).isInstanceOf(AttachmentRefusedException.class);
		assertThat(((AttachmentRefusedException) failure).reason()).isEqualTo(reason);
		assertThat(failure).hasMessageNotContaining(NAME).hasMessageNotContaining("blob/");
	}

	private static void assertTransferFails(Mono<?> transfer, String message) {
		StepVerifier.create(transfer).verifyErrorSatisfies((failure) -> {
			assertThat(failure).isInstanceOf(FileTransferException.class).hasMessageStartingWith(message);
			for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
				assertThat(cause.toString()).doesNotContain(NAME)
					.doesNotContain("blob")
					.doesNotContain(TestBlobs.TOKEN);
			}
		});
	}

	private AgentAttachment upload(AgentFile file) {
		AgentAttachment attachment = uploads((settings) -> settings).upload(file).block();
		assertThat(attachment).isNotNull();
		return attachment;
	}

	private Uploads uploads(UnaryOperator<AgentGatewaySettings.Builder> customizer) {
		AgentGatewaySettings settings = customizer.apply(this.relay.settings()).build();
		return new Uploads(settings.files(), settings.encrypted(), endpoint(settings), downloads(customizer),
				Schedulers.fromExecutorService(this.threads), new Lifetime(), this.spool, RANDOM, Observations.NONE);
	}

	private Downloads downloads(UnaryOperator<AgentGatewaySettings.Builder> customizer) {
		AgentGatewaySettings settings = customizer.apply(this.relay.settings()).build();
		return new Downloads(settings.files(), endpoint(settings), Schedulers.fromExecutorService(this.threads),
				new Lifetime(), this.spool);
	}

	private BlobEndpoint endpoint(AgentGatewaySettings settings) {
		return new BlobEndpoint(
				new RelayHttpClient(settings.connection(), new AgentToken(settings.token()), HttpResources.get()),
				Schedulers.fromExecutorService(this.threads), this.timeout);
	}

	private static byte[] random(int size) {
		byte[] bytes = new byte[size];
		RANDOM.nextBytes(bytes);
		return bytes;
	}

	private static byte[] png(int width, int height) {
		return ImageSizeTests.image("png", width, height);
	}

}
