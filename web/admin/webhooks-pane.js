/** `<webhooks-pane .me>`: what units' own systems are told, whether it arrives, and how it is sent again. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { loadTexts, t } from "../shared/i18n.js";
import { toastError } from "../shared/ui.js";
import "./hook-card.js";
import { askHook } from "./hook-form.js";
import { showOnce, skeletons } from "./people-parts.js";

/** @typedef {{id: string, unit: string, unit_name: string, url: string, facts: string[], active: boolean, position: number, waiting: number, dead: number, made: string, made_by: string,
 *   state: string, state_label: string, delivered: string | null, failing: string | null, old_until: string | null}} Hook */

await loadTexts("people");

const LOOKS = /** @type {Record<string, string>} */ ({ active: "badge--green", failing: "badge--red", paused: "" });
const REFRESH_MS = 1000;
/** No fact tells an administrator that something is on its way or was sent: it is asked for. */
const WATCH_MS = 4000;

class WebhooksPane extends PageElement {
  static properties = { items: { state: true }, chosen: { state: true }, q: { state: true } };

  constructor() {
    super();
    /** @type {Hook[] | null} */
    this.items = null;
    /** @type {string[]} what can be told */
    this.offered = [];
    this.chosen = "";
    this.q = "";
    this.timer = 0;
    this.watch = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load().catch(toastError);
    this.watch = setInterval(() => this.items?.some((one) => one.active) && !document.hidden && this.onResync(), WATCH_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.watch);
    clearTimeout(this.timer);
  }

  /** @param {any} fact */
  onFact(fact) {
    if (String(fact.kind).startsWith("ticketing.")) this.onResync();
  }

  onResync() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => document.querySelector("dialog[open]") || this.load().catch(toastError), REFRESH_MS);
  }

  async load() {
    const { items, offered } = await api.all("/webhooks");
    Object.assign(this, { items, offered });
    /** @type {any} */ (this.querySelector("hook-card"))?.load().catch(toastError);
  }

  render() {
    if (!this.items) return skeletons();
    const q = this.q.trim().toLowerCase();
    const shown = this.items.filter((one) => !q || `${one.unit_name} ${one.unit} ${one.url}`.toLowerCase().includes(q));
    const chosen = this.items.find((one) => one.id === this.chosen);
    return html`<div class="panes panes--admin" data-show=${chosen ? "second" : "first"}>
      <section class="pane" aria-label=${t("admin.pane.webhooks")}>
        <div class="pane__head stack stack--s"><p class="small muted">${t("hooks.lead")}</p>
          <button class="btn btn--primary" type="button" data-new @click=${this.add}><x-icon name="plus"></x-icon>${t("hooks.new")}</button>
          <span class="search"><x-icon name="search"></x-icon><input class="input" type="search" .value=${this.q} placeholder=${t("common.search")} aria-label=${t("common.search")}
            @input=${(/** @type {any} */ e) => (this.q = e.target.value)} /></span></div>
        <div class="pane__body">${shown.length ? html`<ul class="list">${repeat(shown, (one) => one.id, (one) => this.row(one))}</ul>` : html`<x-empty icon="send" heading=${t("hooks.none")}></x-empty>`}</div>
      </section>
      <section class="pane pane--soft admin-detail">${chosen
        ? html`<hook-card .hook=${chosen} .offered=${this.offered} @back=${() => (this.chosen = "")} @changed=${() => this.load().catch(toastError)}></hook-card>`
        : html`<x-empty class="fill" icon="send" heading=${t("hooks.pick")} text=${t("hooks.pickText")}></x-empty>`}</section></div>`;
  }

  /** @param {Hook} one */
  row(one) {
    return html`<li><button class="list__item" type="button" data-hook=${one.id} aria-current=${one.id === this.chosen} @click=${() => (this.chosen = one.id)}>
      <span class="grow"><span class="strong clip">${one.unit_name}</span><span class="small faint clip">${one.url}</span></span>
      <span class="people-marks"><span class="badge ${LOOKS[one.state] ?? ""} nowrap">${one.state_label}</span>
        ${one.waiting ? html`<span class="badge badge--yellow nowrap">${t("hooks.waiting", { count: one.waiting })}</span>` : nothing}
        ${one.dead ? html`<span class="badge badge--red nowrap">${t("hooks.dead", { count: one.dead })}</span>` : nothing}</span></button></li>`;
  }

  async add() {
    const made = await askHook(null, this.offered);
    if (!made) return;
    await showOnce({ title: t("hooks.shown"), text: t("hooks.shownText"), about: made.webhook.url, secret: made.secret });
    await this.load().catch(toastError);
    this.chosen = made.webhook.id;
  }
}

define("webhooks-pane", WebhooksPane);
