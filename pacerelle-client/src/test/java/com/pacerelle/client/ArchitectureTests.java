package com.pacerelle.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The rooms of the client and the arrows between them, as docs/architecture.md draws
 * them.
 */
class ArchitectureTests {

	private static final String ROOT = "com.pacerelle.client";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ROOT);

	/** From the ground to the roof. The root, "", is the contract. */
	static final List<Arguments> ARROWS = List.of(row("codec"), row("message", "codec"), row("store", "codec"),
			row("observation", "codec"), row("", "message", "codec"), row("store.jdbc", "store"),
			row("migration", "store", "store.jdbc"), row("permission", "message"), row("history", "codec"),
			row("event", "", "observation"), row("http", ""), row("connect", "", "http"),
			row("wire", "message", "history", "codec"),
			row("file", "", "message", "codec", "event", "http", "observation"),
			row("encryption", "", "store", "history", "wire", "codec", "event", "http"),
			row("dispatch", "", "wire", "event"), row("connection", "", "event", "http", "encryption", "observation"),
			row("outbound", "", "message", "store", "wire", "codec", "event", "encryption", "file", "connection",
					"observation"),
			row("conversation", "", "message", "wire", "event", "dispatch", "outbound", "observation"),
			row("inbound", "", "message", "store", "wire", "event", "encryption", "dispatch", "conversation",
					"outbound", "connection", "observation"));

	private static final JavaClasses CLASSES_AND_TESTS = new ClassFileImporter().importPackages(ROOT);

	@ParameterizedTest
	@FieldSource("ARROWS")
	void roomKnowsOnly(String room, List<String> others) {
		knowsOnly(room, others).check(CLASSES);
	}

	/**
	 * The rule of each room fails when one of its arrows is missing: the rules can fail,
	 * and no arrow stands in the table that nobody needs. That a room knows itself may
	 * show in its tests only.
	 */
	@ParameterizedTest
	@MethodSource
	void everyArrowIsUsed(String room, String arrow, List<String> withoutIt) {
		assertThat(knowsOnly(room, withoutIt).evaluate(arrow.equals(room) ? CLASSES_AND_TESTS : CLASSES).hasViolation())
			.as("'%s' needs to know '%s'", room, arrow)
			.isTrue();
	}

	static Stream<Arguments> everyArrowIsUsed() {
		return ARROWS.stream().flatMap((row) -> {
			@SuppressWarnings("unchecked")
			List<String> others = (List<String>) row.get()[1];
			return others.stream()
				.map((arrow) -> arguments(row.get()[0], arrow,
						others.stream().filter((other) -> !other.equals(arrow)).toList()));
		});
	}

	@Test
	void everyRoomIsInTheTable() {
		List<String> rooms = new ArrayList<>(ARROWS.stream().map((row) -> packageOf((String) row.get()[0])).toList());
		// Puts the parts together, and knows every room.
		rooms.add(packageOf("core"));
		assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
			.containsExactlyInAnyOrderElementsOf(rooms);
	}

	@Test
	void roomsHaveNoCircle() {
		assertNoCircle(JavaClass::getPackageName, CLASSES);
	}

	@Test
	void classesOfTheCorridorHaveNoCircle() {
		for (String room : List.of("inbound", "conversation", "outbound", "connection", "dispatch")) {
			assertNoCircle(ArchitectureTests::topLevelName,
					CLASSES.that(describe("in " + room, (type) -> type.getPackageName().equals(packageOf(room)))));
		}
	}

	@Test
	void aCircleIsFound() {
		// A class and the ones inside it know each other.
		assertThat(noCircle(JavaClass::getName).evaluate(CLASSES).hasViolation()).isTrue();
	}

	@Test
	void knowsNoSpringContextNoBootAndNoLibsignal() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot..", "org.springframework.context..", "org.signal..")
			.check(CLASSES);
	}

	@Test
	void knowsOnlyTheContractAndTheEntranceOfTheSessionProtocol() {
		noClasses().should()
			.dependOnClassesThat(resideInAPackage("com.pacerelle.signal..")
				.and(not(resideInAnyPackage("com.pacerelle.signal", "com.pacerelle.signal.session"))))
			.check(CLASSES);
	}

	@Test
	void storeKnowsNoNetwork() {
		noClasses().that()
			.resideInAPackage(ROOT + ".store..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor..", "io.netty..", "tools.jackson..", ROOT)
			.check(CLASSES);
	}

	@Test
	void packagesAreNullMarked() {
		assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct())
			.allMatch((javaPackage) -> javaPackage.isAnnotatedWith(NullMarked.class));
	}

	/** A room knows itself, and the others. */
	private static Arguments row(String room, String... others) {
		return arguments(room, Stream.concat(Stream.of(room), Stream.of(others)).toList());
	}

	private static ArchRule knowsOnly(String room, List<String> others) {
		List<String> known = others.stream().map(ArchitectureTests::packageOf).toList();
		return classes().that()
			.resideInAPackage(packageOf(room))
			.should()
			.onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..")
				.or(describe("are in " + known, (type) -> known.contains(type.getPackageName()))));
	}

	private static String packageOf(String room) {
		return room.isEmpty() ? ROOT : ROOT + "." + room;
	}

	private static void assertNoCircle(Function<JavaClass, String> slice, JavaClasses classes) {
		noCircle(slice).check(classes);
	}

	private static ArchRule noCircle(Function<JavaClass, String> slice) {
		return slices().assignedFrom(new SliceAssignment() {

			@Override
			public SliceIdentifier getIdentifierOf(JavaClass type) {
				return type.getPackageName().startsWith(ROOT) ? SliceIdentifier.of(slice.apply(type))
						: SliceIdentifier.ignore();
			}

			@Override
			public String getDescription() {
				return "the client";
			}

		}).should().beFreeOfCycles();
	}

	private static String topLevelName(JavaClass type) {
		return type.getEnclosingClass().map(ArchitectureTests::topLevelName).orElseGet(type::getName);
	}

}
