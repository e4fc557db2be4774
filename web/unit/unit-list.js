/** The left pane: the unit's tickets, those due first on top. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import "../shared/marks.js";

const VIEWS = ["inbox", "all"];
const URGENT = ["p0", "p1"];

class UnitList extends PageElement {
  static properties = { page: { attribute: false } };

  render() {
    if (!this.page) return nothing;
    const { view, q, rows, counts, next } = this.page;
    const tabs = VIEWS.map((id) => ({ id, text: t(`unit.view.${id}`), count: id === "inbox" ? counts[id] : 0 }));
    return html`<div class="pane__head stack stack--s">
        <x-tabs label=${t("unit.views")} .tabs=${tabs} selected=${view} @choose=${(/** @type {CustomEvent} */ e) => this.tell("view", e.detail)}></x-tabs>
        <form class="search" role="search" @submit=${this.search}><x-icon name="search"></x-icon>
          <input class="input" name="q" type="search" .value=${q} enterkeyhint="search" placeholder=${t("unit.search")} aria-label=${t("common.search")} /></form>
      </div>
      <div class="pane__body">${rows ? this.list(rows) : this.waiting()}
        ${next ? html`<p class="pad"><button class="btn btn--wide" @click=${() => this.tell("more")}>${t("common.more")}</button></p>` : nothing}
      </div>`;
  }

  waiting() {
    return html`<div class="pad stack" aria-busy="true">${[1, 2, 3].map(() => html`<span class="skeleton skeleton--block"></span>`)}</div>`;
  }

  /** @param {any[]} rows */
  list(rows) {
    if (!rows.length) {
      const kind = this.page.q ? "found" : this.page.view;
      return html`<x-empty icon="inbox" heading=${t(`unit.empty.${kind}`)}></x-empty>`;
    }
    return html`<ul class="list">${repeat(rows, (one) => one.number, (one) => this.row(one))}</ul>`;
  }

  /** @param {any} one a TicketRow */
  row(one) {
    return html`<li><button class="list__item unit-row" type="button" aria-current=${one.number === this.page.number}
        @click=${() => this.tell("pick", one.number)}>
      <span class="row row--spread row--keep"><span class="badge badge--primary">${one.state_label}</span>
        <x-light light=${one.light} text=${one.remaining_text}></x-light></span>
      <span class="strong clip-2">${one.title}</span>
      <span class="row small">
        ${URGENT.includes(one.urgency) ? html`<span class="badge badge--red">${one.urgency_label}</span>` : nothing}
        ${one.supervision ? html`<span class="badge badge--orange">${t("unit.supervised", { level: one.supervision })}</span>` : nothing}
        ${one.flags.map((/** @type {any} */ flag) => html`<span class="badge badge--yellow">${flag.label}</span>`)}
        <span class="faint">${[one.kind_label, one.area_name].filter(Boolean).join(" · ")}</span></span>
    </button></li>`;
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

define("unit-list", UnitList);
