package com.pacerelle.client;

import com.pacerelle.client.message.NotRetryable;

/**
 * The agent cannot write to somebody who has not written to it before: it has no keys to
 * encrypt with. Nothing was sent.
 *
 * @see AgentGatewayClient#conversations()
 */
public final class UnknownRecipientException extends RuntimeException implements NotRetryable {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param to the recipient
	 * @param conversationId the conversation
	 * @param cause why there are no keys
	 */
	public UnknownRecipientException(String to, String conversationId, Throwable cause) {
		super(PrintableId.of(to) + " has not written to this agent in the conversation "
				+ PrintableId.of(conversationId) + ", or not from this device, so there are no keys to encrypt with:"
				+ " wait for the first message, or choose among AgentGatewayClient.conversations()", cause);
	}

}
