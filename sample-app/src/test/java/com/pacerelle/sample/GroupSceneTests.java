package com.pacerelle.sample;

import com.pacerelle.test.PacerelleTest;
import com.pacerelle.test.TestPeople;
import com.pacerelle.test.TestPerson;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static com.pacerelle.test.PacerelleConditions.text;

@PacerelleTest
class GroupSceneTests {

	// tag::scene[]
	@Test
	void scene(@Autowired TestPeople people) {
		TestPeople group = people.inGroup();
		TestPerson sasha = group.person("sasha");
		TestPerson kim = group.person("kim");
		sasha.says("Hello");
		sasha.receives(text("Received: Hello"));
		kim.receives(text("Received: Hello"));
	}
	// end::scene[]

}
