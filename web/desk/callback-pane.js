/** A call-back: what the citizen asked for beside what they were told, the attempts, and the form for the outcome. */
import { html, nothing } from "../vendor/lit.js";
import "../shared/action-form.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";

/** `<call-back .ticket .onConflict>`; event `changed` (the ticket). */
class CallBack extends PageElement {
  static properties = { ticket: { attribute: false }, onConflict: { attribute: false } };

  constructor() {
    super();
    /** @type {() => Promise<any>} */
    this.onConflict = async () => undefined;
  }

  render() {
    const { ticket } = this;
    const { call_back: how, attempts, reply } = ticket;
    const log = ticket.actions.find((/** @type {any} */ one) => one.action === "log_call");
    return html`<section class="card card--tight stack call-back">
      <div class="row row--spread"><h2>${t("work.script")}</h2>
        <span class="row small">${this.progress(how.attempts, how.attempts_needed, "work.attempts")}
          ${this.progress(how.days, how.days_needed, "work.days")} ${this.progress(how.channels, how.channels_needed, "work.channels")}</span></div>
      ${this.vote()}
      <p class="notice"><x-icon name="phone"></x-icon><span>${t("work.opening", { title: ticket.title })}</span></p>
      <div class="sides"><div class="stack stack--s"><h3>${t("work.points")}</h3>
          <ol class="stack stack--s points">${how.points.map((/** @type {string} */ point) => html`<li>${point}</li>`)}</ol></div>
        <div class="stack stack--s"><h3>${t("work.toldThem")}</h3><p class="prewrap">${reply?.text ?? t("common.none")}</p>
          ${reply?.unit_name ? html`<p class="small faint">${reply.unit_name} · ${when(reply.at)}</p>` : nothing}</div></div>
      <p class="small">${t("work.closing")}</p>
      ${attempts.length ? html`<h3>${t("work.log")}</h3><ol class="stack stack--s plain">${attempts.map((/** @type {any} */ one) => html`<li class="row small">
        <span class="number">${when(one.at)}</span><span class="badge">${one.channel}</span>
        <span class="badge ${one.reached ? "badge--green" : "badge--yellow"}">${t(one.reached ? "work.reached" : "work.notReached")}</span><span class="grow">${one.note}</span><span class="faint">${one.by}</span></li>`)}</ol>` : nothing}
      ${log ? html`<h3>${t("work.outcome")}</h3>${this.form(log)}` : nothing}
    </section>`;
  }

  /** What the citizen said: why they are called. */
  vote() {
    const { rating, vote } = this.ticket;
    if (!rating) return html`<p class="notice notice--yellow"><x-icon name="info"></x-icon><span>${t("work.noVote")}</span></p>`;
    return html`<div class="notice ${vote?.bad ? "notice--red" : "notice--green"}" data-vote><x-icon name="${vote?.bad ? "alert" : "check"}"></x-icon>
      <div><p class="strong">${t("work.voted", { score: rating.score_label, solved: rating.solved_label })}</p>
        ${rating.comment ? html`<p class="prewrap">${rating.comment}</p>` : nothing}<p class="small faint">${when(rating.at)}</p></div></div>`;
  }

  /** @param {any} log */
  form(log) {
    const { number } = this.ticket;
    return html`<action-form class="call-form" .action=${log} .onConflict=${async () => void (await this.onConflict())}
      .send=${(/** @type {object} */ form) => api.post(`/tickets/${number}/actions/log_call`, { version: this.ticket.version, form })}
      @done=${(/** @type {CustomEvent} */ e) => this.done(e)} @give-up=${(/** @type {any} */ e) => (e.currentTarget.values = {})}></action-form>`;
  }

  /** @param {CustomEvent} event */
  done(event) {
    const form = /** @type {any} */ (event.currentTarget);
    form.values = {};
    this.dispatchEvent(new CustomEvent("changed", { detail: event.detail }));
  }

  /** @param {number} have @param {number} need @param {string} key */
  progress(have, need, key) {
    return html`<span class="badge ${have >= need ? "badge--green" : ""}">${t(key, { have, need })}</span>`;
  }
}

define("call-back", CallBack);
