/** `<spans-tab>`: reports and confidential tickets with words a person decides about, P0 and P1 first, then the longest waiting. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import "../shared/ticket-privacy.js";
import { toastError } from "../shared/ui.js";

class SpansTab extends PageElement {
  static properties = { items: { state: true } };

  constructor() {
    super();
    /** @type {any[] | null} */
    this.items = null;
    /** @type {string | null} */
    this.next = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load().catch(toastError);
  }

  /** Reads the list, or a page more of it. @param {boolean} [more] */
  async load(more = false) {
    const page = await api.get("/privacy/spans", more ? { cursor: this.next } : {});
    this.items = more ? [...(this.items ?? []), ...page.items] : page.items;
    this.next = page.next;
  }

  more() {
    return this.next ? html`<button class="btn btn--wide" type="button" data-more @click=${() => this.load(true).catch(toastError)}>${t("common.more")}</button>` : nothing;
  }

  /** @param {any} spans a SpansView after a decision: it stays until the list is read anew */
  decided(spans) {
    this.items = (this.items ?? []).map((one) => (one.number === spans.number ? spans : one));
    if (!spans.due_at) /** @type {any} */ (document.querySelector("my-notices"))?.opened?.(spans.number);
  }

  render() {
    if (!this.items) return html`<div class="card" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    if (!this.items.length) return html`<x-empty icon="shield" heading=${t("privacy.spans.empty")} text=${t("privacy.spans.emptyText")}></x-empty>`;
    return html`<div class="stack"><p class="muted">${t("ticket.spansText")}</p>${this.items.map((one) => this.card(one))}${this.more()}</div>`;
  }

  /** @param {any} one a SpansView */
  card(one) {
    return html`<section class="card card--tight stack stack--s">
      <div class="row row--spread"><h2 class="clip-2">${one.title}</h2><span class="row">${one.due_at ? html`<x-light class="nowrap" light=${one.light} text=${one.remaining_text} data-due></x-light>` : nothing}
        ${one.urgency_label ? html`<span class="badge badge--red">${one.urgency_label}</span>` : nothing}<span class="badge badge--primary">${one.state_label}</span></span></div>
      <p class="small faint"><span class="number">${one.number}</span>${one.unit_name ? html` · ${one.unit_name}` : nothing}</p>
      <span-cards .spans=${one} @decided=${(/** @type {CustomEvent} */ e) => this.decided(e.detail)}></span-cards>
    </section>`;
  }
}

define("spans-tab", SpansTab);
