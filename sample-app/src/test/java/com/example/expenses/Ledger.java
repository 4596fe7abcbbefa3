// tag::ledger[]
package com.example.expenses;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

import com.pacerelle.spring.permission.RequiresPermission;

import org.springframework.stereotype.Component;

@Component
class Ledger {

	private final Map<String, Map<String, Expense>> expenses = new ConcurrentHashMap<>();

	/** The same id twice is one expense: a handler may run again after a crash. */
	void add(String person, String id, Expense expense) {
		of(person).put(id, expense);
	}

	List<Expense> all(String person) {
		return List.copyOf(of(person).values());
	}

	@RequiresPermission(action = "expenses.delete", resource = "expenses:#{#person}",
			title = "Delete all your expenses?")
	int clear(String person) {
		Map<String, Expense> deleted = this.expenses.remove(person);
		return (deleted != null) ? deleted.size() : 0;
	}

	private Map<String, Expense> of(String person) {
		return this.expenses.computeIfAbsent(person, (key) -> new ConcurrentSkipListMap<>());
	}

}
// end::ledger[]
