/** The calls between officers and the citizen of a ticket, over a number of ours: nobody's number is on the page.
 *
 * ```js
 * html`${callButton(calls, (event) => press(event))}`                       // has the officer rung and put through
 * const after = await startCall(button, number, calls, look);               // asks once where; says what hinders it
 * const stop = followCalls(number, calls, (now) => …);                      // how it goes, until it has ended
 * html`<citizen-calls number=… .view=${calls} @heard=${(e) => …}>`          // what there were, and who picked up
 * ``` */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError, sayError } from "./api.js";
import { define, PageElement } from "./element.js";
import { ago } from "./format.js";
import { loadTexts, t } from "./i18n.js";
import { askText, busy, toast } from "./ui.js";

/** @typedef {{id: string, state: string, state_label: string, result: string, result_label: string, who: string, at: string,
 *   seconds: number, running: boolean, heard: string, heard_label: string, asks: boolean, before_label: string,
 *   correctable_until: string | null, proves: boolean, tries: boolean}} Call
 * @typedef {{hindrance: string, knows_phone: boolean, calls: Call[]}} Calls */

const CALL_MS = 1500;
const WHO = ["reached", "other", "nobody", "voicemail"];

await loadTexts("call");

/** @param {string} number @returns {Promise<Calls | null>} null where calls cannot be read */
export function readCalls(number) {
  return api.get(`/tickets/${number}/calls`).catch(() => null);
}

/** @param {Calls | null} calls */
export function isCalling(calls) {
  return Boolean(calls?.calls.some((one) => one.running));
}

/** @param {Calls | null} calls @param {(event: Event) => void} press @param {string} [look] */
export function callButton(calls, press, look = "") {
  const running = isCalling(calls);
  return html`<button class="btn tool ${look}" type="button" data-call-citizen ?disabled=${running} @click=${press}>
    <x-icon name="phone"></x-icon><span>${t(running ? "call.running" : "call.citizen")}</span></button>`;
}

/** Has the officer rung and put through, or says what hinders it. @param {HTMLElement} button @param {string} number
 * @param {Calls} calls @param {{text: string, run: () => void}} [look] what is offered instead @returns {Promise<Calls | null>} null if there is no call */
export async function startCall(button, number, calls, look) {
  if (calls.hindrance) {
    toast(t(`call.hindrance.${calls.hindrance}`), { kind: "warn", action: look, ms: 12_000 });
    return null;
  }
  return (await busy(button, () => callCitizen(number, calls))) ?? null;
}

/** Rings the officer; asks once where. @param {string} number @param {Calls} calls @returns {Promise<Calls | null>} null if given up or refused (which was said) */
async function callCitizen(number, calls) {
  let phone = "";
  if (!calls.knows_phone) {
    phone = (await askText({ title: t("call.whereTitle"), text: t("call.whereText"), label: t("call.where"), confirm: t("call.now"), type: "tel" })) ?? "";
    if (!phone) return null;
  }
  try {
    return await api.post(`/tickets/${number}/calls`, { phone });
  } catch (error) {
    const fields = error instanceof ApiError ? Object.values(error.fields) : [];
    toast(fields.join(" ") || sayError(error), { kind: "bad" });
    return null;
  }
}

/** While somebody is being rung, how it goes. @param {string} number @param {Calls | null} calls
 * @param {(calls: Calls) => void} told of every look, the last one when no call runs any more @returns {() => void} stops it */
export function followCalls(number, calls, told) {
  let stopped = false;
  let timer = 0;
  let known = calls;
  const wait = () => (timer = setTimeout(look, CALL_MS));
  const look = async () => {
    const now = await readCalls(number);
    if (stopped) return;
    known = now ?? known;
    if (now) told(now);
    if (isCalling(known)) wait();
  };
  if (isCalling(calls)) wait();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

class CitizenCalls extends PageElement {
  static properties = { number: {}, view: { attribute: false }, correcting: { state: true } };

  constructor() {
    super();
    /** @type {Calls | null} */
    this.view = null;
    this.number = "";
    /** The call whose "who picked up" is being put right. */
    this.correcting = "";
  }

  render() {
    const calls = this.view?.calls ?? [];
    if (!calls.length) return nothing;
    return html`<section class="card card--tight stack stack--s" data-calls><h2>${t("call.title")}</h2>
      <ul class="stack stack--s plain">${calls.map((one) => html`<li class="row row--spread" data-call=${one.result || one.state}>
        <span class="row call-line">${one.running ? html`<span class="speak-dot" aria-hidden="true"></span>` : html`<x-icon name="phone"></x-icon>`}
          <span class="strong" role=${one.running ? "status" : nothing}>${one.running ? one.state_label : one.result_label}</span>
          ${one.seconds ? html`<span class="strong number">${talked(one.seconds)}</span>` : nothing}
          ${hint(one) ? html`<span class="small faint">${hint(one)}</span>` : nothing}</span>
        ${one.asks || this.correcting === one.id ? this.ask(one) : one.heard ? this.said(one) : nothing}
        <span class="small faint nowrap">${one.who} · ${ago(one.at)}</span></li>`)}</ul></section>`;
  }

  /** Who picked up; for a while whoever called may put it right. @param {Call} one */
  said(one) {
    const open = one.correctable_until && Date.parse(one.correctable_until) > Date.now();
    return html`<span class="row"><span class="badge ${one.heard === "reached" ? "badge--green" : ""}">${one.heard_label}</span>
      ${one.before_label ? html`<span class="small faint">${t("call.before", { said: one.before_label })}</span>` : nothing}
      ${open ? html`<button class="btn btn--small btn--quiet" type="button" data-correct @click=${() => (this.correcting = one.id)}>${t("call.correct")}</button>` : nothing}</span>`;
  }

  /** Who picked up is the officer's to say: only a talk with the citizen is a contact. @param {Call} one */
  ask(one) {
    return html`<span class="row call-heard" role="group" aria-label=${t("call.who")}><span>${t("call.who")}</span>${WHO.filter((kind) => kind !== one.heard).map(
      (kind) => html`<button class="btn btn--small ${kind === "reached" ? "btn--soft" : ""}" type="button" data-heard=${kind}
        @click=${(/** @type {Event} */ e) => this.hear(e, one, kind)}>${t(`call.heard.${kind}`)}</button>`,
    )}</span>`;
  }

  /** @param {Event} event @param {Call} one @param {string} heard */
  async hear(event, one, heard) {
    const after = await busy(event, () => api.post(`/tickets/${this.number}/calls/${one.id}/heard`, { heard }));
    if (!after) return;
    this.correcting = "";
    this.view = after;
    this.dispatchEvent(new CustomEvent("heard", { detail: after }));
  }
}

/** What the officer is to do. @param {Call} one */
function hint(one) {
  if (one.running) return one.state === "asked" || one.state === "calling" ? t("call.pickUp") : "";
  return ["busy", "no_answer", "unreachable", "failed"].includes(one.result) ? t("call.otherwise") : "";
}

/** "2分13秒", "45秒". @param {number} seconds */
function talked(seconds) {
  const params = { minutes: Math.floor(seconds / 60), seconds: seconds % 60 };
  return t(params.minutes ? "call.minutes" : "call.seconds", params);
}

define("citizen-calls", CitizenCalls);
