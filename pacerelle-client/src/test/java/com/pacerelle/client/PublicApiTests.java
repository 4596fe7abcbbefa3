package com.pacerelle.client;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application calls does not surprise it.
 */
class PublicApiTests {

	static List<Class<?>> types() {
		return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages("com.pacerelle.client")
			.stream()
			.filter((type) -> List.of("com.pacerelle.client", "com.pacerelle.client.message")
				.contains(type.getPackageName()))
			.map(JavaClass::reflect)
			.<Class<?>>filter((type) -> Modifier.isPublic(type.getModifiers()))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("types")
	void nothingTakesThreeStringsInARow(Class<?> type) {
		// The library makes its records; who reads one sees the names.
		Stream<? extends Executable> constructors = type.isRecord() ? Stream.empty()
				: Arrays.stream(type.getConstructors());
		assertThat(Stream.concat(constructors, Arrays.stream(type.getMethods())))
			.noneMatch((executable) -> Arrays.stream(executable.getParameterTypes())
				.map((parameter) -> (parameter == String.class) ? "S" : "-")
				.reduce("", String::concat)
				.contains("SSS"));
	}

	@ParameterizedTest
	@MethodSource("types")
	void firstArgumentOfAMethodAlwaysMeansTheSame(Class<?> type) {
		Map<String, String> firsts = new HashMap<>();
		for (Method method : type.getMethods()) {
			if (method.getDeclaringClass() == type && !method.isSynthetic() && method.getParameterCount() > 0) {
				assertThat(method.getParameters()[0].isNamePresent()).isTrue();
				String name = method.getParameters()[0].getName();
				String before = firsts.putIfAbsent(method.getName() + " " + method.getParameterTypes()[0], name);
				assertThat((before != null) ? before : name).as(method.toString()).isEqualTo(name);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("types")
	void recordsAreNarrow(Class<?> type) {
		if (type.isRecord()) {
			assertThat(type.getRecordComponents()).as("What grows has a builder").hasSizeLessThanOrEqualTo(8);
		}
	}

	@Test
	void wideTypesAreEasyToMakeInATest() {
		AgentAttachment attachment = AgentAttachment.builder("brief.pdf", "application/pdf").build();
		AgentMessage message = AgentMessage.builder("alice", "c-1").text("Hello").attachments(attachment).build();
		assertThat(message.id()).isNotEmpty();
		assertThat(message.from()).isEqualTo("alice");
		assertThat(message.conversationId()).isEqualTo("c-1");
		assertThat(message.encrypted()).isTrue();
		assertThat(message.group()).isFalse();
		assertThat(message.attachments()).containsExactly(attachment);
		assertThat(attachment.mutate().build()).isEqualTo(attachment);
		assertThat(attachment.mutate().dimensions(3, 4).build().height()).isEqualTo(4);
		assertThat(AgentMessage.builder("alice", "c-1").build()).isNotEqualTo(message);
	}

}
