package com.pacerelle.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between a process and a server, which can be cut.
 */
final class TcpProxy implements AutoCloseable {

	private final ServerSocket server;

	private final int target;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private State state = State.OPEN;

	private TcpProxy(ServerSocket server, int target) {
		this.server = server;
		this.target = target;
	}

	static TcpProxy to(int port) {
		try {
			TcpProxy proxy = new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
			start(proxy::accept);
			return proxy;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return this.server.getLocalPort();
	}

	/** Everything ends, and nothing begins. */
	void cut() {
		set(State.CUT);
		disconnect();
	}

	/** Nothing ends, and nobody hears anything any more. */
	void fallSilent() {
		set(State.SILENT);
	}

	void restore() {
		set(State.OPEN);
		disconnect();
	}

	private synchronized void set(State state) {
		this.state = state;
		notifyAll();
	}

	private synchronized State state() {
		return this.state;
	}

	private synchronized void awaitNoise() throws InterruptedException {
		while (this.state == State.SILENT) {
			wait();
		}
	}

	private void disconnect() {
		this.sockets.forEach(TcpProxy::close);
		this.sockets.clear();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				if (state() == State.CUT) {
					client.close();
				}
				else {
					Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
					this.sockets.add(client);
					this.sockets.add(upstream);
					start(() -> copy(client, upstream));
					start(() -> copy(upstream, client));
				}
			}
			catch (IOException ex) {
				// The next one, unless it is closed.
			}
		}
	}

	private void copy(Socket from, Socket to) {
		byte[] buffer = new byte[8192];
		try {
			int read = from.getInputStream().read(buffer);
			while (read >= 0) {
				awaitNoise();
				to.getOutputStream().write(buffer, 0, read);
				read = from.getInputStream().read(buffer);
			}
		}
		catch (IOException | InterruptedException ex) {
			// It is cut.
		}
		finally {
			close(from);
			close(to);
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "tcp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// It is closed.
		}
	}

	@Override
	public void close() {
		set(State.CUT);
		disconnect();
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private enum State {

		OPEN, CUT, SILENT

	}

}
