// tag::tests[]
package com.example.expenses;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

import com.pacerelle.dev.PersonFile;
import com.pacerelle.test.PacerelleTest;
import com.pacerelle.test.TestPerson;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import static com.pacerelle.test.PacerelleConditions.file;
import static com.pacerelle.test.PacerelleConditions.form;
import static com.pacerelle.test.PacerelleConditions.text;
import static com.pacerelle.test.PacerelleConditions.widget;
import static org.assertj.core.api.Assertions.assertThat;

@PacerelleTest
@Import(Ledger.class)
class ExpenseAgentTests {

	private static final Expense TRAIN = new Expense("Train", new BigDecimal("19.9"), LocalDate.of(2026, 5, 4));

	private static final PersonFile FILE = PersonFile.of("expenses.csv",
			"2026-05-04;19.9;Train\n".getBytes(StandardCharsets.UTF_8));

	@Test
	void formBecomesAnExpense(@Autowired TestPerson anna) {
		anna.says("/expense").receives(form("expense")).answers(TRAIN).receives(text("Noted: Train, 19.9"));
		anna.says("/report").receives(file("expenses.csv"));
		assertThat(anna.received().files()).containsExactly(FILE);
	}

	@Test
	void cancelledFormNotesNothing(@Autowired TestPerson bob) {
		bob.says("/expense").receives(form("expense")).cancels().receives(text("Nothing was noted"));
	}

	@Test
	void deletesOnlyWhatThePersonAllows(@Autowired TestPerson carla) {
		carla.sends("", FILE).receives(text("Read 1 expense(s)"));
		carla.says("/clear").receives(widget("permission")).denies().receives(text("Nothing was deleted"));
		carla.says("/clear").receives(widget("permission")).grants().receives(text("Deleted 1 expense(s)"));
	}

}
// end::tests[]
