package com.pacerelle.signal.spqr;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * A random source that returns given bytes and fails when more are drawn.
 */
final class ScriptedRandom extends SecureRandom {

	private static final long serialVersionUID = 1L;

	private final transient ByteBuffer script;

	ScriptedRandom(byte[] script) {
		this.script = ByteBuffer.wrap(script);
	}

	@Override
	public void nextBytes(byte[] bytes) {
		this.script.get(bytes);
	}

	int remaining() {
		return this.script.remaining();
	}

}
