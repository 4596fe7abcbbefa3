// tag::test[]
package com.example.announcements;

import com.pacerelle.test.PacerelleTest;
import com.pacerelle.test.TestPerson;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static com.pacerelle.test.PacerelleConditions.text;

@PacerelleTest
class MorningReportTests {

	@Autowired
	private MorningReport report;

	@Test
	void everybodyWhoHasWrittenGetsTheReport(@Autowired TestPerson anna, @Autowired TestPerson bob) {
		anna.says("/start").receives(text("You get a report each morning"));
		bob.says("/start").receives(text("You get a report each morning"));
		this.report.send();
		anna.receives(text("Good morning. All systems are up."));
		bob.receives(text("Good morning. All systems are up."));
	}

}
// end::test[]
