package com.pacerelle.signal.spqr;

/**
 * One piece of an erasure coded payload (spqr.md section 8).
 *
 * @param index the point at which the polynomials were evaluated, 0 to 65535
 * @param data 32 bytes, public
 */
record Chunk(int index, byte[] data) {

	static final int SIZE = 32;

	static final int MAX_INDEX = 0xFFFF;

}
