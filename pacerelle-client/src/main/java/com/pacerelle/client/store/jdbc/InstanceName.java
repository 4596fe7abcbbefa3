package com.pacerelle.client.store.jdbc;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a process is called in the table of leases: after its machine, which is its pod in
 * Kubernetes, and a random part, because there may be several.
 */
final class InstanceName {

	private InstanceName() {
	}

	static String create() {
		return machine() + "-" + HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
	}

	private static String machine() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown";
		}
	}

}
