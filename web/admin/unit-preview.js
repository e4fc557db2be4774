/** What a change of units comes to, as it is shown before it is made and afterwards. */
import { html, nothing } from "../vendor/lit.js";
import { count } from "../shared/format.js";
import { t } from "../shared/i18n.js";

const FATES = { new: "badge--green", renamed: "badge--blue", changed: "badge--blue", retired: "badge--red" };
const TOWNS_SHOWN = 6;

/** What becomes of each unit. @param {any[]} units FateViews */
export function fates(units) {
  return html`<div class="card card--flush"><div class="card__head"><h3>${t("admin.preview.units")}</h3></div>
    <ul class="list">${units.map((unit) => html`<li class="admin-fate">
      <p class="row"><span class="badge ${FATES[/** @type {keyof typeof FATES} */ (unit.fate)]}">${t(`admin.fate.${unit.fate}`)}</span>
        <span class="strong">${unit.name}</span><span class="number small faint">${unit.code}</span></p>
      ${unit.before ? html`<p class="small muted">${t("admin.preview.before", { name: unit.before })}</p>` : nothing}
      ${unit.gained.length ? html`<p class="small"><span class="admin-gain">＋</span> ${unit.gained.join(t("common.listComma"))}</p>` : nothing}
      ${unit.lost.length ? html`<p class="small"><span class="danger-text">－</span> ${unit.lost.join(t("common.listComma"))}</p>` : nothing}
      ${unit.parent_name ? html`<p class="small muted">${t("admin.preview.parent", { name: unit.parent_name })}</p>` : nothing}
    </li>`)}</ul></div>`;
}

/** @param {any} preview a PreviewView @param {{parts: {code: string, name: string}[], place: (id: string, unit: string) => void}} people
 *  who may go where: without parts accounts go as shown */
export function previewed(preview, people) {
  return html`${broken(preview.broken)}
    ${preview.coordinated?.length ? html`<p class="notice notice--yellow"><x-icon name="alert"></x-icon><span>${t("admin.preview.coordinated", { count: preview.coordinated.length, names: preview.coordinated.map((/** @type {any} */ one) => one.matter_name).join(t("common.listComma")) })}</span></p>` : nothing}
    ${preview.alone.length ? html`<p class="notice notice--yellow"><x-icon name="alert"></x-icon><span>${t("admin.preview.alone", { names: preview.alone.join(t("common.listComma")) })}</span></p>` : nothing}
    ${fates(preview.units)}
    ${flows("tickets", preview.flows, t("admin.preview.ticketsText", { count: count(preview.tickets) }))}
    ${flows("shifts", preview.shifts, t("admin.preview.shiftsText"))}
    ${accounts(preview.people, people)}`;
}

/** @param {any[]} found BrokenViews */
function broken(found) {
  if (!found.length) return html`<p class="notice notice--green"><x-icon name="check"></x-icon><span>${t("admin.preview.sound")}</span></p>`;
  const towns = (/** @type {string[]} */ all) => all.slice(0, TOWNS_SHOWN).join(t("common.listComma")) + (all.length > TOWNS_SHOWN ? t("admin.preview.towns", { count: all.length }) : "");
  return html`<div class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><div class="stack stack--s grow">
    <p class="strong">${t("admin.preview.broken", { count: found.length })}</p>
    <ul>${found.map((one) => html`<li><span class="strong">${one.matter_name}</span>：${one.leads.length ? t("admin.preview.two", { names: one.leads.join(t("common.listComma")) }) : t("admin.preview.noLead")}
      <span class="small">（${towns(one.towns)}）</span></li>`)}</ul></div></div>`;
}

/** @param {"tickets" | "shifts"} kind @param {any[]} found FlowViews @param {string} text */
function flows(kind, found, text) {
  if (!found.length) return kind === "tickets" ? html`<p class="muted">${t("admin.preview.noTickets")}</p>` : nothing;
  return html`<div class="card card--flush"><div class="card__head"><h3>${t(`admin.preview.${kind}`)}</h3><span class="small faint">${text}</span></div>
    <ul class="list">${found.map((one) => html`<li class="admin-flow"><span>${one.unit_name || t("common.none")}</span><x-icon name="arrow"></x-icon>
      <span class="grow strong">${one.to_name || t("common.none")}</span><span class="count">${count(one.many)}</span></li>`)}</ul></div>`;
}

/** @param {any[]} all PersonViews @param {{parts: {code: string, name: string}[], place: (id: string, unit: string) => void}} people */
function accounts(all, { parts, place }) {
  // Of a split anybody may go; else only those are named whose unit changes.
  const found = parts.length ? all : all.filter((one) => one.to_name !== one.unit_name);
  if (!found.length) return nothing;
  const to = (/** @type {any} */ one) =>
    parts.length
      ? html`<select class="select select--small" aria-label=${t("admin.preview.personTo", { name: one.name })} @change=${(/** @type {any} */ e) => place(one.id, e.target.value)}>
          ${parts.map((part) => html`<option value=${part.code} ?selected=${part.code === one.to}>${part.name}</option>`)}</select>`
      : html`<span class="strong">${one.to_name}</span>`;
  return html`<div class="card card--flush"><div class="card__head"><h3>${t("admin.preview.people")}</h3></div>
    <ul class="list">${found.map((one) => html`<li class="admin-flow"><span>${one.name}</span><span class="small faint">${one.login}</span>
      <x-icon name="arrow"></x-icon><span class="grow">${to(one)}</span></li>`)}</ul></div>`;
}
