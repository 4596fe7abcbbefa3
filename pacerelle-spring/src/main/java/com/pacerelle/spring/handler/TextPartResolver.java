package com.pacerelle.spring.handler;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.util.Assert;

/**
 * Arguments for {@link Argument @Argument} parameters.
 *
 * @param conversionService converts the text
 * @param words says what is wrong
 */
record TextPartResolver(ConversionService conversionService, Words words) implements HandlerArgumentResolver {

	private static final TypeDescriptor TEXT = TypeDescriptor.valueOf(String.class);

	/**
	 * The name of an argument.
	 * @param parameter a parameter that has the annotation
	 * @return the name
	 * @throws IllegalArgumentException if there is none
	 */
	static String name(MethodParameter parameter) {
		Argument argument = parameter.getParameterAnnotation(Argument.class);
		String name = (argument == null || argument.name().isEmpty()) ? parameter.getParameterName() : argument.name();
		Assert.isTrue(name != null, "has an @Argument without a name. Give it one, or compile with '-parameters'");
		return name;
	}

	static boolean isPresent(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(Argument.class);
	}

	@Override
	public boolean supports(MethodParameter parameter) {
		return isPresent(parameter) && this.conversionService.canConvert(TEXT, new TypeDescriptor(parameter));
	}

	/**
	 * The failure of the conversion is not kept as a cause: its message quotes the text.
	 */
	@Override
	public @Nullable Object resolve(MethodParameter parameter, HandlerInvocation invocation) {
		String name = name(parameter);
		String text = invocation.arguments().get(name);
		if (text == null) {
			if (parameter.isOptional()) {
				return null;
			}
			throw invalid(name, "pacerelle.argument.missing");
		}
		Object value;
		try {
			value = this.conversionService.convert(text, TEXT, new TypeDescriptor(parameter));
		}
		catch (ConversionException ex) {
			throw invalid(name, "pacerelle.argument.invalid");
		}
		if (value == null) {
			throw invalid(name, "pacerelle.argument.invalid");
		}
		return value;
	}

	private InvalidArgumentException invalid(String name, String code) {
		return new InvalidArgumentException(name, List.of(this.words.of(code, name)));
	}

}
