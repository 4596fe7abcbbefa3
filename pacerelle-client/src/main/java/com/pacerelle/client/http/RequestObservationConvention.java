package com.pacerelle.client.http;

import io.micrometer.common.KeyValue;

import org.springframework.web.reactive.function.client.ClientHttpObservationDocumentation.HighCardinalityKeyNames;
import org.springframework.web.reactive.function.client.ClientRequestObservationContext;
import org.springframework.web.reactive.function.client.DefaultClientRequestObservationConvention;

/**
 * Spring's convention, but without the ids of conversations and files, which are part of
 * an address: its template is shown instead.
 */
final class RequestObservationConvention extends DefaultClientRequestObservationConvention {

	@Override
	protected KeyValue httpUrl(ClientRequestObservationContext context) {
		return HighCardinalityKeyNames.HTTP_URL.withValue(uri(context).getValue());
	}

}
