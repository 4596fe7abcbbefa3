package com.pacerelle.dev;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Encrypted files, in memory: the oldest give way when there is no room for a new one.
 */
final class Blobs {

	/** The greatest size of all files together, in bytes. */
	static final int CAPACITY = 64 * 1024 * 1024;

	private final Map<String, byte[]> blobs = new LinkedHashMap<>();

	private long size;

	synchronized String add(byte[] blob) {
		String id = UUID.randomUUID().toString();
		this.blobs.put(id, blob);
		this.size += blob.length;
		var oldest = this.blobs.values().iterator();
		while (this.size > CAPACITY) {
			this.size -= oldest.next().length;
			oldest.remove();
		}
		return id;
	}

	synchronized byte @Nullable [] get(String id) {
		return this.blobs.get(id);
	}

}
