package com.pacerelle.signal.spqr;

import java.util.Map;

/**
 * Translates the names of the states to those of spqr.md section 9.1.
 */
final class StateNames {

	private static final Map<String, String> NAMES = Map.ofEntries(Map.entry("KeysUnsampled", "K1"),
			Map.entry("KeysSampled", "K2"), Map.entry("HeaderSent", "K3"), Map.entry("Ct1Received", "K4"),
			Map.entry("EkSentCt1Received", "K5"), Map.entry("NoHeaderReceived", "C1"),
			Map.entry("HeaderReceived", "C2"), Map.entry("Ct1Sampled", "C3"), Map.entry("EkReceivedCt1Sampled", "C4"),
			Map.entry("Ct1Acknowledged", "C5"), Map.entry("Ct2Sampled", "C6"));

	private StateNames() {
	}

	/**
	 * Names a state as the vectors do.
	 * @param state the state
	 * @return for example "K1 epoch 1"
	 */
	static String of(SpqrState state) {
		String[] parts = state.toString().split("[\\[\\], =]+");
		return NAMES.get(parts[1]) + " " + parts[2] + " " + parts[3];
	}

	/**
	 * Names a state of the exchange as the specification does.
	 * @param state the state
	 * @return for example "K1"
	 */
	static String of(BraidState state) {
		return NAMES.get(state.getClass().getSimpleName());
	}

}
