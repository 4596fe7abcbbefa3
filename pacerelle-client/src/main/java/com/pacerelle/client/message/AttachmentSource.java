package com.pacerelle.client.message;

import java.io.InputStream;

import reactor.core.publisher.Mono;

/**
 * Where the content of attachments comes from: the client that received them.
 */
@FunctionalInterface
public interface AttachmentSource {

	/**
	 * Downloads an attachment and verifies all of it, before anything of it can be read.
	 * @param attachment the attachment
	 * @param listener notified of the progress
	 * @return the content, exactly as long as the attachment says, on a thread that may
	 * block; whoever gets it closes it. Fails with {@link AttachmentRefusedException} or
	 * {@link FileTransferException}
	 */
	Mono<InputStream> open(AgentAttachment attachment, TransferListener listener);

}
