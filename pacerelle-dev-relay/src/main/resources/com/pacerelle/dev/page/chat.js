"use strict";

const LATE_AFTER_MILLIS = 10_000;
const NEAR_END_PIXELS = 48;
const RECONNECT_AFTER_MILLIS = 2_000;

const byId = (id) => document.getElementById(id);
const messages = byId("messages");
const text = byId("text");
const failure = byId("failure");
const entries = new Map();
const widgets = new Map();
let status = null;
let atEnd = true;

function listen() {
	const stream = new EventSource("chat/changes");
	stream.addEventListener("Status", (event) => showStatus(JSON.parse(event.data)));
	stream.addEventListener("Entry", (event) => showEntry(JSON.parse(event.data)));
	stream.addEventListener("error", () => {
		showConnection("lost", "Relay not reachable");
		// A browser tries again by itself, but not after every kind of failure.
		if (stream.readyState === EventSource.CLOSED) {
			setTimeout(listen, RECONNECT_AFTER_MILLIS);
		}
	});
}

function showStatus(next) {
	if (status && status.conversationId !== next.conversationId) {
		entries.clear();
		widgets.clear();
		messages.replaceChildren();
	}
	status = next;
	if (next.connected) {
		showConnection("connected", "Agent connected");
	}
	else {
		showConnection("disconnected", "Agent not connected");
	}
	byId("verification-code").textContent = next.verificationCode ?? "not published yet";
	byId("identity-changed").hidden = !next.identityChanged;
	entries.forEach(showNote);
}

function showConnection(state, label) {
	const connection = byId("connection");
	connection.dataset.state = state;
	if (connection.textContent !== label) {
		connection.textContent = label;
	}
}

function showEntry({ id, from, text, acknowledged }) {
	let entry = entries.get(id);
	if (!entry) {
		entry = from === "agent" ? addFromAgent(text) : addFromPerson(text);
		entries.set(id, entry);
	}
	entry.acknowledged = acknowledged;
	showNote(entry);
}

function addFromAgent(text) {
	const content = parse(text);
	if (content.type === "widget.update" && widgets.has(content.ref)) {
		widgets.get(content.ref).update(content.patch ?? {});
		followEnd();
		return { from: "agent" };
	}
	if (content.type === "widget.standard" && content.spec) {
		const card = new WidgetCard(content, respond);
		widgets.set(content.id, card);
		return addEntry("agent", card.element);
	}
	if (content.kind === "chat.message") {
		const files = [content.attachments ?? []].flat().map(({ name, size }) => `📎 ${name} (${size} bytes)`);
		return addEntry("agent", bubbleOf([content.text, ...files].filter(Boolean).join("\n")));
	}
	return addEntry("agent", bubbleOf(text));
}

function addFromPerson(text) {
	const content = parse(text);
	const card = content.type === "widget.response" ? widgets.get(content.ref) : null;
	if (!card) {
		return addEntry("person", bubbleOf(text));
	}
	card.answered();
	return addEntry("person", bubbleOf(card.describe(content)));
}

/** What is no JSON object is text. */
function parse(text) {
	try {
		return (text.startsWith("{") && JSON.parse(text)) || {};
	}
	catch {
		return {};
	}
}

function bubbleOf(text) {
	return element("p", { className: "bubble", textContent: text });
}

async function respond(response) {
	try {
		await post("chat/messages", { text: response });
		failure.hidden = true;
		return true;
	}
	catch (error) {
		failure.textContent = `Not answered: ${error.message}`;
		failure.hidden = false;
		return false;
	}
}

function addEntry(from, bubble) {
	const item = document.createElement("li");
	const speaker = document.createElement("span");
	const note = document.createElement("p");
	item.className = from;
	speaker.className = "visually-hidden";
	speaker.textContent = from === "person" ? "You: " : "Agent: ";
	note.className = "note";
	item.append(speaker, bubble, note);
	messages.append(item);
	byId("empty").hidden = true;
	atEnd ||= from === "person";
	followEnd();
	const entry = { from, note, late: false };
	if (from === "person") {
		setTimeout(() => {
			entry.late = true;
			showNote(entry);
		}, LATE_AFTER_MILLIS);
	}
	return entry;
}

function followEnd() {
	if (atEnd) {
		messages.scrollTop = messages.scrollHeight;
	}
}

function showNote(entry) {
	if (entry.from !== "person") {
		return;
	}
	const late = !entry.acknowledged && entry.late && status.connected;
	entry.note.classList.toggle("late", late);
	entry.note.textContent = noteOf(entry, late);
}

function noteOf(entry, late) {
	if (entry.acknowledged) {
		return "Accepted by the agent";
	}
	if (late) {
		return "Not accepted yet: the agent’s log may say why";
	}
	return status.connected ? "Waiting for the agent" : "Waits until the agent connects";
}

async function post(path, body) {
	let response;
	try {
		response = await fetch(path, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify(body)
		});
	}
	catch {
		throw new Error("the relay is not reachable");
	}
	if (!response.ok) {
		const answer = await response.json().catch(() => ({}));
		throw new Error(answer.error ?? `the relay answers ${response.status}`);
	}
}

async function send() {
	const draft = text.value;
	if (!draft.trim()) {
		return;
	}
	text.value = "";
	fit();
	try {
		await post("chat/messages", { text: draft });
		failure.hidden = true;
	}
	catch (error) {
		text.value = text.value ? `${draft}\n${text.value}` : draft;
		fit();
		failure.textContent = `Not sent: ${error.message}`;
		failure.hidden = false;
	}
}

function fit() {
	text.style.height = "auto";
	text.style.height = `${text.scrollHeight + 2}px`;
}

messages.addEventListener("scroll", () => {
	atEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < NEAR_END_PIXELS;
});
new ResizeObserver(followEnd).observe(messages);
text.addEventListener("input", fit);
text.addEventListener("keydown", (event) => {
	if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
		event.preventDefault();
		send();
	}
});
byId("composer").addEventListener("submit", (event) => {
	event.preventDefault();
	send();
	text.focus();
});
byId("trust").addEventListener("click", () => post("chat/trust", {}).catch((error) => {
	failure.textContent = `Not trusted: ${error.message}`;
	failure.hidden = false;
}));
listen();
