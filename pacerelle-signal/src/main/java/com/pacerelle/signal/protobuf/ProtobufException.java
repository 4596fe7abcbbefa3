package com.pacerelle.signal.protobuf;

/**
 * The bytes are not a protobuf message of the expected shape.
 */
public final class ProtobufException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ProtobufException(String message) {
		super(message);
	}

}
