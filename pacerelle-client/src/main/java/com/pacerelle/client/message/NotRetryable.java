package com.pacerelle.client.message;

/**
 * A failure that no other attempt can mend: a handler that throws it is not called again
 * for the message.
 */
public interface NotRetryable {

}
