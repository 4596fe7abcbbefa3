package com.pacerelle.test;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class TestedApplication {

}
