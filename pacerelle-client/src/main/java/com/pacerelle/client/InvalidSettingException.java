package com.pacerelle.client;

/**
 * The value of a setting is not valid. Holds the name of the setting but not the value,
 * which may be secret.
 */
public sealed class InvalidSettingException extends IllegalArgumentException permits InsecureTransportException {

	private static final long serialVersionUID = 1L;

	private final String setting;

	private final String reason;

	/**
	 * Creates the exception.
	 * @param setting the path of the setting, such as {@code connection.pingInterval}
	 * @param reason what is wrong and what to do, as the rest of a sentence that begins
	 * with the setting; never the value
	 */
	public InvalidSettingException(String setting, String reason) {
		super("'" + setting + "' " + reason);
		this.setting = setting;
		this.reason = reason;
	}

	static void require(boolean valid, String setting, String reason) {
		if (!valid) {
			throw new InvalidSettingException(setting, reason);
		}
	}

	/**
	 * The setting.
	 * @return its path from the settings as a whole, such as
	 * {@code connection.pingInterval}
	 */
	public String setting() {
		return this.setting;
	}

	/**
	 * What is wrong, and what to do.
	 * @return the rest of a sentence that begins with the setting, without full stop
	 */
	public String reason() {
		return this.reason;
	}

}
