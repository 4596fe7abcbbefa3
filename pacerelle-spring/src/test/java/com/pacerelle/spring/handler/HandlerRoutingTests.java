package com.pacerelle.spring.handler;

import java.util.Optional;
import java.util.stream.Stream;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.WidgetResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.pacerelle.spring.handler.TestMessages.answer;
import static com.pacerelle.spring.handler.TestMessages.answerInGroup;
import static com.pacerelle.spring.handler.TestMessages.cancelled;
import static com.pacerelle.spring.handler.TestMessages.file;
import static com.pacerelle.spring.handler.TestMessages.inGroup;
import static com.pacerelle.spring.handler.TestMessages.text;
import static com.pacerelle.spring.handler.TestMessages.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Which handler gets which message: the table of {@link PacerelleHandler}.
 */
class HandlerRoutingTests {

	@AutoClose
	private static final HandlerContext everyRow = HandlerContext.started(EveryRow.class);

	static Stream<Arguments> messages() {
		return Stream.of(
				// 1. the widget
				row(answer("deploy-prod", true), "widget"),
				row(answerInGroup("deploy-prod", true), "widget in a group"),
				row(cancelled("deploy-prod"), "cancelled widget"),
				// 2. the pattern with more other characters
				row(answer("deploy-test", true), "longer pattern"), row(answer("do-test", true), "shorter pattern"),
				row(answer("d", true), "any answer"), row(cancelled("do-test"), "any cancelled answer"),
				// 3. the text with more words that are no variables, then with more words
				row(text("deploy api to prod"), "text deploy {service} to prod"),
				row(text("deploy api to test"), "text deploy {service} to {env}"),
				row(text("deploy api to test now please"), "text deploy {service} to {env}"),
				row(text("deploy api"), "text deploy {service}"), row(text("deploy api now"), "text deploy {service}"),
				row(text("  Deploy\n API  TO  Prod "), "text deploy {service} to prod"), row(text("ping"), "text ping"),
				row(text("ping me"), "any text"),
				// 4. the command
				row(text("/deploy"), "command"), row(text("/DEPLOY api"), "command"),
				row(text("/deploy now"), "text /deploy now"), row(text("/undeploy"), "other command"),
				row(text("/deployment"), "any text"), row(file("/deploy"), "command with a file"),
				row(inGroup("/deploy"), "command in a group"),
				// 5. the kind
				row(text("hello"), "any text"), row(text(""), "any text"), row(file(""), "any file"),
				row(answer("other", true), "any answer"), row(cancelled("other"), "any cancelled answer"),
				// 6. the default
				row(update("deploy-prod"), "default"));
	}

	private static Arguments row(AgentMessage message, String handler) {
		return Arguments.of(message, handler);
	}

	@ParameterizedTest
	@MethodSource("messages")
	void theMostSpecificHandlerGetsTheMessage(AgentMessage message, String handler) {
		assertThat(everyRow.reply(message)).isEqualTo(handler);
	}

	@Test
	void anAnswerIsNoText() {
		HandlerContext.with(TextOnly.class).run((context) -> {
			HandlerContext handlers = HandlerContext.of(context);
			assertThat(handlers.reply(text("hello"))).isEqualTo("hello");
			assertThat(handlers.handle(answer("w", "hello"))).isEmpty();
			assertThat(handlers.handle(cancelled("w"))).isEmpty();
		});
	}

	@Test
	void aDefaultHandlerThatTakesTheMessageGetsEverything() {
		HandlerContext.with(Everything.class).run((context) -> {
			HandlerContext handlers = HandlerContext.of(context);
			assertThat(handlers.reply(text("hello"))).isEqualTo("everything");
			assertThat(handlers.reply(answer("w", "hello"))).isEqualTo("everything");
			assertThat(handlers.reply(cancelled("w"))).isEqualTo("everything");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { TakesNothing.class, TakesTheValue.class })
	void aCancelledAnswerPassesHandlersThatCannotTellItFromOthers(Class<?> handler) {
		HandlerContext.with(handler, Everything.class).run((context) -> {
			HandlerContext handlers = HandlerContext.of(context);
			assertThat(handlers.reply(answer("w", true))).isEqualTo("answered");
			assertThat(handlers.reply(cancelled("w"))).isEqualTo("everything");
		});
	}

	@ParameterizedTest
	@ValueSource(
			classes = { TakesAnOptional.class, TakesANullable.class, TakesTheResponse.class, TakesTheMessage.class })
	void aCancelledAnswerReachesHandlersThatCanTellItFromOthers(Class<?> handler) {
		HandlerContext.with(handler, Everything.class).run((context) -> {
			HandlerContext handlers = HandlerContext.of(context);
			assertThat(handlers.reply(answer("w", true))).isEqualTo("answered");
			assertThat(handlers.reply(cancelled("w"))).isEqualTo("cancelled");
		});
	}

	@Test
	void aMethodMayHaveSeveralRoutes() {
		HandlerContext.with(SeveralRoutes.class).run((context) -> {
			HandlerContext handlers = HandlerContext.of(context);
			assertThat(handlers.reply(text("/deploy api"))).isEqualTo("api");
			assertThat(handlers.reply(text("/d api"))).isEqualTo("api");
			assertThat(handlers.reply(text("please deploy api"))).isEqualTo("api");
			assertThat(context.getBean(HandlerMethodRegistry.class).size()).isOne();
		});
	}

	@Test
	void aClassGivesDefaultsToItsHandlers() {
		HandlerContext.with(ForGroups.class, Everything.class).run((context) -> {
			HandlerContext handlers = HandlerContext.of(context);
			assertThat(handlers.reply(inGroup("/deploy"))).isEqualTo("class's command");
			assertThat(handlers.reply(text("/deploy"))).isEqualTo("everything");
			assertThat(handlers.reply(text("/undeploy"))).isEqualTo("own command, own conversation");
			assertThat(handlers.reply(inGroup("/undeploy"))).isEqualTo("everything");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { SameCommand.class, SameCommandInOtherCase.class, SameText.class, CrossingTexts.class,
			SameWidget.class, CrossingWidgets.class, SameKind.class, TwoDefaults.class })
	void handlersBetweenWhichMessagesCannotDecideAreRefused(Class<?> handlers) {
		assertThat(HandlerContext.problem(handlers)).contains(handlers.getName() + ".one()'")
			.contains(handlers.getName() + ".another()'")
			.contains("could both get the same message");
	}

	@ParameterizedTest
	@ValueSource(classes = { OtherConversation.class, OtherKind.class, MoreSpecificKind.class, OtherTexts.class,
			OtherWidgets.class, OneOfCancelled.class })
	void handlersBetweenWhichMessagesDecideAreFine(Class<?> handlers) {
		assertThat(HandlerContext.problem(handlers)).isEmpty();
	}

	@Test
	void contradictionsAreRefused() {
		assertThat(HandlerContext.problem(Contradictions.class).lines()).hasSize(9)
			.anyMatch((line) -> line.contains(".twoWords()") && line.contains("a command is one word"))
			.anyMatch((line) -> line.contains(".onlyVariables()") && line.contains("a word that is not a variable"))
			.anyMatch((line) -> line.contains(".partOfAWord()") && line.contains("the variable is not a whole word"))
			.anyMatch((line) -> line.contains(".sameVariable()") && line.contains("{a} is there twice"))
			.anyMatch((line) -> line.contains(".widgetOfText()") && line.contains("'kind' that is not ANSWER"))
			.anyMatch((line) -> line.contains(".cancelledCommand()") && line.contains("is for answers"))
			.anyMatch(
					(line) -> line.contains(".valueOfCancelled(boolean)") && line.contains("is for cancelled answers"))
			.anyMatch(
					(line) -> line.contains(".noVariable(String)") && line.contains("without variables for [service]"))
			.anyMatch((line) -> line.contains(".noText(String)") && line.contains("neither 'command' nor 'text'"));
	}

	@Test
	void theCatalogDescribesTheHandlers() {
		HandlerContext.with(Described.class).run((context) -> {
			HandlerCatalog catalog = context.getBean(HandlerCatalog.class);
			String method = Described.class.getName() + ".";
			assertThat(catalog.commands()).containsExactly(
					new HandlerDescription("command /deploy", "/deploy <service> [env]", "Deploys a service",
							method + "deploy"),
					new HandlerDescription("command /help", "/help", "Lists the commands", method + "help"));
			assertThat(catalog.handlers()).extracting(HandlerDescription::route, HandlerDescription::usage)
				.containsExactlyInAnyOrder(tuple("command /deploy", "/deploy <service> [env]"),
						tuple("command /help", "/help"),
						tuple("text deploy {service} to {env}", "deploy <service> to <env>"),
						tuple("widget deploy-*, cancelled", ""), tuple("ATTACHMENT, GROUP", ""), tuple("default", ""));
			assertThat(HandlerContext.of(context).reply(text("/help")))
				.isEqualTo("/deploy <service> [env]: Deploys a service|/help: Lists the commands");
		});
	}

	static class EveryRow {

		@PacerelleHandler(widget = "deploy-prod")
		String widget() {
			return "widget";
		}

		@PacerelleHandler(widget = "deploy-prod", conversation = ConversationType.GROUP)
		String widgetInGroup() {
			return "widget in a group";
		}

		@PacerelleHandler(widget = "deploy-prod", cancelled = true)
		String cancelledWidget() {
			return "cancelled widget";
		}

		@PacerelleHandler(widget = "d*-*")
		String shorterPattern() {
			return "shorter pattern";
		}

		@PacerelleHandler(widget = "deploy-*")
		String longerPattern() {
			return "longer pattern";
		}

		@PacerelleHandler(text = "deploy {service} to prod")
		String mostWords() {
			return "text deploy {service} to prod";
		}

		@PacerelleHandler(text = "deploy {service} to {env}")
		String moreWords() {
			return "text deploy {service} to {env}";
		}

		@PacerelleHandler(text = "deploy {service}")
		String words() {
			return "text deploy {service}";
		}

		@PacerelleHandler(text = "ping")
		String word() {
			return "text ping";
		}

		@PacerelleHandler(text = "/deploy now")
		String textLikeACommand() {
			return "text /deploy now";
		}

		@PacerelleHandler(command = "/deploy")
		String command() {
			return "command";
		}

		@PacerelleHandler(command = "/deploy", kind = MessageKind.ATTACHMENT)
		String commandWithFile() {
			return "command with a file";
		}

		@PacerelleHandler(command = "/deploy", conversation = ConversationType.GROUP)
		String commandInGroup() {
			return "command in a group";
		}

		@PacerelleHandler(command = "/undeploy")
		String otherCommand() {
			return "other command";
		}

		@PacerelleHandler(kind = MessageKind.TEXT)
		String anyText() {
			return "any text";
		}

		@PacerelleHandler(kind = MessageKind.ATTACHMENT)
		String anyFile() {
			return "any file";
		}

		@PacerelleHandler(kind = MessageKind.ANSWER)
		String anyAnswer() {
			return "any answer";
		}

		@PacerelleHandler(cancelled = true)
		String anyCancelledAnswer() {
			return "any cancelled answer";
		}

		@PacerelleHandler
		String byDefault() {
			return "default";
		}

	}

	static class TextOnly {

		@PacerelleHandler
		String echo(String text) {
			return text;
		}

	}

	static class Everything {

		@PacerelleHandler
		String everything(AgentMessage message) {
			return "everything";
		}

	}

	static class TakesNothing {

		@PacerelleHandler(widget = "w")
		String answered() {
			return "answered";
		}

	}

	static class TakesTheValue {

		@PacerelleHandler(widget = "w")
		String answered(boolean yes, AgentMessage message) {
			return "answered";
		}

	}

	static class TakesAnOptional {

		@PacerelleHandler(widget = "w")
		String answered(Optional<Boolean> yes) {
			return yes.isPresent() ? "answered" : "cancelled";
		}

	}

	static class TakesANullable {

		@PacerelleHandler(widget = "w")
		String answered(@Nullable Boolean yes) {
			return (yes != null) ? "answered" : "cancelled";
		}

	}

	static class TakesTheResponse {

		@PacerelleHandler(widget = "w")
		String answered(WidgetResponse response) {
			return response.cancelled() ? "cancelled" : "answered";
		}

	}

	static class TakesTheMessage {

		@PacerelleHandler(widget = "w")
		String answered(AgentMessage message, Conversation conversation) {
			WidgetResponse response = message.widgetResponse();
			return (response != null && response.cancelled()) ? "cancelled" : "answered";
		}

	}

	static class SeveralRoutes {

		@PacerelleHandler(command = { "/deploy", "/d" }, text = "please deploy {service}")
		String deploy(@Argument String service) {
			return service;
		}

	}

	@PacerelleHandler(command = "/deploy", conversation = ConversationType.GROUP)
	static class ForGroups {

		@PacerelleHandler
		String deploy() {
			return "class's command";
		}

		@PacerelleHandler(command = "/undeploy", conversation = ConversationType.DIRECT)
		String undeploy() {
			return "own command, own conversation";
		}

	}

	static class SameCommand {

		@PacerelleHandler(command = { "/other", "/deploy" })
		void one() {
		}

		@PacerelleHandler(command = "/deploy")
		void another() {
		}

	}

	static class SameCommandInOtherCase {

		@PacerelleHandler(command = "/deploy")
		void one() {
		}

		@PacerelleHandler(command = "/Deploy")
		void another() {
		}

	}

	static class SameText {

		@PacerelleHandler(text = "deploy {service}")
		void one() {
		}

		@PacerelleHandler(text = "Deploy {app}")
		void another() {
		}

	}

	static class CrossingTexts {

		@PacerelleHandler(text = "deploy {service} now")
		void one() {
		}

		@PacerelleHandler(text = "deploy api {when}")
		void another() {
		}

	}

	static class SameWidget {

		@PacerelleHandler(widget = "w")
		void one() {
		}

		@PacerelleHandler(widget = "w", kind = MessageKind.ANSWER)
		void another() {
		}

	}

	static class CrossingWidgets {

		@PacerelleHandler(widget = "deploy-*")
		void one() {
		}

		@PacerelleHandler(widget = "*service")
		void another() {
		}

	}

	static class SameKind {

		@PacerelleHandler(kind = MessageKind.ATTACHMENT)
		void one() {
		}

		@PacerelleHandler(kind = MessageKind.ATTACHMENT)
		void another() {
		}

	}

	static class TwoDefaults {

		@PacerelleHandler
		void one() {
		}

		@PacerelleHandler
		void another() {
		}

	}

	static class OtherConversation {

		@PacerelleHandler(command = "/deploy", conversation = ConversationType.GROUP)
		void one() {
		}

		@PacerelleHandler(command = "/deploy", conversation = ConversationType.DIRECT)
		void another() {
		}

	}

	static class OtherKind {

		@PacerelleHandler(command = "/deploy", kind = MessageKind.TEXT)
		void one() {
		}

		@PacerelleHandler(command = "/deploy", kind = MessageKind.ATTACHMENT)
		void another() {
		}

	}

	static class MoreSpecificKind {

		@PacerelleHandler(command = "/deploy", kind = MessageKind.TEXT)
		void one() {
		}

		@PacerelleHandler(command = "/deploy", conversation = ConversationType.GROUP)
		void another() {
		}

	}

	static class OtherTexts {

		@PacerelleHandler(text = "deploy {service} now")
		void one() {
		}

		@PacerelleHandler(text = "deploy {service} later")
		void another() {
		}

	}

	static class OtherWidgets {

		@PacerelleHandler(widget = "deploy-*-a")
		void one() {
		}

		@PacerelleHandler(widget = "deploy-*-b")
		void another() {
		}

	}

	static class OneOfCancelled {

		@PacerelleHandler(widget = "w")
		void one(WidgetResponse response) {
		}

		@PacerelleHandler(widget = "w", cancelled = true)
		void another() {
		}

	}

	static class Contradictions {

		@PacerelleHandler(command = "deploy now")
		void twoWords() {
		}

		@PacerelleHandler(text = "{anything}")
		void onlyVariables() {
		}

		@PacerelleHandler(text = "deploy {service}!")
		void partOfAWord() {
		}

		@PacerelleHandler(text = "copy {a} {a}")
		void sameVariable() {
		}

		@PacerelleHandler(widget = "w", kind = MessageKind.TEXT)
		void widgetOfText() {
		}

		@PacerelleHandler(command = "/deploy", cancelled = true)
		void cancelledCommand() {
		}

		@PacerelleHandler(widget = "w", cancelled = true)
		void valueOfCancelled(boolean yes) {
		}

		@PacerelleHandler(text = "deploy {app}")
		void noVariable(@Argument String service) {
		}

		@PacerelleHandler
		void noText(@Argument String service) {
		}

	}

	static class Described {

		@PacerelleHandler(command = "/help", description = "Lists the commands")
		Stream<String> help(HandlerCatalog catalog) {
			return catalog.commands().stream().map((command) -> command.usage() + ": " + command.description());
		}

		@PacerelleHandler(command = "/deploy", description = "Deploys a service")
		void deploy(@Argument String service, @Argument Optional<String> env) {
		}

		@PacerelleHandler(text = "deploy {service} to {env}")
		void deployWithWords() {
		}

		@PacerelleHandler(widget = "deploy-*", cancelled = true)
		void cancelled() {
		}

		@PacerelleHandler(kind = MessageKind.ATTACHMENT, conversation = ConversationType.GROUP)
		void file() {
		}

		@PacerelleHandler
		void byDefault() {
		}

	}

}
