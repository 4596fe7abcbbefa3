// tag::handlers[]
package com.example.words;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.Progress;
import com.pacerelle.spring.handler.MessageKind;
import com.pacerelle.spring.handler.PacerelleExceptionHandler;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.stereotype.Component;

@Component
class WordHandlers {

	@PacerelleHandler(kind = MessageKind.ATTACHMENT)
	AgentFile count(AgentAttachment file, Conversation conversation) throws IOException {
		Map<String, Integer> counts = new TreeMap<>();
		Progress progress = Progress.of("Counting words", 0, 100).id("count-words").cancellable();
		long characters = 0;
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(file.resource().getInputStream(), StandardCharsets.UTF_8))) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				for (String word : line.toLowerCase().split("\\W+")) {
					counts.merge(word, 1, Integer::sum);
				}
				characters += line.length() + 1;
				conversation.show(progress.value(Math.min(100, 100 * characters / file.size())));
			}
		}
		String csv = counts.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "," + entry.getValue() + "\n")
			.collect(Collectors.joining());
		return AgentFile.of("words.csv", csv.getBytes(StandardCharsets.UTF_8));
	}

	@PacerelleExceptionHandler
	String refused(AttachmentRefusedException failure) {
		return "Please send a text file of at most 20 MB";
	}

	@PacerelleExceptionHandler
	String cancelled(AnswerCancelledException failure) {
		return "Stopped";
	}

}
// end::handlers[]
