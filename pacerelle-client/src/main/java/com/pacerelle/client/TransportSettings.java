package com.pacerelle.client;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * The settings of the way to the relay, and of what protects it, for requests and sockets
 * alike.
 *
 * @param insecureAllowed whether {@code http} and {@code ws} are allowed to other
 * machines, where everybody on the way reads the token; for local networks only
 * @param sslContext which certificates are trusted, and which one is shown; or
 * {@code null} for the platform's default
 * @param sslParameters the cipher suites and protocols; or {@code null} for the defaults
 * @param webClientBuilder how requests are sent: its filters, default headers and
 * observations count, but not its connector, because requests and sockets take the same
 * way; or {@code null} for none of them
 */
public record TransportSettings(boolean insecureAllowed, @Nullable SSLContext sslContext,
		@Nullable SSLParameters sslParameters, WebClient.@Nullable Builder webClientBuilder) {

	/** Only encrypted, with the certificates that the platform trusts. */
	public static final TransportSettings DEFAULT = new TransportSettings(false, null, null);

	private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

	/**
	 * Creates settings for an application that customizes no requests.
	 * @param insecureAllowed whether {@code http} and {@code ws} are allowed to other
	 * machines
	 * @param sslContext which certificates are trusted, and which one is shown
	 * @param sslParameters the cipher suites and protocols
	 */
	public TransportSettings(boolean insecureAllowed, @Nullable SSLContext sslContext,
			@Nullable SSLParameters sslParameters) {
		this(insecureAllowed, sslContext, sslParameters, null);
	}

	/**
	 * Whether nobody on the way to an address, or from it, can read what is sent.
	 * @param address the address
	 * @return whether it is encrypted, or on this machine
	 */
	public static boolean isPrivate(URI address) {
		String scheme = scheme(address);
		String host = address.getHost();
		return "https".equals(scheme) || "wss".equals(scheme)
				|| (host != null && LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches());
	}

	/**
	 * Whether an address may be used.
	 * @param address the address
	 * @return whether it is private, or need not be
	 */
	public boolean allows(URI address) {
		return this.insecureAllowed || isPrivate(address);
	}

	/**
	 * Refuses an address that may not be used.
	 * @param setting the path of the setting
	 * @param address the address
	 * @throws InsecureTransportException if others on the way could read the token
	 */
	public void require(String setting, URI address) {
		if (!allows(address)) {
			throw new InsecureTransportException(setting, "must be "
					+ (scheme(address).startsWith("ws") ? "a wss" : "an https")
					+ " address, unless the relay is on this machine: else everybody on the way reads the token");
		}
	}

	private static String scheme(URI address) {
		return String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
	}

}
