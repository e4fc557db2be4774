/** The left pane: the unit's tickets, those due first on top. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { ticketRow } from "../shared/ticket-view.js";
import "./my-notices.js";

const VIEWS = ["inbox", "all"];
const STATES = ["dispatched", "accepted", "in_progress", "rehandle", "suspended", "submitted", "review"];
const LIGHTS = ["red", "orange", "yellow", "green"];

/** `<unit-list .page>`; events `view`, `state`, `search`, `more`, `pick`. */
class UnitList extends PageElement {
  static properties = { page: { attribute: false } };

  render() {
    if (!this.page) return nothing;
    const { view, rows, counts, next } = this.page;
    const tabs = VIEWS.map((id) => ({ id, text: t(`unit.view.${id}`), count: counts[id] ?? 0 }));
    if (this.page.leads) tabs.push({ id: "figures", text: t("unit.figures"), count: 0 });
    return html`<div class="pane__head stack stack--s">
        <div class="row row--keep unit-head"><x-tabs class="grow" label=${t("unit.views")} .tabs=${tabs} selected=${this.page.figures ? "figures" : view} @choose=${(/** @type {CustomEvent} */ e) => this.tell("view", e.detail)}></x-tabs>
          <my-notices @pick=${(/** @type {CustomEvent} */ e) => this.tell("pick", e.detail)}></my-notices></div>
        ${this.filters()}
        ${rows && !next ? lights(rows) : nothing}
      </div>
      <div class="pane__body">${rows ? this.list(rows) : waiting()}
        ${next ? html`<p class="pad"><button class="btn btn--wide" type="button" @click=${() => this.tell("more")}>${t("common.more")}</button></p>` : nothing}
      </div>`;
  }

  filters() {
    const { q, state } = this.page;
    return html`<form class="row row--keep" role="search" @submit=${this.search}>
      <span class="search grow"><x-icon name="search"></x-icon>
        <input class="input" name="q" type="search" .value=${q} enterkeyhint="search" placeholder=${t("unit.search")} aria-label=${t("common.search")} /></span>
      <select class="select unit-state" aria-label=${t("unit.state")} @change=${(/** @type {any} */ e) => this.tell("state", e.target.value)}>
        <option value="" ?selected=${!state}>${t("unit.state.any")}</option>
        ${STATES.map((one) => html`<option value=${one} ?selected=${one === state}>${t(`unit.state.${one}`)}</option>`)}
      </select></form>`;
  }

  /** @param {any[]} rows */
  list(rows) {
    const { view, q, state, number } = this.page;
    if (!rows.length) {
      const kind = q || state ? "all" : view;
      return html`<x-empty icon="inbox" heading=${t(`unit.empty.${kind}`)} text=${t(`unit.empty.${kind}Text`)}></x-empty>`;
    }
    return html`<ul class="list">${repeat(rows, (one) => one.number, (one) => ticketRow(one, one.number === number, () => this.tell("pick", one.number)))}</ul>`;
  }

  /** @param {SubmitEvent} event */
  search(event) {
    event.preventDefault();
    this.tell("search", String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("q") ?? "").trim());
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function waiting() {
  return html`<div class="pad stack" aria-busy="true">${[1, 2, 3].map(() => html`<span class="skeleton skeleton--block"></span>`)}</div>`;
}

/** How many tickets of a whole list have each light. @param {any[]} rows */
function lights(rows) {
  const shown = LIGHTS.map((light) => ({ light, many: rows.filter((one) => one.light === light).length })).filter(({ many }) => many);
  if (!shown.length) return nothing;
  return html`<div class="row small" role="group" aria-label=${t("unit.lights")}>${shown.map(
    ({ light, many }) => html`<x-light light=${light} text=${`${t(`unit.light.${light}`)} ${many}`}></x-light>`)}</div>`;
}

define("unit-list", UnitList);
