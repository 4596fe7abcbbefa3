package com.pacerelle.test;

import java.io.IOException;
import java.util.Set;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.CryptoSettings;
import com.pacerelle.client.MessageRecoverer;
import com.pacerelle.spring.handler.HandlerArgumentResolver;
import com.pacerelle.spring.handler.HandlerResultConverter;
import com.pacerelle.spring.handler.PacerelleExceptionHandler;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.ClassMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/**
 * {@link TypeExcludeFilter} for {@link PacerelleTest @PacerelleTest}: of the components
 * of the application, handlers stay, and what extends how they are called.
 */
final class HandlerTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<PacerelleTest> {

	private static final Set<Class<?>> EXTENSIONS = Set.of(AgentMessageHandler.class, HandlerArgumentResolver.class,
			HandlerResultConverter.class, MessageRecoverer.class, CryptoSettings.class, Converter.class);

	HandlerTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
	}

	@Override
	protected Set<Class<?>> getKnownIncludes() {
		return EXTENSIONS;
	}

	@Override
	protected boolean defaultInclude(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
		return super.defaultInclude(reader, factory) || hasHandlers(reader, factory);
	}

	/** Annotations of handlers may also be in a superclass or an interface. */
	private static boolean hasHandlers(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
		AnnotationMetadata annotations = reader.getAnnotationMetadata();
		if (annotations.hasAnnotatedMethods(PacerelleHandler.class.getName())
				|| annotations.hasAnnotatedMethods(PacerelleExceptionHandler.class.getName())) {
			return true;
		}
		ClassMetadata type = reader.getClassMetadata();
		String superclass = type.getSuperClassName();
		if (superclass != null && hasHandlers(superclass, factory)) {
			return true;
		}
		for (String inherited : type.getInterfaceNames()) {
			if (hasHandlers(inherited, factory)) {
				return true;
			}
		}
		return false;
	}

	private static boolean hasHandlers(String type, MetadataReaderFactory factory) throws IOException {
		return !type.startsWith("java.") && hasHandlers(factory.getMetadataReader(type), factory);
	}

}
