// tag::run[]
package com.example.echo;

import org.springframework.boot.SpringApplication;

class TestEchoAgent {

	public static void main(String[] args) {
		SpringApplication.from(EchoAgent::main).run("--pacerelle.dev-relay.enabled=true");
	}

}
// end::run[]
