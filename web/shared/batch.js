/** One action on many tickets: sends it, says how each went. Texts: section `work`. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "./api.js";
import { known, t } from "./i18n.js";

/** @typedef {{number: string, version: number, form?: Record<string, unknown>}} Item
 *  @typedef {{number: string, done: boolean, state_label: string, unit_name: string, code: string, fields: Record<string, string>}} Row
 *  @typedef {{items: Row[], done: number, failed: number}} Results */

/** @param {string} action @param {Item[]} items @returns {Promise<Results>} */
export function sendBatch(action, items) {
  return api.post("/batches/tickets", { action, items });
}

/** Why it was not done. @param {Row} row */
export function sayWhy(row) {
  const codes = [row.code, ...Object.values(row.fields)];
  const key = codes.map((code) => `work.code.${code}`).find(known);
  return t(key ?? "work.code.other");
}

/** How it went: a line for all, and one for each that was not done. @param {Results | null} results @param {() => void} close */
export function resultsNotice(results, close) {
  if (!results) return nothing;
  const failed = results.items.filter((row) => !row.done);
  return html`<div class="notice ${failed.length ? "notice--yellow" : "notice--green"} batch-results" role="status">
    <x-icon name=${failed.length ? "alert" : "check"}></x-icon>
    <div class="grow"><p class="strong">${t("work.results", { done: results.done, failed: results.failed })}</p>
      ${failed.map((row) => html`<p class="small"><span class="number">${row.number}</span> ${sayWhy(row)}</p>`)}</div>
    <button class="btn btn--icon btn--small btn--quiet" type="button" aria-label=${t("common.close")} @click=${close}><x-icon name="close"></x-icon></button>
  </div>`;
}

/** Another set, with the number if it was not there and without it if it was: the very same set would not be drawn again.
 * @param {Set<string>} chosen @param {string} number */
export function turned(chosen, number) {
  const others = new Set(chosen);
  if (!others.delete(number)) others.add(number);
  return others;
}
