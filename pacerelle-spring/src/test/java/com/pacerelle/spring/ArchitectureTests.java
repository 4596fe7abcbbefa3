package com.pacerelle.spring;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The structure of this module.
 */
@AnalyzeClasses(packages = "com.pacerelle.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule packagesHaveNoCycles = slices().matching("com.pacerelle.spring.(**)")
		.should()
		.beFreeOfCycles();

	@ArchTest
	static final ArchRule nobodyKnowsBoot = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot..", "com.pacerelle.spring.boot..");

	@ArchTest
	static final ArchRule handlersKnowNeitherInstallationsNorPermissions = noClasses().that()
		.resideInAPackage("com.pacerelle.spring.handler..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("com.pacerelle.spring.connect..", "com.pacerelle.spring.permission..");

	@ArchTest
	static final ArchRule installationsKnowNoHandlers = noClasses().that()
		.resideInAPackage("com.pacerelle.spring.connect..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("com.pacerelle.spring.handler..");

	@ArchTest
	static final ArchRule nobodyKnowsTheSessionProtocol = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("com.pacerelle.signal..", "org.signal..", "org.bouncycastle..");

	@ArchTest
	static final ArchRule packagesAreNullMarked = classes().that()
		.haveSimpleName("package-info")
		.should()
		.beAnnotatedWith(NullMarked.class);

}
