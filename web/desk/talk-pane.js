/** The middle pane: the talk with one citizen, live, and the field to answer in. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api, newKey } from "../shared/api.js";
import { PageElement, define } from "../shared/element.js";
import { when } from "../shared/format.js";
import { label, t } from "../shared/i18n.js";
import { Composition, isSendKey } from "../shared/keys.js";
import { busy, confirmDialog, toast, toastError } from "../shared/ui.js";
import "./same-person.js";
import "./caller-line.js";

const TYPING_MS = 500;
const GAP_MS = 5 * 60_000;

class DeskTalk extends PageElement {
  static properties = {
    shown: { attribute: false },
    me: { attribute: false },
    presence: {},
    drafts: { state: true },
    sending: { state: true },
  };

  constructor() {
    super();
    /** what was typed and not sent, by conversation: it survives looking elsewhere
     * @type {Record<string, string>} */
    this.drafts = {};
    /** @type {{id: string, conversation: string, text: string, failed: boolean}[]} */
    this.sending = [];
    this.composition = new Composition();
    this.typingTimer = 0;
    this.drawn = "";
  }

  render() {
    if (!this.shown) {
      return html`<x-empty class="fill" icon="chat" heading=${t("desk.pickHeading")} text=${t("desk.pickText")}></x-empty>`;
    }
    const { conversation, messages } = this.shown;
    return html`${this.head(conversation)}
      <desk-same-person .shown=${this.shown} .me=${this.me} @judged=${(/** @type {CustomEvent} */ e) => this.tell("changed", e.detail)}></desk-same-person>
      <div class="pane__body" id="talk" tabindex="0" role="log" aria-live="polite" aria-label=${t("desk.talk")}>
        <div class="thread">
          ${repeat(messages, (one) => one.id, (one, at) => html`${this.mark(messages[at - 1], one)}${this.message(one)}`)}
          ${this.sending.filter((one) => one.conversation === conversation.id).map((one) => this.unsent(one))}
        </div>
      </div>
      ${this.foot(conversation)}`;
  }

  /** @param {any} conversation */
  head(conversation) {
    const own = conversation.state === "agent" && conversation.agent_id === this.me.id;
    const free = ["waiting", "bot"].includes(conversation.state);
    return html`<div class="pane__head row row--keep">
      <button class="btn btn--icon btn--quiet only-phone" aria-label=${t("common.back")} @click=${() => this.tell("back")}>
        <x-icon name="back"></x-icon>
      </button>
      <div class="grow">
        <div class="row row--keep"><span class="strong clip">${conversation.citizen_name}</span>
          <span class="badge">${conversation.channel_label}</span>
          <span class="badge ${conversation.state === "waiting" ? "badge--orange" : "badge--primary"}">${conversation.state_label}</span>
        </div>
        <desk-caller .shown=${this.shown} .me=${this.me}></desk-caller>
        <div class="small faint clip">${conversation.agent_name ? t("desk.with", { name: conversation.agent_name }) : conversation.reason_label}</div>
      </div>
      ${free ? html`<button class="btn btn--primary" data-act="claim" @click=${this.claim}>${t("desk.claim")}</button>` : nothing}
      ${own
        ? html`<button class="btn btn--small" data-act="article" title=${t("desk.articleHint")} @click=${this.keepAnswer}>${t("desk.article")}</button>
            <button class="btn btn--small" @click=${(/** @type {Event} */ e) => this.act(e, "release")}>${t("desk.release")}</button>
            <button class="btn btn--small" data-act="close" @click=${this.close}>${t("desk.close")}</button>`
        : nothing}
      <button class="btn btn--icon btn--quiet desk-help" aria-label=${t("desk.help")} @click=${() => this.tell("help")}>
        <x-icon name="book"></x-icon>
      </button>
    </div>`;
  }

  /** @param {any} before @param {any} message */
  mark(before, message) {
    const gap = before ? Date.parse(message.at) - Date.parse(before.at) : Infinity;
    return gap > GAP_MS ? html`<div class="thread__mark">${when(message.at)}</div>` : nothing;
  }

  /** @param {any} message a MessageView */
  message(message) {
    const citizen = message.author === "citizen";
    const failed = ["failed", "unknown"].includes(message.delivery);
    const kind = citizen ? "" : message.author === "bot" ? "msg--own msg--bot" : "msg--own";
    return html`<div class="msg ${kind} ${failed ? "msg--failed" : ""}">
      <div class="msg__who">${message.author_name || label("author", message.author)}</div>
      ${message.text
        ? html`<div class="msg__bubble">${message.text}${message.citations.map(
            (one) => html`<div class="msg__source">${t("desk.source", { title: one.title, owner: one.owner })}</div>`,
          )}</div>`
        : nothing}
      ${message.attachments.map((file) => this.file(file))}
      ${message.delivery && message.delivery !== "sent"
        ? html`<div class="msg__state">${message.delivery_label}${message.delivery_reason ? ` · ${message.delivery_reason}` : ""}</div>`
        : nothing}
    </div>`;
  }

  /** @param {any} file a FileView */
  file(file) {
    return file.media === "image"
      ? html`<a href=${file.url} target="_blank" rel="noopener"><img class="talk-photo" src=${file.url} alt=${file.name} /></a>`
      : html`<a class="btn btn--small btn--soft" href=${file.url} target="_blank" rel="noopener">${file.name}</a>`;
  }

  /** @param {{id: string, text: string, failed: boolean}} one */
  unsent(one) {
    return html`<div class="msg msg--own ${one.failed ? "msg--failed" : ""}">
      <div class="msg__bubble">${one.text}</div>
      <div class="msg__state">${one.failed
        ? html`${t("desk.notSent")} <button class="btn btn--quiet btn--small" @click=${() => this.transmit(one)}>${t("common.retry")}</button>`
        : t("desk.sending")}</div>
    </div>`;
  }

  /** @param {any} conversation */
  foot(conversation) {
    const own = conversation.state === "agent" && conversation.agent_id === this.me.id;
    if (!own) {
      const text = conversation.state === "closed" ? t("desk.isClosed") : t("desk.claimFirst");
      return html`<div class="pane__foot composer"><span class="muted">${text}</span></div>`;
    }
    return html`<form class="pane__foot composer" @submit=${this.onSubmit}>
      <label class="unseen" for="answer">${t("desk.answer")}</label>
      <textarea id="answer" class="textarea" rows="2" maxlength="4000" placeholder=${t("desk.placeholder")}
        .value=${this.drafts[conversation.id] ?? ""} @input=${this.onInput} @keydown=${this.onKey}></textarea>
      <button class="btn btn--primary" ?disabled=${!(this.drafts[conversation.id] ?? "").trim()}>${t("common.send")}</button>
    </form>`;
  }

  updated() {
    const field = this.querySelector("#answer");
    if (field && field !== this.watched) {
      this.watched = field;
      this.composition = new Composition().watch(field);
    }
    const last = this.shown?.messages.at?.(-1);
    const now = `${this.shown?.conversation.id} ${last?.id} ${this.sending.length}`;
    if (now !== this.drawn) {
      this.drawn = now;
      const talk = this.querySelector("#talk");
      if (talk) talk.scrollTop = talk.scrollHeight;
    }
  }

  focusField() {
    /** @type {HTMLElement | null} */ (this.querySelector("#answer"))?.focus();
  }

  /** Puts an answer into the field. @param {string} text */
  async insert(text) {
    if (!this.shown) return;
    const id = this.shown.conversation.id;
    const typed = this.drafts[id] ?? "";
    this.drafts = { ...this.drafts, [id]: typed ? `${typed}\n${text}` : text };
    await this.updateComplete;
    this.focusField();
  }

  /** @param {InputEvent} event */
  onInput(event) {
    const text = /** @type {HTMLTextAreaElement} */ (event.target).value;
    this.drafts = { ...this.drafts, [this.shown.conversation.id]: text };
    clearTimeout(this.typingTimer);
    if (!this.composition.composing) this.typingTimer = setTimeout(() => this.tell("typing", text.trim()), TYPING_MS);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (!isSendKey(event, this.composition)) return;
    event.preventDefault();
    this.send();
  }

  /** @param {Event} event */
  onSubmit(event) {
    event.preventDefault();
    this.send();
  }

  send() {
    const conversation = this.shown.conversation.id;
    const text = (this.drafts[conversation] ?? "").trim();
    if (!text) return;
    this.drafts = { ...this.drafts, [conversation]: "" };
    const message = { id: newKey(), conversation, text, failed: false };
    this.sending = [...this.sending, message];
    this.transmit(message);
  }

  /** The id goes along each time: what arrived twice is kept once (P14). @param {any} message */
  async transmit(message) {
    this.sending = this.sending.map((one) => (one.id === message.id ? { ...one, failed: false } : one));
    try {
      const shown = await api.post(`/desk/conversations/${message.conversation}/messages`, { id: message.id, text: message.text });
      this.sending = this.sending.filter((one) => one.id !== message.id);
      if (this.shown?.conversation.id === message.conversation) this.tell("changed", shown);
    } catch (error) {
      this.sending = this.sending.map((one) => (one.id === message.id ? { ...one, failed: true } : one));
      toastError(error);
    }
  }

  /** @param {Event} event */
  claim(event) {
    return busy(event, async () => {
      this.tell("changed", await api.post(`/desk/conversations/${this.shown.conversation.id}/claim`, {}));
      await this.updateComplete;
      this.focusField();
    });
  }

  /** @param {Event | HTMLElement} pressed @param {string} action @param {string} [id] */
  act(pressed, action, id = this.shown.conversation.id) {
    return busy(pressed, async () => {
      await api.post(`/desk/conversations/${id}/${action}`, {});
      toast(t(`desk.done.${action}`), { kind: "good" });
      this.tell("left");
    });
  }

  /** @param {Event} event */
  async close(event) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const id = this.shown.conversation.id;
    const sure = await confirmDialog({ title: t("desk.close"), text: t("desk.closeText"), confirm: t("desk.close") });
    if (sure) await this.act(button, "close", id);
  }

  /** The last answer becomes a draft of the knowledge; who asked the like is told once it is published. @param {Event} event */
  async keepAnswer(event) {
    await busy(event, async () => {
      const made = await api.post(`/desk/conversations/${this.shown.conversation.id}/article`, {});
      toast(t("desk.articleKept", { title: made.title, state: made.state_label }), { kind: "good" });
    });
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("desk-talk", DeskTalk);
