/** `<bot-report>`: what the bot answers, how well, when it does not know, and why people are fetched; the last thirty days. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { bar, line, sampled } from "../shared/bars.js";
import { define, PageElement } from "../shared/element.js";
import { day } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { toastError } from "../shared/ui.js";

/** @typedef {{name: string, label: string, definition: string, numerator: number, denominator: number, weeks: (number | null)[], sample: any}} Rate
 *  @typedef {{code: string, count: number}} Reason
 *  @typedef {{unit: string, unit_name: string, late: number, entries: number}} Owner */

class BotReport extends PageElement {
  static properties = { report: { state: true } };

  constructor() {
    super();
    /** @type {{since: string, until: string, rates: Rate[], handed_over: Reason[], unanswered: Reason[], owners: Owner[]} | null} */
    this.report = null;
  }

  async connectedCallback() {
    super.connectedCallback();
    try {
      this.report = await api.get("/bot-report");
    } catch (error) {
      toastError(error);
    }
  }

  render() {
    if (!this.report) return html`<div class="pad" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    const { since, until, rates, handed_over: handed, unanswered, owners } = this.report;
    return html`<div class="pad stack"><p class="small faint">${t("knowledge.report.days", { since: day(since), until: day(until) })}</p>
      ${rates.map((rate) => this.rate(rate))}
      ${this.reasons("handed", handed)}${this.reasons("unanswered", unanswered)}${this.owners(owners)}</div>`;
  }

  /** @param {Rate} rate */
  rate({ name, label, definition, numerator, denominator, weeks, sample }) {
    const share = denominator ? `${((100 * numerator) / denominator).toFixed(1)}%` : sample ? t("common.unverified") : "—";
    return html`<section class="card card--tight row row--spread row--keep" data-rate=${name}>
      <div class="grow"><h2>${label}</h2><p class="small faint">${definition}</p>${sample ? html`<p class="small">${sampled(sample)}</p>` : nothing}</div>
      ${weeks.filter((one) => one !== null).length > 1 ? line(weeks, t("knowledge.report.weeks", { label })) : nothing}
      <div class="report-share"><span class="strong number">${share}</span><span class="small faint number">${numerator} / ${denominator}</span></div></section>`;
  }

  /** @param {Owner[]} owners with entries past their day */
  owners(owners) {
    return html`<section class="card card--tight stack stack--s" data-owners><h2>${t("knowledge.report.owners")}</h2>
      ${owners.length
        ? html`<ul class="plain stack stack--s">${owners.map((one) => html`<li class="report-reason" data-owner=${one.unit}><span>${one.unit_name}</span>${bar(one.late, one.entries)}<span class="number">${one.late}/${one.entries}</span></li>`)}</ul>`
        : html`<p class="small faint">${t("knowledge.report.none")}</p>`}</section>`;
  }

  /** @param {"handed" | "unanswered"} kind @param {Reason[]} reasons */
  reasons(kind, reasons) {
    const greatest = Math.max(1, ...reasons.map((one) => one.count));
    return html`<section class="card card--tight stack stack--s" data-reasons=${kind}><h2>${t(`knowledge.report.${kind}`)}</h2>
      ${reasons.length
        ? html`<ul class="plain stack stack--s">${reasons.map((one) => html`<li class="report-reason"><span>${t(`knowledge.reason.${one.code}`)}</span>${bar(one.count, greatest)}<span class="number">${one.count}</span></li>`)}</ul>`
        : html`<p class="small faint">${t("knowledge.report.none")}</p>`}</section>`;
  }
}

define("bot-report", BotReport);
