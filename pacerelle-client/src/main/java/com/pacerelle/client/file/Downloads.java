package com.pacerelle.client.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

import javax.crypto.AEADBadTagException;

import com.pacerelle.client.FileSettings;
import com.pacerelle.client.event.Lifetime;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.AttachmentRefusedException.Reason;
import com.pacerelle.client.message.AttachmentSource;
import com.pacerelle.client.message.TransferListener;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Downloads attachments (gateway.md section 5.3). What is not acceptable is refused
 * before it is downloaded if its message tells, and before anything of it can be read
 * otherwise. Only ciphertext is ever on the disk.
 */
public final class Downloads implements AttachmentSource {

	private final BlobEndpoint endpoint;

	private final Scheduler scheduler;

	private final Lifetime lifetime;

	private final Path directory;

	private final long maxSize;

	private final AcceptedTypes acceptedTypes;

	/**
	 * Creates the downloads of a client.
	 * @param settings says what is accepted
	 * @param endpoint downloads ciphertext
	 * @param scheduler where files are read and written
	 * @param lifetime ends transfers when the client stops
	 * @param directory where ciphertext is until its file was read
	 */
	public Downloads(FileSettings settings, BlobEndpoint endpoint, Scheduler scheduler, Lifetime lifetime,
			Path directory) {
		this.endpoint = endpoint;
		this.scheduler = scheduler;
		this.lifetime = lifetime;
		this.directory = directory;
		this.maxSize = settings.maxSize();
		this.acceptedTypes = new AcceptedTypes(settings.acceptedTypes());
	}

	@Override
	public Mono<InputStream> open(AgentAttachment attachment, TransferListener listener) {
		return this.lifetime.limit(Mono.fromCallable(() -> accept(attachment))
			.flatMap((cipher) -> download(attachment, cipher, listener).doFinally((signal) -> cipher.close()))
			.subscribeOn(this.scheduler));
	}

	private FileCipher accept(AgentAttachment attachment) {
		if (attachment.size() > this.maxSize) {
			throw new AttachmentRefusedException(Reason.TOO_LARGE,
					"The attachment has " + attachment.size() + " bytes, 'files.maxSize' is " + this.maxSize
							+ ": a smaller one must be sent, or the limit raised");
		}
		if (!this.acceptedTypes.accepts(attachment.name(), attachment.mime())) {
			throw typeNotAccepted();
		}
		String key = attachment.keyB64();
		String iv = attachment.ivB64();
		if (key == null || iv == null) {
			throw new AttachmentRefusedException(Reason.NO_KEY,
					"The attachment has no key, it was not sent end-to-end encrypted: it must be sent again");
		}
		try {
			return FileCipher.of(key, iv);
		}
		catch (IllegalArgumentException ex) {
			throw new AttachmentRefusedException(Reason.NO_KEY,
					"The attachment's key or initialization vector cannot be one: it must be sent again");
		}
	}

	private Mono<InputStream> download(AgentAttachment attachment, FileCipher cipher, TransferListener listener) {
		FileChannel file = SpoolFile.open(this.directory);
		return this.endpoint.download(attachment.blobId(), file, attachment.size() + FileCipher.TAG_SIZE, listener)
			.then(Mono.fromCallable(() -> verified(attachment, cipher, file)).subscribeOn(this.scheduler))
			.doOnError((failure) -> SpoolFile.close(file))
			.doOnCancel(() -> SpoolFile.close(file));
	}

	private InputStream verified(AgentAttachment attachment, FileCipher cipher, FileChannel file) throws IOException {
		try {
			cipher.verify(file);
		}
		catch (AEADBadTagException ex) {
			throw new AttachmentRefusedException(Reason.TAMPERED,
					"The attachment is not what its sender encrypted: it must be sent again");
		}
		if (!this.acceptedTypes.acceptsAll()) {
			byte[] start = cipher.decrypt(file).readNBytes(AcceptedTypes.MAGIC_SIZE);
			if (!this.acceptedTypes.acceptsContent(start, attachment.name())) {
				throw typeNotAccepted();
			}
		}
		return cipher.decrypt(file);
	}

	private static AttachmentRefusedException typeNotAccepted() {
		return new AttachmentRefusedException(Reason.TYPE_NOT_ACCEPTED,
				"The attachment is of a type that 'acceptedFileTypes' does not have, or is not of the type that it"
						+ " says: another one must be sent, or its type added");
	}

}
