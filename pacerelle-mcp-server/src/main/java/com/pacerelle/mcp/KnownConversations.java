package com.pacerelle.mcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.AgentGatewaySettings;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * The conversations that somebody has written in, also before this start: clients start
 * the bridge anew each time. Only ids are kept.
 */
@Component
class KnownConversations {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private final Path file;

	private final Map<String, KnownConversation> conversations = new LinkedHashMap<>();

	KnownConversations(AgentGatewaySettings settings) {
		String name = KnownConversation.of(settings.agentId(), "").conversation();
		this.file = settings.storeRoot().resolve("mcp-conversations-" + name + ".json");
		if (Files.exists(this.file)) {
			for (KnownConversation known : MAPPER.readValue(this.file.toFile(), KnownConversation[].class)) {
				this.conversations.put(known.conversation(), known);
			}
		}
	}

	synchronized List<KnownConversation> all() {
		return List.copyOf(this.conversations.values());
	}

	/**
	 * Finds a conversation.
	 * @param conversation what tools call it
	 * @return the conversation
	 * @throws IllegalArgumentException if there is none
	 */
	synchronized KnownConversation get(String conversation) {
		KnownConversation known = this.conversations.get(conversation);
		if (known == null) {
			throw new IllegalArgumentException("There is no such conversation: call list_conversations. People start "
					+ "conversations by writing to the agent");
		}
		return known;
	}

	synchronized KnownConversation add(String to, String conversationId) {
		KnownConversation known = KnownConversation.of(to, conversationId);
		if (this.conversations.put(known.conversation(), known) == null) {
			save();
		}
		return known;
	}

	private void save() {
		try {
			Path written = Files.createTempFile(Files.createDirectories(this.file.toAbsolutePath().getParent()), "mcp-",
					".tmp");
			Files.write(written, MAPPER.writeValueAsBytes(this.conversations.values()));
			Files.move(written, this.file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
