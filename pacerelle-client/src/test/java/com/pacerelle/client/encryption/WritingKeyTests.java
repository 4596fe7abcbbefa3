package com.pacerelle.client.encryption;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.pacerelle.client.store.KnownGroupKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * With which key the agent writes to a group. Keys stand in the order in which members
 * gave them: {@code ann 7*} is one of Ann with epoch 7 that others write with as well.
 */
class WritingKeyTests {

	private static final long HUGE = (1L << 53) - 1;

	static Stream<Arguments> keys() {
		return Stream.of(arguments("the only one", "ann 1", 1), arguments("of one member", "ann 1, ann 7", 7),
				arguments("of one member after a long time", "ann 1, ann 900000", 900_000),
				arguments("of two members in turn", "ann 1*, bob 2, ann 3", 3),
				arguments("of a new member", "ann 1*, ann 2*, carol 3", 3),
				arguments("an older one came late", "ann 1*, ann 5, bob 4", 5),
				arguments("epochs that were never seen here", "bob 5*, ann 300", 300),
				arguments("epochs are times", "ann 1700000000000*, bob 1700086400000", 1_700_086_400_000L),
				arguments("a huge one", "ann 1*, mallory " + HUGE, 1),
				arguments("a huge one that came first", "mallory " + HUGE + ", ann 1", 1),
				arguments("a huge one, then others go on", "ann 1*, mallory " + HUGE + ", ann 2, bob 3", 3),
				arguments("huge ones again and again",
						"ann 1*, mallory " + (HUGE - 1) + ", ann 2, mallory " + HUGE + ", mallory 5000", 2),
				arguments("one step after the other",
						"ann 1*, mallory 900, mallory 1800, mallory 2700, ann 2, mallory 3600", 2),
				arguments("ahead until another member gives one", "ann 1*, mallory 900", 900),
				arguments("ahead, then another member gives one", "ann 1*, mallory 900, ann 2", 2),
				arguments("a little ahead", "ann 1*, mallory 4, ann 2", 4),
				arguments("a little ahead, and others write with their own", "ann 1*, mallory 4, ann 2*", 2),
				arguments("an older one came late and is written with", "ann 1*, ann 5*, bob 4*", 5),
				arguments("a huge one that others write with", "ann 1*, mallory " + HUGE + "*", HUGE),
				arguments("others have moved on from a shared one", "ann 1*, mallory " + HUGE + "*, ann 2*", 2),
				arguments("an old one given again", "ann 1*, ann 35*, mallory 2", 35),
				arguments("of an older store", "? 6, ann 7", 7));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("keys")
	void oneMemberDoesNotTakeTheGroupOverForEver(String name, String keys, long expected) {
		KnownGroupKey chosen = WritingKey.choose(parse(keys));
		assertThat(chosen).isNotNull();
		assertThat(chosen.epoch()).isEqualTo(expected);
	}

	@Test
	void keysOfOneFetchDoNotSupersedeEachOther() {
		List<KnownGroupKey> keys = List.of(new KnownGroupKey("k", 40, "ann", Instant.EPOCH, false),
				new KnownGroupKey("k", 3, "bob", Instant.EPOCH, false));
		assertThat(WritingKey.choose(keys)).isEqualTo(keys.get(0));
	}

	@Test
	void withoutAKeyThereIsNone() {
		assertThat(WritingKey.choose(List.of())).isNull();
	}

	private static List<KnownGroupKey> parse(String text) {
		List<KnownGroupKey> keys = new ArrayList<>();
		for (String key : text.split(", ")) {
			String[] parts = key.split(" ");
			String member = parts[0].equals("?") ? "" : parts[0];
			keys.add(new KnownGroupKey("k-" + keys.size(), Long.parseLong(parts[1].replace("*", "")), member,
					Instant.ofEpochMilli(keys.size()), parts[1].endsWith("*")));
		}
		return keys;
	}

}
