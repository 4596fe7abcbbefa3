// tag::run[]
package com.example.expenses;

import org.springframework.boot.SpringApplication;

class TestExpenseAgent {

	public static void main(String[] args) {
		SpringApplication.from(ExpenseAgent::main).run("--pacerelle.dev-relay.enabled=true");
	}

}
// end::run[]
