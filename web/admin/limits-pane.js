/** `<limits-pane .me>`: every version of the limits with what it changed, the values in force, and a new version. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { day } from "../shared/format.js";
import { loadTexts, t } from "../shared/i18n.js";
import { busy, toast, toastError } from "../shared/ui.js";
import { field } from "./unit-draft.js";

/** @typedef {{kind: string, amount: number, text: string}} Value */
/** @typedef {{key: string, group: string, group_label: string, label: string, value: Value, kinds: string[], weaker: string, bound: Value | null, source: string}} Row */

/** For comparing only: a working day counts as a day. @type {Record<string, number>} */
const MINUTES = { minutes: 1, business_minutes: 1, working_days: 1440 };

/** @param {{kind: string, amount: number}} value */
function measure({ kind, amount }) {
  return kind === "same_day" ? MINUTES.working_days : amount * (MINUTES[kind] ?? 1);
}

await loadTexts("rules");

class LimitsPane extends PageElement {
  static properties = { view: { state: true }, chosen: { state: true }, draft: { state: true }, errors: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {any} null before it was read */
    this.view = null;
    /** @type {number | null} the version that is shown; null on a phone shows the list */
    this.chosen = null;
    /** @type {{values: Record<string, {kind: string, amount: number}>, day: string, why: string, beyond: string} | null} what is being changed */
    this.draft = null;
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
    if (fact.kind === "ticketing.LimitsChanged") this.onResync();
  }

  onResync() {
    if (!this.draft) this.load().catch(toastError);
  }

  async load() {
    this.view = await api.get("/limits");
  }

  get current() {
    return this.view.versions.find((/** @type {any} */ one) => one.state === "current");
  }

  render() {
    if (!this.view) return html`<div class="pad stack" aria-busy="true">${[1, 2, 3].map(() => html`<span class="skeleton skeleton--block"></span>`)}</div>`;
    const open = this.draft || this.chosen !== null;
    return html`<div class="panes panes--admin" data-show=${open ? "second" : "first"}>
      <section class="pane" aria-label=${t("admin.pane.limits")}>
        <div class="pane__head stack stack--s"><h1 class="admin-detail__title">${t("admin.pane.limits")}</h1>
          <p class="small muted">${t("rules.limits.lead")}</p>
          <button class="btn btn--primary" type="button" data-new ?disabled=${Boolean(this.draft)} @click=${this.begin}><x-icon name="plus"></x-icon>${t("rules.limits.new")}</button></div>
        <div class="pane__body"><ul class="list">${repeat(this.view.versions, (/** @type {any} */ one) => one.version, (one) => this.version(one))}</ul></div>
      </section>
      <section class="pane pane--soft admin-detail">${this.draft ? this.form() : this.detail()}</section>
    </div>`;
  }

  /** @param {any} one */
  version(one) {
    const look = { current: "badge--green", coming: "badge--yellow", past: "" }[/** @type {string} */ (one.state)];
    return html`<li><button class="list__item" type="button" data-version=${one.version} aria-current=${!this.draft && one.version === this.shown.version} @click=${() => this.pick(one.version)}>
      <span class="grow"><span class="row small"><span class="badge ${look}">${t(`rules.state.${one.state}`)}</span>
          <span class="faint">${one.valid_from ? t("rules.limits.begins", { day: day(one.valid_from) }) : t("rules.limits.builtIn")}</span></span>
        <span class="strong clip-2">${one.why || t("rules.limits.builtInText")}</span>
        ${one.differences.length ? html`<span class="small faint">${t("rules.limits.changes", { count: one.differences.length })}</span>` : nothing}</span>
    </button></li>`;
  }

  get shown() {
    return this.view.versions.find((/** @type {any} */ one) => one.version === this.chosen) ?? this.current;
  }

  /** @param {number} version */
  pick(version) {
    Object.assign(this, { chosen: version, draft: null, errors: {}, problem: "" });
  }

  head(/** @type {string} */ title, /** @type {() => void} */ back) {
    return html`<div class="pane__head row row--keep"><button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${back}><x-icon name="back"></x-icon></button>
      <h2 class="admin-detail__title grow">${title}</h2></div>`;
  }

  detail() {
    const one = this.shown;
    return html`${this.head(one.why || t("rules.limits.builtInText"), () => (this.chosen = null))}
      <div class="pane__body"><div class="pad stack">
        ${one.differences.length ? html`<div class="card card--flush"><div class="table-wrap"><table class="table"><thead><tr><th>${t("rules.limits.value")}</th><th>${t("rules.limits.before")}</th><th>${t("rules.limits.after")}</th></tr></thead>
          <tbody>${one.differences.map((/** @type {any} */ d) => html`<tr><td>${d.label}</td><td class="muted nowrap">${d.before.text}</td><td class="strong nowrap">${d.after.text}</td></tr>`)}</tbody></table></div></div>
          ${one.beyond_why ? html`<p class="notice notice--yellow" data-beyond-why><x-icon name="alert"></x-icon><span>${t("rules.limits.beyondMade", { why: one.beyond_why })}</span></p>` : nothing}
          <p class="small faint">${t("rules.limits.made", { name: one.by_name, day: day(one.at), from: day(one.valid_from) })}</p>` : nothing}
        ${one.state === "current" ? this.groups((row) => html`<span class="strong">${row.value.text}</span>`) : nothing}
      </div></div>`;
  }

  /** All values by their groups. @param {(row: Row) => unknown} value */
  groups(value) {
    /** @type {Map<string, Row[]>} */
    const groups = new Map();
    for (const row of this.view.rows) groups.set(row.group_label, [...(groups.get(row.group_label) ?? []), row]);
    return [...groups].map(([name, rows]) => html`<section class="card card--flush"><h3 class="card__head">${name}</h3>
      <ul class="list limit-rows">${rows.map((row) => html`<li class="limit-row" data-key=${row.key}><span class="grow">${row.label}</span>${value(row)}</li>`)}</ul></section>`);
  }

  // -- a new version --------------------------------------------------------------------------------------

  begin() {
    Object.assign(this, { draft: { values: {}, day: this.view.today, why: "", beyond: "" }, errors: {}, problem: "" });
  }

  form() {
    const draft = /** @type {NonNullable<typeof this.draft>} */ (this.draft);
    const many = Object.keys(draft.values).length;
    const set = (/** @type {Partial<typeof draft>} */ change) => (this.draft = { ...draft, ...change });
    return html`${this.head(t("rules.limits.new"), () => (this.draft = null))}
      <form class="pane__form" @submit=${this.submit}><div class="pane__body"><div class="pad stack">
        ${this.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
        ${this.coming()}
        <div class="admin-draft">
          ${field("limits-day", t("rules.limits.day"), html`<input class="input" id="limits-day" type="date" required .value=${draft.day} min=${this.view.today} aria-invalid=${Boolean(this.errors.valid_from)}
            @input=${(/** @type {any} */ e) => set({ day: e.target.value })} />`, this.errors.valid_from, t("rules.limits.dayHint"))}
          ${field("limits-why", t("rules.limits.why"), html`<input class="input" id="limits-why" type="text" maxlength="500" required .value=${draft.why} placeholder=${t("rules.limits.whyHint")} aria-invalid=${Boolean(this.errors.why)}
            @input=${(/** @type {any} */ e) => set({ why: e.target.value })} />`, this.errors.why)}
        </div>
        ${this.groups((row) => this.input(row))}
        ${this.beyondNotice()}
      </div></div>
      <div class="pane__foot row row--spread"><span class="small muted" role="status">${many ? t("rules.limits.changes", { count: many }) : t("rules.limits.none")}</span>
        <span class="btn-row"><button class="btn" type="button" @click=${() => (this.draft = null)}>${t("common.cancel")}</button>
          <button class="btn btn--primary" data-save ?disabled=${!many}>${t("rules.limits.save")}</button></span></div></form>`;
  }

  /** What takes effect later anyway. */
  coming() {
    const said = this.view.versions.filter((/** @type {any} */ one) => one.state === "coming" && one.differences.length).reverse();
    return said.map((/** @type {any} */ one) => {
      const changes = one.differences.map((/** @type {any} */ d) => t("rules.limits.comingOne", { label: d.label, value: d.after.text })).join(t("common.listComma"));
      return html`<p class="notice" data-coming=${one.version}><x-icon name="clock"></x-icon><span>${t("rules.limits.coming", { day: day(one.valid_from), changes })}</span></p>`;
    });
  }

  /** What is set to a weaker promise than the rules allow. @returns {{row: Row, given: {kind: string, amount: number}}[]} */
  get beyond() {
    const values = this.draft?.values ?? {};
    const set = this.view.rows.filter((/** @type {Row} */ row) => values[row.key]).map((/** @type {Row} */ row) => ({ row, given: values[row.key] }));
    return set.filter((/** @type {{row: Row, given: any}} */ { row, given }) => row.bound && (row.weaker === "less" ? measure(given) < measure(row.bound) : measure(given) > measure(row.bound)));
  }

  /** The warning of what is above its ceiling or below its floor: which, by what rule; saved only with a reason and a tick. */
  beyondNotice() {
    const { beyond, draft } = this;
    if (!beyond.length || !draft) return nothing;
    const words = (/** @type {{kind: string, amount: number}} */ one) => one.kind === "same_day" ? t("rules.kind.same_day") : one.kind === "count" ? String(one.amount) : `${one.amount} ${t(`rules.kind.${one.kind}`)}`;
    return html`<section class="notice notice--red" data-beyond role="alert"><x-icon name="alert"></x-icon><div class="grow stack stack--s">
      <p class="strong">${t("rules.limits.beyondTitle", { count: beyond.length })}</p>
      <ul class="stack stack--s plain">${beyond.map(({ row, given }) => html`<li>${t(row.weaker === "less" ? "rules.limits.below" : "rules.limits.beyond", { label: row.label, value: words(given), bound: row.bound?.text ?? "", source: row.source })}</li>`)}</ul>
      ${field("limits-beyond", t("rules.limits.beyondWhy"), html`<input class="input" id="limits-beyond" type="text" maxlength="500" required .value=${draft.beyond} aria-invalid=${Boolean(this.errors.beyond_why)}
        @input=${(/** @type {any} */ e) => (this.draft = { ...draft, beyond: e.target.value })} />`, this.errors.beyond_why)}
      <label class="check"><input type="checkbox" required data-sure /><span>${t("rules.limits.beyondSure")}</span></label></div></section>`;
  }

  /** @param {Row} row */
  input(row) {
    const given = this.draft?.values[row.key];
    const { kind, amount } = given ?? row.value;
    const error = this.errors[row.key];
    const unit = t(`rules.kind.${kind}`);
    const set = (/** @type {any} */ change) => this.change(row, { kind, amount, ...change });
    const known = row.kinds.length === 1;
    return html`<span class="limit-input" data-changed=${Boolean(given)}>
      ${kind === "same_day" ? nothing : html`<input class="input input--small limit-input__amount" type="number" min="1" step="1" required .value=${String(amount)} aria-label=${row.label} aria-invalid=${Boolean(error)}
        @input=${(/** @type {any} */ e) => set({ amount: Math.trunc(Number(e.target.value)) })} />`}
      ${known ? (kind === "count" ? nothing : html`<span class="limit-input__unit small muted">${unit}</span>`) : html`<select class="select select--small" aria-label=${`${row.label} ${t("rules.limits.unit")}`} @change=${(/** @type {any} */ e) => set({ kind: e.target.value, amount: e.target.value === "same_day" ? 0 : amount || 1 })}>
        ${row.kinds.map((each) => html`<option value=${each} ?selected=${each === kind}>${t(`rules.kind.${each}`)}</option>`)}</select>`}
      </span>${row.bound ? html`<span class="small faint limit-row__error">${t(row.weaker === "less" ? "rules.limits.floor" : "rules.limits.ceiling", { bound: row.bound.text, source: row.source })}</span>` : nothing}${error ? html`<span class="field__error limit-row__error"><x-icon name="alert"></x-icon>${error}</span>` : nothing}`;
  }

  /** @param {Row} row @param {{kind: string, amount: number}} to */
  change(row, to) {
    const draft = /** @type {NonNullable<typeof this.draft>} */ (this.draft);
    const { [row.key]: _, ...others } = draft.values;
    const same = to.kind === row.value.kind && to.amount === row.value.amount;
    this.draft = { ...draft, values: same ? others : { ...others, [row.key]: to } };
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    busy(/** @type {HTMLElement} */ (this.querySelector("[data-save]")), () => this.save());
  }

  async save() {
    const { values, day: from, why, beyond } = /** @type {NonNullable<typeof this.draft>} */ (this.draft);
    try {
      this.view = await api.post("/limits", { valid_from: from, why, values, newest: this.view.newest, beyond_why: beyond });
      Object.assign(this, { draft: null, errors: {}, problem: "", chosen: this.view.newest });
      toast(t("rules.limits.done"), { kind: "good" });
    } catch (error) {
      this.errors = error instanceof ApiError ? error.fields : {};
      const named = this.view.rows.some((/** @type {Row} */ row) => this.errors[row.key]);
      this.problem = named ? t("rules.limits.look") : (this.errors.values ?? sayError(error));
      // Somebody else made a version meanwhile: what was typed stays, against what holds now.
      if (error instanceof ApiError && error.status === 409) await this.load();
      await this.updateComplete;
      this.querySelector(".field__error, .notice--red")?.scrollIntoView({ block: "center" });
    }
  }
}

define("limits-pane", LimitsPane);
