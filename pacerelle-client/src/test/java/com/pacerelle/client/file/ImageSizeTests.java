package com.pacerelle.client.file;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class ImageSizeTests {

	/** Where the width is in a PNG file; the height follows. */
	private static final int PNG_WIDTH = 16;

	@ParameterizedTest
	@ValueSource(strings = { "png", "jpg", "gif", "bmp", "tiff" })
	void isInTheHeader(String format) {
		assertThat(ImageSize.read(image(format, 31, 17))).isEqualTo(new ImageSize(31, 17));
	}

	@Test
	void needsNoPixels() {
		byte[] png = image("png", 1000, 1000);
		assertThat(ImageSize.read(Arrays.copyOf(png, 64))).isEqualTo(new ImageSize(1000, 1000));
	}

	@Test
	void ofAPictureThatWouldFillTheMemoryIsReadAsWell() {
		byte[] png = image("png", 1, 1);
		ByteBuffer.wrap(png).putInt(PNG_WIDTH, Integer.MAX_VALUE).putInt(PNG_WIDTH + 4, Integer.MAX_VALUE);
		assertThat(ImageSize.read(png)).isEqualTo(new ImageSize(Integer.MAX_VALUE, Integer.MAX_VALUE));
	}

	@Test
	void isUnknownWhenThereIsNoPicture() {
		assertThat(ImageSize.read(new byte[0])).isNull();
		assertThat(ImageSize.read("<svg/>".getBytes())).isNull();
		assertThat(ImageSize.read(Arrays.copyOf(image("png", 3, 3), 10))).isNull();
	}

	@Test
	void isUnknownOrAnythingButNeverAFailureOfABrokenPicture() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		for (String format : new String[] { "png", "jpg", "gif", "bmp", "tiff" }) {
			byte[] image = image(format, 8, 8);
			for (int i = 0; i < 200; i++) {
				byte[] broken = image.clone();
				random.ints(4, 0, broken.length).forEach((position) -> broken[position] = (byte) random.nextInt());
				assertThatCode(() -> ImageSize.read(broken)).as("seed %d, %s", seed, format).doesNotThrowAnyException();
			}
		}
	}

	static byte[] image(String format, int width, int height) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try {
			assertThat(ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out))
				.isTrue();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return out.toByteArray();
	}

}
