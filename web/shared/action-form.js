/** The one form for everything done to a ticket: it draws what GET /tickets/{number} says an action needs.
 *
 * ```js
 * await loadTexts("desk", "action");                            // its texts are a section of their own
 * const upload = async (files) => …ids;                         // only where a field is of type "files"
 * const send = (form) => api.post(`/tickets/${number}/actions/${action.action}`, { version, form });
 *
 * html`${actionButtons(ticket.actions, (event, action) => press(event, action))}`   // buttons, primary first
 * const after = await runAction(event, action, { send, upload, onConflict });      // asks, sends, gives the answer
 *
 * html`<action-form .action=${action} .send=${send} .upload=${upload} keep="FS1 reply" @done=${…} @give-up=${…}>`
 * ```
 * An action without fields is sent at once, a dangerous one after a question. What the server refuses (422) is said
 * at its field and nothing typed is lost; after 409 `onConflict` reads the ticket anew and the form stays.
 * `keep` names a draft that survives closing the form until the page goes. */
import { html, nothing } from "../vendor/lit.js";
import { ApiError, sayError } from "./api.js";
import { define, PageElement } from "./element.js";
import { fileSize, when } from "./format.js";
import { t } from "./i18n.js";
import "./picker.js";
import { busy, confirmDialog } from "./ui.js";

/** @typedef {{value: string, label: string}} Option
 * @typedef {{name: string, label: string, type: "text" | "textarea" | "date" | "choice" | "unit" | "matter" | "bool" | "files",
 *   required: boolean, options: Option[], hint: string, when?: string, value?: string, value_label?: string,
 *   near?: string, first?: string[], barred?: Option[]}} Field
 * @typedef {{action: string, label: string, primary: boolean, danger: boolean, fields: Field[], instead_of?: string}} Action
 * @typedef {Record<string, unknown>} Values field name → what is sent: text, true, a code, a list of file ids
 * @typedef {{send: (form: Values) => Promise<any>, upload?: (files: File[]) => Promise<string[]>,
 *   onConflict?: (refused?: ApiError) => Promise<void | import("./changes.js").Change[]>, keep?: string, text?: string, values?: Values,
 *   onEdit?: (values: Values) => void, voice?: string, look?: (values: Values) => Promise<Found[]>}} Work values: what was
 *   begun before; onEdit is told of everything written; voice: where voice notes go, see dictate.js; look judges what stands
 *   in the form while it is written
 * @typedef {{field: string, label: string, verdict: "fine" | "doubt" | "wrong", verdict_label: string, why: string, quote: string,
 *   evidence: string[], stops: "" | "reason" | "never"}} Found what was found in a field, and whether the form is sent with it */

const FEW_OPTIONS = 5;
/** How long nobody writes before what is written is judged. */
/** Milliseconds in which a press cannot have been meant for what was said just now. */
const READ_WITHIN = 1000;
const PAUSE = 500;
const LIGHTS = { fine: "green", doubt: "yellow", wrong: "red" };
const ACCEPTED = "image/*,audio/*,video/mp4,application/pdf";

/** Of what was found, the gravest first. */
const WEIGHT = ["never", "reason", ""];

/** @type {Map<string, Values>} */
const drafts = new Map();

/** `<action-form .action .send .upload .onConflict keep .values>`; events `done` (detail: the answer) and `give-up`.
 * With `sheet` it fills a dialog: its buttons stay in sight while a long form scrolls. */
class ActionForm extends PageElement {
  static properties = {
    action: { attribute: false },
    send: { attribute: false },
    upload: { attribute: false },
    onConflict: { attribute: false },
    values: { attribute: false },
    keep: {},
    sheet: { type: Boolean },
    onEdit: { attribute: false },
    voice: {},
    look: { attribute: false },
    found: { state: true },
    changes: { state: true },
    errors: { state: true },
    problem: { state: true },
    sending: { state: true },
    outdated: { state: true },
  };

  constructor() {
    super();
    /** @type {Values} */
    this.values = {};
    /** @type {Record<string, string>} */
    this.errors = {};
    this.problem = "";
    this.keep = "";
    this.voice = "";
    this.sheet = false;
    this.sending = false;
    /** whether somebody else was faster, and when that was said */
    this.outdated = false;
    this.saidAt = 0;
    /** @type {import("./changes.js").Change[]} what somebody else changed meanwhile */
    this.changes = [];
    /** @type {((values: Values) => Promise<Found[]>) | undefined} */
    this.look = undefined;
    /** @type {Found[]} */
    this.found = [];
    /** whether `found` is of what stands in the form now */
    this.judged = false;
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    const given = this.action.fields.filter((/** @type {Field} */ field) => field.value).map((/** @type {Field} */ field) => [field.name, field.value]);
    this.values = { ...Object.fromEntries(given), ...this.values, ...drafts.get(this.keep) };
    this.lookOver(0);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** Has what stands in the form judged, once nobody writes for a while. @param {number} pause */
  lookOver(pause) {
    if (!this.look) return;
    clearTimeout(this.timer);
    this.judged = false;
    const { values } = this;
    this.timer = setTimeout(async () => {
      const found = await this.look(values).catch(() => null);
      if (values !== this.values) return;
      this.found = found ?? [];
      this.judged = found !== null;
    }, pause);
  }

  render() {
    const action = /** @type {Action} */ (this.action);
    const look = action.danger ? "btn--danger" : "btn--primary";
    return html`<form novalidate class=${this.sheet ? "" : "stack"} @submit=${this.submit} @keydown=${this.onKey}>
      <div class=${this.sheet ? "dialog__body" : "stack"}>
        ${this.sheet ? html`<h2>${action.label}</h2>` : nothing}
        ${action.fields.map((field) => this.field(field))}
        ${this.problem ? html`<p class="notice notice--red" role="alert" tabindex="-1" data-problem><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
        ${this.changes.length ? whatChanged(this.changes) : nothing}
      </div>
      <div class=${this.sheet ? "thumb-bar" : "btn-row btn-row--end"}>
        ${this.dictates() ? html`<x-dictate voice=${this.voice} @voice-note=${(/** @type {CustomEvent} */ e) => this.addNote(e.detail)}></x-dictate>` : nothing}
        <button class="btn" type="button" @click=${() => this.tell("give-up")}>${t("common.cancel")}</button>
        <button class="btn ${look}" aria-busy=${this.sending}>${this.outdated && this.problem ? t("action.stillSend", { label: action.label }) : action.label}</button>
      </div>
    </form>`;
  }

  /** @param {Field} field */
  field(field) {
    if (field.type === "bool") return this.check(field, field.label, true);
    if (field.type === "choice" && field.options.length === 1) {
      return this.check(field, `${field.label}：${field.options[0].label}`, field.options[0].value);
    }
    const error = this.errors[field.name];
    const group = field.type === "files" || this.isRadios(field);
    const required = field.required || (field.name === "reason" && this.found.some((/** @type {Found} */ one) => one.stops === "reason"));
    const mark = required ? html` <span class="required" aria-hidden="true">*</span>` : html` <span class="faint">${field.when || t("common.optional")}</span>`;
    return html`<div class="field" role=${group ? "group" : "none"} aria-label=${group ? field.label : nothing}>
      ${group ? html`<span class="label">${field.label}${mark}</span>` : html`<label for=${this.idOf(field)}>${field.label}${mark}</label>`}
      ${this.control(field, Boolean(error))}
      ${field.hint ? html`<p class="field__hint" id="${this.idOf(field)}-hint">${field.hint}</p>` : nothing}
      ${error ? html`<p class="field__error" id="${this.idOf(field)}-error"><x-icon name="alert"></x-icon>${error}</p>` : nothing}
      ${this.verdicts(field)}
    </div>`;
  }

  /** What was found in a field as it stands, the gravest first. @param {Field} field */
  verdicts(field) {
    if (!this.look) return nothing;
    const mine = this.found.filter((/** @type {Found} */ one) => one.field === field.name && one.verdict !== "fine");
    const order = [...mine].sort((a, b) => WEIGHT.indexOf(a.stops) - WEIGHT.indexOf(b.stops));
    if (!order.length) return nothing;
    return html`<ul class="plain stack stack--s" data-verdicts=${field.name} role="status">${order.map((one) => html`<li class="small" data-stops=${one.stops}>
      <x-light light=${LIGHTS[/** @type {keyof typeof LIGHTS} */ (one.verdict)]} text=${t(one.stops === "never" ? "action.look.never" : one.stops ? "action.look.reason" : "action.look.doubt")}></x-light>
      <span class="strong">${one.label}</span> ${one.why}${one.evidence.length && one.stops ? html`：<mark>${one.evidence.join("、")}</mark>` : nothing}${one.quote ? html`<span class="faint">：${one.quote}</span>` : nothing}</li>`)}</ul>`;
  }

  /** What keeps the form from being sent, as it was judged last: field name → what is said there. @returns {Record<string, string>} */
  stopped() {
    if (!this.look || !this.judged) return {};
    const found = /** @type {Found[]} */ (this.found);
    const never = found.filter((one) => one.stops === "never").map((one) => [one.field, t("action.look.neverSent")]);
    const asked = found.some((one) => one.stops === "reason") && isEmpty(this.values.reason);
    return Object.fromEntries([...never, ...(asked ? [["reason", t("action.look.giveReason")]] : [])]);
  }

  /** @param {Field} field @param {boolean} wrong */
  control(field, wrong) {
    if (field.type === "textarea") return this.lines(field, wrong);
    if (field.type === "choice") return this.isRadios(field) ? this.radios(field) : this.select(field, wrong);
    if (field.type === "files") return this.files(field);
    if (field.type === "unit" || field.type === "matter") {
      return html`<x-picker id=${this.idOf(field)} kind=${field.type} label=${field.label} ?wrong=${wrong} near=${field.near ?? ""} .first=${field.first ?? []} .barred=${field.barred ?? []}
        .value=${this.values[field.name] ?? ""} .known=${{ code: field.value, name: field.value_label }} @choose=${(/** @type {CustomEvent} */ e) => this.set(field, e.detail)}></x-picker>`;
    }
    return html`<input class="input" id=${this.idOf(field)} type=${field.type === "date" ? "date" : "text"} maxlength="500"
      autocomplete="off" .value=${this.values[field.name] ?? ""} aria-invalid=${wrong} aria-describedby=${this.describedBy(field)}
      @input=${(/** @type {any} */ e) => this.set(field, e.target.value)} />`;
  }

  /** @param {Field} field @param {boolean} wrong */
  lines(field, wrong) {
    return html`<textarea class="textarea" id=${this.idOf(field)} rows="3" maxlength="4000" aria-invalid=${wrong}
      aria-describedby=${this.describedBy(field)} .value=${this.values[field.name] ?? ""}
      @input=${(/** @type {any} */ e) => this.set(field, e.target.value)}></textarea>`;
  }

  /** @param {Field} field @param {boolean} wrong */
  select(field, wrong) {
    const chosen = this.values[field.name] ?? "";
    return html`<select class="select" id=${this.idOf(field)} aria-invalid=${wrong} aria-describedby=${this.describedBy(field)}
      @change=${(/** @type {any} */ e) => this.set(field, e.target.value)}>
      <option value="" ?selected=${!chosen}>${t("action.pleaseChoose")}</option>
      ${field.options.map((one) => html`<option value=${one.value} ?selected=${one.value === chosen}>${one.label}</option>`)}
    </select>`;
  }

  /** @param {Field} field */
  radios(field) {
    return html`<div class="row" role="radiogroup" aria-label=${field.label}>${field.options.map(
      (one) => html`<label class="check"><input type="radio" name=${this.idOf(field)} .checked=${this.values[field.name] === one.value}
        @change=${() => this.set(field, one.value)} /><span>${one.label}</span></label>`,
    )}</div>`;
  }

  /** A tick: yes or no, or the only option there is. @param {Field} field @param {string} text @param {unknown} ticked */
  check(field, text, ticked) {
    const error = this.errors[field.name];
    return html`<div class="field"><label class="check"><input type="checkbox" id=${this.idOf(field)} .checked=${Boolean(this.values[field.name])}
        @change=${(/** @type {any} */ e) => this.set(field, e.target.checked ? ticked : false)} /><span>${text}</span></label>
      ${field.hint ? html`<p class="field__hint">${field.hint}</p>` : nothing}
      ${error ? html`<p class="field__error"><x-icon name="alert"></x-icon>${error}</p>` : nothing}</div>`;
  }

  /** @param {Field} field */
  files(field) {
    const chosen = /** @type {File[]} */ (this.values[field.name] ?? []);
    const without = (/** @type {File} */ file) => this.set(field, chosen.filter((one) => one !== file));
    return html`<div class="row">
      <label class="btn btn--soft"><x-icon name="clip"></x-icon>${t("action.addFiles")}
        <input class="unseen" type="file" multiple accept=${ACCEPTED} id=${this.idOf(field)}
          @change=${(/** @type {any} */ e) => this.addFiles(field, e.target)} /></label>
      ${chosen.map((file) => html`<span class="badge">${file.name} · ${fileSize(/** @type {any} */ (file).sentSize ?? file.size)}
        <button class="btn btn--quiet btn--small btn--icon" type="button" aria-label=${t("action.removeFile", { name: file.name })}
          @click=${() => without(file)}><x-icon name="close"></x-icon></button></span>`)}
    </div>`;
  }

  /** @param {Field} field @param {HTMLInputElement} input */
  addFiles(field, input) {
    const chosen = /** @type {File[]} */ (this.values[field.name] ?? []);
    this.set(field, [...chosen, ...(input.files ?? [])]);
    input.value = "";
  }

  /** Whether there is a microphone: the page brought one along, and there is something long to say. */
  dictates() {
    const long = this.action.fields.some((/** @type {Field} */ field) => field.type === "textarea");
    return this.sheet && this.voice && long && customElements.get("x-dictate");
  }

  /** A voice note that is kept already goes where files go, if the form takes any.
   * @param {{file: {id: string, name: string}, size: number}} note */
  addNote({ file, size }) {
    const field = this.action.fields.find((/** @type {Field} */ one) => one.type === "files");
    const note = Object.assign(new File([], file.name), { sentId: async () => file.id, sentSize: size });
    if (field) this.set(field, [.../** @type {File[]} */ (this.values[field.name] ?? []), note]);
  }

  /** @param {Field} field */
  isRadios(field) {
    return field.type === "choice" && field.options.length <= FEW_OPTIONS;
  }

  /** @param {Field} field */
  idOf(field) {
    return `${this.action.action}-${field.name}`;
  }

  /** @param {Field} field */
  describedBy(field) {
    const parts = [field.hint && `${this.idOf(field)}-hint`, this.errors[field.name] && `${this.idOf(field)}-error`];
    return parts.filter(Boolean).join(" ") || nothing;
  }

  /** @param {Field} field @param {unknown} value */
  set(field, value) {
    this.values = { ...this.values, [field.name]: value };
    if (this.errors[field.name]) this.errors = { ...this.errors, [field.name]: "" };
    if (this.keep) drafts.set(this.keep, this.values);
    this.onEdit?.(this.values);
    this.lookOver(PAUSE);
  }

  /** Ctrl+Enter sends from any field, as it opened the form. @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key !== "Enter" || !event.ctrlKey || event.repeat || event.isComposing || event.defaultPrevented) return;
    event.preventDefault();
    this.querySelector("form")?.requestSubmit();
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    event.preventDefault();
    if (this.sending || Date.now() - this.saidAt < READ_WITHIN) return;
    const action = /** @type {Action} */ (this.action);
    this.problem = "";
    this.errors = { ...this.stopped(), ...missing(action.fields, this.values) };
    if (Object.keys(this.errors).length) return this.showFirst();
    this.sending = true;
    try {
      const answer = await this.send(await this.filled(action.fields));
      drafts.delete(this.keep);
      this.tell("done", answer);
    } catch (error) {
      await this.refused(error);
    } finally {
      this.sending = false;
    }
  }

  /** What is sent: nothing empty, files by their ids. @param {Field[]} fields */
  async filled(fields) {
    /** @type {Values} */
    const form = {};
    for (const { name, type } of fields) {
      const value = this.values[name];
      if (isEmpty(value) && type !== "bool") continue;
      if (type === "files") form[name] = await this.upload(/** @type {File[]} */ (value));
      else if (type === "bool") form[name] = Boolean(value);
      else form[name] = String(value).trim();
    }
    return form;
  }

  /** @param {unknown} error */
  async refused(error) {
    this.outdated = error instanceof ApiError && error.status === 409;
    if (error instanceof ApiError && error.status === 409) this.changes = (await this.onConflict?.(error)) || [];
    const said = error instanceof ApiError ? Object.entries(error.fields) : [];
    const names = new Set(this.action.fields.map((/** @type {Field} */ field) => field.name));
    const ours = said.map(([path, text]) => [path.split(".").pop() ?? path, text]);
    this.errors = Object.fromEntries(ours.filter(([name]) => names.has(name)));
    const others = ours.filter(([name]) => !names.has(name)).map(([, text]) => text);
    this.problem = Object.keys(this.errors).length && !others.length ? "" : others.join(" ") || sayError(error);
    if (Object.keys(this.errors).length) await this.showFirst();
    else await this.showProblem();
  }

  async showProblem() {
    await this.updateComplete;
    const problem = /** @type {HTMLElement | null} */ (this.querySelector("[data-problem]"));
    problem?.scrollIntoView({ block: "start" });
    problem?.focus({ preventScroll: true });
    this.saidAt = Date.now();
  }

  async showFirst() {
    await this.updateComplete;
    const first = /** @type {HTMLElement | null} */ (this.querySelector("[aria-invalid=true]"));
    (first ?? this.querySelector(".field__error"))?.scrollIntoView({ block: "center" });
    first?.focus();
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Field by field, as it was read and as it is now. @param {import("./changes.js").Change[]} changes */
function whatChanged(changes) {
  return html`<div class="table-wrap"><table class="table what-changed"><thead><tr><th></th><th>${t("work.was")}</th><th>${t("work.is")}</th><th>${t("work.changedBy")}</th></tr></thead>
    <tbody>${changes.map((one) => html`<tr><th scope="row">${one.label}</th><td class="wide">${one.before || t("common.none")}</td><td class="wide strong">${one.after || t("common.none")}</td><td class="small faint">${one.by ?? ""}${one.at ? html`<br />${when(one.at)}` : nothing}</td></tr>`)}</tbody></table></div>`;
}

/** @param {unknown} value */
function isEmpty(value) {
  if (value === undefined || value === null || value === false) return true;
  return Array.isArray(value) ? !value.length : !String(value).trim();
}

/** @param {Field[]} fields @param {Values} values @returns {Record<string, string>} */
function missing(fields, values) {
  const open = fields.filter((field) => field.required && isEmpty(values[field.name]));
  return Object.fromEntries(open.map((field) => [field.name, t("action.missing", { label: field.label })]));
}

/** Buttons for what may be done now, the primary one first.
 * @param {Action[]} actions @param {(event: Event, action: Action) => void} press */
export function actionButtons(actions, press) {
  const order = [...actions].sort((a, b) => Number(b.primary) - Number(a.primary));
  return order.map((action) => html`<button class="btn ${action.primary ? "btn--primary" : ""}" type="button"
    data-action=${action.action} @click=${(/** @type {Event} */ event) => press(event, action)}>
    <span class=${action.danger && !action.primary ? "danger-text" : ""}>${action.label}</span></button>`);
}

/** Does one action from its button: asks for what it needs, sends it.
 * @param {Event | HTMLElement} pressed the press, or the button @param {Action} action @param {Work} work
 * @returns {Promise<any>} the server's answer; undefined if given up or failed (which was said) */
export async function runAction(pressed, action, work) {
  const button = pressed instanceof Event ? /** @type {HTMLElement} */ (pressed.currentTarget) : pressed;
  if (action.fields.length) return askForm(action, work);
  if (action.danger) {
    const sure = await confirmDialog({ title: t("action.sure", { label: action.label }), text: work.text, confirm: action.label, danger: true });
    if (!sure) return undefined;
  }
  return busy(button, () => work.send({}).catch((error) => afterConflict(error, work)));
}

/** @param {unknown} error @param {Work} work @returns {Promise<never>} */
async function afterConflict(error, work) {
  if (error instanceof ApiError && error.status === 409) await work.onConflict?.(error);
  throw error;
}

/** The form in a dialog. @param {Action} action @param {Work} work @returns {Promise<any>} */
function askForm(action, work) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", action.label);
  const form = /** @type {ActionForm} */ (document.createElement("action-form"));
  const { send, upload, onConflict, onEdit, look, values = {}, keep = "", voice = "" } = work;
  Object.assign(form, { action, send, upload, onConflict, onEdit, look, values, keep, voice, sheet: true });
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let answer = /** @type {any} */ (undefined);
    form.addEventListener("done", (event) => {
      answer = /** @type {CustomEvent} */ (event).detail ?? true;
      dialog.close();
    });
    form.addEventListener("give-up", () => dialog.close());
    // A dialog that opens before its form is drawn has the keyboard itself.
    dialog.addEventListener("keydown", (event) => form.onKey(event));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
  });
}

define("action-form", ActionForm);
