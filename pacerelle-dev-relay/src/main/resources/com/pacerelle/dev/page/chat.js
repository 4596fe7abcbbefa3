"use strict";

const LATE_AFTER_MILLIS = 10_000;
const NEAR_END_PIXELS = 48;
const RECONNECT_AFTER_MILLIS = 2_000;

/** What a browser shows without running anything in it: neither markup nor vector graphics. */
const IMAGES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

const byId = (id) => document.getElementById(id);
const log = byId("log");
const messages = byId("messages");
const text = byId("text");
const failure = byId("failure");
const sender = byId("sender");
const participants = new Map();
const chats = new Map();
const entries = new Map();
const widgets = new Map();
let status = null;
let current = null;
let wanted = null;
let files = [];
let atEnd = true;

function listen() {
	const stream = new EventSource("chat/changes");
	stream.addEventListener("Status", (event) => showStatus(JSON.parse(event.data)));
	stream.addEventListener("Participant", (event) => showParticipant(JSON.parse(event.data)));
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
		[participants, chats, entries, widgets].forEach((known) => known.clear());
		byId("chats").replaceChildren();
		messages.replaceChildren();
		current = null;
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
	entries.forEach(showNote);
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
	const id = participant.group ? participant.conversationId : participant.id;
	const chat = chats.get(id) ?? addChat(id);
	chat.members.push(participant);
	showTitle(chat);
	if (chat === current) {
		showSenders();
	}
	if (!current || wanted === participant.id) {
		writeAs(participant);
	}
}

function writeAs({ id, group, conversationId }) {
	select(chats.get(group ? conversationId : id));
	sender.value = id;
}

function addChat(id) {
	const chat = { id, members: [], unread: 0, draft: "", button: button("", () => select(chat), "plain") };
	chats.set(id, chat);
	const item = document.createElement("li");
	item.append(chat.button);
	byId("chats").append(item);
	return chat;
}

function showTitle(chat) {
	const names = [...new Set(chat.members.map(({ userId }) => userId))].join(", ");
	const [first] = chat.members;
	chat.title = first.group ? `Group: ${names}` : first.deviceId === "browser" ? names : `${names} (${first.deviceId})`;
	chat.button.textContent = chat.unread > 0 ? `${chat.title}, ${chat.unread} new` : chat.title;
}

function select(chat) {
	if (current) {
		current.draft = text.value;
		current.button.removeAttribute("aria-current");
	}
	current = chat;
	wanted = null;
	chat.unread = 0;
	chat.button.setAttribute("aria-current", "true");
	showTitle(chat);
	chat.button.scrollIntoView({ block: "nearest" });
	showSenders();
	text.value = chat.draft;
	fit();
	let any = false;
	entries.forEach((entry) => {
		entry.item.hidden = entry.chat !== chat;
		any ||= entry.chat === chat;
	});
	showEmpty(!any);
	atEnd = true;
	followEnd();
}

function showEmpty(empty) {
	byId("empty").hidden = !empty;
	log.hidden = empty;
}

function showSenders() {
	const chosen = sender.value;
	sender.replaceChildren(...current.members.map(({ id, userId, deviceId }) => element("option", {
		value: id, textContent: deviceId === "browser" ? userId : `${userId} (${deviceId})`, selected: id === chosen
	})));
	byId("sender-field").hidden = current.members.length === 1;
}

function showEntry(change) {
	const participant = participants.get(change.participant);
	if (!participant) {
		return;
	}
	let entry = entries.get(change.id);
	if (!entry) {
		const chat = chats.get(participant.group ? participant.conversationId : participant.id);
		entry = change.from === "agent" ? addFromAgent(chat, change) : addFromPerson(chat, change, participant);
		entries.set(change.id, entry);
	}
	Object.assign(entry, change);
	showNote(entry);
	showFacts(entry);
}

function addFromAgent(chat, { id, text }) {
	const content = parse(text);
	if (content.type === "widget.update" && widgets.has(`${chat.id}/${content.ref}`)) {
		widgets.get(`${chat.id}/${content.ref}`).update(content.patch ?? {});
		followEnd();
		return { chat, item: document.createElement("li") };
	}
	if (content.type === "widget.standard" && content.spec) {
		const card = new WidgetCard(content, (response) => respond(chat, response),
			(ref, chosen) => respondWithFiles(chat, ref, chosen));
		widgets.set(`${chat.id}/${content.id}`, card);
		return addEntry(chat, "agent", "Agent", card.element);
	}
	if (content.kind === "chat.message") {
		return addEntry(chat, "agent", "Agent", bubbleOf(content.text, id, content.attachments));
	}
	return addEntry(chat, "agent", "Agent", bubbleOf(text));
}

function addFromPerson(chat, { id, text }, participant) {
	const content = parse(text);
	const speaker = participant.group ? participant.userId : "You";
	if (content.kind === "chat.message") {
		return addEntry(chat, "person", speaker, bubbleOf(content.text, id, content.attachments));
	}
	const card = content.type === "widget.response" ? widgets.get(`${chat.id}/${content.ref}`) : null;
	if (!card) {
		return addEntry(chat, "person", speaker, bubbleOf(text));
	}
	card.answered();
	return addEntry(chat, "person", speaker, bubbleOf(card.describe(content), id, content.attachments));
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

/** With files it holds a list, which no paragraph may. */
function bubbleOf(text, id, attachments = []) {
	const attached = [attachments].flat().filter(Boolean);
	if (attached.length === 0) {
		return element("p", { className: "bubble", textContent: text });
	}
	const bubble = element("div", { className: "bubble" });
	const list = element("ul", { className: "files" });
	list.append(...attached.map((file, index) => fileOf(file, `chat/files/${encodeURIComponent(id)}/${index}`)));
	bubble.append(...(text ? [element("p", { textContent: text })] : []), list);
	return bubble;
}

function fileOf({ name, mime, size }, address) {
	const item = document.createElement("li");
	if (IMAGES.has(mime)) {
		const image = element("img", { alt: name, src: address });
		image.addEventListener("load", followEnd);
		image.addEventListener("error", () => image.remove());
		item.append(image);
	}
	item.append(element("a", { href: address, download: name, textContent: name }), ` ${sizeOf(size)}`);
	return item;
}

function sizeOf(bytes) {
	const [divisor, unit] = bytes < 1024 ? [1, "bytes"] : bytes < 1024 * 1024 ? [1024, "KiB"] : [1024 * 1024, "MiB"];
	return `${Math.round(10 * bytes / divisor) / 10} ${unit}`;
}

function respond(chat, response) {
	return attempt("Not answered", () => post("chat/messages", { participant: senderIn(chat), text: response }));
}

function respondWithFiles(chat, ref, chosen) {
	return attempt("Not answered", async () => post("chat/files", {
		participant: senderIn(chat), ref, files: await Promise.all(chosen.map(encoded))
	}));
}

function senderIn(chat) {
	return chat === current ? sender.value : chat.members[0].id;
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

function addEntry(chat, from, name, bubble) {
	const item = document.createElement("li");
	const speaker = document.createElement("span");
	const note = document.createElement("p");
	const facts = element("dl", { className: "facts" });
	const grouped = chat.members[0].group && from === "person";
	item.className = from;
	item.hidden = chat !== current;
	speaker.className = grouped ? "speaker" : "visually-hidden";
	speaker.textContent = `${name}: `;
	note.className = "note";
	item.append(speaker, bubble, note, facts);
	messages.append(item);
	if (chat === current) {
		showEmpty(false);
		atEnd ||= from === "person";
		followEnd();
	}
	else {
		chat.unread++;
		showTitle(chat);
	}
	const entry = { chat, item, from, note, facts, late: false };
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
		log.scrollTop = log.scrollHeight;
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

/** What the inspector shows of a message. */
function showFacts(entry) {
	if (!entry.facts) {
		return;
	}
	const source = entries.get(entry.replyToMessageId);
	const facts = [
		["Message", entry.id],
		["Plaintext", `${new TextEncoder().encode(entry.text).length} bytes`],
		["Ciphertext", `${entry.ciphertextSize} bytes`],
		[entry.from === "agent" ? "Received" : "Sent", new Date(entry.at).toLocaleTimeString()],
		entry.acknowledgedAt && ["Acknowledged after", `${entry.acknowledgedAt - entry.at} ms`],
		source && ["Answer after", `${entry.at - source.at} ms`]
	].filter(Boolean);
	entry.facts.replaceChildren(...facts.flatMap(([name, value]) => [
		element("dt", { textContent: name }), element("dd", { textContent: value })
	]), element("dt", { textContent: "Payload" }), element("dd", { textContent: withoutKeys(entry.text) }));
}

/** Keys of files are nothing to look at. */
function withoutKeys(text) {
	const content = parse(text);
	return content.attachments
		? JSON.stringify(content, (name, value) => name === "key_b64" || name === "iv_b64" ? "…" : value) : text;
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
	const participant = sender.value;
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
			writeAs(participants.get(id));
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
		await post("chat/faults", { fault });
		byId("fault-effect").textContent = effect;
	});
}

/** Only files are dropped on the page; a file picker takes its own. */
function isDrop(event) {
	return event.dataTransfer?.types.includes("Files") && !event.target.matches?.("input[type=file]");
}

log.addEventListener("scroll", () => {
	atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PIXELS;
});
new ResizeObserver(followEnd).observe(log);
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
byId("new-device").addEventListener("click", () => add("chat/devices", { participant: sender.value }));
byId("inspect").addEventListener("click", () => {
	const on = messages.classList.toggle("inspected");
	byId("inspect").setAttribute("aria-pressed", on);
	followEnd();
});
byId("disconnect").addEventListener("click", () => cause("disconnect", "The relay closed the agent’s connection."));
byId("drop").addEventListener("click", () => cause("drop",
	"The next message gets lost, until the agent connects again."));
byId("duplicate").addEventListener("click", () => cause("duplicate", "The next message is delivered twice."));
byId("delay").addEventListener("click", () => cause("delay", "The next message is delivered two seconds later."));
byId("refuse-token").addEventListener("click", () => status.tokenRefused
	? cause("accept-token", "The relay accepts the agent’s token again.")
	: cause("refuse-token", "The relay refuses the agent’s token."));
byId("trust").addEventListener("click", () => attempt("Not trusted", () => post("chat/trust", {})));
listen();
