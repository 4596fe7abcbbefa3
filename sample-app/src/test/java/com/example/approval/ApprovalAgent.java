package com.example.approval;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class ApprovalAgent {

	public static void main(String[] args) {
		SpringApplication.run(ApprovalAgent.class, args);
	}

}
