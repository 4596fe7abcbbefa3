"use strict";

/** The widgets of gateway.md section 5.2: each gets its spec and what to call with the answer, and returns its controls. */
const WIDGETS = {

	__proto__: null,

	confirm: (spec, answer) => row(
		button(spec.labels?.yes ?? "Yes", () => answer(true), spec.danger ? "danger" : ""),
		button(spec.labels?.no ?? "No", () => answer(false), "plain")),

	choice: (spec, answer) => spec.multi ? choices(spec.options, answer) : row(
		...spec.options.map(({ id, label }) => button(label, () => answer(id)))),

	permission: (spec, answer) => group(
		...["action", "resource", "status"].filter((name) => spec.authorization?.[name])
			.map((name) => element("p", { className: "quiet", textContent: `${name}: ${spec.authorization[name]}` })),
		row(
			...(spec.scopes ?? ["once", "session"]).map((scope) => button(
				SCOPES[scope] ?? scope, () => answer({ granted: true, scope }))),
			button("Deny", () => answer({ granted: false }), "plain"))),

	form: (spec, answer) => {
		const fields = spec.fields.map((field) => ({ ...field, input: fieldInput(field) }));
		return form(spec.submitLabel ?? "Submit", () => answer(valuesOf(fields)),
			...fields.map(({ label, input }) => labelled(label, input)));
	},

	progress: (spec, answer) => group(
		element("progress", { value: spec.value ?? 0, max: spec.max ?? 100, ariaLabel: spec.title }),
		...(spec.cancellable ? [button("Cancel", () => answer({ cancelled: true }), "plain")] : [])),

	datetime: (spec, answer) => {
		const type = spec.mode === "datetime" ? "datetime-local" : spec.mode;
		const input = element("input", { type, required: true, min: spec.min ?? "", max: spec.max ?? "" });
		return form("Choose", () => answer({ mode: spec.mode, value: input.value }),
			labelled({ date: "Date", time: "Time" }[spec.mode] ?? "Date and time", input));
	},

	"file-picker": (spec, answer, answerWithFiles) => {
		const input = element("input", {
			type: "file", required: true, multiple: Boolean(spec.multiple), accept: (spec.accept ?? []).join(",")
		});
		input.addEventListener("change", () => input.setCustomValidity(
			spec.maxFiles && input.files.length > spec.maxFiles ? `Choose at most ${spec.maxFiles} files` : ""));
		return form("Send", () => answerWithFiles([...input.files]), labelled(spec.multiple ? "Files" : "File", input));
	}

};

const SCOPES = { once: "Allow once", session: "Allow for this session" };

/** Kinds whose own controls already say no, or that are no question. */
const WITHOUT_CANCEL = new Set(["progress", "permission"]);

/**
 * A widget on the page. Its answer is known from the conversation itself, so that every
 * browser shows the same.
 */
class WidgetCard {

	constructor({ id, kind, spec, expires_at: expiresAt, response_mode: mode }, respond, respondWithFiles) {
		this.id = id;
		this.collective = mode === "collective";
		this.kind = kind;
		this.spec = spec;
		this.expiresAt = expiresAt;
		this.respond = respond;
		this.respondWithFiles = respondWithFiles;
		this.title = element("strong", { className: "title" });
		this.body = element("p", {});
		this.expiry = element("p", { className: "quiet" });
		this.controls = element("fieldset", { className: "controls" });
		this.element = element("div", { className: "bubble widget", role: "group", tabIndex: -1 });
		this.element.dataset.kind = kind;
		this.element.append(this.title, this.body, this.expiry, this.controls);
		this.show();
	}

	update({ spec, expires_at: expiresAt }) {
		this.spec = { ...this.spec, ...spec };
		this.expiresAt = expiresAt ?? this.expiresAt;
		this.show(Object.keys(spec ?? {}));
	}

	/** What was typed stays when only texts change, and the focus stays in any case. */
	show(changed = ["controls"]) {
		this.title.textContent = this.spec.title ?? this.kind;
		this.element.ariaLabel = this.title.textContent;
		this.body.textContent = this.spec.body ?? "";
		this.body.hidden = !this.spec.body;
		this.expiry.textContent = this.expiresAt ? `Until ${new Date(this.expiresAt).toLocaleString()}` : "";
		this.expiry.hidden = !this.expiresAt;
		if (changed.some((name) => name !== "title" && name !== "body")) {
			const focused = this.focusable().indexOf(document.activeElement);
			this.controls.replaceChildren(...this.newControls());
			this.focusable()[focused]?.focus();
		}
	}

	newControls() {
		const controls = group(this.knownControls()
			?? element("pre", { textContent: JSON.stringify(this.spec, null, 2) }));
		if (!WITHOUT_CANCEL.has(this.kind)) {
			const rows = controls.querySelectorAll(".row");
			const last = rows[rows.length - 1] ?? controls.appendChild(row());
			last.append(this.cancelButton());
		}
		return [controls];
	}

	/** Null for a kind or a spec that the protocol does not have. */
	knownControls() {
		try {
			return WIDGETS[this.kind](this.spec, (value) => this.send({ value }), (files) => this.sendFiles(files));
		}
		catch {
			return null;
		}
	}

	cancelButton() {
		return button("Cancel", () => this.send({ cancelled: true }), "plain");
	}

	focusable() {
		return [...this.controls.querySelectorAll("button, input, select, textarea")];
	}

	/** Nothing is answered twice, except when the first answer could not be sent. */
	async send(answer) {
		this.disable();
		const response = { type: "widget.response", id: crypto.randomUUID(), v: 1, ref: this.id, ...answer };
		this.controls.disabled = await this.respond(JSON.stringify(response));
	}

	async sendFiles(files) {
		this.disable();
		this.controls.disabled = await this.respondWithFiles(this.id, files);
	}

	answered() {
		this.disable();
	}

	/** Who answers with the keyboard goes on from this widget. */
	disable() {
		if (this.controls.contains(document.activeElement)) {
			this.element.focus({ preventScroll: true });
		}
		this.controls.disabled = true;
	}

	/** How a person would say the answer. */
	describe({ value, cancelled }) {
		if (cancelled || value?.cancelled) {
			return "Cancelled";
		}
		switch (this.kind) {
			case "confirm":
				return value ? this.spec.labels?.yes ?? "Yes" : this.spec.labels?.no ?? "No";
			case "choice":
				return [value].flat().map((id) => this.spec.options?.find((option) => option.id === id)?.label ?? id)
					.join(", ") || "None of them";
			case "permission":
				return value?.granted ? SCOPES[value.scope] ?? value.scope : "Deny";
			case "form":
				return (this.spec.fields ?? []).filter(({ name }) => value?.[name] !== undefined)
					.map(({ name, label }) => `${label}: ${value[name]}`).join("\n");
			case "datetime":
				return value?.value ?? "";
			case "file-picker":
				return "";
			default:
				return JSON.stringify(value);
		}
	}

}

function choices(options, answer) {
	const boxes = options.map(({ id, label }) => ({ id, label, input: element("input", { type: "checkbox" }) }));
	return form("Choose", () => answer(boxes.filter(({ input }) => input.checked).map(({ id }) => id)),
		...boxes.map(({ label, input }) => labelled(label, input)));
}

function fieldInput({ type, required, min, max }) {
	if (type === "textarea") {
		return element("textarea", { required: Boolean(required), rows: 3 });
	}
	const input = element("input", { type: type ?? "text", required: Boolean(required) });
	if (type === "number") {
		Object.assign(input, { min: min ?? "", max: max ?? "", step: "any" });
	}
	return input;
}

function valuesOf(fields) {
	const values = {};
	for (const { name, type, input } of fields) {
		if (type === "checkbox") {
			values[name] = input.checked;
		}
		else if (input.value !== "") {
			values[name] = type === "number" ? input.valueAsNumber : input.value;
		}
	}
	return values;
}

function form(submitLabel, submit, ...children) {
	const result = element("form", {});
	result.append(...children, row(element("button", { type: "submit", textContent: submitLabel })));
	result.addEventListener("submit", (event) => {
		event.preventDefault();
		submit();
	});
	return result;
}

function labelled(text, input) {
	const label = element("label", {});
	const caption = element("span", { textContent: text });
	label.append(...(input.type === "checkbox" ? [input, caption] : [caption, input]));
	return label;
}

function button(label, press, className = "") {
	const result = element("button", { type: "button", textContent: label, className });
	result.addEventListener("click", press);
	return result;
}

function row(...children) {
	const result = group(...children);
	result.className = "row";
	return result;
}

function group(...children) {
	const result = element("div", {});
	result.append(...children);
	return result;
}

function element(name, properties) {
	return Object.assign(document.createElement(name), properties);
}
