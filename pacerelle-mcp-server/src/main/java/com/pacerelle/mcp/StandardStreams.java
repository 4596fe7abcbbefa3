package com.pacerelle.mcp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Where the protocol is read from and written to.
 *
 * @param in standard input
 * @param out standard output, which nobody else has
 */
record StandardStreams(InputStream in, OutputStream out) {

	/**
	 * The input, which tells when the client has closed it.
	 * @param onEnd called then
	 * @return the input
	 */
	InputStream in(Runnable onEnd) {
		return new FilterInputStream(this.in) {

			@Override
			public int read() throws IOException {
				return told(super.read());
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				return told(super.read(bytes, offset, length));
			}

			private int told(int read) {
				if (read == -1) {
					onEnd.run();
				}
				return read;
			}

		};
	}

}
