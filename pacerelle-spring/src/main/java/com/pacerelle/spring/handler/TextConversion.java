package com.pacerelle.spring.handler;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.ConditionalGenericConverter;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.core.convert.converter.GenericConverter;
import org.springframework.format.Formatter;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.format.support.FormattingConversionService;

/**
 * Converts texts with the application's beans of type {@link Converter},
 * {@link ConverterFactory}, {@link GenericConverter} and {@link Formatter}, then with the
 * conversions of its context.
 *
 * @param context the conversions of the context
 */
record TextConversion(ConversionService context) implements ConditionalGenericConverter {

	/**
	 * The conversions of an application.
	 * @param beanFactory the application's beans
	 * @return the conversions
	 */
	static ConversionService of(ConfigurableListableBeanFactory beanFactory) {
		ConversionService context = beanFactory.getConversionService();
		FormattingConversionService service = new FormattingConversionService();
		service
			.addConverter(new TextConversion((context != null) ? context : new DefaultFormattingConversionService()));
		beanFactory.getBeanProvider(GenericConverter.class).orderedStream().forEach(service::addConverter);
		beanFactory.getBeanProvider(ConverterFactory.class).orderedStream().forEach(service::addConverterFactory);
		beanFactory.getBeanProvider(Formatter.class).orderedStream().forEach(service::addFormatter);
		for (String beanName : beanFactory.getBeanNamesForType(Converter.class, true, false)) {
			addConverter(service, beanFactory, beanName);
		}
		return service;
	}

	/**
	 * The class of a lambda does not say what it converts: the bean's definition does.
	 */
	@SuppressWarnings({ "rawtypes", "unchecked" })
	private static void addConverter(FormattingConversionService service, ConfigurableListableBeanFactory beanFactory,
			String beanName) {
		Converter converter = beanFactory.getBean(beanName, Converter.class);
		ResolvableType type = ResolvableType.forClass(converter.getClass()).as(Converter.class);
		if (type.hasUnresolvableGenerics() && beanFactory.containsBeanDefinition(beanName)
				&& beanFactory.getMergedBeanDefinition(beanName) instanceof RootBeanDefinition definition) {
			type = definition.getResolvableType().as(Converter.class);
		}
		Class<?> source = type.resolveGeneric(0);
		Class<?> target = type.resolveGeneric(1);
		if (source != null && target != null) {
			service.addConverter((Class) source, (Class) target, converter);
		}
	}

	/** Any types. */
	@Override
	public @Nullable Set<ConvertiblePair> getConvertibleTypes() {
		return null;
	}

	@Override
	public boolean matches(TypeDescriptor sourceType, TypeDescriptor targetType) {
		return this.context.canConvert(sourceType, targetType);
	}

	@Override
	public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
		return this.context.convert(source, sourceType, targetType);
	}

}
