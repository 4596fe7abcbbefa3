package com.pacerelle.client.message;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is said, nothing of it gets into a log by a {@code toString()}.
 */
class RedactionTests {

	private static final String SECRET = "5ecret";

	/** What names things; everything else is content. */
	private static final Set<String> NAMES = Set.of("id", "ref", "conversationId", "kind", "name");

	static Stream<Class<?>> everyRecord() {
		return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages("com.pacerelle.client.message")
			.stream()
			.filter(JavaClass::isRecord)
			.map(JavaClass::reflect);
	}

	@ParameterizedTest
	@MethodSource("everyRecord")
	void recordsDoNotShowTheirContent(Class<?> type) throws ReflectiveOperationException {
		assertThat(record(type).toString()).startsWith(type.getSimpleName().replaceFirst("^Default", "") + "[")
			.doesNotContain(SECRET);
	}

	private static Object record(Class<?> type) throws ReflectiveOperationException {
		RecordComponent[] components = type.getRecordComponents();
		Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
		Object[] values = new Object[components.length];
		for (int i = 0; i < values.length; i++) {
			values[i] = value(type, components[i]);
		}
		Constructor<?> constructor = type.getDeclaredConstructor(types);
		constructor.setAccessible(true);
		return constructor.newInstance(values);
	}

	private static Object value(Class<?> owner, RecordComponent component) throws ReflectiveOperationException {
		String name = component.getName();
		Class<?> type = component.getType();
		if (type == String.class) {
			boolean fileName = owner == DefaultAgentAttachment.class || owner == AgentFile.class;
			return (NAMES.contains(name) && !(fileName && name.equals("name"))) ? "x" : SECRET;
		}
		if (type == Map.class) {
			return (owner == Tally.class) ? Map.of("alice", List.of(SECRET)) : Map.of(SECRET, SECRET);
		}
		if (type == List.class) {
			return switch (name) {
				case "accept" -> List.of("." + SECRET);
				case "options" -> (owner == Tally.class) ? List.of(SECRET) : List.of(new Option("x", SECRET));
				case "scopes" -> List.of(PermissionScope.ONCE);
				case "fields" -> List.of(FormField.text("x", SECRET));
				case "attachments" -> List.of((AgentAttachment) record(DefaultAgentAttachment.class));
				case "files" -> List.of(AgentFile.of(SECRET, new byte[0]));
				default -> throw new IllegalArgumentException("Say here what a list '" + name + "' has");
			};
		}
		if (type.isRecord()) {
			return record(type);
		}
		return Map.<Class<?>, Object>ofEntries(Map.entry(boolean.class, true), Map.entry(Boolean.class, true),
				Map.entry(long.class, 1L), Map.entry(Long.class, 1L), Map.entry(Integer.class, 1),
				Map.entry(Number.class, 1), Map.entry(Object.class, SECRET), Map.entry(Instant.class, Instant.EPOCH),
				Map.entry(Class.class, LocalDate.class), Map.entry(ResponseMode.class, ResponseMode.COLLECTIVE),
				Map.entry(PermissionScope.class, PermissionScope.ONCE),
				Map.entry(FormField.Type.class, FormField.Type.NUMBER),
				Map.entry(Resource.class, new ByteArrayResource(new byte[0], SECRET)))
			.getOrDefault(type, null);
	}

}
