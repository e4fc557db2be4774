/** Small elements of every page: `<x-icon>`, `<x-light>`, `<x-empty>`, `<x-ago>`, `<x-tabs>`. */
import { html, nothing } from "../vendor/lit.js";
import { define, PageElement } from "./element.js";
import { ago, counted, when } from "./format.js";
import { icon } from "./icons.js";
import { label } from "./i18n.js";
import { walk } from "./keys.js";

const MOST_COUNTED = 1000;

/** `<x-icon name="send" label="发送">` — decoration unless it has a label. */
class Icon extends PageElement {
  static properties = { name: {}, label: {} };

  render() {
    return icon(this.name ?? "info", this.label ?? "");
  }
}

const LIGHT_ICONS = { green: "check", yellow: "clock", orange: "bell", red: "alert", none: "pause" };

/** `<x-light light="yellow" text="还剩 1 个工作日">` — colour, shape and words together, never colour alone. */
class Light extends PageElement {
  static properties = { light: { reflect: true }, text: {} };

  render() {
    const light = /** @type {keyof typeof LIGHT_ICONS} */ (this.light ?? "none");
    return html`${icon(LIGHT_ICONS[light] ?? "pause")}<span>${this.text || label("light", light)}</span>`;
  }
}

/** `<x-empty icon="inbox" heading="暂无工单" text="…"><button …></x-empty>` */
class Empty extends PageElement {
  static properties = { icon: {}, heading: {}, text: {} };

  render() {
    return html`<span class="empty__mark">${icon(this.icon ?? "inbox")}</span>
      ${this.heading ? html`<p class="empty__heading">${this.heading}</p>` : nothing}
      ${this.text ? html`<p class="small">${this.text}</p>` : nothing}`;
  }
}

/** @type {Set<Ago>} */
const ticking = new Set();
let ticker = 0;

/** `<x-ago time="2026-11-23T06:05:00Z">` — "5 分钟前", kept true by one timer for all of them. */
class Ago extends PageElement {
  static properties = { time: {} };

  connectedCallback() {
    super.connectedCallback();
    ticking.add(this);
    ticker ||= setInterval(() => ticking.forEach((one) => one.requestUpdate()), 30_000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    ticking.delete(this);
    if (ticking.size) return;
    clearInterval(ticker);
    ticker = 0;
  }

  render() {
    if (!this.time) return nothing;
    return html`<time datetime=${this.time} title=${when(this.time)}>${ago(this.time)}</time>`;
  }
}

/** `<x-tabs label="队列" .tabs=${[{id, text, count?, urgent?}]} selected="id" @choose=${(e) => e.detail}>` */
class Tabs extends PageElement {
  static properties = { tabs: { attribute: false }, selected: {}, label: {} };

  /** @param {string} id */
  choose(id) {
    if (id === this.selected) return;
    this.selected = id;
    this.dispatchEvent(new CustomEvent("choose", { detail: id, bubbles: true }));
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const item = walk(event, [...this.querySelectorAll("[role=tab]")]);
    if (item?.dataset.id) this.choose(item.dataset.id);
  }

  render() {
    const tabs = this.tabs ?? [];
    return html`<div class="tabs" role="tablist" aria-label=${this.label ?? ""} @keydown=${this.onKey}>
      ${tabs.map((tab) => this.tab(tab))}
    </div>`;
  }

  /** @param {{id: string, text: string, count?: number, urgent?: boolean}} tab */
  tab(tab) {
    const chosen = tab.id === this.selected;
    const many = html`<span class="count ${tab.urgent ? "count--urgent" : ""}">${counted(tab.count, MOST_COUNTED)}</span>`;
    return html`<button class="tab" type="button" role="tab" data-id=${tab.id} aria-selected=${chosen}
      tabindex=${chosen ? 0 : -1} @click=${() => this.choose(tab.id)}>${tab.text}${tab.count ? many : nothing}</button>`;
  }
}

define("x-icon", Icon);
define("x-light", Light);
define("x-empty", Empty);
define("x-ago", Ago);
define("x-tabs", Tabs);
