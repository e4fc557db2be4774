/** <hotline-chat server="https://…">: the whole chat in one element, to stand in our own page or in any other site's.
 *
 * On another site: <script type="module" src="https://HOTLINE/web/citizen/hotline-chat.js"></script> and
 * <hotline-chat server="https://HOTLINE"></hotline-chat>; that site's policy must allow script, style, connect and img
 * from the hotline, and the hotline must name the site in [channels.web] origins. */
import { LitElement, css, html, nothing, repeat } from "../vendor/lit.js";
import { define } from "../shared/element.js";
import { when } from "../shared/format.js";
import { loadTexts, t } from "../shared/i18n.js";
import { Composition, isSendKey } from "../shared/keys.js";
import "../shared/marks.js";
import { adoptSheets } from "../shared/sheets.js";
import { ChatLine } from "./chat-line.js";

/** @typedef {import("./chat-line.js").ChatMessage} ChatMessage
 * @typedef {import("./chat-line.js").Pending} Pending */

const GAP_MS = 5 * 60_000;
const LONGEST_TEXT = 4000;
const TYPING_MS = 8000;

const sheet = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    height: 100%;
    background: var(--paper, var(--surface-2));
    color: var(--ink);
    font-family: var(--font);
    font-size: var(--text-m);
    line-height: 1.6;
  }
  .log {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .thread {
    max-width: 52rem;
    margin: 0 auto;
  }
  .choices-row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  .composer,
  .quick {
    width: 100%;
    max-width: 52rem;
    margin: 0 auto;
    box-sizing: border-box;
  }
  .composer-band {
    border-top: 1px solid var(--line);
    background: var(--surface);
  }
  .composer {
    border-top: 0;
  }
  .quick {
    display: flex;
    gap: var(--space-2);
    overflow-x: auto;
    padding: var(--space-2) var(--space-3) 0;
    scrollbar-width: none;
  }
  .quick .btn {
    flex: none;
  }
  .photo {
    display: block;
    max-width: min(16rem, 60vw);
    max-height: 14rem;
    border-radius: var(--radius-m);
  }
  input[type="file"] {
    display: none;
  }
  .line-state {
    padding: var(--space-1) var(--space-3);
    background: var(--yellow-soft);
    color: var(--yellow-ink);
    font-size: var(--text-s);
    text-align: center;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

export class HotlineChat extends LitElement {
  static properties = {
    server: { type: String },
    ask: { type: String },
    draft: { state: true },
    uploading: { state: true },
    waitingSince: { state: true },
    ready: { state: true },
  };

  static styles = sheet;

  constructor() {
    super();
    this.server = "";
    this.ask = "";
    this.draft = "";
    this.uploading = false;
    this.waitingSince = 0;
    this.ready = false;
    this.composition = new Composition();
    /** @type {ChatLine | null} */
    this.line = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.line = new ChatLine(this.server || location.origin);
    this.line.addEventListener("change", () => this.requestUpdate());
    this.line.addEventListener("message", (event) => this.heard(/** @type {CustomEvent} */ (event).detail));
    this.prepare();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.line?.close();
  }

  async prepare() {
    await Promise.all([loadTexts("citizen"), adoptSheets(this.renderRoot)]);
    this.ready = true;
    this.line?.open();
    if (this.ask) {
      this.line?.say(this.ask);
      this.ask = "";
    }
  }

  /** @param {ChatMessage} message */
  heard(message) {
    if (!message.own) this.waitingSince = 0;
    this.dispatchEvent(new CustomEvent("hotline-message", { detail: { own: message.own }, bubbles: true, composed: true }));
  }

  updated() {
    const log = this.renderRoot.querySelector(".log");
    const count = (this.line?.messages.length ?? 0) + (this.line?.pending.length ?? 0);
    if (log && count !== this.drawn) {
      this.drawn = count;
      log.scrollTop = log.scrollHeight;
    }
    const field = this.renderRoot.querySelector("textarea");
    if (field && !this.watched) {
      this.watched = true;
      this.composition.watch(field);
    }
  }

  render() {
    if (!this.ready || !this.line) return html`<div class="log"></div>`;
    return html`
      ${this.line.state === "lost" ? html`<p class="line-state" role="status">${t("line.lost")}</p>` : nothing}
      <div class="log" tabindex="0" role="log" aria-live="polite" aria-label=${t("citizen.chat.log")}>
        <div class="thread">${this.opening()} ${this.thread()} ${this.pendingThread()} ${this.typing()}</div>
      </div>
      <div class="composer-band">${this.quick()} ${this.composer()}</div>
    `;
  }

  opening() {
    if (this.line?.messages.length) return nothing;
    return html`<div class="msg msg--bot">
      <div class="msg__who">${t("citizen.chat.bot")}</div>
      <div class="msg__bubble">${t("citizen.chat.welcome")}</div>
      <div class="choices-row">
        ${["ask", "complain", "help", "progress"].map(
          (one) =>
            html`<button class="btn btn--soft btn--small" @click=${() => this.send(t(`citizen.chat.start.${one}.say`))}>
              ${t(`citizen.chat.start.${one}`)}
            </button>`,
        )}
      </div>
    </div>`;
  }

  thread() {
    const messages = this.line?.messages ?? [];
    return repeat(
      messages,
      (one) => one.seq,
      (one, index) => html`${this.timeMark(messages[index - 1], one)}${this.message(one, index === messages.length - 1)}`,
    );
  }

  /** @param {ChatMessage | undefined} before @param {ChatMessage} message */
  timeMark(before, message) {
    const gap = before ? Date.parse(message.at) - Date.parse(before.at) : Infinity;
    return gap > GAP_MS ? html`<div class="thread__mark">${when(message.at)}</div>` : nothing;
  }

  /** @param {ChatMessage} message @param {boolean} last */
  message(message, last) {
    const own = message.author === "citizen";
    const kind = own ? "msg--own" : message.author === "bot" ? "msg--bot" : "";
    return html`<div class="msg ${kind}">
      ${own ? nothing : html`<div class="msg__who">${message.author_name || t(`citizen.author.${message.author}`)}</div>`}
      ${message.text || message.citations.length
        ? html`<div class="msg__bubble">${message.text}${this.sources(message)}</div>`
        : nothing}
      ${message.attachments.map((file) => this.file(file))}
      ${message.link
        ? html`<a class="btn btn--soft btn--small" href=${message.link} target="_blank" rel="noopener">
            ${t("citizen.chat.track")}
          </a>`
        : nothing}
      ${last && message.choices.length ? this.choices(message) : nothing}
    </div>`;
  }

  /** @param {ChatMessage} message */
  sources(message) {
    return message.citations.map(
      (one) =>
        html`<div class="msg__source">
          ${t("citizen.chat.source", { title: one.title, owner: one.owner })}
          ${one.verified_on
            ? t("citizen.chat.verified", { date: one.verified_on })
            : html`<span class="badge badge--yellow">${t("common.unverified")}</span>`}
        </div>`,
    );
  }

  /** @param {import("./chat-line.js").ChatFile} file */
  file(file) {
    const url = new URL(file.url, this.server || location.origin).href;
    if (file.media === "image") {
      return html`<a href=${url} target="_blank" rel="noopener"><img class="photo" src=${url} alt=${file.name} /></a>`;
    }
    return html`<a class="btn btn--soft btn--small" href=${url} target="_blank" rel="noopener">${file.name}</a>`;
  }

  /** @param {ChatMessage} message */
  choices(message) {
    return html`<div class="choices-row">
      ${message.choices.map(
        (one) =>
          html`<button class="btn btn--soft btn--small" @click=${() => this.send(one.value)}>${one.label}</button>`,
      )}
    </div>`;
  }

  pendingThread() {
    return repeat(
      this.line?.pending ?? [],
      (one) => one.id,
      (one) => html`<div class="msg msg--own ${one.refused ? "msg--failed" : ""}">
        <div class="msg__bubble">${one.text || t("citizen.chat.photo")}</div>
        <div class="msg__state">
          ${one.refused
            ? html`${one.refused}
                <button class="btn btn--quiet btn--small" @click=${() => this.line?.again(one.id)}>
                  ${t("common.retry")}
                </button>`
            : t("citizen.chat.sending")}
        </div>
      </div>`,
    );
  }

  typing() {
    const waits = this.waitingSince && Date.now() - this.waitingSince < TYPING_MS;
    return waits ? html`<div class="msg msg--bot"><div class="typing" aria-hidden="true"><i></i><i></i><i></i></div></div>` : nothing;
  }

  quick() {
    return html`<div class="quick">
      <button class="btn btn--small btn--soft" @click=${() => this.send(t("citizen.chat.person.say"))}>
        <x-icon name="person"></x-icon>${t("citizen.chat.person")}
      </button>
      <button class="btn btn--small btn--quiet" @click=${() => this.send(t("citizen.chat.start.progress.say"))}>
        ${t("citizen.chat.start.progress")}
      </button>
    </div>`;
  }

  composer() {
    return html`<form class="composer" @submit=${this.onSubmit}>
      ${this.sameOrigin
        ? html`<label class="btn btn--icon btn--quiet" title=${t("citizen.chat.addPhoto")}>
            <x-icon name="image"></x-icon><span class="visually-hidden">${t("citizen.chat.addPhoto")}</span>
            <input type="file" accept="image/*" ?disabled=${this.uploading} @change=${this.onFile} />
          </label>`
        : nothing}
      <label class="visually-hidden" for="say">${t("citizen.chat.say")}</label>
      <textarea
        id="say"
        class="textarea"
        rows="1"
        maxlength=${LONGEST_TEXT}
        placeholder=${t("citizen.chat.placeholder")}
        .value=${this.draft}
        @input=${this.onInput}
        @keydown=${this.onKey}
      ></textarea>
      <button class="btn btn--primary" ?disabled=${!this.draft.trim()}>${t("common.send")}</button>
    </form>`;
  }

  get sameOrigin() {
    return !this.server || new URL(this.server).origin === location.origin;
  }

  /** @param {InputEvent} event */
  onInput(event) {
    this.draft = /** @type {HTMLTextAreaElement} */ (event.target).value;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (!isSendKey(event, this.composition)) return;
    event.preventDefault();
    this.sendDraft();
  }

  /** @param {SubmitEvent} event */
  onSubmit(event) {
    event.preventDefault();
    this.sendDraft();
  }

  sendDraft() {
    const text = this.draft.trim();
    if (!text) return;
    this.draft = "";
    this.send(text);
  }

  /** @param {string} text @param {string[]} [attachments] */
  send(text, attachments = []) {
    this.waitingSince = Date.now();
    this.line?.say(text, attachments);
    setTimeout(() => this.requestUpdate(), TYPING_MS + 100);
  }

  /** @param {Event} event */
  async onFile(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    this.uploading = true;
    try {
      this.send("", [await this.upload(file)]);
    } catch (error) {
      this.dispatchEvent(new CustomEvent("hotline-error", { detail: error, bubbles: true, composed: true }));
    } finally {
      this.uploading = false;
    }
  }

  /** @param {File} file @returns {Promise<string>} the attachment's id */
  async upload(file) {
    const { api } = await import("../shared/api.js");
    const kept = await api.upload("/chat/uploads", [file], { headers: { "X-Visitor": this.line?.token ?? "" } });
    return kept.items[0].id;
  }
}

define("hotline-chat", HotlineChat);
