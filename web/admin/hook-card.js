/** `<hook-card .hook .offered>`: one webhook with what was sent and what came of it. Events `back`, `changed`. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { known, t } from "../shared/i18n.js";
import { busy, confirmDialog, toast, toastError } from "../shared/ui.js";
import { askHook, askSecret } from "./hook-form.js";
import { cardHead, showOnce } from "./people-parts.js";

/** @typedef {import("./webhooks-pane.js").Hook} Hook */
/** @typedef {{event: string, position: number, type: string, ticket: string, state: string, state_label: string, attempts: number, status: number, error: string, made: string, next_at: string | null, settled: string | null}} Send */

const LOOKS = /** @type {Record<string, string>} */ ({ active: "badge--green", failing: "badge--red", paused: "", delivered: "badge--green", waiting: "badge--yellow", dead: "badge--red" });
const STATES = ["all", "waiting", "dead", "delivered"];
const PAGE = 50;

class HookCard extends PageElement {
  static properties = { hook: { attribute: false }, offered: { attribute: false }, sends: { state: true }, next: { state: true }, state: { state: true } };

  constructor() {
    super();
    /** @type {Send[] | null} */
    this.sends = null;
    /** @type {string | null} */
    this.next = null;
    this.state = "all";
    this.shown = "";
  }

  willUpdate() {
    if (this.hook.id === this.shown) return;
    Object.assign(this, { shown: this.hook.id, sends: null, next: null, state: "all" });
    this.load().catch(toastError);
  }

  /** Reads the log as long as it is, or a page longer. @param {boolean} [more] */
  async load(more = false) {
    const { id } = this.hook;
    const sends = this.sends ?? [];
    const asked = { state: this.state === "all" ? "" : this.state, limit: more ? PAGE : Math.min(Math.max(sends.length, PAGE), 200), cursor: more ? this.next : "" };
    const page = await api.get(`/webhooks/${id}/deliveries`, asked);
    if (id === this.hook.id) Object.assign(this, { sends: more ? [...sends, ...page.items] : page.items, next: page.next });
  }

  render() {
    const { hook } = this;
    const below = html`<span class="badge ${LOOKS[hook.state] ?? ""}">${hook.state_label}</span><span class="number">${hook.unit}</span>`;
    const word = hook.active ? "pause" : "resume";
    return html`${cardHead(hook.unit_name, below, () => this.dispatchEvent(new CustomEvent("back")))}
      <div class="pane__body pad"><div class="stack">
        <div class="card card--tight"><dl class="facts">${this.facts()}</dl></div>
        ${this.log()}
      </div></div>
      <div class="pane__foot actions-bar"><button class="btn btn--primary" type="button" data-do="test" @click=${this.test}>${t("hooks.test")}</button>
        <button class="btn" type="button" data-do="edit" @click=${this.edit}>${t("hooks.edit")}</button>
        <button class="btn" type="button" data-do="secret" @click=${this.turnSecret}>${t("hooks.secret")}</button>
        <button class="btn" type="button" data-do=${word} @click=${this.turn}>${t(`hooks.${word}`)}</button></div>`;
  }

  facts() {
    const { hook } = this;
    const facts = hook.facts.length ? hook.facts.map((/** @type {string} */ name) => html`<span class="badge">${factName(name)}</span>`) : html`<span>${t("hooks.factsAll")}</span>`;
    /** @type {[string, unknown][]} */
    const rows = [
      ["url", html`<span class="hook-url">${hook.url}</span>`],
      ["facts", html`<span class="row">${facts}</span>`],
      ["delivered", hook.delivered ? html`<x-ago time=${hook.delivered}></x-ago>` : html`<span class="faint">${t("hooks.neverDelivered")}</span>`],
      ["position", html`<span class="number">${hook.position}</span>`],
    ];
    if (hook.failing) rows.unshift(["state", html`<span class="danger-text">${t("hooks.failingSince", { time: when(hook.failing) })}</span>`]);
    if (hook.old_until && new Date(hook.old_until) > new Date()) rows.push(["oldUntil", when(hook.old_until)]);
    return rows.map(([name, value]) => html`<dt>${t(`hooks.${name}`)}</dt><dd>${value}</dd>`);
  }

  log() {
    const tabs = STATES.map((id) => ({ id, text: t(`hooks.filter.${id}`) }));
    return html`<section class="card card--flush"><div class="card__head"><h2>${t("hooks.deliveries")}</h2><span class="small faint">${t("hooks.deliveriesHint")}</span></div>
      <div class="pad"><x-tabs label=${t("hooks.filter")} .tabs=${tabs} selected=${this.state} @choose=${(/** @type {CustomEvent} */ e) => this.filter(e.detail)}></x-tabs></div>
      ${this.sends?.length ? html`<ul class="list">${repeat(this.sends, (one) => one.event, (one) => this.send(one))}</ul>` : html`<p class="pad faint">${t(this.sends ? "hooks.deliveriesNone" : "common.loading")}</p>`}
      ${this.next ? html`<p class="pad"><button class="btn btn--wide" type="button" @click=${() => this.load(true).catch(toastError)}>${t("common.more")}</button></p>` : nothing}</section>`;
  }

  /** @param {string} state */
  filter(state) {
    Object.assign(this, { state, sends: null, next: null });
    this.load().catch(toastError);
  }

  /** @param {Send} one */
  send(one) {
    const came = [
      one.attempts ? t("hooks.attempts", { count: one.attempts }) : "",
      one.status ? t("hooks.status", { status: one.status }) : errorName(one.error),
      one.next_at && one.attempts ? t("hooks.nextTry", { time: when(one.next_at) }) : "",
    ].filter(Boolean).join(" · ");
    return html`<li class="hook-send" data-event=${one.event}><span class="grow"><span class="row"><span class="strong">${factName(one.type)}</span><span class="badge ${LOOKS[one.state] ?? ""}">${one.state_label}</span></span>
        <span class="small faint"><span class="number">${one.ticket}</span> · ${when(one.made)}${came ? ` · ${came}` : ""}</span></span>
      <button class="btn btn--small" type="button" data-do="again" @click=${(/** @type {Event} */ e) => this.again(e, one)}>${t("hooks.again")}</button>
      <button class="btn btn--small btn--quiet" type="button" data-do="since" @click=${() => this.replay(one)}>${t("hooks.since")}</button></li>`;
  }

  /** @param {Event} event */
  async test(event) {
    const came = await busy(event, () => api.post(`/webhooks/${this.hook.id}/test`));
    if (!came) return;
    if (came.ok) toast(t("hooks.testGood", { status: came.status }), { kind: "good" });
    else toast(t("hooks.testBad", { why: came.status ? t("hooks.status", { status: came.status }) : errorName(came.error) }), { kind: "warn", ms: 0 });
  }

  async edit() {
    if (await askHook(this.hook, this.offered)) this.tell("saved");
  }

  async turnSecret() {
    const made = await askSecret(this.hook);
    if (!made) return;
    await showOnce({ title: t("hooks.shown"), text: t("hooks.shownText"), about: this.hook.url, secret: made.secret });
    this.tell("");
  }

  /** @param {Event} event */
  async turn(event) {
    const done = await busy(event, () => api.patch(`/webhooks/${this.hook.id}`, { active: !this.hook.active }));
    if (done) this.tell(done.active ? "resumed" : "paused");
  }

  /** @param {Event} event @param {Send} one */
  async again(event, one) {
    if (await busy(event, () => api.post(`/webhooks/${this.hook.id}/deliveries/${one.event}/again`))) this.tell("again");
  }

  /** @param {Send} one */
  async replay(one) {
    if (!(await confirmDialog({ title: t("hooks.sinceAsk"), text: t("hooks.sinceText"), confirm: t("hooks.since") }))) return;
    const done = await api.post(`/webhooks/${this.hook.id}/replay`, { position: one.position - 1 }).catch(toastError);
    if (done?.id) this.tell("again");
  }

  /** @param {string} word */
  tell(word) {
    if (word) toast(t(`hooks.done.${word}`), { kind: "good" });
    this.dispatchEvent(new CustomEvent("changed"));
  }
}

/** @param {string} name */
function factName(name) {
  return known(`fact.${name}`) ? t(`fact.${name}`) : name;
}

/** @param {string} name */
function errorName(name) {
  return known(`hooks.error.${name}`) ? t(`hooks.error.${name}`) : name;
}

define("hook-card", HookCard);
