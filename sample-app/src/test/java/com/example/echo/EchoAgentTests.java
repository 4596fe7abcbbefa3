package com.example.echo;

import com.pacerelle.test.PacerelleTest;
import com.pacerelle.test.TestPerson;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static com.pacerelle.test.PacerelleConditions.text;

/**
 * The agent of the first page does what the page says.
 */
@PacerelleTest
class EchoAgentTests {

	@Test
	void answers(@Autowired TestPerson person) {
		person.says("Hello").receives(text("Received: Hello"));
	}

}
