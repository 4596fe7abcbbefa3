package com.pacerelle.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.KnownDevice;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A client that does nothing but remember what it was asked for.
 */
class StubClient implements AgentGatewayClient {

	final List<String> calls = new CopyOnWriteArrayList<>();

	final Sinks.Empty<Void> connection = Sinks.empty();

	Mono<Void> stopped = Mono.empty();

	static StubClient thatConnects() {
		StubClient client = new StubClient();
		client.connection.tryEmitEmpty();
		return client;
	}

	static StubClient thatFailsWith(Throwable failure) {
		StubClient client = new StubClient();
		client.connection.tryEmitError(failure);
		return client;
	}

	@Override
	public void start() {
		this.calls.add("start");
	}

	@Override
	public void replaceToken(String token) {
		this.calls.add("replace the token");
	}

	@Override
	public Mono<Void> connected() {
		return this.connection.asMono();
	}

	@Override
	public Mono<Void> stop(Duration grace) {
		this.calls.add("stop within " + grace.toSeconds() + "s");
		return this.stopped;
	}

	@Override
	public ConnectionState state() {
		return ConnectionState.STOPPED;
	}

	@Override
	public Flux<GatewayEvent> events() {
		return Flux.empty();
	}

	@Override
	public String verificationCode() {
		return "0123 4567 89AB CDEF";
	}

	@Override
	public List<KnownDevice> devices(String userId) {
		return List.of();
	}

	@Override
	public List<KnownDevice> waitingDevices() {
		return List.of();
	}

	@Override
	public Mono<Void> trustDevice(String userId, String verificationCode) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Mono<Void> refuseDevice(String userId, String verificationCode) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Mono<Void> forgetDevice(String userId, String verificationCode) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<DeadLetter> deadLetters() {
		return List.of();
	}

	@Override
	public Mono<Void> retryDeadLetter(String messageId) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Mono<Void> discardDeadLetter(String messageId) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Conversation conversation(String to, String conversationId) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Flux<Conversation> conversations() {
		throw new UnsupportedOperationException();
	}

	@Override
	public Mono<AgentAttachment> upload(AgentFile file) {
		throw new UnsupportedOperationException();
	}

	@Override
	public AgentAttachment readable(AgentAttachment attachment) {
		throw new UnsupportedOperationException();
	}

}
