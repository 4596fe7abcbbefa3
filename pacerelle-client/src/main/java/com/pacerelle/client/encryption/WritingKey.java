package com.pacerelle.client.encryption;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

import com.pacerelle.client.store.KnownGroupKey;
import org.jspecify.annotations.Nullable;

/**
 * Which key messages to a group are encrypted with: the one with the highest epoch
 * (gateway.md section 7), unless one member alone has gone so far ahead with it that the
 * keys of others would never be used again (gateway.md section 11).
 */
final class WritingKey {

	/** Keys overtake each other on their way: so far one may be ahead of a later one. */
	static final long MAX_OVERTAKEN = 5;

	/** So far a key may be ahead of what others have. */
	static final long MAX_AHEAD = 1000;

	private final List<KnownGroupKey> keys;

	private final long common;

	private WritingKey(List<KnownGroupKey> keys) {
		this.keys = keys;
		long shared = keys.stream().filter(KnownGroupKey::shared).mapToLong(KnownGroupKey::epoch).max().orElse(0);
		long reached = keys.stream()
			.collect(Collectors.toMap(KnownGroupKey::givenBy, KnownGroupKey::epoch, Math::max))
			.values()
			.stream()
			.mapToLong(Long::longValue)
			.min()
			.orElse(0);
		this.common = Math.max(shared, reached);
	}

	/**
	 * Chooses a key.
	 * @param keys the keys of a group
	 * @return one of them, or {@code null} if there is none
	 */
	static @Nullable KnownGroupKey choose(List<KnownGroupKey> keys) {
		WritingKey rule = new WritingKey(keys);
		List<KnownGroupKey> highestFirst = keys.stream()
			.sorted(Comparator.comparingLong(KnownGroupKey::epoch).reversed())
			.toList();
		return highestFirst.stream()
			.filter(rule::isInReach)
			.findFirst()
			.orElse(highestFirst.isEmpty() ? null : highestFirst.get(0));
	}

	private boolean isInReach(KnownGroupKey key) {
		return (key.shared() || isNear(key)) && !isSuperseded(key);
	}

	/** The epochs of an application could be times, which grow faster. */
	private boolean isNear(KnownGroupKey key) {
		return key.epoch() - this.common <= Math.max(MAX_AHEAD, this.common / 8);
	}

	/**
	 * Whether the others have moved on to a lower key, which one of them has given since.
	 * Against a key that several members write with, only another such key counts: else a
	 * member could have the agent use an old key again.
	 */
	private boolean isSuperseded(KnownGroupKey key) {
		List<KnownGroupKey> later = this.keys.stream()
			.filter((other) -> other.givenAt().isAfter(key.givenAt()) && !other.givenBy().equals(key.givenBy())
					&& (other.shared() || !key.shared()))
			.toList();
		boolean unused = !key.shared()
				&& later.stream().anyMatch((other) -> other.shared() && other.epoch() < key.epoch());
		return unused || later.stream()
			.mapToLong(KnownGroupKey::epoch)
			.max()
			.stream()
			.anyMatch((highest) -> key.epoch() - highest > MAX_OVERTAKEN);
	}

}
