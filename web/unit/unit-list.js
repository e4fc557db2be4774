/** The left pane: the unit's tickets, those due first on top. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { resultsNotice } from "../shared/batch.js";
import { lightOf, ticketRow } from "../shared/ticket-view.js";
import { openFindings } from "./findings.js";
import "./hearings.js";
import "../shared/my-notices.js";
import { suggestionRow, together } from "./unit-suggestions.js";

const VIEWS = ["inbox", "approval", "all"];
const TO_SIGN = "dispatched";
const STATES = ["dispatched", "accepted", "in_progress", "rehandle", "suspended", "submitted", "review"];
const LIGHTS = ["red", "orange", "yellow", "green"];

/** `<unit-list .page>`; events `view`, `state`, `search`, `more`, `pick`, `light`, `select`, `turn`, `sign`, `seen`, `approval`, `absences`, `sheet`. */
class UnitList extends PageElement {
  static properties = { page: { attribute: false } };

  render() {
    if (!this.page) return nothing;
    const { view, rows, counts, next } = this.page;
    const shown = VIEWS.filter((id) => id !== "approval" || this.page.approves || counts.approval);
    const tabs = shown.map((id) => ({ id, text: t(`unit.view.${id}`), count: (counts[id] ?? 0) + (id === "inbox" ? this.page.suggestions.length : 0) }));
    if (this.page.leads) tabs.push({ id: "figures", text: t("unit.figures"), count: 0 });
    return html`<div class="pane__head stack stack--s">
        <div class="row row--keep unit-head"><x-tabs class="grow" label=${t("unit.views")} .tabs=${tabs} selected=${this.page.figures ? "figures" : view} @choose=${(/** @type {CustomEvent} */ e) => this.tell("view", e.detail)}></x-tabs>
          <my-notices @pick=${(/** @type {CustomEvent} */ e) => this.tell("pick", e.detail.number)}></my-notices></div>
        <unit-hearings></unit-hearings>
        ${this.filters()}
        <div class="row row--spread">${rows && !next ? this.lights(rows) : html`<span></span>`}
          <span class="row">${this.signable.length > 1 ? html`<button class="btn btn--small" type="button" data-select aria-pressed=${this.page.selecting} @click=${() => this.tell("select")}>${t("work.signMany")}</button>` : nothing}
            ${this.page.hands ? html`<button class="btn btn--small btn--quiet" type="button" data-sheet @click=${() => this.tell("sheet")}>${t("unit.sheet")}</button>` : nothing}
            <button class="btn btn--small btn--quiet" type="button" data-findings @click=${openFindings}>${t("unit.findings")}</button>
            <button class="btn btn--small btn--quiet" type="button" data-absences @click=${() => this.tell("absences")}>${t("work.absencesShort")}</button>
            <button class="btn btn--small btn--quiet" type="button" data-approval @click=${() => this.tell("approval")}>${t("work.approvalShort")}</button></span></div>
        ${resultsNotice(this.page.results, () => this.tell("seen"))}
      </div>
      <div class="pane__body">${rows ? this.list(rows) : waiting()}
        ${next ? html`<p class="pad"><button class="btn btn--wide" type="button" @click=${() => this.tell("more")}>${t("common.more")}</button></p>` : nothing}
      </div>${this.signBar()}`;
  }

  /** What waits to be signed. */
  get signable() {
    return (this.page.rows ?? []).filter((/** @type {any} */ one) => one.state === TO_SIGN && !one.part_label);
  }

  signBar() {
    if (!this.page.selecting) return nothing;
    const { chosen } = this.page;
    const all = this.signable.every((/** @type {any} */ one) => chosen.has(one.number));
    return html`<div class="thumb-bar sign-bar"><label class="check grow"><input type="checkbox" .checked=${all} @change=${() => this.tell("turn", "")} /><span>${t("work.all")}</span></label>
      <button class="btn btn--primary" type="button" ?disabled=${!chosen.size} @click=${(/** @type {Event} */ e) => this.tell("sign", e.currentTarget)}>${t("work.sign", { many: chosen.size })}</button></div>`;
  }

  /** How many tickets of a whole list have each light; pressed, only those are shown. @param {any[]} rows */
  lights(rows) {
    const found = LIGHTS.map((light) => ({ light, many: rows.filter((one) => lightOf(one) === light).length })).filter(({ many }) => many);
    return html`<div class="row small light-filters" role="group" aria-label=${t("unit.lights")}>${found.map(
      ({ light, many }) => html`<button class="light-filter" type="button" aria-pressed=${this.page.light === light} @click=${() => this.tell("light", light)}>
        <x-light light=${light} text=${`${t(`unit.light.${light}`)} ${many}`}></x-light></button>`)}</div>`;
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
    const { view, q, state, number, light, selecting, chosen } = this.page;
    const lit = light ? rows.filter((one) => lightOf(one) === light) : rows;
    const suggestions = view === "inbox" && !q && !state && !light && !selecting ? this.page.suggestions : [];
    if (!rows.length && !suggestions.length) {
      const kind = q || state ? "all" : view;
      return html`<x-empty icon="inbox" heading=${t(`unit.empty.${kind}`)} text=${t(`unit.empty.${kind}Text`)}></x-empty>`;
    }
    return html`<ul class="list">${repeat(together(lit, suggestions, Boolean(this.page.next)), (one) => one.number ?? one.suggestion.number, (one) => one.suggestion
      ? suggestionRow(one, one.suggestion.number === number, () => this.tell("pick", one.suggestion.number))
      : ticketRow(one, one.number === number, () => this.tell("pick", one.number), selecting ? this.box(one, chosen) : undefined))}</ul>`;
  }

  /** @param {any} one @param {Set<string>} chosen */
  box(one, chosen) {
    const may = this.signable.includes(one);
    return html`<label class="pick-row__box"><input type="checkbox" ?disabled=${!may} .checked=${chosen.has(one.number)} aria-label=${t("work.choose", { number: one.number })} @change=${() => this.tell("turn", one.number)} /></label>`;
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

define("unit-list", UnitList);
