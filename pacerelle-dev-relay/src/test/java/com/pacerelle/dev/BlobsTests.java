package com.pacerelle.dev;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BlobsTests {

	@Test
	void dropsTheOldestWhenThereIsNoRoom() {
		Blobs blobs = new Blobs();
		String first = blobs.add(new byte[Blobs.CAPACITY - 10]);
		String second = blobs.add(new byte[10]);
		assertThat(blobs.get(first)).isNotNull();
		String third = blobs.add(new byte[1]);
		assertThat(blobs.get(first)).isNull();
		assertThat(blobs.get(second)).hasSize(10);
		assertThat(blobs.get(third)).hasSize(1);
	}

}
