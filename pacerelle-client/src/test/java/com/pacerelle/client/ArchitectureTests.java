package com.pacerelle.client;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTests {

	private final JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("com.pacerelle.client");

	@Test
	void knowsNoSpringBootAndNoLibsignal() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot..", "org.springframework.context..", "org.signal..")
			.check(this.classes);
	}

	@ParameterizedTest
	@CsvSource({ "message,", "store,", "codec,", "connect,", "store.jdbc, store", "permission, message",
			"history, codec" })
	void roomKnowsOnly(String room, @Nullable String others) {
		Set<String> known = Stream.of(room, others)
			.filter(Objects::nonNull)
			.map((name) -> "com.pacerelle.client." + name)
			.collect(Collectors.toSet());
		classes().that()
			.resideInAPackage("com.pacerelle.client." + room)
			.should()
			.onlyDependOnClassesThat(resideOutsideOfPackage("com.pacerelle.client..")
				.or(describe("are in " + known, (type) -> known.contains(type.getPackageName()))))
			.check(this.classes);
	}

	@Test
	void storeKnowsNoNetwork() {
		noClasses().that()
			.resideInAPackage("com.pacerelle.client.store..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor..", "io.netty..", "tools.jackson..", "com.pacerelle.client")
			.check(this.classes);
	}

	@Test
	void packagesHaveNoCycles() {
		slices().matching("com.pacerelle.(client..)").should().beFreeOfCycles().check(this.classes);
	}

	@Test
	void packagesAreNullMarked() {
		assertThat(this.classes.getPackage("com.pacerelle.client").getSubpackagesInTree()).isNotEmpty();
		for (JavaPackage javaPackage : this.classes.getPackage("com.pacerelle.client").getSubpackagesInTree()) {
			assertThat(javaPackage.isAnnotatedWith(NullMarked.class)).as(javaPackage.getName()).isTrue();
		}
		assertThat(this.classes.getPackage("com.pacerelle.client").isAnnotatedWith(NullMarked.class)).isTrue();
	}

}
