"use strict";

const LATE_AFTER_MILLIS = 10_000;
const RECONNECT_AFTER_MILLIS = 2_000;
const MAX_COLUMNS = 3;
const COLUMN_PIXELS = 360;

const TRUST = {
	WAITING: { state: "waits", decisions: ["trust", "refuse"] },
	TRUSTED: { state: "is trusted", decisions: ["refuse", "forget"] },
	REFUSED: { state: "is refused", decisions: ["trust", "forget"] }
};

const byId = (id) => document.getElementById(id);
const messages = byId("messages");
const text = byId("text");
const failure = byId("failure");
const sender = byId("sender");
const participants = new Map();
const chats = new Map();
const entries = new Map();
let status = null;
/** Whom the person at the keyboard writes as, and as whom before. */
let writer = null;
let recent = [];
let beside = false;
let shown = [];
let wanted = null;
let files = [];

function listen() {
	const stream = new EventSource("chat/changes");
	stream.addEventListener("Status", (event) => showStatus(JSON.parse(event.data)));
	stream.addEventListener("Participant", (event) => showParticipant(JSON.parse(event.data)));
	stream.addEventListener("Entry", (event) => showEntry(JSON.parse(event.data)));
	stream.addEventListener("Decisions", (event) => showDecisions(JSON.parse(event.data)));
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
		[participants, chats, entries].forEach((known) => known.clear());
		byId("chats").replaceChildren();
		messages.replaceChildren();
		byId("operator").hidden = true;
		writer = null;
		recent = [];
		shown = [];
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
	byId("refuse-token").setAttribute("aria-pressed", next.tokenRefused);
	entries.forEach(showInColumns);
}

function showConnection(state, label) {
	const connection = byId("connection");
	connection.dataset.state = state;
	if (connection.textContent !== label) {
		connection.textContent = label;
	}
}

/** A group is one chat for all its members, else each device of a person has its own. */
function showParticipant(participant) {
	if (participants.has(participant.id)) {
		return;
	}
	participants.set(participant.id, participant);
	recent.push(participant);
	const chat = chatOf(participant) ?? addChat(participant);
	chat.members.push(participant);
	showTitle(chat);
	if (!writer || wanted === participant.id) {
		select(chat, participant);
	}
	show();
}

function chatOf({ id, group, conversationId }) {
	return chats.get(group ? conversationId : id);
}

function addChat({ id, group, conversationId }) {
	const chat = { group, members: [], columns: new Map(), unread: 0, draft: "" };
	chat.button = button("", () => select(chat), "plain");
	chats.set(group ? conversationId : id, chat);
	const item = document.createElement("li");
	item.append(chat.button);
	byId("chats").append(item);
	return chat;
}

function showTitle(chat) {
	const names = chat.group ? `Group: ${[...new Set(chat.members.map(({ userId }) => userId))].join(", ")}`
		: nameOf(chat.members[0]);
	chat.title = names;
	chat.button.textContent = chat.unread > 0 ? `${names}, ${chat.unread} new` : names;
}

/** With room for several columns, all members of a group come into view. */
function select(chat, participant = chat.members[0]) {
	chat.members.toReversed().forEach(use);
	writeAs(participant);
	chat.button.scrollIntoView({ block: "nearest" });
}

function writeAs(participant) {
	const chat = chatOf(participant);
	const before = writer && chatOf(writer);
	if (chat !== before) {
		if (before) {
			before.draft = text.value;
		}
		text.value = chat.draft;
		fit();
	}
	writer = participant;
	wanted = null;
	use(participant);
	show();
}

function use(participant) {
	recent = [participant, ...recent.filter((other) => other !== participant)];
}

/** Side by side, each member has a column; alone, a group has one for all its members. */
function columns() {
	const most = room();
	if (beside && most > 1) {
		return [...participants.values()].filter((participant) => recent.indexOf(participant) < most)
			.map((participant) => columnOf(chatOf(participant), participant));
	}
	const chat = chatOf(writer);
	return [columnOf(chat, chat.group ? null : writer)];
}

function room() {
	return Math.min(MAX_COLUMNS, participants.size, Math.floor(window.innerWidth / COLUMN_PIXELS));
}

function columnOf(chat, viewer) {
	if (!chat.columns.has(viewer)) {
		const writerThere = () => viewer?.id ?? writer.id;
		const column = new Column(chat, viewer, {
			write: () => {
				writeAs(viewer);
				text.focus();
			},
			respond: (response) => respond(writerThere(), response),
			respondWithFiles: (ref, chosen) => respondWithFiles(writerThere(), ref, chosen)
		});
		chat.columns.set(viewer, column);
		entries.forEach((entry) => entry.chat === chat && column.show(entry, status.connected));
	}
	return chat.columns.get(viewer);
}

function show() {
	const next = columns();
	const several = next.length > 1;
	if (next.length !== shown.length || next.some((column, index) => column !== shown[index])) {
		shown = next;
		messages.replaceChildren(...shown.map((column) => column.element));
		shown.forEach((column) => {
			column.atEnd = true;
			column.followEnd();
		});
	}
	shown.forEach((column) => {
		const { chat, viewer } = column;
		const name = several && (chat.group ? `${nameOf(viewer)} in ${chat.title}` : chat.title);
		column.present(name, viewer === writer);
		chat.unread = 0;
		showTitle(chat);
	});
	chats.forEach((chat) => chat === chatOf(writer) ? chat.button.setAttribute("aria-current", "true")
		: chat.button.removeAttribute("aria-current"));
	document.body.classList.toggle("several", several);
	byId("scene").href = `chat/scenes/${writer.id}`;
	byId("beside").hidden = room() < 2;
	byId("beside").setAttribute("aria-pressed", beside);
	showSenders(several ? shown.map(({ viewer }) => viewer) : chatOf(writer).members);
	showEmpty();
}

function showEmpty() {
	const empty = shown.length === 1 && shown[0].items.size === 0;
	byId("empty").hidden = !empty;
	messages.hidden = empty;
}

function showSenders(senders) {
	sender.replaceChildren(...senders.map((participant) => element("option", {
		value: participant.id, textContent: nameOf(participant), selected: participant === writer
	})));
	byId("sender-field").hidden = senders.length === 1;
}

function showEntry(change) {
	const participant = participants.get(change.participant);
	if (!participant) {
		return;
	}
	const entry = entries.get(change.id) ?? addEntry(change, participant);
	Object.assign(entry, change);
	showInColumns(entry);
	showEmpty();
}

function addEntry({ id, from, text, replyToMessageId }, participant) {
	const chat = chatOf(participant);
	const entry = { chat, sender: participant, source: entries.get(replyToMessageId), late: false };
	entries.set(id, entry);
	if (from === "person") {
		setTimeout(() => {
			entry.late = true;
			showInColumns(entry);
		}, LATE_AFTER_MILLIS);
	}
	if (!shown.some((column) => column.chat === chat) && parse(text).type !== "widget.update") {
		chat.unread++;
		showTitle(chat);
	}
	return entry;
}

function showInColumns(entry) {
	entry.chat.columns.forEach((column) => column.show(entry, status.connected));
}

function respond(participant, response) {
	return attempt("Not answered", () => post("chat/messages", { participant, text: response }));
}

function respondWithFiles(participant, ref, chosen) {
	return attempt("Not answered", async () => post("chat/files", {
		participant, ref, files: await Promise.all(chosen.map(encoded))
	}));
}

async function attempt(otherwise, action) {
	try {
		await action();
		failure.hidden = true;
		return true;
	}
	catch (error) {
		failure.textContent = `${otherwise}: ${error.message}`;
		failure.hidden = false;
		return false;
	}
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
	const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
	if (!response.ok) {
		throw new Error(answer.error ?? `the relay answers ${response.status}`);
	}
	return answer;
}

async function send() {
	const draft = text.value;
	const attached = files;
	if (!draft.trim() && attached.length === 0) {
		return;
	}
	const participant = writer.id;
	text.value = "";
	fit();
	attach([]);
	const sent = await attempt("Not sent", async () => attached.length > 0
		? post("chat/files", {
			participant, ...(draft && { text: draft }), files: await Promise.all(attached.map(encoded))
		}) : post("chat/messages", { participant, text: draft }));
	if (!sent) {
		text.value = text.value ? `${draft}\n${text.value}` : draft;
		fit();
		attach([...attached, ...files]);
	}
}

function encoded(file) {
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.addEventListener("error", () => reject(new Error(`${file.name} cannot be read`)));
		reader.addEventListener("load", () => {
			const content = reader.result.slice(reader.result.indexOf(",") + 1);
			resolve({ name: file.name, ...(file.type && { mime: file.type }), ...(content && { content_b64: content }) });
		});
		reader.readAsDataURL(file);
	});
}

/** The files that go with the next message. */
function attach(chosen) {
	files = chosen;
	byId("attached").replaceChildren(...files.map((file) => {
		const item = document.createElement("li");
		const remove = button("×", () => {
			attach(files.filter((other) => other !== file));
			byId("attach").focus();
		}, "plain");
		remove.ariaLabel = `Remove ${file.name}`;
		item.append(`${file.name} ${sizeOf(file.size)} `, remove);
		return item;
	}));
	byId("attached").hidden = files.length === 0;
}

function fit() {
	text.style.height = "auto";
	text.style.height = `${text.scrollHeight + 2}px`;
}

/** Whoever is new is shown at once. */
async function add(path, body) {
	await attempt("Not added", async () => {
		const { id } = await post(path, body);
		if (participants.has(id)) {
			select(chatOf(participants.get(id)), participants.get(id));
		}
		else {
			wanted = id;
		}
		byId("people").querySelectorAll("form").forEach((form) => form.reset());
		byId("people").open = false;
		text.focus();
	});
}

function cause(fault, effect) {
	return attempt("Not done", async () => {
		await post("chat/faults", { fault, participant: writer.id });
		byId("fault-effect").textContent = effect;
	});
}

/** What only the operator of an agent sees. */
function showDecisions({ deadLetters, devices }) {
	const operator = byId("operator");
	const summary = operator.querySelector("summary");
	const undecided = deadLetters.length + devices.filter(({ trust }) => trust === "WAITING").length;
	const focused = byId("decisions").contains(document.activeElement);
	byId("decisions").replaceChildren(...deadLetters.map(deadLetter), ...devices.map(knownDevice));
	byId("nothing-to-decide").hidden = deadLetters.length + devices.length > 0;
	byId("decisions").hidden = deadLetters.length + devices.length === 0;
	summary.textContent = undecided > 0 ? `Operator, ${undecided} to decide` : "Operator";
	operator.hidden = false;
	if (focused) {
		summary.focus();
	}
}

function deadLetter({ messageId, userId, attempts, failure }) {
	return decisionOn(`A message of ${userId} is a dead letter. Attempts: ${attempts}. Failure: ${failure}`,
		"chat/dead-letters", { messageId }, ["retry", "discard"]);
}

function knownDevice({ userId, deviceId, verificationCode, trust }) {
	return decisionOn(`${nameOf({ userId, deviceId })} ${TRUST[trust].state}, with the code ${verificationCode}`,
		"chat/known-devices", { userId, verificationCode }, TRUST[trust].decisions);
}

function decisionOn(subject, path, ids, decisions) {
	const item = document.createElement("li");
	item.append(element("p", { textContent: subject }), row(...decisions.map((decision) => button(
		decision[0].toUpperCase() + decision.slice(1),
		() => attempt("Not done", () => post(path, { ...ids, decision })), "plain"))));
	return item;
}

/** Only files are dropped on the page; a file picker takes its own. */
function isDrop(event) {
	return event.dataTransfer?.types.includes("Files") && !event.target.matches?.("input[type=file]");
}

sender.addEventListener("change", () => writeAs(participants.get(sender.value)));
window.addEventListener("resize", () => writer && show());
text.addEventListener("input", fit);
text.addEventListener("keydown", (event) => {
	if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
		event.preventDefault();
		send();
	}
});
text.addEventListener("paste", (event) => {
	if (event.clipboardData.files.length > 0) {
		event.preventDefault();
		attach([...files, ...event.clipboardData.files]);
	}
});
byId("composer").addEventListener("submit", (event) => {
	event.preventDefault();
	send();
	text.focus();
});
byId("attach").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", () => {
	attach([...files, ...byId("file").files]);
	byId("file").value = "";
	text.focus();
});
document.addEventListener("dragover", (event) => {
	if (isDrop(event)) {
		event.preventDefault();
		document.body.classList.add("dropping");
	}
});
document.addEventListener("dragleave", (event) => {
	if (!event.relatedTarget) {
		document.body.classList.remove("dropping");
	}
});
document.addEventListener("drop", (event) => {
	document.body.classList.remove("dropping");
	if (isDrop(event)) {
		event.preventDefault();
		attach([...files, ...event.dataTransfer.files]);
		text.focus();
	}
});
document.querySelectorAll(".toolbar details").forEach((panel) => panel.addEventListener("keydown", (event) => {
	if (event.key === "Escape") {
		panel.open = false;
		panel.querySelector("summary").focus();
	}
}));
byId("new-person").addEventListener("submit", (event) => {
	event.preventDefault();
	add("chat/people", { name: byId("person-name").value.trim() });
});
byId("new-group").addEventListener("submit", (event) => {
	event.preventDefault();
	add("chat/groups", { members: byId("group-members").value.split(",").map((name) => name.trim()).filter(Boolean) });
});
byId("new-device").addEventListener("click", () => add("chat/devices", { participant: writer.id }));
byId("inspect").addEventListener("click", () => {
	const on = messages.classList.toggle("inspected");
	byId("inspect").setAttribute("aria-pressed", on);
	shown.forEach((column) => column.followEnd());
});
byId("beside").addEventListener("click", () => {
	beside = !beside;
	show();
});
byId("disconnect").addEventListener("click", () => cause("disconnect", "The relay closed the agent’s connection."));
byId("drop").addEventListener("click", () => cause("drop",
	"The next message gets lost, until the agent connects again."));
byId("duplicate").addEventListener("click", () => cause("duplicate", "The next message is delivered twice."));
byId("delay").addEventListener("click", () => cause("delay", "The next message is delivered two seconds later."));
byId("reorder").addEventListener("click", () => cause("reorder",
	"The next message is delivered after the one that follows it."));
byId("corrupt").addEventListener("click", () => cause("corrupt",
	"The ciphertext of the next message is damaged, until the agent connects again."));
byId("new-identity").addEventListener("click", () => cause("new-identity",
	`${nameOf(writer)} has a new identity key, as when the app is installed anew on the same device.`));
byId("refuse-token").addEventListener("click", () => status.tokenRefused
	? cause("accept-token", "The relay accepts the agent’s token again.")
	: cause("refuse-token", "The relay refuses the agent’s token."));
byId("trust").addEventListener("click", () => attempt("Not trusted", () => post("chat/trust", {})));
listen();
