// tag::agent[]
package com.example.announcements;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

@SpringBootApplication
@EnableScheduling
public class AnnouncementAgent {

	public static void main(String[] args) {
		SpringApplication.run(AnnouncementAgent.class, args);
	}

}
// end::agent[]
