// tag::agent[]
package com.example.expenses;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class ExpenseAgent {

	public static void main(String[] args) {
		SpringApplication.run(ExpenseAgent.class, args);
	}

}
// end::agent[]
