package com.pacerelle.sample;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.pacerelle.sample.NativePeer.Verdict;
import com.pacerelle.sample.NativePerson.ReceivedReply;
import com.pacerelle.sample.NativePerson.Sent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.unacknowledged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * People on the published SDK's native runtime talk to the sample's jar, which knows
 * nothing but the documented environment variables.
 */
@RequiresPython
class ConversationIT {

	@AutoClose
	private static NativePeer peer;

	@AutoClose
	private static AgentProcess agent;

	@BeforeAll
	static void startAgent() {
		peer = NativePeer.start();
		agent = AgentProcess.sample(peer.access()).start();
		peer.await(connected());
	}

	/**
	 * What failed in one test does not come again in the next.
	 */
	@AfterEach
	void forgetWhatWasNotAcknowledged() {
		peer.forget(peer.stats().unacked().toArray(String[]::new));
	}

	@Test
	void severalPeopleAreAnsweredEachInTheirConversation() {
		NativePerson[] people = Stream.of("anna", "bela", "chiara", "dario", "elif")
			.map(peer::join)
			.toArray(NativePerson[]::new);
		for (int round = 0; round < 5; round++) {
			Stream.of(people).forEach((person) -> person.send(person.name() + " says {n}"));
		}
		assertAllAnswered(25, people);
		assertThat(people[2].replies()).extracting(ReceivedReply::text)
			.contains("Received: " + DiscreetLog.SECRET + " chiara says 3");
	}

	@Test
	void eachDeviceOfAPersonIsAnsweredOnThatDevice() {
		NativePerson phone = peer.join("fritz-phone", "fritz", "conv-fritz", "phone");
		NativePerson desk = peer.join("fritz-desk", "fritz", "conv-fritz", "desk");
		NativePerson otherConversation = peer.join("fritz-elsewhere", "fritz", "conv-elsewhere", "phone");
		for (int round = 0; round < 3; round++) {
			phone.send("from the phone {n}");
			desk.send("from the desk {n}");
			otherConversation.send("elsewhere {n}");
		}
		assertAllAnswered(9, phone, desk, otherConversation);
		assertThat(phone.replies()).extracting(ReceivedReply::toDeviceId).containsOnly("phone");
		assertThat(desk.replies()).extracting(ReceivedReply::toDeviceId).containsOnly("desk");
	}

	@Test
	void aPersonWithoutDeviceIdIsAnsweredWithoutOne() {
		NativePerson greta = peer.join("greta");
		greta.send(Messages.numbered(3));
		assertAllAnswered(3, greta);
		assertThat(greta.replies()).extracting(ReceivedReply::toDeviceId).containsOnlyNulls();
	}

	@Test
	void messagesOfAHundredKilobytesWithEmojiComeBackWhole() {
		NativePerson hugo = peer.join("hugo");
		hugo.send(Messages.ofSize(100_000, 5, 42));
		assertAllAnswered(5, hugo);
		assertThat(hugo.replies()).allSatisfy((reply) -> assertThat(reply.text().getBytes(StandardCharsets.UTF_8))
			.hasSize("Received: ".length() + 100_000));
	}

	@Test
	void anEmptyMessageAndOneThatLooksLikeJsonAreTexts() {
		NativePerson ida = peer.join("ida");
		ida.send(Messages.exactly("", "Received: "));
		ida.send(Messages.exactly("{\"kind\":\"unknown\"}", "Received: {\"kind\":\"unknown\"}"));
		ida.send(Messages.exactly("{", "Received: {"));
		ida.send(Messages.exactly("null\u0000\u2028", "Received: null\u0000\u2028"));
		assertAllAnswered(4, ida);
	}

	@Test
	void aHundredMessagesSentBeforeTheFirstAnswerAreAllAnsweredInTheirOrder() {
		NativePerson jan = peer.join("jan");
		Sent sent = jan.send(Messages.numbered(100));
		assertAllAnswered(100, jan);
		assertThat(jan.replies()).extracting(ReceivedReply::replyTo).isEqualTo(sent.ids());
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void messagesThatAreLostDoubledAndReorderedAreAnsweredOnce(long seed) {
		NativePerson kim = peer.join("kim-" + seed, "kim", "conv-kim", "device-" + seed);
		List<String> lost = new ArrayList<>();
		for (int burst = 0; burst < 5; burst++) {
			lost.addAll(kim.send(Messages.numbered(40).overBadNetwork(0.3, 0.2, 10, seed + 10 * burst)).dropped());
			peer.await(allAcknowledged());
		}
		assertThat(lost).hasSizeBetween(20, 100);
		assertAllAnswered(200 - lost.size(), kim);
		peer.deliver(lost.toArray(String[]::new));
		assertAllAnswered(200, kim);
	}

	@Test
	void whatIsDeliveredAgainIsAcknowledgedAgainButNotAnsweredAgain() {
		NativePerson lena = peer.join("lena");
		String id = lena.send("Do you hear me?");
		assertAllAnswered(1, lena);
		int acknowledgements = peer.stats().repeatedAcks();
		peer.deliver(id, id);
		lena.send("Do you hear me now?");
		assertAllAnswered(2, lena);
		assertThat(peer.stats().repeatedAcks()).isGreaterThan(acknowledgements);
		assertThat(lena.replies()).hasSize(2);
	}

	@Test
	void anOldClientThatNamesItsDeviceIsAnsweredUnderThePlainNameUntilTheDeviceSpeaksForItself() {
		NativePerson old = peer.join("mona-old", "mona", "conv-mona", null);
		old.send("without a device");
		assertAllAnswered(1, old);
		old.alsoKnownAs("phone");
		old.send(Messages.numbered(3).withField("from_device_id", "phone"));
		assertAllAnswered(4, old);
		assertThat(old.replies()).extracting(ReceivedReply::toDeviceId)
			.containsExactly(null, "phone", "phone", "phone");

		NativePerson updated = peer.join("mona-new", "mona", "conv-mona", "phone");
		updated.send(Messages.numbered(3));
		assertAllAnswered(7, old, updated);
		assertThat(updated.replies()).hasSize(3);
	}

	@Test
	void aPersonMayStartANewSessionAtAnyTime() {
		NativePerson nils = peer.join("nils");
		List<String> late = new ArrayList<>();
		for (int session = 0; session < 4; session++) {
			nils.send(Messages.numbered(3));
			late.addAll(nils.send(Messages.numbered(2).held()).ids());
			peer.await(allAcknowledged());
			nils.startOver();
		}
		nils.send(Messages.numbered(3));
		peer.deliver(late.toArray(String[]::new));
		assertAllAnswered(23, nils);
	}

	@Test
	void aPersonMayMeetTheAgentWithoutAOneTimePrekey() {
		NativePerson pia = peer.join("pia");
		pia.startOverWithoutOneTimePrekey();
		pia.send(Messages.numbered(3));
		assertAllAnswered(3, pia);
		pia.startOverWithoutOneTimePrekey();
		pia.send(Messages.numbered(3));
		assertAllAnswered(6, pia);
	}

	@Test
	void aPersonMayRestartBetweenAnyTwoMessages() {
		NativePerson olga = peer.join("olga", "olga", "conv-olga", "tablet");
		for (int message = 0; message < 10; message++) {
			olga.send("{n}");
			olga.restart();
			peer.await(allAcknowledged());
			olga.restart();
		}
		assertAllAnswered(10, olga);
	}

	@Test
	void oneTimePrekeysAreReplenishedWhenHalfAreUsed() {
		NativePeer.Stats before = peer.stats();
		NativePerson[] people = IntStream.rangeClosed(0, before.oneTime())
			.mapToObj((number) -> peer.join("guest-" + number))
			.toArray(NativePerson[]::new);
		Stream.of(people).limit(people.length / 2 + 2).forEach((person) -> person.send("hello"));
		peer.await(allAcknowledged());
		await().atMost(Duration.ofMinutes(2))
			.untilAsserted(() -> assertThat(peer.stats().oneTimeUploads()).isGreaterThan(before.oneTimeUploads()));
		assertThat(peer.stats().connections()).isEqualTo(before.connections());
		Stream.of(people).skip(people.length / 2 + 2).forEach((person) -> person.send("hello"));
		assertAllAnswered(people.length, people);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = "phone")
	void aSecondIdentityUnderAKnownNameIsRefused(@Nullable String deviceId) {
		String user = "paula-" + deviceId;
		NativePerson paula = peer.join(user, user, "conv-" + user, deviceId);
		paula.send("It is me");
		assertAllAnswered(1, paula);
		NativePerson stranger = peer.join(user + "-stranger", user, "conv-" + user, deviceId);
		assertRefused(stranger, Messages.of("It is me, too").unanswered(), paula);
	}

	@Test
	void aSecondIdentityUnderAKnownDeviceIsRefusedUnderThePlainNameToo() {
		NativePerson plain = peer.join("rosa-plain", "rosa", "conv-rosa", null);
		NativePerson phone = peer.join("rosa-phone", "rosa", "conv-rosa", "phone");
		plain.send("without a device");
		phone.send("from the phone");
		assertAllAnswered(2, plain, phone);
		NativePerson stranger = peer.join("rosa-stranger", "rosa", "conv-rosa", "phone");
		assertRefused(stranger, Messages.of("from the phone").unanswered(), phone);
		plain.send("still there");
		assertAllAnswered(4, plain, phone);
	}

	static Stream<@Nullable Object> notTrue() {
		return Stream.of(false, null, "true", 1, List.of(true));
	}

	@ParameterizedTest
	@MethodSource("notTrue")
	void clearTextIsRefused(@Nullable Object encrypted) {
		NativePerson sven = peer.join("sven-" + encrypted);
		sven.send("encrypted");
		assertAllAnswered(1, sven);
		byte[] text = (DiscreetLog.SECRET + " in the clear").getBytes(StandardCharsets.UTF_8);
		assertRefused(sven,
				Messages.of("forged")
					.withField("payload_b64", Base64.getEncoder().encodeToString(text))
					.withField("encrypted", encrypted),
				sven);
		assertRefused(sven,
				Messages.of("encrypted, but said to be clear").withField("encrypted", encrypted).unanswered(), sven);
	}

	private static void assertAllAnswered(int count, NativePerson... people) {
		peer.await(allAcknowledged());
		Verdict verdict = peer.check(people);
		assertThat(verdict.faults()).isEmpty();
		assertThat(verdict.answered()).isEqualTo(verdict.wanted()).isEqualTo(count);
	}

	/**
	 * A message that comes after it in the same conversation is answered, it is not.
	 */
	private static void assertRefused(NativePerson sender, Messages refused, NativePerson witness) {
		String id = sender.send(refused).ids().get(0);
		witness.send("What about me?");
		peer.await(unacknowledged(1));
		assertThat(peer.stats().unacked()).containsExactly(id);
		assertThat(peer.check(sender, witness).faults()).isEmpty();
		peer.forget(id);
	}

}
