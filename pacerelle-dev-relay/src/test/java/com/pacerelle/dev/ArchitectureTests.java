package com.pacerelle.dev;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTests {

	private final JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("com.pacerelle.dev");

	@Test
	void onlyTheAutoConfigurationKnowsSpringAndItself() {
		noClasses().that()
			.resideInAPackage("com.pacerelle.dev")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "com.pacerelle.spring..", "com.pacerelle.dev.autoconfigure")
			.check(this.classes);
	}

	@Test
	void knowsNoLibsignal() {
		noClasses().should().dependOnClassesThat().resideInAPackage("org.signal..").check(this.classes);
	}

	@Test
	void packagesAreNullMarked() {
		assertThat(this.classes.getPackage("com.pacerelle.dev").isAnnotatedWith(NullMarked.class)).isTrue();
		assertThat(this.classes.getPackage("com.pacerelle.dev.autoconfigure").isAnnotatedWith(NullMarked.class))
			.isTrue();
	}

}
