/** Units of which nobody can be reached, as supervisors and administrators see them. Texts: section `unreached`. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "./api.js";
import { when } from "./format.js";
import { t } from "./i18n.js";

/** @typedef {{unit: string, name: string, why: string, why_label: string, people: number, away: number, open: number, seen_at: string | null}} Silent */

/** @returns {Promise<Silent[]>} those with most work first */
export async function readUnreached() {
  return (await api.all("/unreached-units")).items;
}

/** How many of them are to be seen to: whom nobody has come to use yet, and nothing was sent to, waits for nothing.
 * @param {Silent[]} items */
export const countUnreached = (items) => items.filter((one) => one.why !== "unused").length;

/** @param {Silent[]} items @param {(one: Silent) => unknown} [beside] what stands behind a row */
export function unreachedList(items, beside = () => nothing) {
  if (!items.length) return html`<x-empty icon="check" heading=${t("unreached.none")}></x-empty>`;
  return html`<p class="small muted pad">${t("unreached.text")}</p>
    <ul class="list">${repeat(items, (one) => one.unit, (one) => html`<li class="list__item row row--keep" data-unit=${one.unit}><span class="grow">
      <span class="row"><span class="strong">${one.name}</span>${one.open ? html`<span class="badge badge--red">${t("unreached.work", { count: one.open })}</span>` : nothing}</span>
      <span class="small muted">${one.why_label}</span>
      ${one.people ? html`<span class="row small faint"><span>${t("unreached.people", { people: one.people, away: one.away })}</span>
        <span>${one.seen_at ? t("unreached.seen", { when: when(one.seen_at) }) : t("unreached.never")}</span></span>` : nothing}</span>${beside(one)}</li>`)}</ul>`;
}
