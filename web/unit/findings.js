/** What inspections found about the unit's replies; the unit may ask once for each to be looked at again. */
import { html, nothing, render } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { askText, busy, toast, toastError } from "../shared/ui.js";

const PAGE = 100;
const MOST = 200;

/** Opens the list over the page. */
export async function openFindings() {
  try {
    const page = await api.get("/own-inspections", { limit: PAGE });
    const dialog = document.createElement("dialog");
    dialog.className = "dialog dialog--wide";
    dialog.setAttribute("aria-label", t("unit.findings"));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    draw(dialog, page);
    dialog.showModal();
  } catch (error) {
    toastError(error);
  }
}

/** @param {HTMLDialogElement} dialog @param {{items: any[], next: string | null}} page InspectionViews */
function draw(dialog, { items, next }) {
  const appeal = async (/** @type {Event} */ event, /** @type {any} */ one) => {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const why = await askText({ title: t("unit.appeal"), text: t("unit.appealText"), label: t("unit.appealWhy") });
    if (!why) return;
    await busy(button, async () => {
      await api.post(`/own-inspections/${one.number}/appeal`, { why });
      draw(dialog, await api.get("/own-inspections", { limit: Math.min(Math.max(items.length, PAGE), MOST) }));
      toast(t("unit.appealed"), { kind: "good" });
    });
  };
  const more = (/** @type {Event} */ event) => busy(event, async () => {
    const page = await api.get("/own-inspections", { limit: PAGE, cursor: next });
    draw(dialog, { items: [...items, ...page.items], next: page.next });
  });
  render(html`<div class="dialog__body stack"><div class="row row--spread row--keep"><h2>${t("unit.findings")}</h2>
      <button class="btn btn--icon btn--quiet" type="button" aria-label=${t("common.close")} @click=${() => dialog.close()}><x-icon name="close"></x-icon></button></div>
    ${items.length ? items.map((one) => card(one, appeal)) : html`<x-empty icon="check" heading=${t("unit.noFindings")}></x-empty>`}
    ${next ? html`<button class="btn btn--wide" type="button" data-more @click=${more}>${t("common.more")}</button>` : nothing}</div>`, dialog);
}

/** @param {any} one @param {(event: Event, one: any) => void} appeal */
function card(one, appeal) {
  const { second } = one;
  return html`<section class="card card--tight stack stack--s" aria-label=${one.number}>
    <div class="row row--spread"><span class="number">${one.number}</span><span class="badge ${one.passed ? "badge--green" : "badge--red"}"><span class="number">${second?.points ?? one.points}</span> · ${t(one.passed ? "unit.pass" : "unit.fail")}</span></div>
    <p class="row">${(second?.done_at ? second.failed : one.failed).map((/** @type {any} */ each) => html`<span class="badge badge--red">${each.label}</span>`)}</p>
    ${one.note ? html`<p class="prewrap">${one.note}</p>` : nothing}<p class="small faint">${when(one.done_at)}</p>
    ${second ? html`<blockquote class="said"><p class="small strong">${t(second.done_at ? "unit.lookedAgain" : "unit.looksAgain")}</p><p class="prewrap">${second.done_at ? second.note : second.why}</p></blockquote>` : nothing}
    ${one.may_ask ? html`<div class="row"><button class="btn btn--small" type="button" data-appeal @click=${(/** @type {Event} */ e) => appeal(e, one)}>${t("unit.appeal")}</button></div>` : nothing}</section>`;
}
