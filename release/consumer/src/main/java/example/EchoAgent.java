package example;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class EchoAgent {

	public static void main(String[] args) {
		SpringApplication.run(EchoAgent.class, args);
	}

	@PacerelleHandler
	String echo(AgentMessage message) {
		return "Received: " + message.text();
	}

}
