package com.pacerelle.signal.spqr;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.pacerelle.signal.spqr.SpqrException.Reason;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sections of {@code spqr-vectors.json}.
 */
final class Vectors {

	private static final JsonNode ROOT = read();

	private Vectors() {
	}

	static JsonNode section(String name) {
		return ROOT.required(name);
	}

	static Stream<JsonNode> elements(JsonNode array) {
		return StreamSupport.stream(array.spliterator(), false);
	}

	static byte[] bytes(JsonNode parent, String name) {
		return bytes(parent.required(name));
	}

	static byte[] bytes(JsonNode node) {
		return bytes(node.asString());
	}

	static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex);
	}

	static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

	static Reason reason(JsonNode error) {
		return switch (error.asString()) {
			case "MsgDecode" -> Reason.MESSAGE_DECODE;
			case "MinimumVersion" -> Reason.MINIMUM_VERSION;
			case "VersionMismatch" -> Reason.VERSION_MISMATCH;
			case "EpochOutOfRange" -> Reason.EPOCH_OUT_OF_RANGE;
			case "KeyAlreadyRequested" -> Reason.KEY_ALREADY_REQUESTED;
			case "KeyTrimmed" -> Reason.KEY_TRIMMED;
			case "KeyJump" -> Reason.KEY_JUMP;
			case "MacVerifyFailed" -> Reason.MAC_VERIFY_FAILED;
			case "ErroneousDataReceived" -> Reason.ERRONEOUS_DATA_RECEIVED;
			case "SendKeyEpochDecreased" -> Reason.SEND_KEY_EPOCH_DECREASED;
			default -> throw new IllegalArgumentException("Unknown error " + error);
		};
	}

	private static JsonNode read() {
		try (InputStream stream = Vectors.class.getResourceAsStream("/spqr-vectors.json")) {
			return JsonMapper.shared().readTree(stream);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
