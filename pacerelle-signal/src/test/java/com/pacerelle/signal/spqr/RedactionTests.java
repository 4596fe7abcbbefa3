package com.pacerelle.signal.spqr;

import java.util.ArrayList;
import java.util.List;

import com.pacerelle.signal.SeededRandom;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.spqr.SpqrState.Received;
import com.pacerelle.signal.spqr.SpqrState.Sent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No text form of anything tells a secret: two sessions with different secrets look the
 * same at every step.
 */
class RedactionTests {

	@Test
	void theTextFormOfAStateNamesWhereItIsAndNothingElse() {
		assertThat(SpqrState.initial(Direction.A2B, new byte[32])).hasToString("SpqrState[KeysUnsampled, epoch=1]");
		assertThat(SpqrState.initial(Direction.B2A, new byte[32])).hasToString("SpqrState[NoHeaderReceived, epoch=1]");
	}

	@Test
	void theTextFormsOfASessionDoNotDependOnItsSecrets() {
		assertThat(textForms(1)).isEqualTo(textForms(2)).hasSizeGreaterThan(500);
	}

	@Test
	void theTextFormsOfAnEncapsulationDoNotDependOnItsSecrets() {
		assertThat(encapsulationTextForms(1)).isEqualTo(encapsulationTextForms(2));
	}

	private static List<String> textForms(long seed) {
		List<String> texts = new ArrayList<>();
		TwoParties parties = new TwoParties(seed);
		Direction sender = Direction.A2B;
		while (parties.epoch(Direction.A2B) < 3) {
			Sent sent = parties.send(sender);
			Received received = parties.state(TwoParties.peerOf(sender)).receive(sent.message());
			parties.deliver(TwoParties.peerOf(sender), sent);
			texts.add(text(sent));
			texts.add(text(received));
			texts.addAll(partTexts(sent.next()));
			texts.addAll(partTexts(received.next()));
			sender = TwoParties.peerOf(sender);
		}
		return texts;
	}

	private static List<String> partTexts(SpqrState state) {
		List<String> texts = new ArrayList<>();
		ProtobufReader reader = new ProtobufReader(state.encode());
		while (reader.next()) {
			texts.add(text(switch (reader.field()) {
				case 1 -> Negotiation.decode(reader.message());
				case 2 -> KeyChain.decode(reader.message());
				default -> BraidState.decode(reader.message());
			}));
		}
		return texts;
	}

	private static List<String> encapsulationTextForms(long seed) {
		IncrementalMlKem768.KeyPair keyPair = IncrementalMlKem768.generateKeyPair(new SeededRandom(seed));
		IncrementalMlKem768.Encapsulation encapsulation = IncrementalMlKem768.encapsulate(keyPair.header(),
				new SeededRandom(seed));
		EpochSecret secret = EpochSecret.derive(1, encapsulation.secret());
		KeyChain chain = KeyChain.start(Direction.A2B, secret.value(), Limits.DEFAULT);
		return List.of(text(keyPair), text(encapsulation), text(secret), text(chain.takeSendKey(0)),
				text(chain.takeReceiveKey(0, 5)), text(chain.links()), text(chain.links().get(0).send().next()),
				text(Authenticator.initial(secret.value())));
	}

	/** Identity hash codes differ without telling anything. */
	private static String text(Object object) {
		return object.toString().replaceAll("@[0-9a-f]+", "@");
	}

}
