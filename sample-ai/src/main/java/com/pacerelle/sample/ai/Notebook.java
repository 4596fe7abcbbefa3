package com.pacerelle.sample.ai;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;
import org.springframework.stereotype.Component;

/**
 * A tool of the model that changes something, so that each call needs the person's
 * permission.
 */
@Component
class Notebook {

	private final List<String> notes = new CopyOnWriteArrayList<>();

	// tag::tool[]
	@Tool(name = "write_note", description = "Writes a note into the notebook")
	String write(@ToolParam(description = "The note") String note) {
		this.notes.add(note);
		return "There are " + this.notes.size() + " notes";
	}
	// end::tool[]

	List<String> notes() {
		return this.notes;
	}

}
