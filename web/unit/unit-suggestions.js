/** Suggestions that wait for the unit's answer or for what it promised: rows among its tickets, and one in full with its buttons. */
import { html, nothing } from "../vendor/lit.js";
import { actionButtons, runAction } from "../shared/action-form.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { toast } from "../shared/ui.js";

const PAGE = 100;
const FAR = "9999";
const DECISIONS = ["adopt", "adopt_partly"];

/** @typedef {{suggestion: any, due: string, opened_at: string, actions: any[]}} Item a StaffSuggestion */

/** What waits for the unit. @returns {Promise<Item[]>} */
export async function readSuggestions() {
  const { items } = await api.get("/suggestions/desk", { waiting: true, limit: PAGE }).catch(() => ({ items: [] }));
  return items.filter((/** @type {Item} */ one) => one.actions.length);
}

/** By when a ticket or a suggestion wants something done. @param {any} one */
const dueOf = (one) => (one.suggestion ? one.due : one.step?.due_at ?? one.due_at) ?? FAR;

/** Tickets and suggestions in the order they are due; what is due behind the last page read waits for it.
 * @param {any[]} rows @param {Item[]} suggestions @param {boolean} more whether there are pages to come */
export function together(rows, suggestions, more) {
  const last = more && rows.length ? dueOf(rows[rows.length - 1]) : FAR;
  const now = suggestions.filter((one) => dueOf(one) <= last);
  if (!now.length) return rows;
  return [...rows, ...now].sort((a, b) => dueOf(a).localeCompare(dueOf(b)));
}

/** @param {Item} one @param {boolean} current @param {() => void} pick */
export function suggestionRow({ suggestion, due }, current, pick) {
  return html`<li><button class="list__item ticket-row" type="button" data-suggestion=${suggestion.number} aria-current=${current} @click=${pick}>
    <span class="row row--spread row--keep"><span class="number small faint">${suggestion.number}</span>
      <x-light class="nowrap" light=${light(due)} text=${t("unit.answerBy", { when: when(due) })}></x-light></span>
    <span class="strong clip-2">${suggestion.title}</span>
    <span class="row small"><span class="badge badge--blue">${t("unit.suggestion")}</span><span class="badge badge--primary">${suggestion.state_label}</span></span>
    <span class="small faint clip">${[suggestion.area_name, t("unit.supports", { many: suggestion.supports })].filter(Boolean).join(" · ")}</span>
  </button></li>`;
}

/** @param {string} due */
const light = (due) => (Date.parse(due) < Date.now() ? "red" : "green");

/** `<unit-suggestion .item>`; events `back`, `done`. */
class UnitSuggestion extends PageElement {
  static properties = { item: { attribute: false } };

  render() {
    const { suggestion, due, opened_at: opened, actions } = /** @type {Item} */ (this.item);
    const { decision } = suggestion;
    return html`<div class="pane__head ticket-head">
        <button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${() => this.tell("back")}><x-icon name="back"></x-icon></button>
        <div class="grow"><h1 class="ticket-head__title clip-2">${suggestion.title}</h1>
          <p class="row small faint"><span class="number">${suggestion.number}</span><span class="badge badge--blue">${t("unit.suggestion")}</span>
            <span class="badge badge--primary">${suggestion.state_label}</span></p></div>
        <x-light class="nowrap" light=${light(due)} text=${t("unit.answerBy", { when: when(due) })}></x-light></div>
      <div class="pane__body pad"><div class="stack ticket-page">
        <section class="card card--tight stack stack--s"><p class="prewrap lead">${suggestion.text}</p>
          <dl class="facts">${suggestion.area_name ? html`<dt>${t("ticket.where")}</dt><dd>${suggestion.area_name}</dd>` : nothing}
            <dt>${t("ticket.received")}</dt><dd>${when(opened)}</dd>
            <dt>${t("unit.support")}</dt><dd>${t("unit.supports", { many: suggestion.supports })}</dd></dl></section>
        ${suggestion.note ? html`<p class="notice"><x-icon name="info"></x-icon><span class="prewrap">${suggestion.note}</span></p>` : nothing}
        ${decision.reason ? html`<section class="card card--tight stack stack--s"><h2>${t("unit.answered")}</h2><p class="prewrap">${decision.reason}</p>
          ${[decision.basis, decision.plan, decision.cost, decision.period].filter(Boolean).map((said) => html`<p class="prewrap">${said}</p>`)}</section>` : nothing}
      </div></div>
      <div class="pane__foot actions-bar">${actionButtons(actions.map(asAction), (event, action) => this.press(event, action))}</div>`;
  }

  /** @param {Event} event @param {any} action */
  async press(event, action) {
    const { number } = this.item.suggestion;
    const path = `/suggestions/${number}/actions/${action.action}`;
    const after = await runAction(event, action, { send: (form) => api.post(path, { form }), keep: path });
    if (!after) return;
    toast(t("ticket.done", { label: action.label }), { kind: "good" });
    this.tell("done", after);
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @param {any} action an ActionView of suggestions */
function asAction(action) {
  const fields = action.fields.map((/** @type {any} */ one) => ({ options: [], hint: "", ...one }));
  return { danger: false, ...action, primary: action.action === DECISIONS[0], fields };
}

define("unit-suggestion", UnitSuggestion);
