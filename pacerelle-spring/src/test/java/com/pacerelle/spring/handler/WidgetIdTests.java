package com.pacerelle.spring.handler;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.pacerelle.client.GatewayEvent.AnswerRefused;
import com.pacerelle.client.KnownDevice;
import com.pacerelle.client.message.Confirm;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.support.StaticMessageSource;

import static com.pacerelle.spring.handler.TestMessages.answer;
import static com.pacerelle.spring.handler.TestMessages.answerTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What an application gives to a question comes back with its answer, and nothing else.
 */
class WidgetIdTests {

	@ParameterizedTest
	@ValueSource(strings = { "1.2.3-rc_1~b", "", "a:b", "a/b c+d*e", "100%", "%3A", "{x}", "Grüße \uD83D\uDE80", "\n" })
	void anyValueComesBackAsItWas(String value) {
		String id = WidgetId.expand("deploy:{service}:{version}", value, 7);
		assertThat(id).matches("deploy:[A-Za-z0-9._~%-]*:7");
		assertThat(match("deploy:{service}:{version}", id)).isEqualTo(Map.of("service", value, "version", "7"));
	}

	@Test
	void differentValuesHaveDifferentIds() {
		assertThat(WidgetId.expand("deploy:{a}:{b}", "x:y", "z"))
			.isNotEqualTo(WidgetId.expand("deploy:{a}:{b}", "x", "y:z"));
		assertThat(WidgetId.expand("deploy:{a}", "%3A")).isNotEqualTo(WidgetId.expand("deploy:{a}", ":"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "deploy:a:b", "deploy:a b", "deploy:a%3a", "deploy:%", "deploy", "redeploy:a", "deploy:a\n" })
	void idThatWasNotMadeForThePatternDoesNotMatch(String id) {
		assertThat(match("deploy:{version}", id)).isNull();
	}

	@Test
	void eachVariableNeedsAValue() {
		assertThatIllegalArgumentException().isThrownBy(() -> WidgetId.expand("deploy:{version}"))
			.withMessageContaining("one variable for each of the 0 values");
		assertThatIllegalArgumentException().isThrownBy(() -> WidgetId.expand("deploy", "1"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "deploy:{a}{b}", "deploy:{a}-{b}", "deploy:{a}:{a}", "deploy:{a}:*", "deploy:{a", "deploy:{}" })
	void ambiguousPatternIsRefused(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> WidgetSubject.of(pattern)).withMessageContaining(pattern);
	}

	@Test
	void exactIdComesBeforeAPatternAndALongerPatternBeforeAShorterOne() {
		HandlerContext.with(Deployments.class).run((context) -> {
			HandlerContext agent = HandlerContext.of(context);
			assertThat(agent.reply(answer("deploy:prod:1", true))).isEqualTo("prod 1");
			assertThat(agent.reply(answer("deploy:test:1", true))).isEqualTo("test 1");
			assertThat(agent.reply(answer("deploy:test:9", true))).isEqualTo("nine");
		});
	}

	@Test
	void argumentWithoutAVariableIsRefusedAtTheStart() {
		HandlerContext.with(NoVariable.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("has the widget 'deploy:{version}' without variables for [service]"));
	}

	@Test
	void dataOfTheQuestionIsAParameter() {
		HandlerContext.with(Data.class).run((context) -> {
			HandlerContext agent = HandlerContext.of(context);
			Confirm question = Confirm.of("Sure?").id("sure");
			assertThat(agent.reply(answerTo(question.data(new Release("1.0", 3)), true))).isEqualTo("1.0 3");
			assertThat(agent.reply(answerTo(question, true))).isEqualTo("nothing");
		});
	}

	@Test
	void applicationSaysWhatIsReadByPeopleWhoWereNotAsked() {
		StaticMessageSource messages = new StaticMessageSource();
		messages.addMessage("pacerelle.answer.not-asked", Locale.getDefault(), "Wie bitte?");
		HandlerContext.with(Data.class)
			.withBean("messageSource", StaticMessageSource.class, () -> messages)
			.run((context) -> {
				HandlerMethodRegistry registry = context.getBean(HandlerMethodRegistry.class);
				assertThat(registry.sentenceFor(refused(AnswerRefused.Reason.NOT_ASKED))).isEqualTo("Wie bitte?");
				assertThat(registry.sentenceFor(refused(AnswerRefused.Reason.NEW_IDENTITY)))
					.isEqualTo("This device was not known when the question was asked");
			});
	}

	@Test
	void applicationSaysHowPeopleAreAskedAboutANewDevice() {
		StaticMessageSource messages = new StaticMessageSource();
		messages.addMessage("pacerelle.device.approve", Locale.getDefault(), "Ist {0} deins?");
		HandlerContext.with(Data.class)
			.withBean("messageSource", StaticMessageSource.class, () -> messages)
			.run((context) -> assertThat(context.getBean(HandlerMethodRegistry.class).sentenceFor(device("lap\ntop")))
				.isEqualTo("Ist lap\\u000atop deins?"));
		HandlerContext.with(Data.class)
			.run((context) -> assertThat(context.getBean(HandlerMethodRegistry.class).sentenceFor(device(null)))
				.isEqualTo("Is the new device yours? Allow it only if it shows this verification code"));
	}

	private static KnownDevice device(@Nullable String deviceId) {
		return new KnownDevice("u1", deviceId, "c1", "CODE", Instant.EPOCH, KnownDevice.Trust.WAITING);
	}

	private static AnswerRefused refused(AnswerRefused.Reason reason) {
		return new AnswerRefused("m1", "c1", "u1", reason);
	}

	private static Map<String, String> match(String pattern, String id) {
		return WidgetSubject.of(pattern).match(answer(id, true));
	}

	static class Deployments {

		@PacerelleHandler(widget = "deploy:{stage}:{version}")
		String any(@Argument String stage, @Argument int version) {
			return stage + " " + version;
		}

		@PacerelleHandler(widget = "deploy:prod:{version}")
		String prod(@Argument("version") String number) {
			return "prod " + number;
		}

		@PacerelleHandler(widget = "deploy:test:9")
		String nine() {
			return "nine";
		}

	}

	static class NoVariable {

		@PacerelleHandler(widget = "deploy:{version}")
		void deploy(@Argument String service) {
		}

	}

	static class Data {

		@PacerelleHandler(widget = "sure")
		String sure(boolean yes, @WidgetData Optional<Release> release) {
			return release.map((data) -> data.version() + " " + data.replicas()).orElse("nothing");
		}

	}

	record Release(String version, int replicas) {
	}

}
