/** `<roles-pane .me>`: what may be done under each role, and how far. Roles are part of the program: nothing is changed here. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { label, loadTexts, t } from "../shared/i18n.js";
import { toastError } from "../shared/ui.js";
import { cardHead, skeletons } from "./people-parts.js";

/** @typedef {{value: string, label: string, holders: number, of_unit: boolean, outsourced: boolean, may: {value: string, scope: string}[]}} Role */

await loadTexts("people");

const LOOKS = /** @type {Record<string, string>} */ ({ any: "badge--primary", own_unit: "badge--blue", own: "" });

class RolesPane extends PageElement {
  static properties = { items: { state: true }, chosen: { state: true }, q: { state: true } };

  constructor() {
    super();
    /** @type {Role[] | null} */
    this.items = null;
    this.chosen = new URLSearchParams(location.hash.split("?")[1] ?? "").get("role") ?? "";
    this.q = "";
  }

  connectedCallback() {
    super.connectedCallback();
    this.load().catch(toastError);
  }

  /** @param {any} fact */
  onFact(fact) {
    if (fact.kind === "directory.StaffAccountChanged") this.onResync();
  }

  onResync() {
    this.load().catch(toastError);
  }

  async load() {
    this.items = (await api.get("/roles")).items;
  }

  render() {
    if (!this.items) return skeletons();
    const q = this.q.trim().toLowerCase();
    const shown = this.items.filter((one) => !q || label("role", one.value).toLowerCase().includes(q) || one.may.some((each) => t(`may.${each.value}`).toLowerCase().includes(q)));
    const wide = matchMedia("(min-width: 721px)").matches;
    const chosen = shown.find((one) => one.value === this.chosen) ?? (wide ? shown[0] : undefined);
    return html`<div class="panes panes--admin" data-show=${this.chosen ? "second" : "first"}>
      <section class="pane" aria-label=${t("admin.pane.roles")}>
        <div class="pane__head stack stack--s"><p class="notice"><x-icon name="info"></x-icon><span>${t("roles.lead")}</span></p>
          <span class="search"><x-icon name="search"></x-icon><input class="input" type="search" .value=${this.q} placeholder=${t("roles.filter")} aria-label=${t("roles.filter")}
            @input=${(/** @type {any} */ e) => (this.q = e.target.value)} /></span></div>
        <div class="pane__body">${shown.length ? html`<ul class="list">${repeat(shown, (one) => one.value, (one) => this.row(one, one === chosen))}</ul>` : html`<x-empty icon="search" heading=${t("roles.none")}></x-empty>`}</div>
      </section>
      <section class="pane pane--soft admin-detail">${chosen ? this.detail(chosen) : nothing}</section></div>`;
  }

  /** @param {Role} one @param {boolean} current */
  row(one, current) {
    return html`<li><button class="list__item" type="button" data-role=${one.value} aria-current=${current} @click=${() => (this.chosen = one.value)}>
      <span class="grow"><span class="strong">${label("role", one.value)}</span><span class="small faint">${t("roles.count", { count: one.may.length })}</span></span>
      <span class="badge ${one.holders ? "badge--primary" : ""} nowrap">${t("roles.holders", { count: one.holders })}</span></button></li>`;
  }

  /** @param {Role} one */
  detail(one) {
    const q = this.q.trim().toLowerCase();
    const below = html`${one.of_unit ? html`<span class="badge badge--blue">${t("roles.of_unit")}</span>` : nothing}${one.outsourced ? html`<span class="badge">${t("roles.outsourced")}</span>` : nothing}
      <a href=${`#users?role=${one.value}`}>${t("roles.show")}（${one.holders}）</a>`;
    return html`${cardHead(label("role", one.value), below, () => (this.chosen = ""))}
      <div class="pane__body pad"><div class="card card--flush"><div class="table-wrap"><table class="table"><thead><tr><th>${t("roles.what")}</th><th>${t("roles.reach")}</th></tr></thead>
        <tbody>${one.may.map((each) => {
          const text = t(`may.${each.value}`);
          return html`<tr class=${q && text.toLowerCase().includes(q) ? "people-hit" : ""}><td>${text}</td><td><span class="badge ${LOOKS[each.scope] ?? ""}">${t(`roles.scope.${each.scope}`)}</span></td></tr>`;
        })}</tbody></table></div></div></div>`;
  }
}

define("roles-pane", RolesPane);
