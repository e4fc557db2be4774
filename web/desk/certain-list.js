/** What is certain but not for the machine alone: confirmed thirty at a time, by keyboard. */
import { html, live, nothing, repeat } from "../vendor/lit.js";
import { resultsNotice } from "../shared/batch.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { marks } from "../shared/ticket-view.js";

/** Those that are chosen together first: nothing is said against them. @param {any[]} items */
export const mostlySure = (items) => items.filter((one) => !one.doubts.length);

/** Those to be looked at one by one. @param {any[]} items */
export const unsure = (items) => items.filter((one) => one.doubts.length);

/** `<certain-list .items .chosen .cursor .results ?wider>`, `wider` once the next press takes the unsure ones too; events `turn` (a number), `all`, `confirm`, `pick`, `seen`. */
class CertainList extends PageElement {
  static properties = {
    items: { attribute: false }, chosen: { attribute: false }, cursor: {}, results: { attribute: false }, busy: { type: Boolean }, total: { type: Number }, wider: { type: Boolean },
  };

  render() {
    const { items, chosen } = this;
    if (!items) return html`<div class="pad" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    if (!items.length) {
      return html`${this.told()}<x-empty icon="check" heading=${t("work.certain.empty")} text=${t("work.certain.emptyText")}></x-empty>`;
    }
    const all = items.every((/** @type {any} */ one) => chosen.has(one.ticket.number));
    const sure = mostlySure(items);
    const doubted = unsure(items);
    return html`<div class="certain-bar">
        <label class="check grow"><input type="checkbox" .checked=${live(all)} @change=${() => this.all()} />
          <span>${this.next(sure.length, doubted.length)}</span><kbd>A</kbd></label>
        <button class="btn btn--primary" type="button" ?disabled=${!chosen.size} aria-busy=${this.busy} @click=${() => this.tell("confirm")}>
          ${t("work.certain.confirm", { many: chosen.size })}<kbd>Enter</kbd></button></div>
      ${this.told()}
      ${sure.length ? html`<ul class="list" aria-label=${t("dispatch.view.certain")}>${this.rows(sure)}</ul>` : nothing}
      ${doubted.length ? html`<section class="unsure" aria-labelledby="unsure-heading" data-unsure>
        <div class="unsure__head"><x-icon name="alert"></x-icon><div class="grow"><h3 class="unsure__title" id="unsure-heading">${t("work.certain.unsure", { many: doubted.length })}</h3>
          <p class="small">${t("work.certain.unsureText")}</p></div></div>
        <ul class="list" aria-labelledby="unsure-heading">${this.rows(doubted)}</ul></section>` : nothing}
      <p class="pad small faint">${t("work.certain.keys")}</p>`;
  }

  /** What the next press of the key chooses. @param {number} sure @param {number} doubted */
  next(sure, doubted) {
    if (!doubted) return t("work.certain.all", { many: sure });
    return this.wider ? t("work.certain.wider", { many: doubted }) : t("work.certain.sure", { many: sure, all: sure + doubted });
  }

  all() {
    this.tell("all");
    this.requestUpdate();
  }

  /** @param {any[]} items */
  rows(items) {
    return repeat(items, (/** @type {any} */ one) => one.ticket.number, (/** @type {any} */ one) => this.row(one));
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
          <span class="badge ${one.doubts.length ? "badge--orange" : "badge--green"} number">${Math.round(one.score * 100)}%</span>${marks(ticket)}</span>
        ${one.doubts.length ? html`<span class="small unsure__why">${t("work.certain.why", { why: one.doubts.join(t("work.certain.and")) })}</span>` : nothing}
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
