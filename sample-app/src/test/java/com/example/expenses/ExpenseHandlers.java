// tag::form[]
package com.example.expenses;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.permission.PermissionNotGrantedException;
import com.pacerelle.spring.handler.MessageKind;
import com.pacerelle.spring.handler.PacerelleExceptionHandler;
import com.pacerelle.spring.handler.PacerelleHandler;
import com.pacerelle.spring.handler.Questions;

import org.springframework.stereotype.Component;

@Component
class ExpenseHandlers {

	private final Ledger ledger;

	private final Questions questions;

	ExpenseHandlers(Ledger ledger, Questions questions) {
		this.ledger = ledger;
		this.questions = questions;
	}

	@PacerelleHandler(value = "/expense", description = "notes an expense")
	String add(AgentMessage message, Conversation conversation) {
		Expense expense = conversation
			.askAndWait(this.questions.form("New expense", Expense.class).with((form) -> form.id("expense")));
		this.ledger.add(message.from(), message.id(), expense);
		return "Noted: " + expense.purpose() + ", " + expense.amount();
	}

	@PacerelleExceptionHandler
	String cancelled(AnswerCancelledException failure) {
		return "Nothing was noted";
	}
	// end::form[]

	// tag::files[]
	@PacerelleHandler(value = "/report", description = "sends all expenses as a file")
	AgentFile report(AgentMessage message) {
		String csv = this.ledger.all(message.from())
			.stream()
			.map((expense) -> expense.day() + ";" + expense.amount() + ";" + expense.purpose() + "\n")
			.collect(Collectors.joining());
		return AgentFile.of("expenses.csv", csv.getBytes(StandardCharsets.UTF_8));
	}

	@PacerelleHandler(kind = MessageKind.ATTACHMENT)
	String read(AgentMessage message, AgentAttachment file) throws IOException {
		List<String> lines;
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(file.resource().getInputStream(), StandardCharsets.UTF_8))) {
			lines = reader.lines().toList();
		}
		for (int i = 0; i < lines.size(); i++) {
			String[] parts = lines.get(i).split(";", 3);
			Expense expense = new Expense(parts[2], new BigDecimal(parts[1]), LocalDate.parse(parts[0]));
			this.ledger.add(message.from(), message.id() + "-" + i, expense);
		}
		return "Read " + lines.size() + " expense(s)";
	}
	// end::files[]

	// tag::permission[]
	@PacerelleHandler(value = "/clear", description = "deletes all expenses")
	String clear(AgentMessage message) {
		return "Deleted " + this.ledger.clear(message.from()) + " expense(s)";
	}

	@PacerelleExceptionHandler
	String refused(PermissionNotGrantedException failure) {
		return "Nothing was deleted";
	}

}
// end::permission[]
