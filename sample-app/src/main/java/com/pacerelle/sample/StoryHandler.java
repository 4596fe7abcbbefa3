package com.pacerelle.sample;

import java.time.Duration;

import com.pacerelle.spring.handler.PacerelleHandler;
import reactor.core.publisher.Flux;

import org.springframework.stereotype.Component;

/**
 * Sends a text that grows, as a model would.
 */
@Component
class StoryHandler {

	private static final String STORY = "Once upon a time there was an agent that knew one story only, and it told "
			+ "the story slowly, so that everybody could see how it went on, until it came to its end.";

	@PacerelleHandler(command = "/story", description = "tells a story, word by word")
	Flux<String> story() {
		return Flux.fromArray(STORY.split("(?<= )")).delayElements(Duration.ofMillis(70));
	}

}
