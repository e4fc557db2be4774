/** A call-back: what the citizen asked for beside what they were told, the calls and attempts, and the form for the outcome. */
import { html, nothing } from "../vendor/lit.js";
import "../shared/action-form.js";
import { api } from "../shared/api.js";
import { callButton, followCalls, isCalling, readCalls, startCall } from "../shared/calling.js";
import { define, PageElement } from "../shared/element.js";
import { day, when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { attemptList, refusal } from "../shared/ticket-view.js";

/** @typedef {import("../shared/calling.js").Calls} Calls
 * @typedef {import("../shared/action-form.js").Field} Field */

const OF_A_TALK = ["no_call_reason", "score", "solved"];
const NOT_REACHED = ["other", "nobody", "voicemail"];

/** `<call-back .ticket .onConflict>`; event `changed` (the ticket). */
class CallBack extends PageElement {
  static properties = { ticket: { attribute: false }, onConflict: { attribute: false }, calls: { state: true }, values: { state: true } };

  constructor() {
    super();
    /** @type {() => Promise<any>} */
    this.onConflict = async () => undefined;
    /** @type {Calls | null} */
    this.calls = null;
    /** @type {Record<string, unknown>} */
    this.values = {};
    this.number = "";
    this.stop = () => {};
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  /** Another ticket has other calls and an empty form. */
  willUpdate() {
    if (this.number === this.ticket.number) return;
    this.number = this.ticket.number;
    Object.assign(this, { calls: null, values: {} });
    this.read();
  }

  async read() {
    const { number } = this;
    const calls = await readCalls(number);
    if (number === this.number && calls) this.show(calls);
  }

  /** @param {Calls} calls */
  show(calls) {
    this.calls = calls;
    this.foresee();
    this.stop();
    this.stop = followCalls(this.number, calls, (now) => {
      this.calls = now;
      if (!isCalling(now)) this.foresee();
    });
  }

  /** What the last call says of the outcome is filled in; what somebody chose stays. */
  foresee() {
    const [last] = this.calls?.calls ?? [];
    if (!last || last.running || this.values.channel || this.values.reached) return;
    if (last.proves) this.values = { ...this.values, channel: "phone", reached: "true" };
    else if (NOT_REACHED.includes(last.heard)) this.values = { ...this.values, channel: "phone", reached: "false", other_person: last.heard === "other" };
  }

  render() {
    const { ticket } = this;
    const { call_back: how, attempts, reply } = ticket;
    const log = ticket.actions.find((/** @type {any} */ one) => one.action === "log_call");
    return html`<section class="card card--tight stack call-back">
      <div class="row row--spread"><h2>${t("work.script")}</h2>
        <span class="row small grow">${this.progress(how.attempts, how.attempts_needed, "work.attempts")}
          ${this.progress(how.days, how.days_needed, "work.days")} ${this.progress(how.channels, how.channels_needed, "work.channels")}</span>
        ${log && this.calls ? callButton(this.calls, (event) => this.call(event), this.proven() ? "" : "btn--primary") : nothing}</div>
      ${refusal(ticket.refusal)}
      ${this.vote()}
      ${how.to_confirm ? html`<p class="notice notice--yellow" data-waits><x-icon name="clock"></x-icon><span>${t("work.waitsForVote", { told: how.to_confirm, until: day(how.confirm_until) })} ${t(how.confirm_sent ? "work.confirmSent" : "work.confirmUnsent")}</span></p>` : nothing}
      <p class="notice"><x-icon name="info"></x-icon><span>${t("work.opening", { title: ticket.title })} ${t("work.closing")}</span></p>
      <div class="sides"><div class="stack stack--s"><h3>${t("work.points")}</h3>
          <ol class="stack stack--s points">${how.points.map((/** @type {string} */ point) => html`<li>${point}</li>`)}</ol></div>
        <div class="stack stack--s"><h3>${t("work.toldThem")}</h3><p class="prewrap">${reply?.text ?? t("common.none")}</p>
          ${reply?.unit_name ? html`<p class="small faint">${reply.unit_name} · ${when(reply.at)}</p>` : nothing}</div></div>
      ${attempts.length ? html`<h3>${t("work.log")}</h3>${attemptList(attempts)}` : nothing}
      ${log ? this.outcome(log) : nothing}
    </section>`;
  }

  /** The call, then what came of it. @param {any} log */
  outcome(log) {
    const { calls } = this;
    const first = calls && !calls.hindrance && !calls.calls.length;
    return html`<citizen-calls number=${this.number} .view=${calls} @heard=${(/** @type {CustomEvent} */ e) => this.heard(e.detail)}></citizen-calls>
      <div class="row"><h3>${t("work.outcome")}</h3>${first ? html`<span class="small faint">${t("work.callFirst")}</span>` : nothing}</div>
      ${this.form(log)}`;
  }

  /** Whether a call stands behind what is put down next. */
  proven() {
    return Boolean(this.calls?.calls.some((one) => one.proves));
  }

  /** @param {Event} event */
  async call(event) {
    const { number, calls } = this;
    if (!calls) return;
    const after = await startCall(/** @type {HTMLElement} */ (event.currentTarget), number, calls);
    if (after && number === this.number) this.show(after);
  }

  /** @param {Calls} calls */
  heard(calls) {
    this.values = { ...this.values, channel: "", reached: "", other_person: false };
    this.show(calls);
  }

  /** What the citizen said: why they are called. */
  vote() {
    const { rating, vote } = this.ticket;
    if (!rating) return html`<p class="notice notice--yellow"><x-icon name="info"></x-icon><span>${t("work.noVote")}</span></p>`;
    return html`<div class="notice ${vote?.bad ? "notice--red" : "notice--green"}" data-vote><x-icon name="${vote?.bad ? "alert" : "check"}"></x-icon>
      <div><p class="row"><span class="strong">${t("work.voted", { score: rating.score_label, solved: rating.solved_label })}</span><span class="small faint">${when(rating.at)}</span></p>
        ${rating.comment ? html`<p class="prewrap">${rating.comment}</p>` : nothing}</div></div>`;
  }

  /** The fields that make sense: of a talk only after one, why there is no call only where there is none.
   * @param {any} log */
  fields(log) {
    const { channel, reached } = this.values;
    const talked = reached === "true";
    const called = channel === "phone" && this.calls?.calls.some((one) => (talked ? one.proves : one.tries));
    const written = !talked && channel === this.ticket.call_back.writes_on;
    const picked = reached === "false" && channel === "phone";
    const owed = Boolean(channel && reached) && !called && !written;
    return log.fields
      .filter((/** @type {Field} */ field) => field.name !== "other_person" || picked)
      .filter((/** @type {Field} */ field) => (field.name === "no_call_reason" ? owed : talked || !OF_A_TALK.includes(field.name)))
      .map((/** @type {Field} */ field) => {
        if (field.name === "no_call_reason") return { ...field, required: true };
        if (field.name === "text") return { ...field, required: picked && Boolean(this.values.other_person) };
        if (field.name === "channel" && written) return { ...field, hint: t("work.writesNow") };
        return field.name === "solved" && this.ticket.rating ? { ...field, hint: t("work.toldOnly") } : field;
      });
  }

  /** @param {any} log */
  form(log) {
    const { number } = this.ticket;
    return html`<action-form class="call-form" .action=${{ ...log, fields: this.fields(log) }} .values=${this.values} .onConflict=${async () => void (await this.onConflict())}
      .onEdit=${(/** @type {Record<string, unknown>} */ values) => (this.values = values)}
      .send=${(/** @type {object} */ form) => api.post(`/tickets/${number}/actions/log_call`, { version: this.ticket.version, form })}
      @done=${(/** @type {CustomEvent} */ e) => this.done(e)} @give-up=${() => (this.values = {})}></action-form>`;
  }

  /** @param {CustomEvent} event */
  async done(event) {
    this.values = {};
    this.dispatchEvent(new CustomEvent("changed", { detail: event.detail }));
    await this.read();
    this.scrollIntoView({ block: "start" });
  }

  /** @param {number} have @param {number} need @param {string} key */
  progress(have, need, key) {
    return html`<span class="badge ${have >= need ? "badge--green" : ""}">${t(key, { have, need })}</span>`;
  }
}

define("call-back", CallBack);
