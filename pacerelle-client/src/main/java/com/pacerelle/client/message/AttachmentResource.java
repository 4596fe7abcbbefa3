package com.pacerelle.client.message;

import java.io.InputStream;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.AbstractResource;

/**
 * An attachment as a resource, downloaded each time it is opened.
 */
final class AttachmentResource extends AbstractResource {

	private final AgentAttachment attachment;

	AttachmentResource(AgentAttachment attachment) {
		this.attachment = attachment;
	}

	@Override
	public InputStream getInputStream() {
		return Objects.requireNonNull(this.attachment.source().open(this.attachment, TransferListener.NONE).block());
	}

	@Override
	public boolean exists() {
		return true;
	}

	@Override
	public long contentLength() {
		return this.attachment.size();
	}

	@Override
	public String getFilename() {
		return this.attachment.name();
	}

	@Override
	public String getDescription() {
		return "attachment [" + this.attachment.id() + "]";
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof AttachmentResource resource && resource.attachment.equals(this.attachment);
	}

	@Override
	public int hashCode() {
		return this.attachment.hashCode();
	}

}
