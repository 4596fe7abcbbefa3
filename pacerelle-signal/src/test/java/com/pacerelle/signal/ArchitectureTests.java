package com.pacerelle.signal;

import java.util.Arrays;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Which package may know which. A class called {@code Violation} in each of them breaks
 * its rule, which shows that the rule can fail.
 */
class ArchitectureTests {

	private static final String ROOT = "com.pacerelle.signal";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ROOT);

	private static final JavaClasses CLASSES_WITH_VIOLATIONS = new ClassFileImporter()
		.withImportOption((location) -> new ImportOption.DoNotIncludeTests().includes(location)
				|| location.contains("/Violation.class"))
		.importPackages(ROOT);

	@ParameterizedTest
	@MethodSource("rules")
	void holds(ArchRule rule) {
		rule.check(CLASSES);
	}

	@ParameterizedTest
	@MethodSource("rules")
	void canFail(ArchRule rule) {
		assertThat(rule.evaluate(CLASSES_WITH_VIOLATIONS).hasViolation()).isTrue();
	}

	static Stream<Arguments> rules() {
		return Stream.of(
				// No package but session may know session, because none of these may.
				knows(ROOT, "crypto"), knows(ROOT + ".crypto"), knows(ROOT + ".protobuf"),
				knows(ROOT + ".spqr", "crypto", "protobuf"), knows(ROOT + ".ratchet", "", "crypto", "protobuf"),
				argumentSet("no cycles", slices().matching("com.pacerelle.(signal..)").should().beFreeOfCycles()),
				argumentSet("no framework", noClasses().should()
					.dependOnClassesThat()
					.resideInAnyPackage("org.springframework..", "reactor..", "tools.jackson..", "com.fasterxml..")),
				argumentSet("no libsignal",
						noClasses().should().dependOnClassesThat().resideInAPackage("org.signal..")));
	}

	private static Arguments knows(String room, String... others) {
		String[] known = Arrays.stream(others)
			.map((other) -> other.isEmpty() ? ROOT : ROOT + "." + other)
			.toArray(String[]::new);
		return argumentSet(room + " knows " + Arrays.toString(others), classes().that()
			.resideInAPackage(room)
			.should()
			.onlyDependOnClassesThat(
					resideOutsideOfPackage(ROOT + "..").or(resideInAPackage(room)).or(resideInAnyPackage(known))));
	}

	@Test
	void everyPackageIsKnownAndNullMarked() {
		assertThat(CLASSES.stream().map(JavaClass::getPackageName)).containsOnly(ROOT, ROOT + ".crypto",
				ROOT + ".protobuf", ROOT + ".ratchet", ROOT + ".session", ROOT + ".spqr");
		assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct())
			.allMatch((javaPackage) -> javaPackage.isAnnotatedWith(NullMarked.class));
	}

}
