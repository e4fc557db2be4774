/** `<calendar-pane .me>`: the working calendar by year; days set by hand or from a pasted table, hours, what was changed. */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { loadTexts, t } from "../shared/i18n.js";
import { busy, toast, toastError } from "../shared/ui.js";
import { field } from "./unit-draft.js";

/** @typedef {{date: string, kind: string | null, kind_label: string, name: string}} Day */

await loadTexts("rules");

const MONTHS = Array.from({ length: 12 }, (_, n) => n);

/** @param {number} year @param {number} month @param {number} day */
const iso = (year, month, day) => `${year}-${String(month + 1).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
/** 0 is Monday. @param {number} year @param {number} month @param {number} day */
const weekday = (year, month, day) => (new Date(Date.UTC(year, month, day)).getUTCDay() + 6) % 7;

class CalendarPane extends PageElement {
  static properties = {
    view: { state: true }, year: { state: true }, days: { state: true }, announce: { state: true }, hours: { state: true }, why: { state: true },
    pasted: { state: true }, wrong: { state: true }, name: { state: true }, errors: { state: true }, problem: { state: true },
  };

  constructor() {
    super();
    /** @type {any} null before it was read */
    this.view = null;
    this.year = 0;
    /** @type {Map<string, {kind: string | null, name: string}>} days that are to be otherwise */
    this.days = new Map();
    this.announce = false;
    /** @type {[string, string][] | null} */
    this.hours = null;
    this.why = "";
    this.name = "";
    this.pasted = "";
    /** @type {[number, string][]} */
    this.wrong = [];
    /** @type {Record<string, string>} */
    this.errors = {};
    this.problem = "";
  }

  connectedCallback() {
    super.connectedCallback();
    this.load().catch(toastError);
  }

  /** @param {any} fact */
  onFact(fact) {
    if (fact.kind === "directory.CalendarChanged") this.onResync();
  }

  onResync() {
    if (!this.touched) this.load().catch(toastError);
  }

  /** @param {number} [year] */
  async load(year = this.year) {
    this.view = await api.get("/calendar", { year: year || "" });
    this.year = this.view.year;
  }

  get touched() {
    return this.days.size > 0 || this.announce || this.hours !== null;
  }

  forget() {
    Object.assign(this, { days: new Map(), announce: false, hours: null, why: "", pasted: "", wrong: [], errors: {}, problem: "" });
  }

  /** @param {number} by */
  async turn(by) {
    if (this.touched) return toast(t("rules.calendar.saveFirst"), { kind: "warn" });
    await this.load(this.year + by).catch(toastError);
  }

  /** What a day is, with what is being changed. @param {string} date */
  kindOf(date) {
    const set = this.days.get(date);
    if (set) return set.kind ?? "";
    return this.view.days.find((/** @type {Day} */ one) => one.date === date)?.kind ?? "";
  }

  render() {
    if (!this.view) return html`<div class="pad stack" aria-busy="true">${[1, 2, 3].map(() => html`<span class="skeleton skeleton--block"></span>`)}</div>`;
    const { view, year } = this;
    const known = view.announced.includes(year);
    return html`<div class="panes panes--calendar" data-show="first">
      <section class="pane"><div class="pane__head row row--keep">
          <button class="btn btn--icon btn--small" type="button" aria-label=${t("rules.calendar.previous")} @click=${() => this.turn(-1)}><x-icon name="left"></x-icon></button>
          <h1 class="admin-detail__title number">${t("rules.calendar.year", { year })}</h1>
          <button class="btn btn--icon btn--small" type="button" aria-label=${t("rules.calendar.next")} @click=${() => this.turn(1)}><x-icon name="right"></x-icon></button>
          <span class="badge ${known ? "badge--green" : "badge--yellow"}">${t(known ? "rules.calendar.announced" : "rules.calendar.unannounced")}</span></div>
        <div class="pane__body"><div class="pad stack">
          ${known ? nothing : html`<p class="notice notice--yellow"><x-icon name="info"></x-icon><span>${t("rules.calendar.monToFri")}</span></p>
            <label class="check"><input type="checkbox" data-announce .checked=${this.announce} @change=${(/** @type {any} */ e) => (this.announce = e.target.checked)} /><span>${t("rules.calendar.announce", { year })}</span></label>`}
          <p class="row small"><span class="day-key" data-kind="holiday">${t("rules.day.holiday")}</span><span class="day-key" data-kind="makeup">${t("rules.day.makeup")}</span><span class="faint">${t("rules.calendar.press")}</span></p>
          <div class="months">${MONTHS.map((month) => this.month(month))}</div>
        </div></div></section>
      <section class="pane pane--soft">${this.side()}</section></div>`;
  }

  /** @param {number} month */
  month(month) {
    const { year } = this;
    const count = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const heads = [...t("rules.calendar.weekdays")].map((one) => html`<span class="month__head" aria-hidden="true">${one}</span>`);
    return html`<section class="month" aria-label=${t("rules.calendar.month", { month: month + 1 })}><h2 class="month__name">${t("rules.calendar.month", { month: month + 1 })}</h2>
      <div class="month__days">${heads}${Array.from({ length: weekday(year, month, 1) }, () => html`<span></span>`)}
        ${Array.from({ length: count }, (_, n) => this.day(month, n + 1))}</div></section>`;
  }

  /** @param {number} month @param {number} number */
  day(month, number) {
    const date = iso(this.year, month, number);
    const kind = this.kindOf(date);
    const free = weekday(this.year, month, number) > 4;
    const named = this.days.get(date)?.name ?? this.view.days.find((/** @type {Day} */ one) => one.date === date)?.name ?? "";
    const says = kind ? t(`rules.day.${kind}`) : t(free ? "rules.day.weekend" : "rules.day.workday");
    return html`<button class="day number" type="button" data-date=${date} data-kind=${kind} data-free=${free} data-changed=${this.days.has(date)}
      aria-label=${`${date} ${says} ${named}`} title=${`${says} ${named}`} aria-pressed=${Boolean(kind)} @click=${() => this.press(date, free)}>${number}</button>`;
  }

  /** A press turns a day over: a working day off, a free day into a make-up day, and back. @param {string} date @param {boolean} free */
  press(date, free) {
    const kind = this.kindOf(date) ? null : free ? "makeup" : "holiday";
    const before = this.view.days.find((/** @type {Day} */ one) => one.date === date);
    const days = new Map(this.days);
    if ((before?.kind ?? null) === kind) days.delete(date);
    else days.set(date, { kind, name: kind ? this.name : "" });
    this.days = days;
  }

  // -- beside the year ------------------------------------------------------------------------------------

  side() {
    return html`<form class="pane__form" @submit=${this.submit}><div class="pane__body"><div class="pad stack">
        ${this.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
        <section class="card card--tight stack stack--s"><h2 class="strong">${t("rules.calendar.change")}</h2>
          ${field("calendar-name", t("rules.calendar.name"), html`<input class="input" id="calendar-name" maxlength="100" .value=${this.name} placeholder=${t("rules.calendar.nameHint")} @input=${(/** @type {any} */ e) => (this.name = e.target.value)} />`)}
          ${field("calendar-paste", t("rules.calendar.paste"), html`<textarea class="textarea" id="calendar-paste" rows="4" .value=${this.pasted} placeholder=${t("rules.calendar.pasteHint")} @input=${(/** @type {any} */ e) => (this.pasted = e.target.value)}></textarea>`)}
          <button class="btn" type="button" data-read ?disabled=${!this.pasted.trim()} @click=${(/** @type {Event} */ e) => busy(e, () => this.read())}>${t("rules.calendar.read")}</button>
          ${this.wrong.length ? html`<ul class="calendar-wrong small">${this.wrong.map(([line, code]) => html`<li class="danger-text">${t("rules.calendar.line", { line })}${t(`rules.wrong.${code}`)}</li>`)}</ul>` : nothing}
          ${this.hoursForm()}
        </section>
        ${this.changes()}
        ${this.history()}
      </div></div>
      ${this.touched ? html`<div class="pane__foot stack stack--s">${field("calendar-why", t("rules.limits.why"), html`<input class="input" id="calendar-why" maxlength="500" required .value=${this.why} placeholder=${t("rules.limits.whyHint")} aria-invalid=${Boolean(this.errors.why)} @input=${(/** @type {any} */ e) => (this.why = e.target.value)} />`, this.errors.why)}
        <span class="btn-row btn-row--end"><button class="btn" type="button" @click=${this.forget}>${t("common.cancel")}</button><button class="btn btn--primary" data-save>${t("rules.calendar.save")}</button></span></div>` : nothing}</form>`;
  }

  hoursForm() {
    const hours = this.hours ?? this.view.business_hours;
    const set = (/** @type {number} */ place, /** @type {number} */ end, /** @type {string} */ value) => {
      const next = hours.map((/** @type {[string, string]} */ one) => [...one]);
      next[place][end] = value;
      this.hours = JSON.stringify(next) === JSON.stringify(this.view.business_hours) ? null : next;
    };
    return html`<fieldset class="stack stack--s"><legend class="strong small">${t("rules.calendar.hours")}</legend>
      ${hours.map((/** @type {[string, string]} */ [opens, closes], /** @type {number} */ place) => html`<span class="row row--keep"><input class="input input--small" type="time" required aria-label=${t("rules.calendar.opens")} .value=${opens} @change=${(/** @type {any} */ e) => set(place, 0, e.target.value)} />
        <span>–</span><input class="input input--small" type="time" required aria-label=${t("rules.calendar.closes")} .value=${closes} @change=${(/** @type {any} */ e) => set(place, 1, e.target.value)} /></span>`)}
      ${this.errors.business_hours ? html`<p class="field__error"><x-icon name="alert"></x-icon>${this.errors.business_hours}</p>` : nothing}</fieldset>`;
  }

  /** What will be saved. */
  changes() {
    if (!this.days.size) return nothing;
    const rows = [...this.days].sort();
    return html`<section class="card card--flush"><h2 class="card__head">${t("rules.limits.changes", { count: rows.length })}</h2><ul class="list">${rows.map(([date, { kind, name }], place) => html`<li class="limit-row">
      <span class="number">${date}</span><span class="badge ${kind === "holiday" ? "badge--red" : kind ? "badge--primary" : ""}">${t(`rules.day.${kind ?? "plain"}`)}</span><span class="grow">${name}</span>
      <button class="btn btn--icon btn--small btn--quiet" type="button" aria-label=${t("rules.calendar.drop", { date })} @click=${() => this.drop(date)}><x-icon name="close"></x-icon></button>
      ${this.errors[`days.${place}`] ? html`<span class="field__error limit-row__error"><x-icon name="alert"></x-icon>${this.errors[`days.${place}`]}</span>` : nothing}</li>`)}</ul></section>`;
  }

  history() {
    const { changes } = this.view;
    if (!changes.length) return nothing;
    return html`<section class="card card--flush"><h2 class="card__head">${t("rules.calendar.history")}</h2><ul class="list">${changes.map((/** @type {any} */ one) => html`<li class="calendar-change">
      <span class="strong">${one.why}</span><span class="small faint">${one.by_name} · ${when(one.at)}</span>
      <span class="small muted">${[...one.announced.map((/** @type {number} */ year) => t("rules.calendar.year", { year }) + t("rules.calendar.announced")), ...(one.hours ? [t("rules.calendar.hours")] : []),
        ...(one.days.length ? [t("rules.calendar.days", { count: one.days.length, first: one.days[0].date })] : [])].join(t("common.listComma"))}</span></li>`)}</ul></section>`;
  }

  /** @param {string} date */
  drop(date) {
    const days = new Map(this.days);
    days.delete(date);
    this.days = days;
  }

  async read() {
    const answer = await api.post("/calendar/read", { text: this.pasted });
    const days = new Map(this.days);
    for (const one of answer.days) {
      const before = this.view.days.find((/** @type {Day} */ each) => each.date === one.date);
      if ((before?.kind ?? null) !== one.kind || (before?.name ?? "") !== one.name) days.set(one.date, { kind: one.kind, name: one.name });
    }
    this.wrong = answer.wrong;
    if (!answer.days.length) return;
    const year = Number(answer.days[0].date.slice(0, 4));
    if (year !== this.year) await this.load(year);
    this.days = days;
    if (!this.view.announced.includes(year)) this.announce = true;
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    busy(/** @type {HTMLElement} */ (this.querySelector("[data-save]")), () => this.save());
  }

  async save() {
    const days = [...this.days].sort().map(([date, one]) => ({ date, ...one }));
    const form = { version: this.view.version, why: this.why, days, announce: this.announce ? [this.year] : [], business_hours: this.hours };
    try {
      const { year } = this;
      await api.post("/calendar", form);
      this.forget();
      await this.load(year);
      toast(t("rules.calendar.done"), { kind: "good" });
    } catch (error) {
      this.errors = error instanceof ApiError ? error.fields : {};
      const shown = Object.keys(this.errors).some((name) => name === "why" || name === "business_hours" || name.startsWith("days."));
      this.problem = shown ? t("rules.limits.look") : (Object.values(this.errors)[0] ?? sayError(error));
      if (error instanceof ApiError && error.status === 409) await this.load();
    }
  }
}

define("calendar-pane", CalendarPane);
