package com.pacerelle.spring.handler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import com.pacerelle.client.message.AgentAttachment;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

import org.springframework.core.ResolvableType;
import org.springframework.core.io.Resource;

/**
 * Converts attachments to the types of parameters.
 */
final class Attachments {

	private static final Set<Class<?>> TYPES = Set.of(AgentAttachment.class, Resource.class, Path.class);

	private Attachments() {
	}

	/**
	 * Whether attachments can be converted to a type.
	 * @param type the type
	 * @return whether they can
	 */
	static boolean supports(ResolvableType type) {
		return TYPES.contains(isList(type) ? type.getGeneric().toClass() : type.toClass());
	}

	static boolean isList(ResolvableType type) {
		return type.toClass() == List.class;
	}

	/**
	 * Converts attachments. Blocks while it downloads to a {@link Path}.
	 * @param attachments the attachments
	 * @param type a type that is supported
	 * @return the first one or a list of all; {@code null} if there is no first one
	 */
	static @Nullable Object convert(List<AgentAttachment> attachments, ResolvableType type) {
		if (isList(type)) {
			Class<?> elementType = type.getGeneric().toClass();
			return attachments.stream().map((attachment) -> convert(attachment, elementType)).toList();
		}
		return attachments.isEmpty() ? null : convert(attachments.get(0), type.toClass());
	}

	private static Object convert(AgentAttachment attachment, Class<?> type) {
		if (type == Path.class) {
			return download(attachment);
		}
		return (type == Resource.class) ? attachment.resource() : attachment;
	}

	/**
	 * Downloads to a file that only the owner can read, and whose name is random.
	 */
	private static Path download(AgentAttachment attachment) {
		Path target;
		try {
			target = Files.createTempFile("pacerelle-", ".tmp");
		}
		catch (IOException ex) {
			// As a failed download does: exception handlers get the cause.
			throw Exceptions.propagate(ex);
		}
		try {
			attachment.download(target).block();
			return target;
		}
		catch (RuntimeException | Error ex) {
			delete(target);
			throw ex;
		}
	}

	private static void delete(Path target) {
		try {
			Files.deleteIfExists(target);
		}
		catch (IOException ex) {
			// The failure of the download says more.
		}
	}

}
