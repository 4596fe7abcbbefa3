package example;

import com.pacerelle.test.PacerelleTest;
import com.pacerelle.test.TestPerson;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static com.pacerelle.test.PacerelleConditions.text;

@PacerelleTest
class EchoAgentTests {

	@Test
	void answers(@Autowired TestPerson alice) {
		alice.says("hello").receives(text("Received: hello"));
	}

}
