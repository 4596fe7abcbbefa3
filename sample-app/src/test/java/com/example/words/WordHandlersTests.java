// tag::test[]
package com.example.words;

import java.nio.charset.StandardCharsets;

import com.pacerelle.dev.PersonFile;
import com.pacerelle.test.PacerelleTest;
import com.pacerelle.test.TestPerson;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static com.pacerelle.test.PacerelleConditions.file;
import static com.pacerelle.test.PacerelleConditions.progress;
import static com.pacerelle.test.PacerelleConditions.text;
import static org.assertj.core.api.Assertions.assertThat;

@PacerelleTest(properties = { "pacerelle.files.max-size=20MB", "pacerelle.files.accepted-types=.txt" })
class WordHandlersTests {

	@Test
	void countsWords(@Autowired TestPerson anna) {
		anna.sends("", PersonFile.of("poem.txt", "to be or\nnot to be".getBytes(StandardCharsets.UTF_8)))
			.receives(progress("count-words"))
			.receives(file("words.csv"));
		assertThat(anna.received().files()).extracting((sent) -> new String(sent.content(), StandardCharsets.UTF_8))
			.containsExactly("be,2\nnot,1\nor,1\nto,2\n");
	}

	@Test
	void refusesOtherFiles(@Autowired TestPerson bob) {
		bob.sends("", PersonFile.of("program.exe", new byte[] { 1 }))
			.receives(text("Please send a text file of at most 20 MB"));
	}

}
// end::test[]
