package com.pacerelle.client.message;

/**
 * What can be chosen. Its {@code toString()} has no text.
 *
 * @param id what comes back when it is chosen, 1 to 256 characters
 * @param label what the person reads, not blank
 */
public record Option(String id, String label) {

	/**
	 * Creates an option.
	 * @throws IllegalArgumentException if the id is too short or too long, or the label
	 * is blank
	 */
	public Option {
		WidgetHeader.checkId("options.id", id);
		if (label.isBlank()) {
			throw new IllegalArgumentException("'options.label' must not be blank");
		}
	}

	@Override
	public String toString() {
		return "Option[id=" + this.id + "]";
	}

}
