/** `<past-found q=…>`: closed tickets of the system before that a search finds, page by page. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import "../shared/past-tickets.js";
import { busy, toastError } from "../shared/ui.js";

class PastFound extends PageElement {
  static properties = { q: {}, items: { state: true }, next: { state: true } };

  constructor() {
    super();
    this.q = "";
    /** @type {any[]} PastViews */
    this.items = [];
    /** @type {string | null} */
    this.next = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("q")) return;
    Object.assign(this, { items: [], next: null });
    if (this.q) this.read().catch(toastError);
  }

  async read() {
    const { q, items } = this;
    const page = await api.get("/history", { q, cursor: this.next });
    if (q === this.q) Object.assign(this, { items: [...items, ...page.items], next: page.next });
  }

  render() {
    const { items, next } = this;
    if (!items.length) return nothing;
    return html`<section class="pad stack stack--s" aria-label=${t("ticket.past")}><h2 class="small muted">${t("ticket.past")} ${items.length}${next ? "+" : ""}</h2>
      <past-tickets .items=${items.map((ticket) => ({ ticket }))}></past-tickets>
      ${next ? html`<button class="btn btn--wide" type="button" data-more @click=${(/** @type {Event} */ e) => busy(e, () => this.read())}>${t("common.more")}</button>` : nothing}</section>`;
  }
}

define("past-found", PastFound);
