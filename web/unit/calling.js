/** `<unit-calls number=… .view>`: the calls between officers and the citizen of a ticket; `callCitizen` has the officer rung
 * and put through. Nobody's number is on the page. */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { ago } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { askText, busy, toast } from "../shared/ui.js";

/** @typedef {{id: string, state: string, state_label: string, result: string, result_label: string, who: string, at: string,
 *   seconds: number, running: boolean, heard: string, heard_label: string, asks: boolean}} Call
 * @typedef {{hindrance: string, knows_phone: boolean, calls: Call[]}} Calls */

/** @param {string} number @returns {Promise<Calls | null>} null where calls cannot be read */
export function readCalls(number) {
  return api.get(`/tickets/${number}/calls`).catch(() => null);
}

/** Rings the officer; asks once where. @param {string} number @param {Calls} calls @returns {Promise<Calls | null>} null if given up or refused (which was said) */
export async function callCitizen(number, calls) {
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

class UnitCalls extends PageElement {
  static properties = { number: {}, view: { attribute: false } };

  constructor() {
    super();
    /** @type {Calls | null} */
    this.view = null;
    this.number = "";
  }

  render() {
    const calls = this.view?.calls ?? [];
    if (!calls.length) return nothing;
    return html`<section class="card card--tight stack stack--s" data-calls><h2>${t("call.title")}</h2>
      <ul class="stack stack--s plain">${calls.map((one) => html`<li class="row row--spread" data-call=${one.result || one.state}>
        <span>${one.running ? html`<span class="speak-dot" aria-hidden="true"></span>` : html`<x-icon name="phone"></x-icon>`}
          <span class="strong" role=${one.running ? "status" : nothing}>${one.running ? one.state_label : one.result_label}</span>
          ${one.seconds ? html`<span class="faint">${t("call.talked", { time: talked(one.seconds) })}</span>` : nothing}
          ${hint(one) ? html`<span class="small faint">${hint(one)}</span>` : nothing}</span>
        ${one.asks ? this.ask(one) : one.heard ? html`<span class="badge ${one.heard === "reached" ? "badge--green" : ""}">${one.heard_label}</span>` : nothing}
        <span class="small faint nowrap">${one.who} · ${ago(one.at)}</span></li>`)}</ul></section>`;
  }

  /** Who picked up is the officer's to say: only a talk with the citizen is a contact. @param {Call} one */
  ask(one) {
    const kinds = ["reached", "nobody", "voicemail"];
    return html`<span class="row call-heard" role="group" aria-label=${t("call.who")}><span>${t("call.who")}</span>${kinds.map(
      (kind) => html`<button class="btn btn--small ${kind === "reached" ? "btn--soft" : ""}" type="button" data-heard=${kind}
        @click=${(/** @type {Event} */ e) => this.hear(e, one, kind)}>${t(`call.heard.${kind}`)}</button>`,
    )}</span>`;
  }

  /** @param {Event} event @param {Call} one @param {string} heard */
  async hear(event, one, heard) {
    const after = await busy(event, () => api.post(`/tickets/${this.number}/calls/${one.id}/heard`, { heard }));
    if (!after) return;
    this.view = after;
    this.dispatchEvent(new CustomEvent("heard", { detail: after }));
  }
}

/** What the officer is to do. @param {Call} one */
function hint(one) {
  if (one.running) return one.state === "asked" || one.state === "calling" ? t("call.pickUp") : "";
  return ["busy", "no_answer", "unreachable", "failed"].includes(one.result) ? t("call.otherwise") : "";
}

/** @param {number} seconds */
function talked(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

define("unit-calls", UnitCalls);
