/** What both tabs of the data pane are made of: the table of faults, texts saved as files. */
import { html, nothing } from "../vendor/lit.js";
import { t } from "../shared/i18n.js";
import { saveFile } from "../shared/file-field.js";

export { fileField, refusal, refused } from "../shared/file-field.js";

/** @typedef {{sheet_label: string, row: number, column: string, column_label: string, cell: string, text: string, value: string}} Fault */

const FAULTS_SHOWN = 300;
const BYTE_ORDER_MARK = "\ufeff";

/** Brings what a check has said into sight. @param {HTMLElement & {updateComplete: Promise<unknown>}} element */
export async function showResult(element) {
  await element.updateComplete;
  element.querySelector("[data-result]")?.scrollIntoView({ block: "start", behavior: "smooth" });
}

/** @param {{count: number, faults: Fault[]}} report @param {unknown} [more] what may be done about it */
export function faultTable({ count, faults }, more = nothing) {
  const shown = faults.slice(0, FAULTS_SHOWN);
  return html`<section class="card card--flush" data-result aria-label=${t("data.faults")}>
    <div class="card__head"><h2 class="data-bad" role="alert">${t("data.faultCount", { count })}</h2>
      <button class="btn btn--small" type="button" @click=${() => saveFaults(faults)}><x-icon name="download"></x-icon><span>${t("data.saveFaults")}</span></button></div>
    ${more}
    <div class="table-wrap data-scroll" tabindex="0"><table class="table data-table">
      <thead><tr><th>${t("data.sheet")}</th><th class="end">${t("data.row")}</th><th>${t("data.column")}</th><th>${t("data.fault")}</th><th>${t("data.value")}</th></tr></thead>
      <tbody>${shown.map((one) => html`<tr>
        <td data-label=${t("data.sheet")} class="nowrap">${one.sheet_label}</td>
        <td data-label=${t("data.row")} class="end number">${one.row || t("common.none")}</td>
        <td data-label=${t("data.column")} class="nowrap">${one.column_label || t("common.none")}${one.cell ? html` <span class="faint number">${one.cell}</span>` : nothing}</td>
        <td data-label=${t("data.fault")}>${one.text}</td>
        <td data-label=${t("data.value")} class="data-value">${one.value}</td></tr>`)}</tbody>
    </table></div>
    ${count > shown.length ? html`<p class="pad small faint">${t("data.faultsLeft", { count: count - shown.length })}</p>` : nothing}
  </section>`;
}

/** @param {Fault[]} faults */
function saveFaults(faults) {
  const cells = (/** @type {unknown[]} */ row) => row.map(quoted).join(",");
  const head = ["sheet", "row", "column", "fault", "value"].map((name) => t(`data.${name}`));
  const rows = faults.map((one) => cells([one.sheet_label, one.row, one.column_label, one.text, one.value]));
  saveText("faults.csv", BYTE_ORDER_MARK + [cells(head), ...rows].join("\r\n"), "text/csv");
}

/** A CSV cell that no table program takes for a formula. @param {unknown} value */
function quoted(value) {
  const text = String(value);
  return `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** Gives a text as a file. @param {string} name @param {string} text @param {string} type */
export function saveText(name, text, type) {
  saveFile(name, text, `${type};charset=utf-8`);
}
