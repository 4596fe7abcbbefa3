package com.pacerelle.spring.handler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import com.pacerelle.client.message.AgentAttachment;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ResolvableType;
import org.springframework.core.io.Resource;

/**
 * Attachments as the types that handlers take them as.
 */
final class Attachments {

	private static final Set<Class<?>> TYPES = Set.of(AgentAttachment.class, Resource.class, Path.class);

	private Attachments() {
	}

	/**
	 * Whether attachments can be had as a type.
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
	 * Attachments as a type.
	 * @param attachments the attachments
	 * @param type a type that is supported
	 * @return the first one or a list of all; empty if there is no first one
	 */
	static Mono<?> convert(List<AgentAttachment> attachments, ResolvableType type) {
		if (!isList(type)) {
			return Flux.fromIterable(attachments)
				.take(1)
				.concatMap((attachment) -> convert(attachment, type.toClass()))
				.next();
		}
		return Flux.fromIterable(attachments)
			.concatMap((attachment) -> convert(attachment, type.getGeneric().toClass()))
			.collectList();
	}

	private static Mono<?> convert(AgentAttachment attachment, Class<?> type) {
		if (type == Path.class) {
			return download(attachment);
		}
		return Mono.just((type == Resource.class) ? attachment.resource() : attachment);
	}

	/**
	 * Downloads to a file that only the owner can read, and whose name says nothing.
	 */
	private static Mono<Path> download(AgentAttachment attachment) {
		return Mono.fromCallable(() -> Files.createTempFile("pacerelle-", ".tmp"))
			.flatMap((target) -> attachment.download(target).doOnError((failure) -> delete(target)));
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
