package com.pacerelle.client.observation;

import com.pacerelle.client.codec.Printable;
import com.pacerelle.client.observation.PacerelleObservation.HighCardinalityKeyNames;
import com.pacerelle.client.observation.PacerelleObservation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;

/**
 * The names and keys that {@link PacerelleObservation} documents, for one operation.
 */
public class DefaultPacerelleObservationConvention implements PacerelleObservationConvention {

	private final PacerelleObservation operation;

	private final String name;

	/**
	 * Creates a convention.
	 * @param operation what is observed
	 */
	public DefaultPacerelleObservationConvention(PacerelleObservation operation) {
		this(operation, operation.getName());
	}

	DefaultPacerelleObservationConvention(PacerelleObservation operation, String name) {
		this.operation = operation;
		this.name = name;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof PacerelleObservationContext pacerelle && pacerelle.getOperation() == this.operation;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public String getContextualName(PacerelleObservationContext context) {
		return this.name.replace('.', ' ');
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(PacerelleObservationContext context) {
		return KeyValues.of(KeyValue.of(LowCardinalityKeyNames.OUTCOME, context.getOutcome()),
				KeyValue.of(LowCardinalityKeyNames.EXCEPTION, context.getException()),
				KeyValue.of(LowCardinalityKeyNames.KIND, context.getKind()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(PacerelleObservationContext context) {
		KeyValues values = KeyValues.empty();
		if (context.getConversationId() != null) {
			values = values
				.and(KeyValue.of(HighCardinalityKeyNames.CONVERSATION_ID, Printable.id(context.getConversationId())));
		}
		if (context.getMessageId() != null) {
			values = values.and(KeyValue.of(HighCardinalityKeyNames.MESSAGE_ID, Printable.id(context.getMessageId())));
		}
		return values;
	}

}
