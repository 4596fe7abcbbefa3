"use strict";

const NEAR_END_PIXELS = 48;

/** What a browser shows without running anything in it: neither markup nor vector graphics. */
const IMAGES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** The messages of a chat, as one of its members sees them or, without a viewer, as all of them do. */
class Column {

	constructor(chat, viewer, { write, respond, respondWithFiles }) {
		this.chat = chat;
		this.viewer = viewer;
		this.respond = respond;
		this.respondWithFiles = respondWithFiles;
		this.items = new Map();
		this.widgets = new Map();
		this.atEnd = true;
		this.list = document.createElement("ol");
		this.log = element("div", { className: "log", role: "log", tabIndex: 0 });
		this.log.append(this.list);
		this.log.addEventListener("scroll", () => {
			this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END_PIXELS;
		});
		new ResizeObserver(() => this.followEnd()).observe(this.log);
		this.name = button("", write, "plain");
		this.heading = document.createElement("h2");
		this.heading.append(this.name);
		this.element = element("section", { className: "column" });
		this.element.append(this.heading, this.log);
	}

	/** What it is called among others; alone it needs no name. */
	present(name, writing) {
		this.heading.hidden = !name;
		this.name.textContent = name;
		this.log.ariaLabel = name ? `Messages of ${name}` : "Messages";
		if (writing) {
			this.name.setAttribute("aria-current", "true");
		}
		else {
			this.name.removeAttribute("aria-current");
		}
	}

	/** Adds a message, or shows what has changed about it. */
	show(entry, connected) {
		if (!this.items.has(entry.id)) {
			this.items.set(entry.id, entry.from === "agent" ? this.addFromAgent(entry) : this.addFromPerson(entry));
		}
		const item = this.items.get(entry.id);
		if (item) {
			showNote(item.note, entry, connected);
			showFacts(item.facts, entry);
		}
	}

	followEnd() {
		if (this.atEnd) {
			this.log.scrollTop = this.log.scrollHeight;
		}
	}

	/** An update of a widget changes it in place. */
	addFromAgent({ id, text }) {
		const content = parse(text);
		if (content.type === "widget.update" && this.widgets.has(content.ref)) {
			this.widgets.get(content.ref).update(content.patch ?? {});
			this.followEnd();
			return null;
		}
		if (content.type === "widget.standard" && content.spec) {
			const card = new WidgetCard(content, (response) => this.respond(response),
				(ref, chosen) => this.respondWithFiles(ref, chosen));
			this.widgets.set(content.id, card);
			return this.add("agent", "Agent", card.element);
		}
		return this.add("agent", "Agent", content.kind === "chat.message"
			? this.bubbleOf(content.text, id, content.attachments) : this.bubbleOf(text));
	}

	addFromPerson({ id, text, sender }) {
		const own = !this.viewer || this.viewer === sender;
		const side = own ? "person" : "other";
		const speaker = own && !(sender.group && !this.viewer) ? "You" : nameOf(sender);
		const content = parse(text);
		if (content.kind === "chat.message") {
			return this.add(side, speaker, this.bubbleOf(content.text, id, content.attachments));
		}
		const card = content.type === "widget.response" ? this.widgets.get(content.ref) : null;
		if (!card) {
			return this.add(side, speaker, this.bubbleOf(text));
		}
		if (own || !card.collective) {
			card.answered();
		}
		return this.add(side, speaker, this.bubbleOf(card.describe(content), id, content.attachments));
	}

	add(side, speaker, bubble) {
		const item = element("li", { className: side });
		const note = element("p", { className: "note" });
		const facts = element("dl", { className: "facts" });
		const named = side === "other" || side === "person" && this.chat.group && !this.viewer;
		item.append(element("span", { className: named ? "speaker" : "visually-hidden", textContent: `${speaker}: ` }),
			bubble, note, facts);
		this.list.append(item);
		this.atEnd ||= side === "person";
		this.followEnd();
		return { note, facts };
	}

	/** With files it holds a list, which no paragraph may. */
	bubbleOf(text, id, attachments = []) {
		const attached = [attachments].flat().filter(Boolean);
		if (attached.length === 0) {
			return element("p", { className: "bubble", textContent: text });
		}
		const bubble = element("div", { className: "bubble" });
		const list = element("ul", { className: "files" });
		list.append(...attached.map((file, index) => this.fileOf(file,
			`chat/files/${encodeURIComponent(id)}/${index}`)));
		bubble.append(...(text ? [element("p", { textContent: text })] : []), list);
		return bubble;
	}

	fileOf({ name, mime, size }, address) {
		const item = document.createElement("li");
		if (IMAGES.has(mime)) {
			const image = element("img", { alt: name, src: address });
			image.addEventListener("load", () => this.followEnd());
			image.addEventListener("error", () => image.remove());
			item.append(image);
		}
		item.append(element("a", { href: address, download: name, textContent: name }), ` ${sizeOf(size)}`);
		return item;
	}

}

function nameOf({ userId, deviceId }) {
	return deviceId === "browser" ? userId : `${userId} (${deviceId})`;
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

function sizeOf(bytes) {
	const [divisor, unit] = bytes < 1024 ? [1, "bytes"] : bytes < 1024 * 1024 ? [1024, "KiB"] : [1024 * 1024, "MiB"];
	return `${Math.round(10 * bytes / divisor) / 10} ${unit}`;
}

function showNote(note, entry, connected) {
	if (entry.from !== "person") {
		return;
	}
	const late = !entry.acknowledged && entry.late && connected;
	note.classList.toggle("late", late);
	note.textContent = noteOf(entry, late, connected);
}

function noteOf(entry, late, connected) {
	if (entry.acknowledged) {
		return "Accepted by the agent";
	}
	if (late) {
		return "Not accepted yet: the agent’s log may say why";
	}
	return connected ? "Waiting for the agent" : "Waits until the agent connects";
}

/** What the inspector shows of a message. */
function showFacts(facts, entry) {
	const known = [
		["Message", entry.id],
		["Plaintext", `${new TextEncoder().encode(entry.text).length} bytes`],
		["Ciphertext", `${entry.ciphertextSize} bytes`],
		[entry.from === "agent" ? "Received" : "Sent", new Date(entry.at).toLocaleTimeString()],
		entry.acknowledgedAt && ["Acknowledged after", `${entry.acknowledgedAt - entry.at} ms`],
		entry.source && ["Answer after", `${entry.at - entry.source.at} ms`]
	].filter(Boolean);
	facts.replaceChildren(...known.flatMap(([name, value]) => [
		element("dt", { textContent: name }), element("dd", { textContent: value })
	]), element("dt", { textContent: "Payload" }), element("dd", { textContent: withoutKeys(entry.text) }));
}

/** Keys of files are nothing to look at. */
function withoutKeys(text) {
	const content = parse(text);
	return content.attachments
		? JSON.stringify(content, (name, value) => name === "key_b64" || name === "iv_b64" ? "…" : value) : text;
}
