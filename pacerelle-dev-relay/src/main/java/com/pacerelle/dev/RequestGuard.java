package com.pacerelle.dev;

import java.net.InetSocketAddress;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Keeps web sites that the developer visits from using the relay through the browser.
 */
final class RequestGuard {

	private RequestGuard() {
	}

	/** Whether the client knows this server by its own name: no rebound DNS name. */
	static boolean isForThisHost(HttpServerRequest request) {
		String host = request.requestHeaders().get(HttpHeaderNames.HOST, "");
		return request.connectionHostAddress() instanceof InetSocketAddress address
				&& (host.equals("127.0.0.1:" + address.getPort()) || host.equals("localhost:" + address.getPort()));
	}

	/** Whether the relay's own page sent the request: no other site forged it. */
	static boolean isFromOwnPage(HttpServerRequest request) {
		HttpHeaders headers = request.requestHeaders();
		if (!headers.get("Sec-Fetch-Site", "same-origin").equals("same-origin")) {
			return false;
		}
		String own = "http://" + headers.get(HttpHeaderNames.HOST);
		// Browsers leave the origin out of same-origin reads only.
		String origin = headers.get(HttpHeaderNames.ORIGIN, request.method().equals(HttpMethod.GET) ? own : "");
		return origin.equals(own);
	}

}
