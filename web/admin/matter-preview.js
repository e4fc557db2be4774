/** What a change of a matter comes to, as it is shown before it is made and afterwards. */
import { html, nothing } from "../vendor/lit.js";
import { count } from "../shared/format.js";
import { t } from "../shared/i18n.js";

const TOWNS_SHOWN = 6;

/** Each field before and after. @param {any[]} fields FieldViews */
export function changed(fields) {
  if (!fields.length) return nothing;
  return html`<div class="table-wrap"><table class="table content-table"><tbody>${fields.map((one) => html`<tr><th scope="row">${one.name}</th>
    <td class="muted prewrap">${one.before || t("common.none")}</td><td class="prewrap strong">${one.after || t("common.none")}</td></tr>`)}</tbody></table></div>`;
}

/** @param {any} preview a MatterPreview @param {boolean} retires */
export function previewed(preview, retires) {
  const broken = preview.nobody.length + preview.several.length;
  return html`<div class="stack" data-preview>
    ${broken ? html`<div class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><div class="stack stack--s grow"><p class="strong">${t("catalogue.broken")}</p>
        ${preview.nobody.length ? html`<p class="small">${t("catalogue.nobody", { towns: towns(preview.nobody) })}</p>` : nothing}
        ${preview.several.length ? html`<p class="small">${t("catalogue.several", { towns: towns(preview.several) })}</p>` : nothing}</div></div>`
      : retires ? nothing : html`<p class="notice notice--green"><x-icon name="check"></x-icon><span>${t("catalogue.sound")}</span></p>`}
    ${preview.fields.length && !retires ? html`<div class="card card--flush"><div class="card__head"><h3>${t("catalogue.changes")}</h3></div>${changed(preview.fields)}</div>` : nothing}
    ${preview.flows.length ? html`<div class="card card--flush"><div class="card__head"><h3>${t("catalogue.flows")}</h3><span class="small faint">${t("catalogue.flowsText", { days: preview.days, count: preview.tickets })}</span></div>
        <ul class="list">${preview.flows.map((/** @type {any} */ one) => html`<li class="admin-flow"><span>${one.before_name || t("common.none")}</span><x-icon name="arrow"></x-icon><span class="grow strong">${one.after_name || t("common.none")}</span>
          <span class="small">${t("catalogue.flow", { open: count(one.open), closed: count(one.closed) })}</span></li>`)}</ul></div>`
      : html`<p class="muted">${t("catalogue.noFlows", { days: preview.days, count: preview.tickets })}</p>`}
    ${preview.learns ? html`<p class="notice"><x-icon name="info"></x-icon><span>${t("catalogue.learnsNow")}</span></p>` : nothing}
    <p class="small faint">${t("catalogue.openKeep")}</p></div>`;
}

/** @param {string[]} all */
function towns(all) {
  return all.slice(0, TOWNS_SHOWN).join(t("common.listComma")) + (all.length > TOWNS_SHOWN ? t("catalogue.andMore", { count: all.length }) : "");
}
