package com.pacerelle.signal;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A random source that returns given draws and fails when more, or other lengths, are
 * drawn.
 */
public final class ScriptedRandom extends SecureRandom {

	private static final long serialVersionUID = 1L;

	private final transient Deque<byte[]> draws = new ArrayDeque<>();

	public ScriptedRandom(byte[]... draws) {
		for (byte[] draw : draws) {
			add(draw);
		}
	}

	public void add(byte[] draw) {
		this.draws.add(draw);
	}

	@Override
	public void nextBytes(byte[] bytes) {
		byte[] draw = this.draws.remove();
		if (draw.length != bytes.length) {
			throw new IllegalStateException(bytes.length + " bytes were drawn instead of " + draw.length);
		}
		System.arraycopy(draw, 0, bytes, 0, bytes.length);
	}

	public int remaining() {
		return this.draws.size();
	}

}
