package com.pacerelle.client.outbound;

import com.pacerelle.client.store.OutboundFrame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SendWindowTests {

	private final SendWindow window = new SendWindow();

	@Test
	void aFrameIsConfirmedOnceAndWithThoseBeforeIt() {
		add(1, 10);
		add(2, 10);
		add(5, 10);
		assertThat(this.window.confirm(4)).containsExactly(1L, 2L);
		assertThat(this.window.confirm(4)).isEmpty();
		assertThat(this.window.isEmpty()).isFalse();
		assertThat(this.window.confirm(5)).containsExactly(5L);
		assertThat(this.window.isEmpty()).isTrue();
	}

	@Test
	void isFullWithManyFramesUntilOneIsConfirmed() {
		for (int i = 1; i <= 1024; i++) {
			assertThat(this.window.isFull()).isFalse();
			add(i, 1);
		}
		assertThat(this.window.isFull()).isTrue();
		this.window.confirm(1);
		assertThat(this.window.isFull()).isFalse();
	}

	@Test
	void isFullWithLargeFramesUntilTheyAreConfirmed() {
		add(1, 8 * 1024 * 1024 - 1);
		assertThat(this.window.isFull()).isFalse();
		add(2, 1);
		assertThat(this.window.isFull()).isTrue();
		this.window.confirm(1);
		assertThat(this.window.isFull()).isFalse();
	}

	@Test
	void isNarrowUntilWhatWasNotConfirmedIs() {
		add(1, 30);
		assertThat(this.window.alone()).isNull();
		add(2, 10);
		this.window.narrow();
		this.window.clear();
		assertThat(this.window.isFull()).isFalse();
		add(1, 30);
		assertThat(this.window.isFull()).isTrue();
		assertThat(this.window.alone()).isEqualTo(new SendWindow.Written(1, 30));
		this.window.confirm(1);
		assertThat(this.window.isNarrow()).isTrue();
		assertThat(this.window.alone()).isNull();
		add(2, 10);
		this.window.confirm(2);
		assertThat(this.window.isNarrow()).isFalse();
	}

	@Test
	void isNotNarrowWhenEverythingIsConfirmed() {
		this.window.narrow();
		assertThat(this.window.isNarrow()).isFalse();
	}

	@Test
	void holdsNothingOfASessionThatIsClosed() {
		add(1, 8 * 1024 * 1024);
		this.window.clear();
		assertThat(this.window.isEmpty()).isTrue();
		assertThat(this.window.isFull()).isFalse();
		assertThat(this.window.confirm(1)).isEmpty();
	}

	private void add(long sequence, int chars) {
		this.window.add(new OutboundFrame(sequence, "x".repeat(chars)));
	}

}
