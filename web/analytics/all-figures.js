/** Every indicator of the last thirty days in both versions: of everything, and without what was excluded after audit. */
import { html, nothing, render } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { sampled, shown } from "../shared/bars.js";
import { t } from "../shared/i18n.js";
import { toastError } from "../shared/ui.js";

const DAYS = 30;

/** Fills a dialog with them. @param {HTMLDialogElement} dialog */
export async function drawAllFigures(dialog) {
  const draw = (/** @type {any} */ found) => render(html`<div class="dialog__body"><div class="row row--spread"><h2>${t("supervise.allFigures")}</h2>
      <button class="btn btn--icon btn--quiet" type="button" aria-label=${t("common.close")} @click=${() => dialog.close()}><x-icon name="close"></x-icon></button></div>
    ${found ? table(found) : html`<span class="skeleton skeleton--block" aria-busy="true"></span>`}</div>`, dialog);
  draw(null);
  try {
    draw(await api.get("/indicators", { days: DAYS }));
  } catch (error) {
    dialog.close();
    toastError(error);
  }
}

/** @param {any} found an IndicatorsView */
function table(found) {
  return html`<p class="small faint">${t("supervise.figuresOf", { since: found.since, until: found.until, excluded: found.excluded })}</p>
    <div class="table-wrap"><table class="table"><thead><tr><th>${t("supervise.figure")}</th><th class="end">${t("supervise.figureAll")}</th><th class="end">${t("supervise.figureKept")}</th></tr></thead>
      <tbody>${found.rates.map((/** @type {any} */ rate) => html`<tr data-figure=${rate.name}>
        <td class="wide"><span class="strong">${rate.label}</span><div class="small faint">${rate.definition}</div>${rate.sample ? html`<div class="small">${sampled(rate.sample)}</div>` : nothing}</td>
        ${[rate.all, rate.kept].map((share) => html`<td class="end number">${shown(rate, share)}${rate.shape === "count" ? nothing : html`<div class="small faint">${share.numerator}/${share.denominator}</div>`}</td>`)}</tr>`)}</tbody></table></div>`;
}
