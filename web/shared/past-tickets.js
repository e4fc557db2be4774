/** `<past-tickets .items=${[{ticket, likeness?, same_caller?}]}>`: closed tickets of the system before, each opens. */
import { html, nothing } from "../vendor/lit.js";
import { define, PageElement } from "./element.js";
import { day } from "./format.js";
import { t } from "./i18n.js";

/** @typedef {{source: string, number: string, title: string, text: string, matter_name: string, area_name: string,
 *   place: string, unit_name: string, received_at: string | null, closed_at: string | null, outcome_label: string,
 *   reply: string, returned: number}} Past */

class PastTickets extends PageElement {
  static properties = { items: { attribute: false } };

  render() {
    return (this.items ?? []).map((/** @type {{ticket: Past, likeness?: number, same_caller?: boolean}} */ one) => this.one(one));
  }

  /** @param {{ticket: Past, likeness?: number, same_caller?: boolean}} one */
  one({ ticket, likeness, same_caller }) {
    const facts = [ticket.unit_name, ticket.outcome_label, ticket.returned ? t("ticket.past.returned", { count: ticket.returned }) : ""];
    return html`<details class="past">
      <summary><span class="row small"><span class="number">${ticket.number}</span>
          ${same_caller ? html`<span class="badge badge--yellow">${t("ticket.past.sameCaller")}</span>` : nothing}
          ${likeness ? html`<span class="faint">${likeness}%</span>` : nothing}
          ${ticket.received_at ? html`<span class="faint">${day(ticket.received_at)}</span>` : nothing}</span>
        <span class="clip-2">${ticket.title || ticket.text}</span>
        <span class="small faint">${facts.filter(Boolean).join(" · ")}</span></summary>
      <div class="stack stack--s past__body">
        <p class="prewrap">${ticket.text}</p>
        <p class="small faint">${[ticket.source, ticket.matter_name, ticket.area_name + ticket.place].filter(Boolean).join(" · ")}</p>
        ${ticket.reply ? html`<p class="prewrap notice"><span>${ticket.reply}</span></p>` : nothing}
      </div></details>`;
  }
}

define("past-tickets", PastTickets);
