// tag::test[]
package com.example.approval;

import com.pacerelle.test.PacerelleTest;
import com.pacerelle.test.TestPerson;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static com.pacerelle.test.PacerelleConditions.text;
import static com.pacerelle.test.PacerelleConditions.widget;
import static org.mockito.BDDMockito.then;

@PacerelleTest(properties = "approver=boss")
class DropHandlersTests {

	@MockitoBean
	private Databases databases;

	@Test
	void nothingIsDeletedWithoutTheApprover(@Autowired TestPerson boss, @Autowired TestPerson anna) {
		boss.says("hello").receives(text("I ask you when somebody wants to delete something"));
		anna.says("/drop staging");
		boss.receives(widget("confirm")).answers(false);
		anna.receives(text("staging was not approved"));
		then(this.databases).shouldHaveNoInteractions();
		anna.says("/drop staging");
		boss.receives(widget("confirm")).answers(true);
		anna.receives(text("staging is deleted"));
		then(this.databases).should().drop("staging");
	}

}
// end::test[]
