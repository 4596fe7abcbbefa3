package com.pacerelle.signal.protobuf;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads whatever there is with a schema that the numbers of the fields give: of four, one
 * is a number, one bytes, one a message, and one is not known.
 */
class ProtobufReaderFuzzTests {

	private static final int MAX_DEPTH = 16;

	@FuzzTest
	void whatIsReadIsWrittenAgain(byte[] message) {
		List<Object> fields;
		try {
			fields = read(new ProtobufReader(message), 0);
		}
		catch (ProtobufException ex) {
			return;
		}
		assertThat(read(new ProtobufReader(write(fields).toByteArray()), 0)).isEqualTo(fields);
	}

	private static List<Object> read(ProtobufReader reader, int depth) {
		List<Object> fields = new ArrayList<>();
		while (reader.next()) {
			int number = reader.field();
			switch (number % 4) {
				case 1 -> fields.add(new NumberField(number, reader.uint64()));
				case 2 -> fields.add(new BytesField(number, HexFormat.of().formatHex(reader.bytes())));
				case 3 -> {
					if (depth < MAX_DEPTH) {
						fields.add(new MessageField(number, read(reader.message(), depth + 1)));
					}
					else {
						reader.skip();
					}
				}
				default -> reader.skip();
			}
		}
		return fields;
	}

	private static ProtobufWriter write(List<?> fields) {
		ProtobufWriter writer = new ProtobufWriter();
		for (Object field : fields) {
			if (field instanceof NumberField number) {
				writer.uint64(number.number(), number.value());
			}
			else if (field instanceof BytesField bytes) {
				writer.bytes(bytes.number(), HexFormat.of().parseHex(bytes.value()));
			}
			else if (field instanceof MessageField message) {
				writer.message(message.number(), write(message.fields()));
			}
		}
		return writer;
	}

	private record NumberField(int number, long value) {
	}

	private record BytesField(int number, String value) {
	}

	private record MessageField(int number, List<Object> fields) {
	}

}
