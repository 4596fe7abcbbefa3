package com.pacerelle.test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTests {

	private final JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("com.pacerelle.test");

	@Test
	void knowsNoProtocol() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("com.pacerelle.signal..", "com.pacerelle.client.wire..", "com.pacerelle.client.codec..",
					"com.pacerelle.client.encryption..", "com.pacerelle.client.connection..", "io.netty..",
					"reactor.netty..")
			.check(this.classes);
	}

	@Test
	void knowsNoLibsignal() {
		noClasses().should().dependOnClassesThat().resideInAPackage("org.signal..").check(this.classes);
	}

	@Test
	void packageIsNullMarked() {
		assertThat(this.classes.getPackage("com.pacerelle.test").isAnnotatedWith(NullMarked.class)).isTrue();
	}

}
