/** Quality inspection: what was drawn by lot, the matter beside the reply, a list to go through with what each is worth, and a
 * second look where somebody disagrees. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api, ApiError } from "../shared/api.js";
import { turned } from "../shared/batch.js";
import { define, PageElement } from "../shared/element.js";
import { day, when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { attemptList } from "../shared/ticket-view.js";
import { askText, busy, toast, toastError } from "../shared/ui.js";

const PAGE = 100;
const MOST = 200;
const VIEWS = ["waiting", "second", "done", "units"];

/** `<inspect-list selected=…>`: the draw; event `inspect` ({one, page}). */
class InspectList extends PageElement {
  static properties = { selected: {}, view: { state: true }, page: { state: true }, units: { state: true } };

  constructor() {
    super();
    this.selected = "";
    this.view = "waiting";
    /** @type {any} */
    this.page = null;
    /** @type {any[]} */
    this.units = [];
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  /** Reads the list: as long as it is, or a page longer. @param {boolean} [more] */
  async load(more = false) {
    const { view, page: shown } = this;
    const items = shown?.items ?? [];
    const asked = more ? { cursor: shown.next, limit: PAGE } : { limit: Math.min(Math.max(items.length, PAGE), MOST) };
    try {
      if (view === "units") this.units = (await api.all("/inspections/units")).items;
      else {
        const page = await api.get("/inspections", { view, ...asked });
        if (view === this.view) this.page = more ? { ...page, items: [...items, ...page.items] } : page;
      }
    } catch (error) {
      toastError(error);
    }
  }

  /** @param {string} view */
  choose(view) {
    Object.assign(this, { view, page: null, units: [] });
    this.load();
  }

  render() {
    const tabs = VIEWS.map((id) => ({ id, text: t(`work.inspect.${id}`), count: id === this.view && this.page ? this.page.items.length : 0 }));
    return html`<div class="pad"><x-tabs label=${t("work.inspect")} .tabs=${tabs} selected=${this.view}
        @choose=${(/** @type {CustomEvent} */ e) => this.choose(e.detail)}></x-tabs></div>
      ${this.view === "units" ? this.bands() : this.list()}`;
  }

  list() {
    const { page } = this;
    if (!page) return html`<div class="pad" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    const terms = t("work.inspect.terms", { share: Math.round(page.share * 100), least: page.least });
    if (!page.items.length) return html`<x-empty icon="check" heading=${t("work.inspect.empty")} text=${terms}></x-empty>`;
    return html`<p class="pad small faint">${terms}</p><ul class="list">${repeat(page.items, (/** @type {any} */ one) => one.number, (/** @type {any} */ one) => html`<li>
      <button class="list__item ticket-row" type="button" aria-current=${one.number === this.selected} @click=${() => this.tell(one)}>
        <span class="row row--spread row--keep"><span class="number small faint">${one.number}</span>${passedOf(one)}</span>
        <span class="strong clip">${one.unit_name}</span><span class="row small faint">${t("work.inspect.drawn", { day: day(one.drawn) })}${becauseOf(one)}</span></button></li>`)}</ul>
      ${page.next ? html`<div class="pad"><button class="btn btn--wide" type="button" data-more @click=${(/** @type {Event} */ e) => busy(e, () => this.load(true))}>${t("common.more")}</button></div>` : nothing}`;
  }

  bands() {
    if (!this.units.length) return html`<x-empty icon="chart" heading=${t("work.inspect.noUnits")}></x-empty>`;
    return html`<div class="pad"><p class="small faint">${t("work.inspect.bandsText")}</p><table class="table"><thead><tr>${["unit", "band", "looked", "passed"].map((name) => html`<th>${t(`work.inspect.head.${name}`)}</th>`)}</tr></thead>
      <tbody>${this.units.map((one) => html`<tr><td class="wide">${one.unit_name}</td><td><span class="badge">${one.band}</span></td><td class="number">${one.looked_at}</td><td class="number">${one.passed}</td></tr>`)}</tbody></table></div>`;
  }

  /** @param {any} one */
  tell(one) {
    this.dispatchEvent(new CustomEvent("inspect", { detail: { one, page: this.page } }));
  }
}

/** Why it was drawn, unless by lot. @param {any} one an InspectionView */
function becauseOf(one) {
  return one.why === "lot" ? nothing : html`<span class="badge badge--orange" data-because>${t("work.inspect.because", { why: one.why_label })}</span>`;
}

/** @param {any} one an InspectionView */
function passedOf(one) {
  if (one.passed === null) return nothing;
  const points = one.second?.points ?? one.points;
  return html`<span class="badge ${one.passed ? "badge--green" : "badge--red"}"><span class="number">${points}</span> · ${t(one.passed ? "work.inspect.pass" : "work.inspect.fail")}</span>`;
}

/** `<inspect-pane .found=${{one, page}}>`; events `back`, `inspected`. */
class InspectPane extends PageElement {
  static properties = { found: { attribute: false }, ticket: { state: true }, failed: { state: true }, errors: { state: true } };

  constructor() {
    super();
    /** @type {any} */
    this.found = null;
    this.of = "";
    this.reset();
  }

  reset() {
    /** @type {any} */
    this.ticket = null;
    /** @type {Set<string>} */
    this.failed = new Set();
    this.note = "";
    /** @type {Record<string, string>} */
    this.errors = {};
  }

  willUpdate() {
    const number = this.found?.one.number ?? "";
    if (number === this.of) return;
    this.of = number;
    this.reset();
    if (number) api.get(`/tickets/${number}`).then((ticket) => this.of === number && (this.ticket = ticket)).catch(toastError);
  }

  render() {
    if (!this.found) return html`<x-empty class="fill" icon="check" heading=${t("work.inspect.pick")} text=${t("work.inspect.pickText")}></x-empty>`;
    const { one } = this.found;
    const { ticket } = this;
    return html`<div class="pane__head row row--keep"><button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${() => this.tell("back")}><x-icon name="back"></x-icon></button>
        <div class="grow"><h1 class="ticket-head__title clip">${ticket?.title ?? one.number}</h1><p class="small faint"><span class="number">${one.number}</span> · ${one.unit_name}</p></div>${becauseOf(one)}${passedOf(one)}</div>
      <div class="pane__body pad"><div class="stack ticket-page dispute">
        ${ticket ? html`<div class="sides"><section class="card card--tight stack stack--s"><h2>${t("work.inspect.asked")}</h2><p class="prewrap">${ticket.text}</p></section>
          <section class="card card--tight stack stack--s"><h2>${t("work.inspect.reply")}</h2><p class="prewrap">${ticket.reply?.text ?? t("common.none")}</p>
            <p class="small faint">${[ticket.reply?.basis, ticket.reply?.unit_name].filter(Boolean).join(" · ")}</p>
            ${ticket.proof.map((/** @type {any} */ file) => html`<a class="btn btn--small btn--soft" href=${file.url} target="_blank" rel="noopener">${file.name}</a>`)}</section></div>`
          : html`<span class="skeleton skeleton--block"></span>`}
        ${ticket?.attempts.length ? html`<section class="card card--tight stack stack--s"><h2>${t("work.log")}</h2>${attemptList(ticket.attempts)}</section>` : nothing}
        ${one.done_at ? this.result(one) : nothing}
        ${one.second ? this.second(one.second) : nothing}
        ${!one.done_at || one.second?.may ? this.form(one) : nothing}</div></div>`;
  }

  /** @param {any} one */
  result(one) {
    return html`<section class="card card--tight stack stack--s"><div class="row row--spread"><h2>${t("work.inspect.result")}</h2><span class="number">${t("work.inspect.points", { points: one.points })}</span></div>
      ${wanting(one.failed)}${one.note ? html`<p class="prewrap">${one.note}</p>` : nothing}<p class="small faint">${when(one.done_at)}</p>
      ${one.may_ask ? html`<div class="row"><button class="btn btn--small" type="button" data-ask @click=${this.ask}>${t("work.inspect.ask")}</button></div>` : nothing}</section>`;
  }

  /** @param {any} second a SecondView */
  second(second) {
    return html`<section class="card card--tight card--accent stack stack--s"><div class="row row--spread"><h2>${t(second.by_unit ? "work.inspect.appealed" : "work.inspect.asksAgain")}</h2>
        ${second.done_at ? html`<span class="number">${t("work.inspect.points", { points: second.points })}</span>` : html`<span class="badge badge--yellow">${t("work.inspect.second")}</span>`}</div>
      <p class="prewrap">${second.why}</p>
      ${second.done_at ? html`${wanting(second.failed)}<p class="prewrap">${second.note}</p><p class="small faint">${when(second.done_at)}</p>` : nothing}</section>`;
  }

  /** @param {any} one */
  form(one) {
    const { findings, worth } = this.found.page;
    const points = 100 - worth * this.failed.size;
    const again = Boolean(one.done_at);
    return html`<form class="card card--tight stack" @submit=${this.submit}><div class="row row--spread"><h2>${t(again ? "work.inspect.lookAgain" : "work.inspect.check")}</h2><span class="number strong">${t("work.inspect.points", { points })}</span></div>
      <p class="small faint">${t("work.inspect.checkText")}</p>
      <fieldset class="stack stack--s"><legend class="unseen">${t("work.inspect.check")}</legend>${findings.map((/** @type {any} */ each) => html`<label class="check inspect-line">
        <input type="checkbox" name=${each.value} .checked=${!this.failed.has(each.value)} @change=${() => this.turn(each.value)} /><span class="grow">${each.label}</span><span class="small faint number">${worth}</span></label>`)}</fieldset>
      <div class="field"><label for="inspect-note">${t("work.inspect.note")}${this.failed.size ? html` <span class="required" aria-hidden="true">*</span>` : nothing}</label>
        <textarea class="textarea" id="inspect-note" rows="2" maxlength="2000" .value=${this.note} aria-invalid=${Boolean(this.errors.note)} @input=${(/** @type {any} */ e) => (this.note = e.target.value)}></textarea>
        ${this.errors.note ? html`<p class="field__error"><x-icon name="alert"></x-icon>${this.errors.note}</p>` : nothing}</div>
      <div class="btn-row btn-row--end"><button class="btn btn--primary" type="submit">${t("work.inspect.send")}</button></div></form>`;
  }

  /** @param {string} name */
  turn(name) {
    this.failed = turned(this.failed, name);
    this.errors = {};
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    event.preventDefault();
    const { one, page } = this.found;
    const path = `/inspections/${one.number}${one.done_at ? "/second" : ""}`;
    return busy(/** @type {HTMLElement} */ (event.submitter), async () => {
      try {
        const after = await api.post(path, { failed: [...this.failed], note: this.note });
        toast(t("work.inspect.sent"), { kind: "good" });
        this.found = { one: after, page };
        this.tell("inspected");
      } catch (error) {
        if (!(error instanceof ApiError) || !error.fields.note) throw error;
        this.errors = { ...error.fields };
      }
    });
  }

  /** @param {Event} event */
  async ask(event) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const why = await askText({ title: t("work.inspect.ask"), label: t("work.inspect.askWhy") });
    if (!why) return;
    await busy(button, async () => {
      const page = await api.post(`/inspections/${this.of}/second-look`, { why });
      this.found = { page, one: page.items.find((/** @type {any} */ each) => each.number === this.of) ?? this.found.one };
      this.tell("inspected");
    });
  }

  /** @param {string} name */
  tell(name) {
    this.dispatchEvent(new CustomEvent(name));
  }
}

/** @param {any[]} failed FindingViews */
function wanting(failed) {
  return failed.length ? html`<p class="row">${failed.map((one) => html`<span class="badge badge--red">${one.label}</span>`)}</p>` : html`<p>${t("work.inspect.allWell")}</p>`;
}

define("inspect-list", InspectList);
define("inspect-pane", InspectPane);
