/** `<units-pane .me>`: the city's member units as a tree, one of them in full, how they change, and what was changed. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { when } from "../shared/format.js";
import { toast, toastError } from "../shared/ui.js";
import "./unit-card.js";
import { changeUnits } from "./unit-order.js";

/** @typedef {import("./unit-order.js").UnitRow} UnitRow */

const TABS = ["active", "retired", "history"];
const PAGE = 50;
const TYPING_MS = 250;
const REFRESH_MS = 400;

class UnitsPane extends PageElement {
  static properties = {
    tab: { state: true }, items: { state: true }, total: { state: true }, next: { state: true }, chosen: { state: true }, options: { state: true },
  };

  constructor() {
    super();
    this.tab = "active";
    /** @type {any[] | null} null before the list was read */
    this.items = null;
    this.total = 0;
    /** @type {string | null} */
    this.next = null;
    /** @type {any} the unit or the change that is shown */
    this.chosen = null;
    /** @type {any} what forms may choose from */
    this.options = null;
    this.asked = { q: "", level: "", area: "" };
    this.timer = 0;
    this.turn = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.begin().catch(toastError);
  }

  async begin() {
    const [options, districts] = await Promise.all([api.get("/directory/options"), api.all("/areas", { level: "district" })]);
    this.options = { ...options, districts: districts.items };
    await this.load();
  }

  /** @param {any} fact */
  onFact(fact) {
    if (/^(directory|ticketing)\./.test(String(fact.kind))) this.onResync();
  }

  onResync() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => document.querySelector("dialog[open]") || this.load(), REFRESH_MS);
  }

  /** Reads the list as long as it is, or a page longer. @param {boolean} [more] */
  async load(more = false) {
    const turn = ++this.turn;
    const items = this.items ?? [];
    const page = more ? { cursor: this.next, limit: PAGE } : { limit: Math.min(Math.max(items.length, PAGE), 200) };
    try {
      const answer = this.tab === "history"
        ? await api.get("/directory/changes", page)
        : await api.get("/directory/units", { ...this.asked, retired: this.tab === "retired", ...page });
      if (turn !== this.turn) return;
      this.items = more ? [...items, ...answer.items] : answer.items;
      this.next = answer.next;
      this.total = answer.total ?? this.items?.length ?? 0;
      this.chosen = this.items?.find((one) => this.keyOf(one) === this.keyOf(this.chosen)) ?? this.chosen;
    } catch (error) {
      this.items ??= [];
      toastError(error);
    }
  }

  /** @param {any} one */
  keyOf(one) {
    return one?.code ?? one?.id;
  }

  /** @param {string} tab */
  open(tab) {
    Object.assign(this, { tab, items: null, next: null, chosen: null });
    return this.load();
  }

  /** @param {Partial<typeof this.asked>} change */
  ask(change) {
    Object.assign(this.asked, change);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), TYPING_MS);
  }

  render() {
    const tabs = TABS.map((id) => ({ id, text: t(`admin.units.${id}`) }));
    return html`<div class="panes panes--admin" data-show=${this.chosen ? "second" : "first"}>
      <section class="pane" aria-label=${t("admin.pane.units")}>
        <div class="pane__head stack stack--s">
          <x-tabs label=${t("admin.pane.units")} .tabs=${tabs} selected=${this.tab} @choose=${(/** @type {CustomEvent} */ e) => this.open(e.detail)}></x-tabs>
          ${this.tab === "history" ? nothing : this.filters()}
        </div>
        <div class="pane__body">${this.list()}</div>
      </section>
      <section class="pane pane--soft admin-detail">${this.detail()}</section>
    </div>`;
  }

  filters() {
    const { options, asked } = this;
    const pick = (/** @type {"level" | "area"} */ name) => (/** @type {any} */ e) => this.ask({ [name]: e.target.value });
    return html`<span class="search"><x-icon name="search"></x-icon><input class="input" type="search" .value=${asked.q}
        placeholder=${t("admin.units.search")} aria-label=${t("common.search")} @input=${(/** @type {any} */ e) => this.ask({ q: e.target.value })} /></span>
      <div class="row row--keep">
        <select class="select select--small" aria-label=${t("admin.units.level")} @change=${pick("level")}>
          <option value="">${t("admin.units.anyLevel")}</option>${(options?.levels ?? []).map((/** @type {any} */ one) => html`<option value=${one.code}>${one.name}</option>`)}</select>
        <select class="select select--small" aria-label=${t("admin.units.area")} @change=${pick("area")}>
          <option value="">${t("admin.units.anyArea")}</option>${(options?.districts ?? []).map((/** @type {any} */ one) => html`<option value=${one.code}>${one.name}</option>`)}</select>
        <a class="btn btn--small admin-export" href="/api/v1/directory/units.csv" download="units.csv" title=${t("admin.units.exportHint")}><x-icon name="download"></x-icon><span>${t("admin.units.export")}</span></a>
      </div>
      <p class="faint" role="status">${this.items ? t("admin.units.total", { count: this.total }) : t("common.loading")}</p>`;
  }

  list() {
    if (!this.items) return html`<div class="pad stack" aria-busy="true">${[1, 2, 3].map(() => html`<span class="skeleton skeleton--block"></span>`)}</div>`;
    if (!this.items.length) return html`<x-empty icon=${this.tab === "history" ? "history" : "building"} heading=${t(`admin.units.empty.${this.tab}`)}></x-empty>`;
    const draw = (/** @type {any} */ one) => (this.tab === "history" ? this.change(one) : this.unit(one));
    return html`<ul class="list">${repeat(this.items, (one) => this.keyOf(one), draw)}</ul>
      ${this.next ? html`<p class="pad"><button class="btn btn--wide" type="button" @click=${() => this.load(true)}>${t("common.more")}</button></p>` : nothing}`;
  }

  /** @param {UnitRow} one */
  unit(one) {
    const depth = this.asked.q || this.tab === "retired" ? 0 : Math.min(one.depth, 4);
    return html`<li><button class="list__item unit-row" type="button" data-depth=${depth} data-code=${one.code}
      aria-current=${one.code === this.chosen?.code} @click=${() => (this.chosen = one)}>
      <span class="grow"><span class="strong clip-2">${one.name}</span>
        <span class="row small faint"><span class="number">${one.code}</span><span>${one.areas.map((area) => area.name).join(t("common.listComma"))}</span></span></span>
      ${one.tickets ? html`<span class="badge badge--primary nowrap">${t("admin.units.tickets", { count: one.tickets })}</span>` : nothing}
    </button></li>`;
  }

  /** @param {any} one */
  change(one) {
    return html`<li><button class="list__item" type="button" aria-current=${one.id === this.chosen?.id} @click=${() => (this.chosen = one)}>
      <span class="grow"><span class="row small"><span class="badge badge--primary">${one.kind_label}</span>
          <span class="faint">${when(one.at)}</span>${one.left ? html`<span class="badge badge--yellow">${t("admin.change.left", { count: one.left })}</span>` : nothing}</span>
        <span class="strong clip-2">${one.units.map((/** @type {any} */ unit) => unit.name).join(t("common.listComma"))}</span>
        <span class="small faint clip">${one.why}</span></span>
    </button></li>`;
  }

  detail() {
    const back = () => (this.chosen = null);
    if (!this.chosen) return html`<x-empty class="fill" icon="building" heading=${t("admin.units.pick")} text=${t("admin.units.pickText")}></x-empty>`;
    if (this.tab === "history") return html`<change-card .change=${this.chosen} @back=${back}></change-card>`;
    return html`<unit-card .unit=${this.chosen} @back=${back} @go=${(/** @type {CustomEvent} */ e) => this.go(e.detail)}
      @order=${(/** @type {CustomEvent} */ e) => this.order(e.detail)}></unit-card>`;
  }

  /** Shows a unit by its code. @param {string} code */
  async go(code) {
    const found = await unitOf(code).catch(toastError);
    if (found?.code) this.chosen = found;
  }

  /** @param {"rename" | "merge" | "split" | "close"} kind */
  async order(kind) {
    const made = await changeUnits(kind, this.chosen, this.options);
    if (!made) return;
    toast(t("admin.change.done", { kind: made.kind_label, tickets: made.tickets }), { kind: "good" });
    const code = this.chosen.code;
    await this.load();
    const still = await unitOf(code).catch(() => null);
    this.chosen = still?.successor && !still.active ? await unitOf(still.successor.code).catch(() => null) : still;
  }
}

/** One unit by its code, active or not. @param {string} code @returns {Promise<UnitRow | null>} */
async function unitOf(code) {
  const lists = await Promise.all([false, true].map((retired) => api.get("/directory/units", { q: code, retired, limit: 200 })));
  return lists.flatMap((list) => list.items).find((/** @type {UnitRow} */ one) => one.code === code) ?? null;
}

define("units-pane", UnitsPane);
