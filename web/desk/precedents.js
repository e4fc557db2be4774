/** Rulings: as cards beside a ticket, and as a page of their own with search and the candidates to amend the catalogue. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { askText, busy, toastError } from "../shared/ui.js";

/** @param {any} one a PrecedentView @param {string[]} [units] whose dispute is looked at @param {unknown} [foot] */
export function precedentCard(one, units = [], foot = nothing) {
  const same = [...one.units, one.lead].some((unit) => units.includes(unit));
  return html`<article class="precedent stack stack--s">
    <div class="row row--spread"><span class="strong">${t("work.ruledLead", { unit: one.lead_name })}</span>
      <span class="row">${same ? html`<span class="badge badge--blue">${t("work.sameUnits")}</span>` : nothing}
        ${one.amendment === "none" ? nothing : html`<span class="badge badge--yellow">${one.amendment_label}</span>`}</span></div>
    ${one.supporting_names.length ? html`<p class="small">${t("work.supporting")}${one.supporting_names.join(t("common.listComma"))}</p>` : nothing}
    <p class="prewrap">${one.reason}</p>
    <p class="small"><span class="faint">${t("work.clause")}</span>${one.clause}</p>
    <p class="small faint">${[one.matter_name, one.area_name, one.unit_names.join(" / "), one.ticket, when(one.at)].filter(Boolean).join(" · ")}</p>
    ${one.note ? html`<p class="small">${one.note}</p>` : nothing}${foot}</article>`;
}

/** `<precedent-list ?rules>`: search, and — for whoever rules — what becomes of the catalogue. */
class PrecedentList extends PageElement {
  static properties = { rules: { type: Boolean }, items: { state: true }, candidates: { state: true } };

  constructor() {
    super();
    this.rules = false;
    this.candidates = false;
    this.q = "";
    /** @type {any[] | null} */
    this.items = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.read();
  }

  async read() {
    try {
      const asked = { q: this.q, amendment: this.candidates ? "candidate" : "", limit: 50 };
      this.items = (await api.get("/precedents", asked)).items;
    } catch (error) {
      this.items = [];
      toastError(error);
    }
  }

  render() {
    return html`<div class="pane__head stack stack--s"><h1 class="ticket-head__title">${t("work.precedents")}</h1>
        <form class="row row--keep" role="search" @submit=${this.search}>
          <input class="input grow" name="q" type="search" placeholder=${t("work.precedentSearch")} aria-label=${t("common.search")} />
          <button class="btn">${t("common.search")}</button></form>
        <label class="check"><input type="checkbox" .checked=${this.candidates} @change=${this.turn} /><span>${t("work.candidatesOnly")}</span></label></div>
      <div class="pane__body pad"><div class="stack">${this.list()}</div></div>`;
  }

  list() {
    if (!this.items) return html`<span class="skeleton skeleton--block" aria-busy="true"></span>`;
    if (!this.items.length) return html`<x-empty icon="ticket" heading=${t("work.noPrecedents")} text=${t("work.noPrecedentsText")}></x-empty>`;
    return this.items.map((one) => html`<div class="card card--tight">${precedentCard(one, [], this.foot(one))}</div>`);
  }

  /** @param {any} one */
  foot(one) {
    if (!this.rules || one.amendment !== "candidate") return nothing;
    return html`<div class="row"><button class="btn btn--small btn--primary" type="button" @click=${(/** @type {Event} */ e) => this.amend(e, one, "adopted")}>${t("work.adopt")}</button>
      <button class="btn btn--small" type="button" @click=${(/** @type {Event} */ e) => this.amend(e, one, "dropped")}>${t("work.drop")}</button></div>`;
  }

  /** @param {Event} event @param {any} one @param {string} amendment */
  async amend(event, one, amendment) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const note = await askText({ title: t(amendment === "adopted" ? "work.adopt" : "work.drop"), label: t("work.note"), required: false });
    if (note === null) return;
    await busy(button, async () => {
      await api.post(`/precedents/${one.id}/amendment`, { amendment, note });
      await this.read();
    });
  }

  /** @param {SubmitEvent} event */
  search(event) {
    event.preventDefault();
    this.q = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("q") ?? "").trim();
    this.read();
  }

  turn() {
    this.candidates = !this.candidates;
    this.read();
  }
}

define("precedent-list", PrecedentList);
