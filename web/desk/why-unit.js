/** Why this unit: the candidates with their certainty, duty item and reasons, and what was ruled in such matters before. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { howDecided } from "../shared/ticket-view.js";
import { precedentCard } from "./precedents.js";

const BEFORE = new Set(["received", "triage", "dispatched"]);

/** Whether a dispatcher still asks where a ticket should go. @param {any} ticket */
export function asksWhy(ticket) {
  return BEFORE.has(ticket.state) || ticket.requests.some((/** @type {any} */ one) => one.kind === "return" && !one.decided_at);
}

/** `<why-unit .ticket>` */
class WhyUnit extends PageElement {
  static properties = { ticket: { attribute: false }, rulings: { state: true } };

  constructor() {
    super();
    this.matter = "";
    /** @type {any[]} */
    this.rulings = [];
  }

  async willUpdate() {
    const { matter } = this.ticket;
    if (matter === this.matter) return;
    this.matter = matter;
    this.rulings = [];
    if (!matter) return;
    const found = await api.get("/precedents", { matter, limit: 3 }).catch(() => ({ items: [] }));
    if (matter === this.matter) this.rulings = found.items;
  }

  render() {
    const { decision } = this.ticket;
    const units = decision.candidates.map((/** @type {any} */ one) => one.unit);
    return html`<section class="card card--tight stack stack--s">
      <div class="row row--spread"><h2>${t("ticket.why")}</h2>
        ${howDecided(this.ticket)}</div>
      ${decision.lines.map((/** @type {string} */ line) => html`<p>${line}</p>`)}
      ${decision.candidates.map((/** @type {any} */ one) => this.candidate(one))}
      ${this.rulings.length ? html`<h2>${t("work.precedents")}</h2>${this.rulings.map((one) => precedentCard(one, units))}` : nothing}
    </section>`;
  }

  /** @param {any} one a CandidateView */
  candidate(one) {
    const percent = Math.round(one.score * 100);
    const enough = one.score >= this.ticket.decision.threshold;
    return html`<div class="why-candidate stack stack--s">
      <div class="row row--spread"><span class="strong">${one.name}</span>
        <span class="row small"><meter min="0" max="100" value=${percent} aria-label=${t("ticket.score")}></meter>
          <span class="number">${percent}%</span>${enough ? nothing : html`<span class="faint">${t("work.below", { many: Math.round(this.ticket.decision.threshold * 100) })}</span>`}</span></div>
      ${one.duty ? html`<p class="small"><span class="faint">${t("work.dutyItem")}</span>${one.duty}</p>` : nothing}
      ${one.reason ? html`<p class="small">${one.reason}</p>` : nothing}
      ${one.has_power ? nothing : html`<p class="small danger-text">${t("work.noPower")}</p>`}
      ${one.covers_area ? nothing : html`<p class="small danger-text">${t("work.outsideArea")}</p>`}</div>`;
  }
}

define("why-unit", WhyUnit);
