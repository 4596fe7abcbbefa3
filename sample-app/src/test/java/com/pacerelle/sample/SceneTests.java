package com.pacerelle.sample;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

import com.pacerelle.dev.PersonFile;
import com.pacerelle.test.PacerelleTest;
import com.pacerelle.test.TestPeople;
import com.pacerelle.test.TestPerson;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static com.pacerelle.test.PacerelleConditions.choice;
import static com.pacerelle.test.PacerelleConditions.confirm;
import static com.pacerelle.test.PacerelleConditions.dateTime;
import static com.pacerelle.test.PacerelleConditions.form;
import static com.pacerelle.test.PacerelleConditions.permission;
import static com.pacerelle.test.PacerelleConditions.progress;
import static com.pacerelle.test.PacerelleConditions.text;
import static com.pacerelle.test.PacerelleConditions.widget;

@PacerelleTest
class SceneTests {

	@Test
	void scene(@Autowired TestPeople people) {
		TestPerson sasha = people.person("sasha");
		sasha.says("Hello, \"agent\"");
		sasha.receives(text("Received: Hello, \"agent\""));
		sasha.says("/confirm");
		sasha.receives(confirm("confirm-delete-cache"));
		sasha.answers(true);
		sasha.receives(text("confirm-delete-cache: true"));
		sasha.says("/choices");
		sasha.receives(choice("choose-checks"));
		sasha.says("/form");
		sasha.receives(form("release-form"));
		sasha.sees(choice("choose-checks"));
		sasha.answers(List.of("lint", "build"));
		sasha.receives(text("choose-checks: [\"lint\",\"build\"]"));
		sasha.sees(form("release-form"));
		sasha.answers(Map.of("version", "1.2"));
		sasha.receives(text("release-form: {\"version\":\"1.2\"}"));
		sasha.says("/permission");
		sasha.receives(permission("allow-folder-read"));
		sasha.denies();
		sasha.receives(text("allow-folder-read: {\"granted\":false}"));
		sasha.says("/datetime");
		sasha.receives(dateTime("schedule-review"));
		sasha.answers(LocalDate.parse("2026-06-01"));
		sasha.receives(text("schedule-review: {\"mode\":\"date\",\"value\":\"2026-06-01\"}"));
		sasha.says("/ask");
		sasha.receives(widget("confirm").title("Shall I go on?"));
		sasha.cancels();
		sasha.receives(text("You said nothing"));
		sasha.says("/progress");
		sasha.receives(progress("build-progress"));
		sasha.sees(progress("build-progress").with("value", 100));
		sasha.sends("", PersonFile.of("notes.txt", "Remember\n".getBytes(StandardCharsets.UTF_8)));
		sasha.receives(text(
				"notes.txt, text/plain, 9 bytes, SHA-256 c5b90f5b87d1ff9c6e4fcecaca97b6e4b8bb7266b6ceadc5da82a5568db1ca92"));
	}

}
