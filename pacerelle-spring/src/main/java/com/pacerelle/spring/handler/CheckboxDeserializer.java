package com.pacerelle.spring.handler;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/**
 * Reads a checkbox of a form: one that the answer lacks is not ticked. Other primitives
 * have to be there.
 */
final class CheckboxDeserializer extends StdScalarDeserializer<Boolean> {

	CheckboxDeserializer() {
		super(boolean.class);
	}

	@Override
	public Boolean deserialize(JsonParser parser, DeserializationContext context) {
		return switch (parser.currentToken()) {
			case VALUE_TRUE -> true;
			case VALUE_FALSE -> false;
			default -> (Boolean) context.handleUnexpectedToken(boolean.class, parser);
		};
	}

	@Override
	public Boolean getNullValue(DeserializationContext context) {
		return false;
	}

}
