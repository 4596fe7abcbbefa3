package com.pacerelle.spring.boot.autoconfigure;

import javax.net.ssl.SSLParameters;

import com.pacerelle.client.TransportSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Maps {@link PacerelleProperties} to {@link TransportSettings}.
 */
final class TransportMapper {

	private final PacerelleProperties properties;

	TransportMapper(PacerelleProperties properties) {
		this.properties = properties;
	}

	TransportSettings map(ObjectProvider<SslBundles> sslBundles, WebClient.@Nullable Builder webClientBuilder) {
		boolean insecureAllowed = this.properties.allowInsecureTransport();
		String name = this.properties.ssl().bundle();
		if (!StringUtils.hasText(name)) {
			return new TransportSettings(insecureAllowed, null, null, webClientBuilder);
		}
		SslBundle bundle = bundle(name, sslBundles.getObject());
		return new TransportSettings(insecureAllowed, bundle.createSslContext(), parameters(bundle.getOptions()),
				webClientBuilder);
	}

	private static SslBundle bundle(String name, SslBundles sslBundles) {
		try {
			return sslBundles.getBundle(name);
		}
		catch (NoSuchSslBundleException ex) {
			throw new PacerelleConfigurationException(
					"'pacerelle.ssl.bundle' names the SSL bundle '" + name + "', which does not exist.",
					"Correct the name, or define the bundle under 'spring.ssl.bundle'.", ex);
		}
	}

	private static SSLParameters parameters(SslOptions options) {
		SSLParameters parameters = new SSLParameters();
		parameters.setCipherSuites(options.getCiphers());
		parameters.setProtocols(options.getEnabledProtocols());
		return parameters;
	}

}
