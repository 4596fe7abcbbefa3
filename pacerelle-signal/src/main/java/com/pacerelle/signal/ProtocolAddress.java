package com.pacerelle.signal;

/**
 * The local label of a peer's sessions and identity (signal.md section 14). It never
 * travels on the wire and enters no key derivation.
 *
 * @param name the name, such as {@code human:<user>:<conversation>:device:<device>}
 * @param deviceId the device, 1..127; always 1 in this product
 */
public record ProtocolAddress(String name, int deviceId) {

	/**
	 * An address with the device id that this product always uses.
	 * @param name the name
	 * @return the address
	 */
	public static ProtocolAddress of(String name) {
		return new ProtocolAddress(name, 1);
	}

}
