package com.pacerelle.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy that knows {@code CONNECT} only, and leads every host to one port of this
 * machine. While it is open, the system properties name it.
 */
final class TestProxy implements AutoCloseable {

	private static final List<String> PROPERTIES = List.of("https.proxyHost", "https.proxyPort", "http.proxyHost",
			"http.proxyPort", "http.nonProxyHosts");

	private final Map<String, String> propertiesBefore = new TreeMap<>();

	private final List<String> targets = new CopyOnWriteArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ServerSocket server;

	private final int port;

	TestProxy(int port) {
		this.port = port;
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.execute(this::accept);
		for (String property : PROPERTIES) {
			String before = System.getProperty(property);
			if (before != null) {
				this.propertiesBefore.put(property, before);
			}
			System.clearProperty(property);
		}
		System.setProperty("https.proxyHost", "127.0.0.1");
		System.setProperty("https.proxyPort", String.valueOf(this.server.getLocalPort()));
	}

	/**
	 * What was asked for.
	 * @return host and port of each {@code CONNECT}
	 */
	List<String> targets() {
		return this.targets;
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				this.threads.execute(() -> tunnel(client));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void tunnel(Socket client) {
		try (client; Socket relay = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			String[] request = head(client.getInputStream()).split(" ");
			if (!request[0].equals("CONNECT")) {
				return;
			}
			this.targets.add(request[1]);
			client.getOutputStream()
				.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			this.threads.execute(() -> copy(client, relay));
			copy(relay, client);
		}
		catch (IOException ex) {
			// One side is gone, and so is the other one now.
		}
	}

	private static String head(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int read = in.read();
			if (read < 0) {
				throw new EOFException();
			}
			head.append((char) read);
		}
		return head.toString();
	}

	private static void copy(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
			to.shutdownOutput();
		}
		catch (IOException ex) {
			// One side is gone.
		}
	}

	@Override
	public void close() throws IOException {
		PROPERTIES.forEach(System::clearProperty);
		this.propertiesBefore.forEach(System::setProperty);
		this.server.close();
		this.threads.shutdownNow();
	}

}
