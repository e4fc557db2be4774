/** `<hotline-chat server=…>`: the whole chat in one element, to stand in our own page or in any other site's.
 *
 * On another site, with HOTLINE for the hotline's origin:
 * <script type="module" src="HOTLINE/web/citizen/hotline-chat.js"></script> <hotline-chat server="HOTLINE"></hotline-chat>
 * That site's policy must allow script, connect (with its wss:) and img from the hotline, and the hotline must name the
 * site in [channels.web] origins. The element needs a height; `data-theme="dark"` and `data-elder` set its look, `ask`
 * says something at once. */
import { LitElement, html, nothing, repeat } from "../vendor/lit.js";
import { define } from "../shared/element.js";
import { when } from "../shared/format.js";
import { loadTexts, t } from "../shared/i18n.js";
import { Composition, isSendKey } from "../shared/keys.js";
import "../shared/marks.js";
import { adoptSheets } from "../shared/sheets.js";
import { ChatLine } from "./chat-line.js";
import { messageLine } from "./chat-message.js";
import { sheet } from "./chat-sheet.js";
import { doubtPart, isDoubted, noteDoubt } from "./doubt.js";

/** @typedef {import("./chat-line.js").ChatMessage} ChatMessage
 * @typedef {import("./chat-line.js").Pending} Pending */

const GAP_MS = 5 * 60_000;
const LONGEST_TEXT = 4000;
const MOST_ROWS = 5;
const LETTERS_A_ROW = 24;
const TYPING_MS = 8000;
const NEAR_END = 80;
const ACCEPTED = "image/*,video/mp4,audio/*,application/pdf";
const STARTS = ["ask", "complain", "help", "report", "progress"];

export class HotlineChat extends LitElement {
  static properties = {
    server: { type: String },
    ask: { type: String },
    filled: { state: true },
    rows: { state: true },
    uploading: { state: true },
    problem: { state: true },
    newer: { state: true },
    ready: { state: true },
    doubting: { state: true },
  };

  static styles = sheet;

  constructor() {
    super();
    this.server = "";
    this.ask = "";
    this.filled = false;
    this.rows = 1;
    this.uploading = false;
    this.problem = "";
    this.newer = false;
    this.ready = false;
    /** @type {{id: string, sending: boolean, problem: string} | null} the answer that is said to be wrong */
    this.doubting = null;
    this.waitingSince = 0;
    this.drawn = 0;
    this.composition = new Composition();
    /** @type {ChatLine | null} */
    this.line = null;
    this.onLook = () => this.takeLook();
  }

  connectedCallback() {
    super.connectedCallback();
    this.line = new ChatLine(this.origin);
    this.line.addEventListener("change", () => this.requestUpdate());
    this.line.addEventListener("message", (event) => this.heard(/** @type {CustomEvent} */ (event).detail));
    window.addEventListener("hotline:look", this.onLook);
    this.takeLook();
    this.prepare();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener("hotline:look", this.onLook);
    this.line?.close();
  }

  get origin() {
    return new URL(this.server || location.origin).origin;
  }

  /** In our own pages the chat follows the page's theme and elder mode. */
  takeLook() {
    if (this.origin !== location.origin) return;
    const { theme, elder } = document.documentElement.dataset;
    if (theme) this.dataset.theme = theme;
    else delete this.dataset.theme;
    this.toggleAttribute("data-elder", elder !== undefined);
  }

  async prepare() {
    if (!this.ready) await Promise.all([loadTexts("citizen"), adoptSheets(/** @type {ShadowRoot} */ (this.renderRoot))]);
    this.ready = true;
    if (!this.isConnected) return;
    this.line?.open();
    if (this.ask) this.send(this.ask);
    this.ask = "";
  }

  /** Puts words into the field without sending them. @param {string} text */
  async suggest(text) {
    await this.updateComplete;
    while (!this.ready) await new Promise((done) => requestAnimationFrame(done));
    await this.updateComplete;
    this.write(text);
    this.field?.focus();
  }

  /** @param {ChatMessage} message */
  heard(message) {
    if (!message.own) this.waitingSince = 0;
    this.dispatchEvent(new CustomEvent("hotline-message", { detail: message, bubbles: true, composed: true }));
  }

  willUpdate() {
    const log = this.log;
    this.atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
  }

  updated() {
    const field = this.field;
    if (field && !this.watched) {
      this.watched = true;
      this.composition.watch(field);
    }
    const count = (this.line?.messages.length ?? 0) + (this.line?.pending.length ?? 0);
    if (!this.log || count === this.drawn) return;
    const first = this.drawn === 0;
    this.drawn = count;
    if (first || this.atEnd || this.line?.pending.length) this.toEnd();
    else this.newer = true;
  }

  toEnd() {
    this.newer = false;
    if (this.log) this.log.scrollTop = this.log.scrollHeight;
  }

  get log() {
    return this.renderRoot.querySelector(".log");
  }

  get field() {
    return this.renderRoot.querySelector("textarea");
  }

  render() {
    if (!this.ready || !this.line) return html`<div class="log"></div>`;
    return html`
      ${this.line.state === "lost" ? html`<p class="state" role="status">${t("line.lost")}</p>` : nothing}
      <div class="log" tabindex="0" role="log" aria-label=${t("citizen.chat.log")} @scroll=${this.onScroll}>
        <div class="thread">${this.opening()} ${this.thread()} ${this.unsent()} ${this.typing()}</div>
      </div>
      <div class="band">
        ${this.newer
          ? html`<button class="btn btn--small newer" type="button" @click=${this.toEnd}><x-icon name="down"></x-icon>${t("citizen.chat.newer")}</button>`
          : nothing}
        ${this.trouble()} ${this.quick()} ${this.composer()}
      </div>
    `;
  }

  opening() {
    if (this.line?.messages.length || this.line?.pending.length) return nothing;
    const start = (/** @type {string} */ one) => html`<button class="choice" type="button"
      @click=${() => this.send(t(`citizen.chat.start.${one}.say`))}>${t(`citizen.chat.start.${one}`)}</button>`;
    return html`<div class="msg msg--bot">
      <div class="msg__who">${t("author.bot")}</div>
      <div class="msg__bubble">${t("citizen.chat.welcome")}</div>
      <div class="choices">${STARTS.map(start)}</div>
    </div>`;
  }

  thread() {
    const messages = this.line?.messages ?? [];
    return repeat(
      messages,
      (one) => one.seq,
      (one, at) => html`${this.timeMark(messages[at - 1], one)} ${messageLine(one, this.origin, this.choices(one, at === messages.length - 1), this.doubt(one, at))}`,
    );
  }

  /** @param {ChatMessage | undefined} before @param {ChatMessage} message */
  timeMark(before, message) {
    const gap = before ? Date.parse(message.at) - Date.parse(before.at) : Infinity;
    return gap > GAP_MS ? html`<div class="thread__mark">${when(message.at)}</div>` : nothing;
  }

  /** What the last line offers, until something was said. @param {ChatMessage} message @param {boolean} last */
  choices(message, last) {
    if (!last || !message.choices.length || this.line?.pending.length) return nothing;
    return html`<div class="choices" role="group" aria-label=${t("citizen.chat.choices")}>${message.choices.map(
      (one) => html`<button class="choice" type="button" @click=${() => this.send(one.value)}>${one.label}</button>`,
    )}</div>`;
  }

  /** What is quoted from the knowledge may be wrong, and whoever reads it may say so. @param {ChatMessage} message @param {number} at */
  doubt(message, at) {
    if (message.own || !message.citations.length) return nothing;
    const mine = this.doubting?.id === message.id ? this.doubting : null;
    const state = mine ? (mine.sending ? "sending" : "open") : isDoubted(this.origin, message.id) ? "done" : "";
    return doubtPart({
      state,
      problem: mine?.problem ?? "",
      open: () => this.openDoubt(message.id),
      close: () => (this.doubting = null),
      send: ({ text }) => this.sendDoubt(message, at, text),
    });
  }

  /** @param {string} id */
  async openDoubt(id) {
    this.doubting = { id, sending: false, problem: "" };
    await this.updateComplete;
    this.renderRoot.querySelector(".doubt")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {ChatMessage} message @param {number} at @param {string} text */
  async sendDoubt(message, at, text) {
    if (this.doubting?.sending) return;
    this.doubting = { id: message.id, sending: true, problem: "" };
    const asked = this.line?.messages.slice(0, at).reverse().find((one) => one.own && one.text);
    try {
      await this.line?.doubt(message, text, asked?.text ?? "");
      noteDoubt(this.origin, message.id);
      this.doubting = null;
    } catch (error) {
      const problem = (error instanceof TypeError ? "" : /** @type {Error} */ (error).message) || t("error.network");
      this.doubting = { id: message.id, sending: false, problem };
    }
  }

  unsent() {
    return repeat(
      this.line?.pending ?? [],
      (one) => one.id,
      (one) => html`<div class="msg msg--own ${one.refused ? "msg--failed" : ""}">
        <div class="msg__bubble">${one.text || t("citizen.chat.file")}</div>
        ${one.kept ? nothing : html`<div class="msg__state">${one.refused ? this.refusal(one) : t("citizen.chat.sending")}</div>`}
      </div>`,
    );
  }

  /** @param {Pending} one */
  refusal(one) {
    return html`${one.refused}
      <button class="btn btn--quiet btn--small" type="button" @click=${() => this.line?.again(one.id)}>${t("common.retry")}</button>
      <button class="btn btn--quiet btn--small" type="button" @click=${() => this.line?.drop(one.id)}>${t("common.delete")}</button>`;
  }

  typing() {
    if (!this.waitingSince || Date.now() - this.waitingSince > TYPING_MS) return nothing;
    return html`<div class="msg msg--bot"><div class="msg__bubble">
      <span class="typing" role="img" aria-label=${t("citizen.chat.typing")}><i></i><i></i><i></i></span></div></div>`;
  }

  trouble() {
    if (!this.problem) return nothing;
    return html`<p class="state state--bad" role="alert">${this.problem}
      <button class="btn btn--small btn--quiet btn--icon" type="button" aria-label=${t("common.close")} @click=${() => (this.problem = "")}>
        <x-icon name="close"></x-icon></button></p>`;
  }

  quick() {
    if (!this.line?.messages.length) return nothing;
    return html`<div class="quick">
      <button class="btn btn--small btn--soft" type="button" @click=${() => this.send(t("citizen.chat.person.say"))}>
        <x-icon name="user"></x-icon>${t("citizen.chat.person")}</button>
      <button class="btn btn--small btn--soft" type="button" @click=${() => this.send(t("citizen.chat.start.progress.say"))}>
        <x-icon name="clipboard"></x-icon>${t("citizen.chat.start.progress")}</button>
    </div>`;
  }

  composer() {
    return html`<form class="composer" @submit=${this.onSubmit}>
      <input class="unseen" type="file" id="file" tabindex="-1" aria-hidden="true" accept=${ACCEPTED} @change=${this.onFile} />
      <button class="btn btn--icon btn--quiet" type="button" title=${t("citizen.chat.addFile")} aria-label=${t("citizen.chat.addFile")}
        aria-busy=${this.uploading} @click=${this.chooseFile}><x-icon name="image"></x-icon></button>
      <label class="unseen" for="say">${t("citizen.chat.say")}</label>
      <textarea id="say" class="textarea" rows=${this.rows} maxlength=${LONGEST_TEXT} placeholder=${t("citizen.chat.placeholder")}
        @input=${this.onInput} @keydown=${this.onKey} @paste=${this.onPaste}></textarea>
      <button class="btn btn--primary" ?disabled=${!this.filled} aria-label=${t("common.send")}>
        <x-icon name="send"></x-icon><span>${t("common.send")}</span></button>
    </form>`;
  }

  onScroll() {
    const log = this.log;
    if (this.newer && log && log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END) this.newer = false;
  }

  onInput() {
    const text = this.field?.value ?? "";
    this.filled = Boolean(text.trim());
    const lines = text.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / LETTERS_A_ROW), 0);
    this.rows = Math.min(MOST_ROWS, lines);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (!isSendKey(event, this.composition)) return;
    event.preventDefault();
    this.sendField();
  }

  /** @param {SubmitEvent} event */
  onSubmit(event) {
    event.preventDefault();
    this.sendField();
    this.field?.focus();
  }

  /** @param {string} text */
  write(text) {
    if (this.field) this.field.value = text;
    this.onInput();
  }

  sendField() {
    const text = (this.field?.value ?? "").trim();
    if (!text) return;
    this.write("");
    this.send(text);
  }

  /** @param {string} text @param {string[]} [attachments] */
  send(text, attachments = []) {
    this.waitingSince = Date.now();
    this.line?.say(text, attachments);
    setTimeout(() => this.requestUpdate(), TYPING_MS + 100);
  }

  chooseFile() {
    /** @type {HTMLInputElement | null} */ (this.renderRoot.querySelector("#file"))?.click();
  }

  /** @param {Event} event */
  onFile(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    if (file) this.sendFile(file);
    input.value = "";
  }

  /** @param {ClipboardEvent} event */
  onPaste(event) {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    this.sendFile(file);
  }

  /** @param {File} file */
  async sendFile(file) {
    if (this.uploading) return;
    this.uploading = true;
    this.problem = "";
    try {
      const id = await this.line?.upload(file);
      if (id) this.send("", [id]);
    } catch (error) {
      this.problem = (error instanceof TypeError ? "" : /** @type {Error} */ (error).message) || t("error.network");
    } finally {
      this.uploading = false;
    }
  }
}

define("hotline-chat", HotlineChat);
