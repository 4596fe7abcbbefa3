package com.pacerelle.signal.spqr;

import com.pacerelle.signal.spqr.SpqrException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EncapsulationStateTests {

	private static final int NOISE = 1536;

	private static final int MESSAGE = 2048;

	@Test
	void aStateInTheOrderOfThisFormatStaysAsItIs() {
		for (JsonNode vector : Vectors.section("mlkem").required("cases")) {
			byte[] stored = Vectors.bytes(vector, "encapsulation_state_appendix_A");
			assertThat(EncapsulationState.ofStored(stored.clone()).packed()).isEqualTo(stored);
		}
	}

	@Test
	void aStateInTheOtherByteOrderIsRepaired() {
		for (JsonNode vector : Vectors.section("mlkem").required("cases")) {
			byte[] stored = Vectors.bytes(vector, "encapsulation_state_appendix_A");
			EncapsulationState repaired = EncapsulationState.ofStored(swapped(stored));
			assertThat(repaired.packed()).isEqualTo(stored);
			assertThat(repaired.message()).isEqualTo(Vectors.bytes(vector, "m"));
			assertThat(IncrementalMlKem768.completeEncapsulation(repaired, Vectors.bytes(vector, "ek_vector")))
				.isEqualTo(Vectors.bytes(vector, "ct2"));
		}
	}

	@ParameterizedTest(name = "{0} {1}, swapped: {2}")
	@CsvSource({ "01, 00, false", "02, 00, false", "fe, ff, false", "00, 01, true", "00, 02, true", "ff, fe, true",
			"03, 00, false", "12, 34, false" })
	void theFirstTellingWordOfTheNoiseDecides(String first, String second, boolean swapped) {
		byte[] stored = new byte[EncapsulationState.SIZE];
		stored[0] = 5;
		stored[NOISE + 2] = (byte) 0xFF;
		stored[NOISE + 3] = (byte) 0xFF;
		stored[NOISE + 100] = Vectors.bytes(first)[0];
		stored[NOISE + 101] = Vectors.bytes(second)[0];
		stored[NOISE + 200] = swapped ? (byte) 1 : 0;
		stored[NOISE + 201] = swapped ? 0 : (byte) 1;
		byte[] expected = swapped ? swapped(stored) : stored.clone();
		assertThat(EncapsulationState.ofStored(stored).packed()).isEqualTo(expected);
	}

	@Test
	void noiseWithoutATellingWordIsTakenAsItIs() {
		byte[] stored = new byte[EncapsulationState.SIZE];
		stored[0] = 5;
		assertThat(EncapsulationState.ofStored(stored.clone()).packed()).isEqualTo(stored);
	}

	@Test
	void anotherSizeIsRefused() {
		assertThatExceptionOfType(SpqrException.class)
			.isThrownBy(() -> EncapsulationState.ofStored(new byte[EncapsulationState.SIZE - 1]))
			.extracting(SpqrException::reason)
			.isEqualTo(Reason.STATE_DECODE);
	}

	private static byte[] swapped(byte[] stored) {
		byte[] swapped = stored.clone();
		for (int i = 0; i < MESSAGE; i++) {
			swapped[i] = stored[i ^ 1];
		}
		return swapped;
	}

}
