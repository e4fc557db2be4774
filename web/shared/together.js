/** Several people at one ticket: `<x-together number="N">` says who else has it open and who is filling in what; drafts
 * of forms are kept on the server, sealed, for their writer alone. Texts: section `work`. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "./api.js";
import { define, PageElement } from "./element.js";
import { t } from "./i18n.js";

const HEARTBEAT_MS = 20_000;
const SAVE_MS = 600;

/** Tells the screens of colleagues that a form is being filled in; empty when it was sent or given up. @param {string} action */
export function nowDoing(action) {
  window.dispatchEvent(new CustomEvent("hotline:doing", { detail: action }));
}

/** @typedef {{name: string, unit_name: string, doing: string, doing_label: string}} Watcher */

class Together extends PageElement {
  static properties = { number: {}, others: { state: true } };

  constructor() {
    super();
    this.number = "";
    this.told = "";
    this.doing = "";
    /** @type {Watcher[]} */
    this.others = [];
    this.timer = 0;
    this.onDoing = (/** @type {Event} */ event) => {
      this.doing = /** @type {CustomEvent} */ (event).detail;
      this.tell();
    };
    this.onFact = (/** @type {Event} */ event) => {
      const fact = /** @type {CustomEvent} */ (event).detail;
      if (fact.kind === "ticketing.TicketWatched" && fact.subject === `ticket:${this.number}`) this.tell();
    };
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener("hotline:doing", this.onDoing);
    window.addEventListener("hotline:fact", this.onFact);
    this.timer = setInterval(() => document.visibilityState === "visible" && this.tell(), HEARTBEAT_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener("hotline:doing", this.onDoing);
    window.removeEventListener("hotline:fact", this.onFact);
    clearInterval(this.timer);
    this.leave();
  }

  updated() {
    if (this.number === this.told) return;
    this.leave();
    this.others = [];
    this.told = this.number;
    this.doing = "";
    this.tell();
  }

  leave() {
    if (this.told) api.put(`/tickets/${this.told}/watching`, { left: true }).catch(() => {});
    this.told = "";
  }

  async tell() {
    const { number } = this;
    if (!number) return;
    const answer = await api.put(`/tickets/${number}/watching`, { doing: this.doing }).catch(() => null);
    if (answer && number === this.number) this.others = answer.items;
  }

  render() {
    if (!this.others.length) return nothing;
    return html`<p class="together small" role="status"><x-icon name="user"></x-icon><span>${this.others.map((one) => sayWho(one)).join(t("common.listComma"))}</span></p>`;
  }
}

/** @param {Watcher} one */
function sayWho(one) {
  const name = [one.unit_name, one.name].filter(Boolean).join(" ");
  return one.doing ? t("work.doing", { name, what: one.doing_label }) : t("work.watching", { name });
}

define("x-together", Together);

/** What somebody had begun in a form, and a way to keep what they go on writing.
 * @param {string} number @param {string} action
 * @returns {Promise<{values: Record<string, unknown>, keep: (values: Record<string, unknown>) => void, forget: () => void}>} */
export async function draftOf(number, action) {
  const path = `/tickets/${number}/drafts`;
  const found = await api.get(path).catch(() => ({ items: [] }));
  const begun = found.items.find((/** @type {any} */ one) => one.action === action);
  let timer = 0;
  const put = (/** @type {Record<string, unknown>} */ values) => api.put(`${path}/${action}`, { values }).catch(() => {});
  return {
    values: begun?.values ?? {},
    keep(values) {
      clearTimeout(timer);
      const plain = Object.entries(values).filter(([, value]) => typeof value === "string" || typeof value === "boolean");
      timer = setTimeout(() => put(Object.fromEntries(plain)), SAVE_MS);
    },
    forget() {
      clearTimeout(timer);
      put({});
    },
  };
}
