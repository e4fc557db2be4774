/** What is certain but not for the machine alone: confirmed thirty at a time, by keyboard. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { resultsNotice } from "../shared/batch.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { marks } from "../shared/ticket-view.js";

/** Below it one in four goes wrong: such a proposal does not look like a safe one. */
const MOSTLY = 0.7;

/** Those that are chosen together first. @param {any[]} items */
export const mostlySure = (items) => items.filter((one) => one.score >= MOSTLY);

/** `<certain-list .items .chosen .cursor .results>`; events `turn` (a number), `all`, `confirm`, `pick`, `seen`. */
class CertainList extends PageElement {
  static properties = {
    items: { attribute: false }, chosen: { attribute: false }, cursor: {}, results: { attribute: false }, busy: { type: Boolean }, total: { type: Number },
  };

  render() {
    const { items, chosen } = this;
    if (!items) return html`<div class="pad" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    if (!items.length) {
      return html`${this.told()}<x-empty icon="check" heading=${t("work.certain.empty")} text=${t("work.certain.emptyText")}></x-empty>`;
    }
    const all = items.every((/** @type {any} */ one) => chosen.has(one.ticket.number));
    const sure = mostlySure(items).length;
    const mixed = sure && sure < items.length;
    return html`<div class="certain-bar">
        <label class="check grow"><input type="checkbox" .checked=${all} @change=${() => this.tell("all")} />
          <span>${mixed ? t("work.certain.sure", { many: sure, all: items.length }) : t("work.certain.all", { many: items.length })}</span><kbd>A</kbd></label>
        <button class="btn btn--primary" type="button" ?disabled=${!chosen.size} aria-busy=${this.busy} @click=${() => this.tell("confirm")}>
          ${t("work.certain.confirm", { many: chosen.size })}<kbd>Enter</kbd></button></div>
      ${this.told()}
      <ul class="list" aria-label=${t("dispatch.view.certain")}>${repeat(items, (/** @type {any} */ one) => one.ticket.number, (/** @type {any} */ one) => this.row(one))}</ul>
      <p class="pad small faint">${t("work.certain.keys")}</p>`;
  }

  /** @param {any} one a ProposalView */
  row(one) {
    const { ticket } = one;
    const current = ticket.number === this.cursor;
    return html`<li class="pick-row"><label class="pick-row__box"><input type="checkbox" .checked=${this.chosen.has(ticket.number)}
        aria-label=${t("work.choose", { number: ticket.number })} @change=${() => this.tell("turn", ticket.number)} /></label>
      <button class="list__item ticket-row" type="button" aria-current=${current} @click=${() => this.tell("pick", ticket.number)}>
        <span class="strong clip-2">${ticket.title}</span>
        <span class="row small"><x-icon name="forward"></x-icon><span>${one.unit_name}</span>
          <span class="badge ${one.score < MOSTLY ? "badge--orange" : "badge--green"} number">${Math.round(one.score * 100)}%</span>${marks(ticket)}</span>
        <span class="small clip-2">${one.said}</span>
        <span class="small faint clip">${one.lines[0] ?? ""}</span>
        <span class="small faint clip">${[ticket.number, ticket.area_name, ticket.matter_name].filter(Boolean).join(" · ")}</span>
      </button></li>`;
  }

  told() {
    return this.results ? html`<div class="pad">${resultsNotice(this.results, () => this.tell("seen"))}</div>` : nothing;
  }

  updated() {
    this.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("certain-list", CertainList);
