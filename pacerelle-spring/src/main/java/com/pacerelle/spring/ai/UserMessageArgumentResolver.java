package com.pacerelle.spring.ai;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.AttachmentRefusedException.Reason;
import com.pacerelle.spring.handler.HandlerArgumentResolver;
import com.pacerelle.spring.handler.HandlerInvocation;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.content.Media;

import org.springframework.core.MethodParameter;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.util.unit.DataSize;

/**
 * Resolves parameters of type {@link UserMessage}: what the person wrote, for a model,
 * with the attachments as its media. They are in memory, so there is a limit for all of a
 * message; a message beyond it is refused. Names of files are left out.
 */
public final class UserMessageArgumentResolver implements HandlerArgumentResolver {

	private final long maxMediaSize;

	/**
	 * Creates the resolver.
	 * @param maxMediaSize how large the attachments of a message may be together
	 */
	public UserMessageArgumentResolver(DataSize maxMediaSize) {
		this.maxMediaSize = maxMediaSize.toBytes();
	}

	@Override
	public boolean supports(MethodParameter parameter) {
		return parameter.getNestedParameterType() == UserMessage.class;
	}

	@Override
	public boolean supportsAnswers() {
		return false;
	}

	@Override
	public UserMessage resolve(MethodParameter parameter, HandlerInvocation invocation) {
		AgentMessage message = invocation.message();
		return UserMessage.builder().text(message.text()).media(media(message.attachments())).build();
	}

	private List<Media> media(List<AgentAttachment> attachments) {
		long left = this.maxMediaSize;
		for (AgentAttachment attachment : attachments) {
			left -= attachment.size();
			if (left < 0) {
				throw new AttachmentRefusedException(Reason.TOO_LARGE_FOR_MEMORY, "The attachments have more than "
						+ this.maxMediaSize
						+ " bytes together: take them as AgentAttachment, or bring a UserMessageArgumentResolver"
						+ " with another limit");
			}
		}
		List<Media> media = new ArrayList<>();
		for (AgentAttachment attachment : attachments) {
			// A download has the size that is declared, or fails.
			byte[] content = Objects.requireNonNull(attachment.download().block());
			media.add(new Media(mimeType(attachment), new ByteArrayResource(content)));
		}
		return media;
	}

	private static MimeType mimeType(AgentAttachment attachment) {
		try {
			return MimeType.valueOf(attachment.mime());
		}
		catch (IllegalArgumentException ex) {
			return MimeTypeUtils.APPLICATION_OCTET_STREAM;
		}
	}

}
