/** `<matter-form .kind .matter .options .version>`: add, edit or retire a matter: typed, previewed, confirmed. Events `give-up`, `done`. */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import "../shared/picker.js";
import { busy } from "../shared/ui.js";
import { previewed } from "./matter-preview.js";
import { field } from "./unit-draft.js";

const LISTS = ["keywords", "examples", "asks", "basis"];
/** @param {string} text one a line */
const lines = (text) => text.split("\n").map((one) => one.trim()).filter(Boolean);

class MatterForm extends PageElement {
  static properties = {
    kind: {}, matter: { attribute: false }, options: { attribute: false }, version: { type: Number }, draft: { state: true }, errors: { state: true }, problem: { state: true }, preview: { state: true },
  };

  constructor() {
    super();
    this.kind = "edit";
    /** @type {any} */
    this.matter = null;
    /** @type {any} */
    this.options = null;
    this.version = 0;
    /** @type {any} what is being typed */
    this.draft = null;
    /** @type {Record<string, string>} */
    this.errors = {};
    this.problem = "";
    /** @type {any} what it comes to */
    this.preview = null;
  }

  connectedCallback() {
    super.connectedCallback();
    const { matter, options } = this;
    const plain = matter ?? { code: "", level1: options.level1[0] ?? "", level2: "", name: "", kind: "complaint", urgency: "p2", function: "", owner_level: "district", needs_power: "", supports: [], leads: [], keywords: [], examples: [], asks: [], basis: [] };
    const texts = Object.fromEntries(LISTS.map((name) => [name, plain[name].join("\n")]));
    this.draft = { ...plain, ...texts, supports: plain.supports.map((/** @type {any} */ one) => one.code), successor: "", why: "", day: options.today };
  }

  render() {
    const { draft, kind, errors, preview } = this;
    const broken = preview && preview.nobody.length + preview.several.length > 0;
    return html`<div class="pane__head row row--keep"><button class="btn btn--icon btn--quiet" type="button" aria-label=${t("common.back")} @click=${() => (preview ? (this.preview = null) : this.giveUp())}><x-icon name="back"></x-icon></button>
        <h2 class="admin-detail__title grow">${t(`catalogue.title.${kind}`, { name: this.matter?.name ?? "" })}</h2></div>
      <form class="pane__form" novalidate @submit=${this.submit}><div class="pane__body"><div class="pad stack">
        ${this.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
        ${preview ? previewed(preview, kind === "retire") : html`
          ${kind === "retire" ? this.successor() : this.fields()}
          <div class="admin-draft">${field("matter-day", t("catalogue.day"), html`<input class="input" id="matter-day" type="date" min=${this.options.today} .value=${draft.day} aria-invalid=${Boolean(errors.valid_from)} @input=${(/** @type {any} */ e) => this.set({ day: e.target.value })} />`, errors.valid_from, t("catalogue.dayHint"))}
            ${this.line("why", t("catalogue.why"), t("catalogue.whyHint"))}</div>`}
      </div></div>
      <div class="pane__foot actions-bar content-foot"><button class="btn" type="button" @click=${() => (preview ? (this.preview = null) : this.giveUp())}>${preview ? t("common.back") : t("common.cancel")}</button>
        <button class="btn ${preview && kind === "retire" ? "btn--danger" : "btn--primary"}" data-next ?disabled=${broken}>${preview ? t("catalogue.confirm") : t("catalogue.preview")}</button></div></form>`;
  }

  successor() {
    return html`<p class="muted">${t("catalogue.retireText")}</p>${field("matter-successor", t("catalogue.successor"), html`<x-picker id="matter-successor" kind="matter" label=${t("catalogue.successor")} ?wrong=${Boolean(this.errors.successor)} .value=${this.draft.successor}
      @choose=${(/** @type {CustomEvent} */ e) => this.set({ successor: e.detail })}></x-picker>`, this.errors.successor)}`;
  }

  fields() {
    const { draft, options, errors, kind } = this;
    return html`<div class="admin-draft">
        ${this.line("name", t("catalogue.name"))}${kind === "add" ? this.line("code", t("catalogue.code"), t("catalogue.codeHint")) : nothing}
        ${field("matter-level1", t("catalogue.level1"), html`<input class="input" id="matter-level1" list="matter-level1s" maxlength="60" autocomplete="off" .value=${draft.level1} aria-invalid=${Boolean(errors.level1)} @input=${(/** @type {any} */ e) => this.set({ level1: e.target.value })} />
          <datalist id="matter-level1s">${options.level1.map((/** @type {string} */ one) => html`<option value=${one}></option>`)}</datalist>`, errors.level1)}
        ${this.line("level2", t("catalogue.level2"))}
        ${this.select("kind", t("catalogue.kindOf"), options.kinds)}${this.select("urgency", t("catalogue.urgency"), options.urgencies)}
        ${this.select("function", t("catalogue.function"), named(options.functions), t("catalogue.functionHint"))}${this.select("owner_level", t("catalogue.ownerLevel"), options.levels)}
        ${this.select("needs_power", t("catalogue.needsPower"), [{ value: "", label: t("catalogue.noPower") }, ...named(options.powers)])}
      </div>
      ${this.area("keywords", 2)}${this.area("examples", 4)}
      <p class="small faint">${t("catalogue.learns")}</p>
      <fieldset class="field"><legend>${t("catalogue.supports")}</legend><div class="row">${draft.supports.map((/** @type {string} */ code) => html`<span class="badge">${nameOf(options.functions, code)}
          <button class="btn btn--icon btn--small btn--quiet" type="button" aria-label=${t("catalogue.drop", { name: nameOf(options.functions, code) })} @click=${() => this.set({ supports: draft.supports.filter((/** @type {string} */ one) => one !== code) })}><x-icon name="close"></x-icon></button></span>`)}
        <select class="select select--small" aria-label=${t("catalogue.addSupport")} .value=${""} @change=${(/** @type {any} */ e) => { const code = e.target.value; e.target.value = ""; if (code && !draft.supports.includes(code)) this.set({ supports: [...draft.supports, code] }); }}>
          <option value="">${t("catalogue.addSupport")}</option>${options.functions.map((/** @type {any} */ one) => html`<option value=${one.code}>${one.name}</option>`)}</select></div></fieldset>
      ${draft.leads.length ? html`<fieldset class="field"><legend>${t("catalogue.byRuling")}</legend>${draft.leads.map((/** @type {any} */ lead) => html`<p class="row small"><span>${lead.area_name}：${lead.unit_name}</span>
          <button class="btn btn--small btn--quiet" type="button" @click=${() => this.set({ leads: draft.leads.filter((/** @type {any} */ one) => one !== lead) })}>${t("common.delete")}</button></p>`)}
          ${errors.leads ? html`<p class="field__error"><x-icon name="alert"></x-icon>${errors.leads}</p>` : nothing}</fieldset>` : nothing}
      ${this.area("asks", 2)}${this.area("basis", 2)}`;
  }

  /** @param {string} name @param {string} label @param {string} [hint] */
  line(name, label, hint = "") {
    return field(`matter-${name}`, label, html`<input class="input" id="matter-${name}" type="text" maxlength=${name === "why" ? 500 : 60} autocomplete="off" .value=${this.draft[name]} aria-invalid=${Boolean(this.errors[name])}
      @input=${(/** @type {any} */ e) => this.set({ [name]: e.target.value })} />`, this.errors[name], hint);
  }

  /** @param {string} name @param {string} label @param {{value: string, label: string}[]} choices @param {string} [hint] */
  select(name, label, choices, hint = "") {
    const now = this.draft[name];
    return field(`matter-${name}`, label, html`<select class="select" id="matter-${name}" aria-invalid=${Boolean(this.errors[name])} @change=${(/** @type {any} */ e) => this.set({ [name]: e.target.value })}>
      ${choices.some((one) => one.value === now) ? nothing : html`<option value="" selected>${t("action.pleaseChoose")}</option>`}
      ${choices.map((one) => html`<option value=${one.value} ?selected=${one.value === now}>${one.label}</option>`)}</select>`, this.errors[name], hint);
  }

  /** @param {string} name @param {number} rows */
  area(name, rows) {
    return field(`matter-${name}`, t(`catalogue.${name}`), html`<textarea class="textarea" id="matter-${name}" rows=${rows} aria-invalid=${Boolean(this.errors[name])} .value=${this.draft[name]}
      @input=${(/** @type {any} */ e) => this.set({ [name]: e.target.value })}></textarea>`, this.errors[name], t("catalogue.onePerLine"));
  }

  /** @param {Record<string, unknown>} change */
  set(change) {
    this.draft = { ...this.draft, ...change };
  }

  get order() {
    const { draft, kind } = this;
    const { level1, level2, name, urgency, function: duty, owner_level, needs_power, supports } = draft;
    const leads = draft.leads.map((/** @type {any} */ one) => ({ area: one.area, unit: one.unit, supporting: one.supporting, basis: one.basis, precedent: one.precedent }));
    const lists = Object.fromEntries(LISTS.map((each) => [each, lines(draft[each])]));
    const matter = { level1, level2, name, kind: draft.kind, urgency, function: duty, owner_level, needs_power, supports, leads, ...lists };
    return { kind, code: draft.code.trim(), valid_from: draft.day, why: draft.why, successor: draft.successor, matter: kind === "retire" ? null : matter };
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    busy(/** @type {HTMLElement} */ (this.querySelector("[data-next]")), () => this.next());
  }

  async next() {
    const { order, preview } = this;
    try {
      if (!order.why.trim()) throw new ApiError({ status: 422, title: t("catalogue.look"), fields: { why: t("catalogue.whyNeeded") } });
      if (!preview) {
        this.preview = await api.post("/catalogue/preview", order);
        Object.assign(this, { errors: {}, problem: "" });
      } else {
        const made = await api.post("/catalogue/changes", { ...order, version: preview.version });
        this.dispatchEvent(new CustomEvent("done", { detail: { ...made, code: order.code, retired: this.kind === "retire" && made.state === "done" } }));
      }
    } catch (error) {
      const known = error instanceof ApiError;
      // Somebody else changed the catalogue meanwhile, or what was typed is wrong: back to the form, nothing is lost.
      Object.assign(this, { errors: known ? error.fields : {}, problem: sayError(error), preview: null });
      await this.updateComplete;
      this.querySelector(".field__error, .notice--red")?.scrollIntoView({ block: "center" });
    }
  }

  giveUp() {
    this.dispatchEvent(new CustomEvent("give-up"));
  }
}

/** @param {any[]} all */
const named = (all) => all.map((one) => ({ value: one.code, label: one.name }));
/** @param {any[]} all @param {string} code */
const nameOf = (all, code) => all.find((one) => one.code === code)?.name ?? code;

define("matter-form", MatterForm);
