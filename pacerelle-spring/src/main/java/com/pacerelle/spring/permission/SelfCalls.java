package com.pacerelle.spring.permission;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.util.ClassUtils;

/**
 * Finds calls of guarded methods by other methods of their own class: on {@code this}
 * they do not pass the proxy. A class that can have another reference to a bean of its
 * type, such as its own proxy, is not judged.
 */
final class SelfCalls extends ClassVisitor {

	private static final List<Class<?>> REFERENCES = List.of(BeanFactory.class, ObjectFactory.class, Supplier.class);

	private final Set<String> owners;

	private final Set<String> guarded;

	private final Set<String> callers = new TreeSet<>();

	private SelfCalls(Set<String> owners, Set<String> guarded) {
		super(SpringAsmInfo.ASM_VERSION);
		this.owners = owners;
		this.guarded = guarded;
	}

	/**
	 * Finds the methods that call guarded ones.
	 * @param type a class
	 * @param guarded the guarded methods of its instances
	 * @return the names of the callers
	 */
	static Set<String> in(Class<?> type, Set<Method> guarded) {
		List<Class<?>> hierarchy = Stream
			.<Class<?>>iterate(type, (each) -> each != null && each != Object.class,
					(Class<?> each) -> each.getSuperclass())
			.toList();
		if (hierarchy.stream().anyMatch((each) -> hasReferenceTo(type, each))) {
			return Set.of();
		}
		SelfCalls calls = new SelfCalls(hierarchy.stream().map(Type::getInternalName).collect(Collectors.toSet()),
				guarded.stream()
					.map((method) -> method.getName() + Type.getMethodDescriptor(method))
					.collect(Collectors.toCollection(HashSet::new)));
		hierarchy.forEach(calls::read);
		return calls.callers;
	}

	private static boolean hasReferenceTo(Class<?> type, Class<?> each) {
		Stream<Class<?>> fields = Stream.of(each.getDeclaredFields()).map(Field::getType);
		Stream<Class<?>> parameters = Stream
			.<Executable>concat(Stream.of(each.getDeclaredMethods()), Stream.of(each.getDeclaredConstructors()))
			.flatMap((executable) -> Stream.of(executable.getParameterTypes()));
		return Stream.concat(fields, parameters)
			.anyMatch((other) -> (other != Object.class && other.isAssignableFrom(type))
					|| REFERENCES.stream().anyMatch((reference) -> reference.isAssignableFrom(other)));
	}

	private void read(Class<?> type) {
		try (InputStream bytes = type.getResourceAsStream(ClassUtils.getClassFileName(type))) {
			if (bytes != null) {
				new ClassReader(bytes).accept(this, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
			}
		}
		catch (IOException | IllegalArgumentException ex) {
			// A class that cannot be read, or is newer than ASM, is not judged.
		}
	}

	@Override
	public @Nullable MethodVisitor visitMethod(int access, String name, String descriptor, @Nullable String signature,
			String @Nullable [] exceptions) {
		boolean generated = (access & Opcodes.ACC_SYNTHETIC) != 0 && !name.startsWith("lambda$");
		return (generated || this.guarded.contains(name + descriptor)) ? null : new Calls(name);
	}

	/**
	 * Looks for calls in a method.
	 */
	private final class Calls extends MethodVisitor {

		private final String caller;

		Calls(String caller) {
			super(SpringAsmInfo.ASM_VERSION);
			this.caller = caller;
		}

		@Override
		public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
			if (opcode == Opcodes.INVOKEVIRTUAL) {
				called(owner, name + descriptor);
			}
		}

		@Override
		public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrapMethod,
				Object... bootstrapMethodArguments) {
			for (Object argument : bootstrapMethodArguments) {
				if (argument instanceof Handle handle) {
					called(handle.getOwner(), handle.getName() + handle.getDesc());
				}
			}
		}

		private void called(String owner, String method) {
			if (SelfCalls.this.owners.contains(owner) && SelfCalls.this.guarded.contains(method)) {
				SelfCalls.this.callers
					.add(this.caller.startsWith("lambda$") ? this.caller.split("\\$")[1] : this.caller);
			}
		}

	}

}
