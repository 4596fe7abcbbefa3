package com.pacerelle.client.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a group has voted so far on a {@link Confirm}, {@link Choice} or {@link Choices}
 * with {@link ResponseMode#COLLECTIVE}: of each person the last vote counts, and a person
 * who cancels takes it back. Its {@code toString()} has no votes.
 *
 * @param <T> the type of an option: {@link Boolean} for {@link Confirm}, {@link String}
 * for the others
 * @param options what can be voted for, in the order of the widget
 * @param votes what each person has voted for, by the person's id: one option, for
 * {@link Choices} any number
 */
public record Tally<T>(List<T> options, Map<String, List<T>> votes) {

	/**
	 * Creates a tally.
	 * @throws IllegalArgumentException if there is a vote for something that is no option
	 */
	public Tally {
		options = List.copyOf(options);
		Map<String, List<T>> copy = new LinkedHashMap<>();
		for (Map.Entry<String, List<T>> vote : votes.entrySet()) {
			if (!options.containsAll(vote.getValue())) {
				throw new IllegalArgumentException("'votes' must only have options");
			}
			copy.put(vote.getKey(), List.copyOf(vote.getValue()));
		}
		votes = Collections.unmodifiableMap(copy);
	}

	/**
	 * How many people have voted for an option.
	 * @param option the option
	 * @return 0 to {@link #total()}
	 */
	public int count(T option) {
		return voters(option).size();
	}

	/**
	 * How many people have voted for each option.
	 * @return every option, in the order of the widget
	 */
	public Map<T, Integer> counts() {
		Map<T, Integer> counts = new LinkedHashMap<>();
		this.options.forEach((option) -> counts.put(option, count(option)));
		return Collections.unmodifiableMap(counts);
	}

	/**
	 * Who has voted for an option.
	 * @param option the option
	 * @return the ids of the people
	 */
	public Set<String> voters(T option) {
		return this.votes.entrySet()
			.stream()
			.filter((vote) -> vote.getValue().contains(option))
			.map(Map.Entry::getKey)
			.collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * How many people have voted.
	 * @return 0 or more
	 */
	public int total() {
		return this.votes.size();
	}

	/**
	 * The options that most people have voted for.
	 * @return one option, several when they are level, none when nobody has voted for any
	 */
	public List<T> leading() {
		int most = this.options.stream().mapToInt(this::count).max().orElse(0);
		return (most > 0) ? this.options.stream().filter((option) -> count(option) == most).toList() : List.of();
	}

	/**
	 * The same tally with options of another type.
	 * @param <R> the other type
	 * @param mapper makes one of the other of each option, each another one
	 * @return the tally
	 */
	public <R> Tally<R> map(Function<? super T, ? extends R> mapper) {
		Map<String, List<R>> mapped = new LinkedHashMap<>();
		this.votes.forEach((person, vote) -> mapped.put(person, vote.stream().<R>map(mapper).toList()));
		return new Tally<>(this.options.stream().<R>map(mapper).toList(), mapped);
	}

	@Override
	public String toString() {
		return "Tally[total=" + total() + "]";
	}

}
