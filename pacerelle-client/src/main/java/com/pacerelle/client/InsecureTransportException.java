package com.pacerelle.client;

/**
 * An address leads to another machine without encryption, and
 * {@link TransportSettings#insecureAllowed()} is not set.
 */
public final class InsecureTransportException extends InvalidSettingException {

	private static final long serialVersionUID = 1L;

	InsecureTransportException(String setting, String reason) {
		super(setting, reason);
	}

}
