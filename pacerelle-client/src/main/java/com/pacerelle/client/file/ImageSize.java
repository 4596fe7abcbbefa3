package com.pacerelle.client.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

import org.jspecify.annotations.Nullable;

/**
 * The size of a picture, read from its header: no pixel is decoded.
 *
 * @param width the width in pixels
 * @param height the height in pixels
 */
record ImageSize(int width, int height) {

	/** How much of a file is looked at. */
	static final int HEADER_SIZE = 256 * 1024;

	/**
	 * Reads the size of a picture.
	 * @param start the first {@value #HEADER_SIZE} bytes of the file, or all
	 * @return the size, or {@code null} if it is not found there
	 */
	static @Nullable ImageSize read(byte[] start) {
		try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(start))) {
			Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
			return readers.hasNext() ? read(readers.next(), in) : null;
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			// Readers of broken pictures throw anything; some platforms have no ImageIO.
			return null;
		}
	}

	private static ImageSize read(ImageReader reader, ImageInputStream in) throws IOException {
		try {
			reader.setInput(in, true, true);
			return new ImageSize(reader.getWidth(0), reader.getHeight(0));
		}
		finally {
			reader.dispose();
		}
	}

}
