/** `<catalogue-pane .me>`: the catalogue of matters as a tree, one matter in full, its changes, and rulings to take over. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { day, when } from "../shared/format.js";
import { loadTexts, t } from "../shared/i18n.js";
import { askText, busy, confirmDialog, toast, toastError } from "../shared/ui.js";
import { changed } from "./matter-preview.js";
import "./matter-form.js";

await loadTexts("catalogue");

const TYPING_MS = 250;
const REFRESH_MS = 400;

class CataloguePane extends PageElement {
  static properties = {
    tab: { state: true }, view: { state: true }, rulings: { state: true }, chosen: { state: true }, kind: { state: true }, options: { state: true }, q: { state: true },
  };

  constructor() {
    super();
    this.tab = "tree";
    /** @type {any} null before it was read */
    this.view = null;
    /** @type {any[]} rulings to decide on */
    this.rulings = [];
    /** @type {any} the matter that is shown */
    this.chosen = null;
    /** @type {"" | "add" | "edit" | "retire"} which form is open */
    this.kind = "";
    /** @type {any} what forms may choose from */
    this.options = null;
    this.q = "";
    this.timer = 0;
    this.turn = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    Promise.all([api.get("/catalogue/options").then((options) => (this.options = options)), this.load()]).catch(toastError);
  }

  /** @param {any} fact */
  onFact(fact) {
    if (/^ticketing\.(Matter|Precedent)/.test(String(fact.kind))) this.onResync();
  }

  onResync() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load().catch(toastError), REFRESH_MS);
  }

  async load() {
    const { q } = this;
    const turn = ++this.turn;
    const [view, said] = await Promise.all([api.all("/catalogue/matters", { q }), api.all("/catalogue/rulings")]);
    if (turn !== this.turn) return;
    this.view = { ...view, q };
    this.rulings = said.items;
    if (this.chosen && !this.kind) await this.open(this.chosen.code);
  }

  /** @param {string} q */
  ask(q) {
    this.q = q;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load().catch(toastError), TYPING_MS);
  }

  /** @param {string} code */
  async open(code) {
    const found = await api.get(`/catalogue/matters/${code}`).catch(toastError);
    if (found?.code) Object.assign(this, { chosen: found, kind: "" });
  }

  render() {
    if (!this.view || !this.options) return html`<div class="pad stack" aria-busy="true">${[1, 2, 3].map(() => html`<span class="skeleton skeleton--block"></span>`)}</div>`;
    const tabs = ["tree", "rulings"].map((id) => ({ id, text: t(`catalogue.${id}`, { count: this.rulings.length }) }));
    return html`<div class="panes panes--admin" data-show=${this.chosen || this.kind ? "second" : "first"}>
      <section class="pane" aria-label=${t("admin.pane.catalogue")}>
        <div class="pane__head stack stack--s">
          <x-tabs label=${t("admin.pane.catalogue")} .tabs=${tabs} selected=${this.tab} @choose=${(/** @type {CustomEvent} */ e) => (this.tab = e.detail)}></x-tabs>
          ${this.tab === "tree" ? html`<div class="row row--keep"><span class="search grow"><x-icon name="search"></x-icon><input class="input" type="search" .value=${this.q} placeholder=${t("catalogue.search")} aria-label=${t("common.search")} @input=${(/** @type {any} */ e) => this.ask(e.target.value)} /></span>
              <button class="btn btn--small btn--primary nowrap" type="button" data-add @click=${() => (this.kind = "add")}><x-icon name="plus"></x-icon>${t("catalogue.add")}</button></div>
            <p class="faint small" role="status">${t("catalogue.total", { found: this.view.items.length, total: this.view.total })}</p>` : html`<p class="faint small">${t("catalogue.rulingsText")}</p>`}
        </div>
        <div class="pane__body">${this.tab === "tree" ? this.tree() : this.said()}</div>
      </section>
      <section class="pane pane--soft admin-detail">${this.detail()}</section>
    </div>`;
  }

  tree() {
    const { items } = this.view;
    if (!items.length) return html`<x-empty icon="list" heading=${t("catalogue.none")}></x-empty>`;
    /** @type {Map<string, Map<string, any[]>>} */
    const groups = new Map();
    for (const one of items) {
      const inner = groups.get(one.level1) ?? new Map();
      groups.set(one.level1, inner.set(one.level2, [...(inner.get(one.level2) ?? []), one]));
    }
    const wide = Boolean(this.view.q) || groups.size === 1;
    return html`${repeat(groups, ([name]) => name, ([name, inner]) => html`<details class="tree" ?open=${wide || name === this.chosen?.level1}>
      <summary class="tree__one"><span class="grow strong">${name}</span><span class="count">${[...inner.values()].flat().length}</span></summary>
      ${[...inner].map(([second, leaves]) => html`<details class="tree__two" ?open=${wide || second === this.chosen?.level2}><summary class="tree__one"><span class="grow">${second}</span><span class="count">${leaves.length}</span></summary>
        <ul class="list">${leaves.map((one) => html`<li><button class="list__item tree__leaf" type="button" data-code=${one.code} aria-current=${one.code === this.chosen?.code} @click=${() => this.open(one.code)}>
          <span class="grow">${one.name}</span>${one.retired ? html`<span class="badge">${t("catalogue.retired")}</span>` : nothing}${one.waiting ? html`<span class="badge badge--yellow">${t("catalogue.waiting")}</span>` : nothing}${one.candidates ? html`<span class="badge badge--orange">${t("catalogue.hasRuling")}</span>` : nothing}</button></li>`)}</ul></details>`)}
    </details>`)}`;
  }

  said() {
    if (!this.rulings.length) return html`<x-empty icon="check" heading=${t("catalogue.noRulings")}></x-empty>`;
    return html`<ul class="list">${this.rulings.map((one) => html`<li class="admin-fate">${this.ruling(one)}</li>`)}</ul>`;
  }

  /** @param {any} one a CandidateRuling */
  ruling(one) {
    return html`<p class="row"><button class="btn btn--small btn--quiet admin-link strong" type="button" @click=${() => this.open(one.matter)}>${one.matter_name}</button><span class="small faint">${one.area_name}</span></p>
      <p class="small"><span class="muted">${one.now_names.join(t("common.listComma")) || t("common.none")}</span> → <span class="strong">${one.lead_name}</span></p>
      <p class="small muted">${one.reason}（${one.clause}）</p><p class="small faint"><span class="number">${one.ticket}</span> ${when(one.at)}</p>
      <p class="btn-row"><button class="btn btn--small btn--primary" type="button" data-adopt=${one.id} @click=${(/** @type {Event} */ e) => busy(e, () => this.decide(one, { adopt: true }))}>${t("catalogue.adopt")}</button>
        <button class="btn btn--small" type="button" data-dismiss=${one.id} @click=${(/** @type {Event} */ e) => busy(e, () => this.dismiss(one))}>${t("catalogue.dismiss")}</button></p>`;
  }

  /** @param {any} one */
  async dismiss(one) {
    const why = await askText({ title: t("catalogue.dismiss"), label: t("catalogue.why") });
    if (why) await this.decide(one, { adopt: false, why });
  }

  /** @param {any} one @param {Record<string, unknown>} verdict */
  async decide(one, verdict) {
    await api.post(`/catalogue/rulings/${one.id}`, verdict);
    toast(t(verdict.adopt ? "catalogue.adopted" : "catalogue.dismissed"), { kind: "good" });
    await this.load();
  }

  // -- one matter -----------------------------------------------------------------------------------------

  detail() {
    if (this.kind) return html`<matter-form .kind=${this.kind} .matter=${this.kind === "add" ? null : this.chosen} .options=${this.options} .version=${this.view.version}
      @give-up=${() => (this.kind = "")} @done=${(/** @type {CustomEvent} */ e) => this.done(e.detail)}></matter-form>`;
    if (!this.chosen) return html`<x-empty class="fill" icon="list" heading=${t("catalogue.pick")} text=${t("catalogue.pickText")}></x-empty>`;
    const one = this.chosen;
    return html`<div class="pane__head row row--keep"><button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${() => (this.chosen = null)}><x-icon name="back"></x-icon></button>
        <div class="grow"><h1 class="admin-detail__title">${one.name}</h1><p class="row small faint"><span>${one.level1} · ${one.level2}</span><span class="number">${one.code}</span></p></div></div>
      <div class="pane__body pad"><div class="stack" data-matter=${one.code}>
        ${one.retired ? html`<p class="notice"><x-icon name="pause"></x-icon><span>${t("catalogue.retiredText")} ${one.successor_name ? t("catalogue.successorIs", { name: one.successor_name }) : nothing}</span></p>` : nothing}
        ${one.rulings.map((/** @type {any} */ said) => html`<div class="notice notice--yellow"><x-icon name="alert"></x-icon><div class="stack stack--s grow"><p class="strong">${t("catalogue.rulingHere")}</p>${this.ruling(said)}</div></div>`)}
        <div class="card card--tight"><dl class="facts">${facts(one).map(([name, value]) => html`<dt>${t(`catalogue.${name}`)}</dt><dd>${value}</dd>`)}</dl></div>
        <div class="card card--tight stack stack--s"><h3>${t("catalogue.leads")}</h3>
          <ul class="content-lines">${one.led_by.map((/** @type {string} */ line) => html`<li>${line.replace(/`/g, "")}</li>`)}</ul>
          ${one.leads.map((/** @type {any} */ lead) => html`<p class="small"><span class="badge badge--primary">${t("catalogue.byRuling")}</span> ${lead.area_name}：<span class="strong">${lead.unit_name}</span> <span class="faint">${lead.basis}</span></p>`)}
          <p class="small faint">${t("catalogue.facility")}</p></div>
        <div class="card card--tight stack stack--s"><h3>${t("catalogue.examples")}</h3><p class="small faint">${t("catalogue.learns")}</p>
          <ul class="content-lines">${one.examples.map((/** @type {string} */ said) => html`<li>${said}</li>`)}</ul></div>
        ${one.history.length ? this.history() : nothing}
      </div></div>
      <div class="pane__foot actions-bar content-foot">${one.can_undo ? html`<button class="btn" type="button" data-undo @click=${(/** @type {Event} */ e) => busy(e, () => this.undo())}>${t("catalogue.undo")}</button>` : nothing}
        ${one.retired ? nothing : html`<button class="btn" type="button" data-retire @click=${() => (this.kind = "retire")}><span class="danger-text">${t("catalogue.retire")}</span></button>
        <button class="btn btn--primary" type="button" data-edit @click=${() => (this.kind = "edit")}>${t("common.edit")}</button>`}</div>`;
  }

  history() {
    const look = { done: "badge--green", waiting: "badge--yellow", cancelled: "" };
    return html`<div class="card card--flush"><div class="card__head"><h3>${t("catalogue.history")}</h3></div><ul class="list">${this.chosen.history.map((/** @type {any} */ one) => html`<li class="admin-fate">
      <p class="row small"><span class="badge ${look[/** @type {"done"} */ (one.state)]}">${one.kind_label} · ${one.state_label}</span><span>${one.by_name}</span><span class="faint">${when(one.at)}</span>
        ${one.state === "waiting" ? html`<span>${t("catalogue.begins", { day: day(one.valid_from) })}</span><button class="btn btn--small" type="button" data-cancel=${one.id} @click=${(/** @type {Event} */ e) => busy(e, () => this.cancel(one))}>${t("common.cancel")}</button>` : nothing}</p>
      <p class="small">${one.why}</p>${one.successor_name ? html`<p class="small muted">${t("catalogue.successorIs", { name: one.successor_name })}</p>` : nothing}${changed(one.fields)}</li>`)}</ul></div>`;
  }

  /** @param {any} one */
  async cancel(one) {
    if (!(await confirmDialog({ title: t("catalogue.cancelTitle"), text: one.why }))) return;
    await api.post(`/catalogue/changes/${one.id}/cancel`);
    await this.load();
  }

  async undo() {
    const why = await askText({ title: t("catalogue.undo"), label: t("catalogue.why") });
    if (!why) return;
    await api.post(`/catalogue/matters/${this.chosen.code}/undo`, { why, version: this.chosen.version });
    toast(t("catalogue.undone"), { kind: "good" });
    await this.load();
  }

  /** @param {any} made a change */
  async done(made) {
    toast(made.state === "waiting" ? t("catalogue.saidLater", { day: day(made.valid_from) }) : t("catalogue.saved"), { kind: "good" });
    Object.assign(this, { kind: "", chosen: null });
    await this.load();
    await this.open(made.code);
  }
}

/** @param {any} one a MatterDetail @returns {[string, unknown][]} */
function facts(one) {
  const many = (/** @type {string[]} */ all) => (all.length ? html`<span class="row">${all.map((each) => html`<span class="badge">${each}</span>`)}</span>` : html`<span class="faint">${t("common.none")}</span>`);
  const lines = (/** @type {string[]} */ all) => (all.length ? html`<ul class="content-lines">${all.map((each) => html`<li>${each}</li>`)}</ul>` : html`<span class="faint">${t("common.none")}</span>`);
  return [
    ["kind", html`${one.kind_label} · ${one.urgency_label}`],
    ["function", one.function_name],
    ["ownerLevel", one.owner_level_label],
    ["needsPower", one.power_name || html`<span class="faint">${t("catalogue.noPower")}</span>`],
    ["supports", many(one.supports.map((/** @type {any} */ each) => each.name))],
    ["basis", lines(one.basis)],
    ["keywords", many(one.keywords)],
    ["asks", lines(one.asks)],
  ];
}

define("catalogue-pane", CataloguePane);
