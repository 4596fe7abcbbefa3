package com.example.words;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class WordAgent {

	public static void main(String[] args) {
		SpringApplication.run(WordAgent.class, args);
	}

}
