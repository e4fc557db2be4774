/** The leader's own figures: each with numerator and denominator, eight weeks as a line, the tickets behind it. Nobody else's. */
import { html, nothing } from "../vendor/lit.js";
import { line, shown } from "../shared/bars.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { busy, toastError } from "../shared/ui.js";

const NAMES = ["on_time", "first_time", "satisfied", "solved", "returned", "responded", "signed", "rehandled", "inspected", "outdated"];
const WEEKS = 8;
const DAYS = 56;

/** `<unit-figures>`; events `pick` (a ticket's number) and `back`. */
class UnitFigures extends PageElement {
  static properties = { unit: {}, found: { state: true }, trend: { state: true }, open: { state: true }, tickets: { state: true }, next: { state: true }, below: { state: true } };

  constructor() {
    super();
    /** The code of the reader's unit. */
    this.unit = "";
    /** @type {any} */
    this.found = null;
    /** @type {any[]} */
    this.trend = [];
    this.open = "";
    /** @type {any[]} */
    this.tickets = [];
    /** @type {string | null} */
    this.next = null;
    /** Whether the units below are counted in. */
    this.below = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    try {
      const { below } = this;
      const [found, trend] = await Promise.all([api.get("/indicators", { days: DAYS, below }), api.get("/indicators/trend", { weeks: WEEKS, below })]);
      if (below === this.below) Object.assign(this, { found, trend: trend.weeks });
    } catch (error) {
      toastError(error);
    }
  }

  render() {
    const { found } = this;
    return html`<div class="pane__head row row--spread row--keep"><div class="row row--keep">
        <button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${() => this.tell("back")}><x-icon name="back"></x-icon></button>
        <h1>${t("unit.figures")}</h1></div>
        <button class="btn btn--small" type="button" ?disabled=${!found} @click=${(/** @type {Event} */ e) => this.save(e, `/indicators.csv?days=${DAYS}&below=${this.below}`, "indicators.csv")}><x-icon name="download"></x-icon>${t("unit.figures.csv")}</button></div>
      <div class="pane__body pad stack">${found ? this.figures(found) : html`<span class="skeleton skeleton--block" aria-busy="true"></span>`}</div>`;
  }

  /** @param {any} found */
  figures(found) {
    const score = found.score;
    return html`<p class="small faint">${t("unit.figures.about", { since: found.since, until: found.until, excluded: found.excluded })}</p>
      ${found.below.length ? html`<label class="check"><input type="checkbox" data-below .checked=${this.below}
          @change=${() => this.widen()} /><span>${t("unit.figures.below", { count: found.below.length })}</span></label>` : nothing}
      ${found.counts_below ? html`<p class="small faint" data-counted>${t("unit.figures.belowNames", { names: found.below.join("、") })}</p>` : nothing}
      ${score ? html`<p>${t("unit.figures.band")} <span class="badge badge--primary strong">${score.band}</span>
        <span class="small faint">${t("unit.figures.points", { points: score.points, tickets: score.tickets })}</span></p>` : nothing}
      <div class="table-wrap"><table class="table unit-rates"><thead><tr><th>${t("unit.figures.name")}</th><th class="end">${t("unit.figures.all")}</th>
        <th class="end">${t("unit.figures.kept")}</th><th class="only-wide">${t("unit.figures.trend")}</th></tr></thead>
        <tbody>${NAMES.map((name) => this.row(found.rates.find((/** @type {any} */ one) => one.name === name)))}</tbody></table></div>`;
  }

  /** @param {any} rate */
  row(rate) {
    const weeks = this.trend.map((week) => week.rates.find((/** @type {any} */ one) => one.name === rate.name)?.all.value ?? null);
    const opened = this.open === rate.name;
    return html`<tr><td class="wide" data-name=${rate.name}>${rate.drills ? html`<button class="link-button" type="button" aria-expanded=${opened} data-rate=${rate.name} @click=${() => this.drill(rate)}>${rate.label}</button>` : rate.label}
        <div class="small faint">${rate.definition}</div></td>
      <td class="end number">${shown(rate, rate.all)}<div class="small faint">${rate.all.numerator}/${rate.all.denominator}</div></td>
      <td class="end number">${shown(rate, rate.kept)}<div class="small faint">${rate.kept.numerator}/${rate.kept.denominator}</div></td>
      <td class="only-wide">${line(weeks, t("unit.figures.trendOf", { label: rate.label }))}</td></tr>
      ${opened ? html`<tr><td colspan="4">${this.behind(rate)}</td></tr>` : nothing}`;
  }

  /** @param {any} rate */
  behind(rate) {
    if (!this.tickets.length) return html`<p class="faint">${t("unit.figures.none")}</p>`;
    return html`<div class="row">${this.tickets.map((one) => this.below && one.unit !== this.unit ? html`<span class="small" data-of-below>
        <span class="number">${one.number}</span> ${one.unit_name}</span>` : html`<button class="btn btn--small ${one.numerator ? "" : "btn--soft"}" type="button"
        @click=${() => this.tell("pick", one.number)}><span class="number">${one.number}</span>${one.numerator ? html`<x-icon name="check"></x-icon>` : nothing}
        ${one.excluded ? html`<span class="small">${t("unit.figures.excluded")}</span>` : nothing}</button>`)}
      ${this.next ? html`<button class="btn btn--small btn--quiet" type="button" @click=${() => this.read(rate.name, this.next ?? "")}>${t("common.more")}</button>` : nothing}
      <button class="btn btn--small btn--quiet" type="button" @click=${(/** @type {Event} */ e) => this.save(e, `/indicators/${rate.name}/tickets.csv?days=${DAYS}&below=${this.below}`, `${rate.name}.csv`)}>
        <x-icon name="download"></x-icon>${t("unit.figures.csv")}</button></div>`;
  }

  /** With the units below, or without them again. */
  async widen() {
    Object.assign(this, { below: !this.below, open: "", tickets: [], next: null });
    await this.load();
  }

  /** @param {any} rate */
  async drill(rate) {
    const same = this.open === rate.name;
    Object.assign(this, { open: same ? "" : rate.name, tickets: [], next: null });
    if (!same) await this.read(rate.name, "");
  }

  /** @param {string} name @param {string} cursor */
  async read(name, cursor) {
    try {
      const { below } = this;
      const page = await api.get(`/indicators/${name}/tickets`, { days: DAYS, cursor, below });
      if (this.open === name && below === this.below) Object.assign(this, { tickets: [...this.tickets, ...page.items], next: page.next });
    } catch (error) {
      toastError(error);
    }
  }

  /** The file as it is now: a link would give what the browser kept. @param {Event} event @param {string} path @param {string} name */
  async save(event, path, name) {
    await busy(event, async () => {
      const answer = await fetch(`/api/v1${path}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("unit-figures", UnitFigures);
