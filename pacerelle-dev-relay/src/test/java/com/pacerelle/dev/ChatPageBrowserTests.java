package com.pacerelle.dev;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.NewDevicePolicy;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.DateTime;
import com.pacerelle.client.message.FilePicker;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.PermissionDecision;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.signal.SignalProtocolException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The page in a real browser. Its pictures are in {@code target/screenshots}.
 */
@Tag("process")
class ChatPageBrowserTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static ChromeDriver browser;

	private final DevRelay relay = DevRelay.start();

	private final RawAgent agent = new RawAgent(this.relay);

	@BeforeAll
	static void openBrowser() {
		Optional<File> chromium = executable("chromium", "chromium-browser", "google-chrome");
		Optional<File> driver = executable("chromedriver");
		boolean required = System.getenv("CI") != null || System.getenv("PACERELLE_REQUIRE_BROWSER") != null;
		assumeTrue(required || (chromium.isPresent() && driver.isPresent()),
				"The page is not tested: there is no chromium with its chromedriver on the PATH");
		LoggingPreferences console = new LoggingPreferences();
		console.enable(LogType.BROWSER, java.util.logging.Level.ALL);
		ChromeOptions options = new ChromeOptions().setBinary(chromium.orElseThrow())
			.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars");
		options.setCapability("goog:loggingPrefs", console);
		browser = new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(driver.orElseThrow()).build(), options);
	}

	@AfterAll
	static void quitBrowser() {
		if (browser != null) {
			browser.quit();
		}
	}

	@BeforeEach
	void openPage() {
		emulate("light", 1000, 800);
		browser.get(this.relay.baseUrl().toString());
	}

	@AfterEach
	void close() {
		assertThat(browser.manage().logs().get(LogType.BROWSER)).isEmpty();
		browser.get("about:blank");
		this.agent.close();
		this.relay.close();
	}

	@Test
	void showsTheReplyOfTheAgentAndThatTheConversationIsEncrypted(@TempDir Path storeRoot) {
		awaitText("#connection", "Agent not connected");
		try (TestAgent echo = new TestAgent(this.relay, storeRoot, TestAgent.ECHO)) {
			awaitText("#connection", "Agent connected");
			write("Hello");
			awaitText("li.agent .bubble", "Received: Hello");
			awaitText("li.person .note", "Accepted by the agent");
			assertThat(find("#encryption-line").getText()).isEqualTo("End-to-end encrypted between you and the agent.");
			assertThat(find("#verification-code").getText()).isEqualTo(echo.client().verificationCode());
			assertThat(this.relay.violations()).isEmpty();
		}
		awaitText("#connection", "Agent not connected");
	}

	@Test
	void fitsInLightAndDarkAndOnAPhone() throws IOException {
		screenshot("empty");
		this.agent.publish().connect();
		write("Hello");
		this.agent.answer("Received: Hello");
		write("A longer one, to see how a text of several lines looks. It goes on and on, until it wraps.");
		this.agent.answer("Received: A longer one,\nwith a line of its own and an emoji 🎉");
		write("And one that nobody has answered yet");
		awaitText("li.agent:nth-of-type(4) .bubble", "Received: A longer one,\nwith a line of its own and an emoji 🎉");
		awaitText("li.person:nth-of-type(5) .note", "Waiting for the agent");
		screenshot("light");
		emulate("dark", 1000, 800);
		screenshot("dark");
		emulate("light", 390, 760);
		assertThat(browser.executeScript("return document.documentElement.scrollWidth <= window.innerWidth"))
			.isEqualTo(true);
		screenshot("phone");
		emulate("dark", 390, 760);
		find("summary").click();
		screenshot("phone-details");
	}

	/** Three of them are in {@code docs/images}. */
	@Test
	void looksAsInThePicturesOfTheDocumentation(@TempDir Path storeRoot) throws IOException {
		AgentMessageHandler releases = (message, conversation) -> message.text().startsWith("Deploy")
				? conversation.ask(Confirm.of("Deploy 1.4 to production?")
					.body("12 changes since 1.3, and all checks have passed.")
					.labels("Deploy", "Not now")).map((yes) -> new Reply("Deployed. All three instances are healthy."))
				: conversation
					.ask(Form.of("Announcement")
						.field(FormField.text("title", "Title").required())
						.field(FormField.checkbox("mail", "Send it by mail, too"))
						.submitLabel("Announce"))
					.map((form) -> new Reply("Announced"));
		try (TestAgent agent = new TestAgent(this.relay, storeRoot, releases)) {
			awaitText("#verification-code", agent.client().verificationCode());
			emulate("light", 1000, 1000);
			write("Deploy 1.4, please");
			press("confirm", "Deploy");
			awaitText("li:last-of-type .bubble", "Deployed. All three instances are healthy.");
			awaitText("li.person .note", "Accepted by the agent");
			write("Announce it");
			awaitCard("Announcement");
			screenshot("docs-chat");
			emulate("light", 1060, 1150);
			find("#people summary").click();
			find("#group-members").sendKeys("mia, jonas", Keys.ENTER);
			awaitText("#chats [aria-current]", "Group: mia, jonas");
			find("#beside").click();
			awaitTexts(".column h2", "mia in Group: mia, jonas", "jonas in Group: mia, jonas");
			find("#inspect").click();
			write("Deploy 1.4, please");
			await().until(() -> browser.findElements(By.cssSelector("#messages .widget")).size() == 2);
			screenshot("docs-group");
			find("#inspect").click();
			press("confirm", "Deploy");
			awaitText("li.agent:last-of-type .bubble", "Deployed. All three instances are healthy.");
			emulate("dark", 390, 800);
			await().until(() -> browser.findElements(By.cssSelector(".column")).size() == 1);
			assertThat(browser.executeScript("return document.documentElement.scrollWidth <= window.innerWidth"))
				.isEqualTo(true);
			screenshot("docs-phone");
		}
	}

	@Test
	void showsMarkupAsText() {
		this.agent.publish().connect();
		write("<img src=x onerror=alert(1)>");
		this.agent.answer("<script>alert(2)</script>");
		awaitText("li.person .bubble", "<img src=x onerror=alert(1)>");
		awaitText("li.agent .bubble", "<script>alert(2)</script>");
	}

	@Test
	void startsANewLineWithShiftAndEnter() {
		this.agent.publish().connect();
		find("#text").sendKeys("first", Keys.chord(Keys.SHIFT, Keys.ENTER), "second", Keys.ENTER);
		awaitText("li.person .bubble", "first\nsecond");
		assertThat(find("#text").getDomProperty("value")).isEmpty();
	}

	@Test
	void waitsForAnAgentThatIsAway() {
		this.agent.publish();
		write("Are you there?");
		awaitText("li.person .note", "Waits until the agent connects");
		this.agent.connect();
		awaitText("li.person .note", "Waiting for the agent");
		this.agent.answer("Now I am");
		awaitText("li.person .note", "Accepted by the agent");
	}

	@Test
	void asksBeforeItTrustsAnotherIdentity() throws IOException {
		this.agent.publish();
		write("To the first");
		awaitText("li.person .bubble", "To the first");
		assertThat(find("#identity-changed").isDisplayed()).isFalse();
		try (RawAgent successor = new RawAgent(this.relay).publish()) {
			await().until(() -> find("#identity-changed").isDisplayed());
			screenshot("identity-changed");
			find("#trust").click();
			await().until(() -> !find("#identity-changed").isDisplayed());
			write("To the second");
			awaitText("li.person:nth-of-type(2) .bubble", "To the second");
			successor.connect();
			successor.next();
			successor.answer("Welcome");
			awaitText("li.agent .bubble", "Welcome");
		}
	}

	@Test
	void canBeUsedWithTheKeyboardAlone() {
		this.agent.publish().connect();
		WebElement start = browser.switchTo().activeElement();
		assertThat(start.getDomAttribute("id")).isEqualTo("text");
		start.sendKeys("Hello", Keys.TAB);
		assertThat(browser.switchTo().activeElement().getText()).isEqualTo("Send");
		browser.switchTo().activeElement().sendKeys(Keys.SPACE);
		awaitText("li.person .bubble", "Hello");
		assertThat(browser.switchTo().activeElement().getDomAttribute("id")).isEqualTo("text");
	}

	@Test
	void opensAndClosesPanelsWithTheKeyboard() {
		find("#people summary").sendKeys(Keys.ENTER);
		assertThat(find("#person-name").isDisplayed()).isTrue();
		browser.switchTo().activeElement().sendKeys(Keys.TAB);
		assertThat(browser.switchTo().activeElement()).isEqualTo(find("#person-name"));
		find("#person-name").sendKeys(Keys.ESCAPE);
		assertThat(find("#person-name").isDisplayed()).isFalse();
		assertThat(browser.switchTo().activeElement()).isEqualTo(find("#people summary"));
		find("#people summary").sendKeys(Keys.TAB);
		assertThat(browser.switchTo().activeElement()).isEqualTo(find("#faults summary"));
	}

	@Test
	void answersQuestionsAsTheClientReadsThem(@TempDir Path storeRoot) throws IOException {
		List<Question<?>> questions = List.of(Confirm.of("Delete?").danger().labels("Delete it", "Keep it"),
				Choice.of("Size?").option("s", "Small").option("l", "Large"),
				Choices.of("Toppings?").option("o", "Olives").option("c", "Capers"), Permission.of("May I read?"),
				Form.of("Order")
					.field(FormField.text("name", "Name").required())
					.field(FormField.number("count", "Count").min(1).max(5))
					.field(FormField.checkbox("gift", "A gift")),
				DateTime.time("When?"));
		AgentMessageHandler asking = (message, conversation) -> Flux.fromIterable(questions)
			.concatMap(
					(question) -> conversation.ask(question).map((answer) -> new Reply("Read: " + readable(answer))));
		try (TestAgent asker = new TestAgent(this.relay, storeRoot, asking)) {
			awaitText("#verification-code", asker.client().verificationCode());
			write("Ask me");
			press("confirm", "Delete it");
			press("choice", "Large");
			awaitCard("Toppings?").findElement(By.xpath(".//label[contains(., 'Capers')]")).click();
			press("choice", "Choose");
			press("permission", "Allow for this session");
			WebElement form = awaitCard("Order");
			form.findElement(By.cssSelector("input[type=number]")).sendKeys("2");
			press("form", "Submit");
			assertThat(form.findElement(By.cssSelector("fieldset")).isEnabled()).as("a name is required").isTrue();
			form.findElement(By.cssSelector("input[type=text]")).sendKeys("Alice");
			screenshot("widgets");
			press("form", "Submit");
			browser.executeScript("arguments[0].value = '18:30'",
					awaitCard("When?").findElement(By.cssSelector("input[type=time]")));
			press("datetime", "Choose");
			awaitTexts("li.agent p.bubble", "Read: true", "Read: l", "Read: [c]", "Read: SESSION",
					"Read: {name=Alice, count=2, gift=false}", "Read: 18:30");
			awaitTexts("li.person .bubble", "Ask me", "Delete it", "Large", "Capers", "Allow for this session",
					"Name: Alice\nCount: 2\nA gift: false", "18:30");
			browser.navigate().refresh();
			awaitText("li:last-of-type .bubble", "Read: 18:30");
			assertThat(browser.findElements(By.cssSelector("fieldset:enabled"))).as("open questions").isEmpty();
			assertThat(this.relay.violations()).isEmpty();
		}
	}

	@Test
	void showsTheAnswersOfAWidgetInOneRowAndKeepsTheFocusThere() {
		this.agent.publish().connect();
		tell(writeAndRead("Start"), """
				{"type":"widget.standard","id":"sure","v":1,"kind":"confirm","spec":{"title":"Sure?"}}""");
		WebElement card = awaitCard("Sure?");
		List<WebElement> buttons = card.findElements(By.cssSelector("button"));
		assertThat(buttons).extracting(WebElement::getText).containsExactly("Yes", "No", "Cancel");
		assertThat(buttons).extracting((button) -> button.getLocation().getY())
			.containsOnly(buttons.get(0).getLocation().getY());
		buttons.get(0).sendKeys(Keys.SPACE);
		awaitText("li.person:last-of-type .bubble", "Yes");
		assertThat(browser.switchTo().activeElement()).isEqualTo(card);
	}

	@Test
	void changesProgressInPlaceAndCancelsIt() {
		this.agent.publish().connect();
		JsonNode message = writeAndRead("Start");
		tell(message, """
				{"type":"widget.standard","id":"work","v":1,"kind":"progress",
				"spec":{"title":"Report","value":10,"max":100,"cancellable":true}}""");
		WebElement cancel = awaitCard("Report").findElement(By.cssSelector("button"));
		browser.executeScript("arguments[0].focus()", cancel);
		tell(message, """
				{"type":"widget.update","id":"u1","v":1,"ref":"work","patch":{"spec":{"value":65,"body":"Almost"}}}""");
		awaitText(".widget p", "Almost");
		assertThat(find("progress").getDomProperty("value")).isEqualTo("65");
		assertThat(browser.findElements(By.cssSelector("li.agent"))).hasSize(1);
		browser.switchTo().activeElement().sendKeys(Keys.SPACE);
		JsonNode response = JsonMapper.shared().readTree(this.agent.decrypt(this.agent.next()));
		assertThat(response.get("ref").stringValue()).isEqualTo("work");
		assertThat(response.get("value").get("cancelled").booleanValue()).isTrue();
		awaitText("li.person:last-of-type .bubble", "Cancelled");
	}

	@Test
	void showsAWidgetOfAnotherKindAsTextAndCancelsIt() {
		this.agent.publish().connect();
		tell(writeAndRead("Start"), """
				{"type":"widget.standard","id":"map","v":1,"kind":"map","spec":{"title":"<b>Map</b>","zoom":3}}""");
		assertThat(awaitCard("<b>Map</b>").getText()).contains("\"zoom\": 3");
		press("map", "Cancel");
		JsonNode response = JsonMapper.shared().readTree(this.agent.decrypt(this.agent.next()));
		assertThat(response.get("ref").stringValue()).isEqualTo("map");
		assertThat(response.get("cancelled").booleanValue()).isTrue();
		assertThat(response.has("value")).isFalse();
	}

	@Test
	void sendsAndShowsFiles(@TempDir Path directory) throws IOException {
		Path picture = Files.write(directory.resolve("picture.png"), picture());
		Path drawing = Files.writeString(directory.resolve("drawing.svg"),
				"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
		AgentMessageHandler echo = (message, conversation) -> Flux.fromIterable(message.attachments())
			.flatMapSequential((file) -> file.download().map((content) -> AgentFile.of(file.name(), content)));
		try (TestAgent agent = new TestAgent(this.relay, directory, echo)) {
			awaitText("#verification-code", agent.client().verificationCode());
			find("#file").sendKeys(picture + "\n" + drawing);
			awaitTexts("#attached li", "picture.png " + Files.size(picture) + " bytes ×",
					"drawing.svg " + Files.size(drawing) + " bytes ×");
			write("Here they are");
			for (String image : List.of("li.person img", "li.agent img")) {
				await().ignoreExceptions()
					.untilAsserted(() -> assertThat(find(image).getDomProperty("naturalWidth")).isEqualTo("32"));
			}
			await().until(() -> browser.findElements(By.cssSelector("li.agent a")).size() == 2);
			assertThat(browser.findElements(By.cssSelector("img[alt='drawing.svg']"))).isEmpty();
			assertThat(find("#attached").isDisplayed()).isFalse();
			WebElement link = browser.findElement(By.xpath("//li[@class='agent']//a[.='drawing.svg']"));
			assertThat(browser.executeAsyncScript("""
					const [link, done] = arguments;
					fetch(link.href).then(async (file) => done([file.headers.get("Content-Type"),
						file.headers.get("Content-Disposition"), await file.text()].join("|")));""", link)).isEqualTo(
					"application/octet-stream|attachment; filename*=UTF-8''drawing.svg|" + Files.readString(drawing));
			screenshot("files");
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void answersAFilePicker(@TempDir Path directory) throws IOException {
		Path notes = Files.writeString(directory.resolve("notes.txt"), "Remember");
		AgentMessageHandler asking = (message, conversation) -> Flux
			.from(conversation.ask(FilePicker.of("Which file?").accept(".txt")))
			.flatMap((chosen) -> chosen.get(0).download())
			.map((content) -> new Reply("Read: " + new String(content, StandardCharsets.UTF_8)));
		try (TestAgent agent = new TestAgent(this.relay, directory, asking)) {
			awaitText("#verification-code", agent.client().verificationCode());
			write("Ask me");
			WebElement input = awaitCard("Which file?").findElement(By.cssSelector("input[type=file]"));
			assertThat(input.getDomAttribute("accept")).isEqualTo(".txt");
			input.sendKeys(notes.toString());
			screenshot("file-picker");
			press("file-picker", "Send");
			awaitText("li.agent p.bubble", "Read: Remember");
			awaitText("li.person:nth-of-type(3) a", "notes.txt");
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void takesFilesThatAreDropped() {
		this.agent.publish().connect();
		browser.executeScript("""
				const dataTransfer = new DataTransfer();
				dataTransfer.items.add(new File(["dropped"], "note.txt", { type: "text/plain" }));
				for (const type of ["dragover", "drop"]) {
					document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
				}""");
		awaitTexts("#attached li", "note.txt 7 bytes ×");
		find("#attached button").click();
		assertThat(find("#attached").isDisplayed()).isFalse();
		assertThat(browser.switchTo().activeElement().getDomAttribute("id")).isEqualTo("attach");
	}

	@Test
	void writesAsSeveralPeopleAndInGroups(@TempDir Path storeRoot) throws IOException {
		AgentMessageHandler naming = (message, conversation) -> Flux
			.just(new Reply(message.from() + (message.group() ? " to all: " : ": ") + message.text()));
		try (TestAgent agent = new TestAgent(this.relay, storeRoot, naming)) {
			awaitText("#verification-code", agent.client().verificationCode());
			write("Hello");
			awaitText("li.agent .bubble", "developer: Hello");
			find("#people summary").click();
			find("#person-name").sendKeys("alice", Keys.ENTER);
			awaitText("#chats [aria-current]", "alice");
			assertThat(browser.findElements(By.cssSelector("#messages li"))).isEmpty();
			write("Me, too");
			awaitText("li.agent:not([hidden]) .bubble", "alice: Me, too");
			find("#people summary").click();
			find("#new-device").click();
			awaitText("#chats [aria-current]", "alice (browser-2)");
			find("#people summary").click();
			find("#group-members").sendKeys("alice, bob", Keys.ENTER);
			awaitTexts("#chats button", "developer", "alice", "alice (browser-2)", "Group: alice, bob");
			awaitText("#chats [aria-current]", "Group: alice, bob");
			find("#sender option:nth-of-type(2)").click();
			write("Hi all");
			awaitTexts("li.agent:not([hidden]) .bubble", "bob to all: Hi all");
			awaitText("li.person:not([hidden]) .speaker", "bob:");
			screenshot("group");
			find("#chats button").click();
			awaitTexts("li:not([hidden]) .bubble", "Hello", "developer: Hello");
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void showsTheMembersOfAGroupSideBySide(@TempDir Path storeRoot) throws IOException {
		AgentMessageHandler asking = (message, conversation) -> conversation.ask(Confirm.of("Shall we go on?"))
			.map((yes) -> new Reply("We go on"));
		try (TestAgent agent = new TestAgent(this.relay, storeRoot, asking)) {
			awaitText("#verification-code", agent.client().verificationCode());
			emulate("light", 1400, 800);
			find("#people summary").click();
			find("#group-members").sendKeys("alice, bob", Keys.ENTER);
			awaitText("#chats [aria-current]", "Group: alice, bob");
			find("#beside").click();
			awaitTexts(".column h2", "developer", "alice in Group: alice, bob", "bob in Group: alice, bob");
			awaitText(".column [aria-current]", "alice in Group: alice, bob");
			write("Shall we?");
			awaitText(".column:nth-child(2) li.person .bubble", "Shall we?");
			awaitText(".column:nth-child(3) li.other .speaker", "alice:");
			await().until(() -> browser.findElements(By.cssSelector(".widget")).size() == 2);
			browser.findElement(By.xpath("//section[2]//button[.='Yes']")).click();
			awaitText(".column:nth-child(2) li:last-of-type .bubble", "We go on");
			awaitText(".column:nth-child(3) li:last-of-type .bubble", "We go on");
			awaitText(".column:nth-child(3) li.other:nth-of-type(3) .bubble", "Yes");
			assertThat(browser.findElements(By.cssSelector(".column:first-child li, fieldset:enabled"))).isEmpty();
			find(".column:nth-child(3) h2 button").sendKeys(Keys.ENTER);
			awaitText(".column [aria-current]", "bob in Group: alice, bob");
			assertThat(find("#sender").getDomProperty("value")).isEqualTo("p3");
			assertThat(browser.switchTo().activeElement().getDomAttribute("id")).isEqualTo("text");
			assertThat(violationsOfAccessibility()).isEmpty();
			screenshot("side-by-side");
			emulate("light", 390, 800);
			await().until(() -> browser.findElements(By.cssSelector(".column")).size() == 1);
			assertThat(find("#beside").isDisplayed()).isFalse();
			awaitText("#chats [aria-current]", "Group: alice, bob");
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void inspectsMessages(@TempDir Path storeRoot) throws IOException {
		try (TestAgent echo = new TestAgent(this.relay, storeRoot, TestAgent.ECHO)) {
			awaitText("#verification-code", echo.client().verificationCode());
			write("Hello");
			awaitText("li.agent .bubble", "Received: Hello");
			awaitText("li.person .note", "Accepted by the agent");
			assertThat(find("li.person .facts").isDisplayed()).isFalse();
			find("#inspect").click();
			assertThat(find("li.person .facts").getText()).contains("Plaintext\n5 bytes", "Ciphertext\n",
					"Acknowledged after\n", "Payload\nHello");
			assertThat(find("li.agent .facts").getText()).contains("Answer after\n", "Payload\nReceived: Hello");
			assertThat(find("#inspect").getDomAttribute("aria-pressed")).isEqualTo("true");
			screenshot("inspector");
		}
	}

	@Test
	void causesFaults() throws IOException {
		this.agent.publish().connect();
		find("#faults summary").click();
		find("#duplicate").click();
		awaitText("#fault-effect", "The next message is delivered twice.");
		screenshot("faults");
		find("#faults summary").click();
		write("Twice");
		assertThat(this.agent.next()).isEqualTo(this.agent.next());
		find("#faults summary").click();
		find("#refuse-token").click();
		awaitText("#connection", "Agent not connected");
		await().until(() -> "true".equals(find("#refuse-token").getDomAttribute("aria-pressed")));
		assertThat(this.agent.openWebSocket(this.relay.token())).failsWithin(PATIENCE);
		find("#refuse-token").click();
		await().until(() -> "false".equals(find("#refuse-token").getDomAttribute("aria-pressed")));
		this.agent.sibling().connect().close();
	}

	@Test
	void swapsAndDamagesMessages() {
		this.agent.publish().connect();
		cause("#reorder", "The next message is delivered after the one that follows it.");
		write("First");
		awaitText("li.person .bubble", "First");
		write("Second");
		assertThat(this.agent.decrypt(this.agent.next())).isEqualTo("Second");
		assertThat(this.agent.decrypt(this.agent.next())).isEqualTo("First");
		cause("#corrupt", "The ciphertext of the next message is damaged, until the agent connects again.");
		write("Damaged");
		JsonNode damaged = this.agent.next();
		assertThatExceptionOfType(SignalProtocolException.class).isThrownBy(() -> this.agent.decrypt(damaged));
	}

	@Test
	void givesADeviceAnotherIdentity(@TempDir Path storeRoot) {
		try (TestAgent echo = new TestAgent(this.relay, storeRoot, TestAgent.ECHO)) {
			awaitText("#verification-code", echo.client().verificationCode());
			write("Hello");
			awaitText("li.agent .bubble", "Received: Hello");
			String code = echo.client().devices("developer").get(0).verificationCode();
			cause("#new-identity",
					"developer has a new identity key, as when the app is installed anew on the same device.");
			write("Again");
			awaitText("li.person:last-of-type .note", "Waiting for the agent");
			this.relay.operate(echo.client());
			awaitText("#operator summary", "Operator");
			find("#operator summary").click();
			awaitText("#decisions p", "developer is trusted, with the code " + code);
			decide("Forget");
			awaitText("#nothing-to-decide", "No dead letter, and nobody has written yet.");
			cause("#disconnect", "The relay closed the agent’s connection.");
			awaitText("li.agent:last-of-type .bubble", "Received: Again");
		}
	}

	@Test
	void decidesAsTheOperator(@TempDir Path storeRoot) throws IOException {
		AtomicBoolean broken = new AtomicBoolean(true);
		AgentMessageHandler handler = (message, conversation) -> broken.get()
				? Flux.error(new IllegalStateException("Broken")) : Flux.just(new Reply("Received: " + message.text()));
		AgentStore store = SqliteAgentStore.open(storeRoot, this.relay.agentId());
		try (TestAgent agent = new TestAgent(this.relay, store, handler,
				(handling) -> handling.attempts(1).newDevice(NewDevicePolicy.APPROVE))) {
			this.relay.operate(agent.client());
			awaitText("#verification-code", agent.client().verificationCode());
			awaitText("#operator summary", "Operator");
			write("Hello");
			awaitText("#operator summary", "Operator, 1 to decide");
			find("#operator summary").click();
			assertThat(find("#decisions p").getText())
				.isEqualTo("A message of developer is a dead letter. Attempts: 1. "
						+ "Failure: java.lang.IllegalStateException");
			broken.set(false);
			decide("Retry");
			awaitText("#operator summary", "Operator");
			assertThat(browser.switchTo().activeElement()).isEqualTo(find("#operator summary"));
			awaitText("li.agent:last-of-type .bubble", "Received: Hello");
			find("#people summary").click();
			find("#new-device").click();
			awaitText("#chats [aria-current]", "developer (browser-2)");
			write("Let me in");
			awaitText("#operator summary", "Operator, 1 to decide");
			find("#operator summary").click();
			screenshot("operator");
			assertThat(violationsOfAccessibility()).isEmpty();
			decide("Trust");
			awaitText("li.agent:last-of-type .bubble", "Received: Let me in");
			awaitText("#operator summary", "Operator");
			broken.set(true);
			write("Forget it");
			awaitText("#operator summary", "Operator, 1 to decide");
			decide("Discard");
			awaitText("#operator summary", "Operator");
			assertThat(agent.client().deadLetters()).isEmpty();
		}
	}

	@Test
	void savesAConversationAsATest() {
		this.agent.publish().connect();
		JsonNode message = writeAndRead("Say \"hi\"");
		tell(message, "Hi");
		awaitText("li.agent .bubble", "Hi");
		assertThat(browser.executeAsyncScript("""
				const done = arguments[0];
				fetch(document.getElementById("scene").href).then(async (source) => done(await source.text()));"""))
			.asString()
			.contains("TestPerson developer = people.person(\"developer\");\n"
					+ "\t\tdeveloper.says(\"Say \\\"hi\\\"\");\n\t\tdeveloper.receives(text(\"Hi\"));\n");
		assertThat(find("#scene").getDomAttribute("download")).isEqualTo("SceneTests.java");
	}

	@Test
	void hasNoViolationsOfAccessibility(@TempDir Path storeRoot) throws IOException {
		try (TestAgent echo = new TestAgent(this.relay, storeRoot, TestAgent.ECHO)) {
			awaitText("#verification-code", echo.client().verificationCode());
			write("Hello");
			awaitText("li.agent .bubble", "Received: Hello");
			find("#inspect").click();
			for (String scheme : List.of("light", "dark")) {
				for (int width : List.of(1000, 390)) {
					emulate(scheme, width, 800);
					for (String panel : List.of("#people", "#faults")) {
						find(panel + " summary").click();
						assertThat(browser
							.executeScript("return document.documentElement.scrollWidth <= window.innerWidth"))
							.isEqualTo(true);
						screenshot(scheme + "-" + width + panel.replace('#', '-'));
						assertThat(violationsOfAccessibility()).as(scheme + width + panel).isEmpty();
						find(panel + " summary").click();
					}
				}
			}
		}
	}

	private static void cause(String fault, String effect) {
		find("#faults summary").click();
		find(fault).click();
		awaitText("#fault-effect", effect);
		find("#faults summary").click();
	}

	private static void decide(String decision) {
		browser.findElement(By.xpath("//*[@id='decisions']//button[.='" + decision + "']")).click();
	}

	private static List<?> violationsOfAccessibility() throws IOException {
		try (InputStream axe = Objects.requireNonNull(ChatPageBrowserTests.class.getResourceAsStream("/axe.min.js"))) {
			browser.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
		}
		return (List<?>) Objects.requireNonNull(browser.executeAsyncScript("""
				const done = arguments[0];
				axe.run().then(({ violations }) => done(violations.flatMap(({ id, nodes }) =>
					nodes.map((node) => `${id}: ${node.html}: ${node.failureSummary}`))));"""));
	}

	private static byte[] picture() throws IOException {
		ByteArrayOutputStream png = new ByteArrayOutputStream();
		ImageIO.write(new BufferedImage(32, 24, BufferedImage.TYPE_INT_RGB), "png", png);
		return png.toByteArray();
	}

	/** A decision has a redacted {@code toString()}. */
	private static String readable(Object answer) {
		return String.valueOf((answer instanceof PermissionDecision decision) ? decision.scope() : answer);
	}

	private JsonNode writeAndRead(String text) {
		write(text);
		JsonNode message = this.agent.next();
		this.agent.decrypt(message);
		return message;
	}

	private void tell(JsonNode message, String content) {
		this.agent.send(this.agent.reply(message, content).toString());
	}

	/** Presses a button of the widget of a kind that can still be answered. */
	private static void press(String kind, String label) {
		By button = By.xpath("//div[@data-kind='" + kind + "']/fieldset[not(@disabled)]//button[.='" + label + "']");
		await().ignoreExceptions().until(() -> {
			browser.findElement(button).click();
			return true;
		});
	}

	private static WebElement awaitCard(String title) {
		return await().ignoreExceptions()
			.until(() -> browser.findElement(By.xpath("//div[@role='group'][strong='" + title + "']")),
					Objects::nonNull);
	}

	private static void awaitTexts(String selector, String... texts) {
		await().ignoreExceptions()
			.untilAsserted(
					() -> assertThat(browser.findElements(By.cssSelector(selector))).extracting(WebElement::getText)
						.containsExactly(texts));
	}

	private static void write(String text) {
		find("#text").sendKeys(text, Keys.ENTER);
	}

	private static WebElement find(String selector) {
		return browser.findElement(By.cssSelector(selector));
	}

	private static void awaitText(String selector, String text) {
		await().ignoreExceptions().untilAsserted(() -> assertThat(find(selector).getText()).isEqualTo(text));
	}

	private static void emulate(String colorScheme, int width, int height) {
		browser.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", new Object[] { Map.of("name", "prefers-color-scheme", "value", colorScheme) }));
		browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	private static void screenshot(String name) throws IOException {
		Path directory = Files.createDirectories(Path.of("target", "screenshots"));
		Files.write(directory.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
	}

	private static Optional<File> executable(String... names) {
		String[] directories = System.getenv("PATH").split(File.pathSeparator);
		return Stream.of(names)
			.flatMap((name) -> Arrays.stream(directories).map((directory) -> new File(directory, name)))
			.filter(File::canExecute)
			.findFirst();
	}

}
