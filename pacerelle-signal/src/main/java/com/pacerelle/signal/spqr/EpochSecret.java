package com.pacerelle.signal.spqr;

import java.util.Arrays;

import com.pacerelle.signal.crypto.Hkdf;

/**
 * What a finished KEM exchange gives to both sides (spqr.md section 6).
 *
 * @param epoch the braid epoch of the exchange
 * @param value 32 secret bytes
 */
record EpochSecret(long epoch, byte[] value) {

	private static final int SIZE = 32;

	static EpochSecret derive(long epoch, byte[] kemSecret) {
		return new EpochSecret(epoch, Hkdf.derive(kemSecret, Labels.withEpoch(Labels.EPOCH_SECRET, epoch), SIZE));
	}

	void erase() {
		Arrays.fill(this.value, (byte) 0);
	}

	@Override
	public String toString() {
		return "EpochSecret[epoch=" + Long.toUnsignedString(this.epoch) + "]";
	}

}
