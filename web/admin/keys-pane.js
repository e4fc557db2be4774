/** `<keys-pane .me>`: the keys other programs act under: made, shown once, replaced, revoked. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { day, when } from "../shared/format.js";
import { loadTexts, t } from "../shared/i18n.js";
import { busy, confirmDialog, toast, toastError } from "../shared/ui.js";
import { askFollow, askKey } from "./key-form.js";
import { cardHead, showOnce, skeletons } from "./people-parts.js";

/** @typedef {{id: string, name: string, prefix: string, scopes: {value: string, label: string}[], unit: string, unit_name: string, per_minute: number, made: string, made_by: string,
 *   used: string | null, revoked: string | null, expires: string | null, purpose: string, follows: string, state: string, state_label: string}} Key */

await loadTexts("people");

const LOOKS = /** @type {Record<string, string>} */ ({ active: "badge--green", ending: "badge--yellow", expired: "badge--red", revoked: "" });
const OPEN = ["active", "ending"];

class KeysPane extends PageElement {
  static properties = { items: { state: true }, chosen: { state: true }, tab: { state: true } };

  constructor() {
    super();
    /** @type {Key[] | null} */
    this.items = null;
    this.chosen = "";
    this.tab = "open";
  }

  connectedCallback() {
    super.connectedCallback();
    this.load().catch(toastError);
  }

  /** @param {any} fact */
  onFact(fact) {
    if (/^directory\.ApiKey/.test(String(fact.kind))) this.onResync();
  }

  onResync() {
    if (!document.querySelector("dialog[open]")) this.load().catch(toastError);
  }

  async load() {
    this.items = (await api.all("/keys")).items;
  }

  /** @param {string} tab */
  of(tab) {
    return (this.items ?? []).filter((one) => OPEN.includes(one.state) === (tab === "open"));
  }

  render() {
    if (!this.items) return skeletons();
    const tabs = ["open", "closed"].map((id) => ({ id, text: t(`keys.${id}`), count: this.of(id).length }));
    const shown = this.of(this.tab);
    const chosen = this.items.find((one) => one.id === this.chosen);
    return html`<div class="panes panes--admin" data-show=${chosen ? "second" : "first"}>
      <section class="pane" aria-label=${t("admin.pane.keys")}>
        <div class="pane__head stack stack--s"><p class="small muted">${t("keys.lead")}</p>
          <button class="btn btn--primary" type="button" data-new @click=${this.add}><x-icon name="plus"></x-icon>${t("keys.new")}</button>
          <x-tabs label=${t("admin.pane.keys")} .tabs=${tabs} selected=${this.tab} @choose=${(/** @type {CustomEvent} */ e) => (this.tab = e.detail)}></x-tabs></div>
        <div class="pane__body">${shown.length ? html`<ul class="list">${repeat(shown, (one) => one.id, (one) => this.row(one))}</ul>` : html`<x-empty icon="lock" heading=${t("keys.none")}></x-empty>`}</div>
      </section>
      <section class="pane pane--soft admin-detail">${chosen ? this.detail(chosen)
        : html`<x-empty class="fill" icon="lock" heading=${t("keys.pick")} text=${t("keys.pickText")}></x-empty>`}</section></div>`;
  }

  /** @param {Key} one */
  row(one) {
    return html`<li><button class="list__item" type="button" data-key=${one.id} aria-current=${one.id === this.chosen} @click=${() => (this.chosen = one.id)}>
      <span class="grow"><span class="strong clip">${one.name}</span><span class="row small faint"><span class="number">${one.prefix}</span><span class="clip">${one.unit_name}</span></span></span>
      <span class="badge ${LOOKS[one.state] ?? ""} nowrap">${one.state_label}</span></button></li>`;
  }

  /** @param {Key} one */
  detail(one) {
    const below = html`<span class="number">${one.prefix}…</span><span class="badge ${LOOKS[one.state] ?? ""}">${one.state_label}</span>`;
    const open = OPEN.includes(one.state);
    return html`${cardHead(one.name, below, () => (this.chosen = ""))}
      <div class="pane__body pad"><div class="card card--tight"><dl class="facts">${this.facts(one)}</dl></div></div>
      ${open ? html`<div class="pane__foot actions-bar"><button class="btn btn--primary" type="button" data-do="follow" @click=${() => this.follow(one)}>${t("keys.follow")}</button>
        <button class="btn" type="button" data-do="revoke" @click=${(/** @type {Event} */ e) => this.revoke(e, one)}><span class="danger-text">${t("keys.revoke")}</span></button></div>` : nothing}`;
  }

  /** @param {Key} one */
  facts(one) {
    const named = (/** @type {string} */ id) => this.items?.find((each) => each.id === id);
    const link = (/** @type {Key | undefined} */ key) => key && html`<button class="btn btn--small btn--quiet admin-link" type="button" @click=${() => this.show(key)}><span class="number">${key.prefix}</span></button>`;
    const successor = this.items?.find((each) => each.follows === one.id);
    /** @type {[string, unknown][]} */
    const facts = [
      ["purpose", one.purpose || html`<span class="faint">${t("common.none")}</span>`],
      ["scopes", html`<span class="row">${one.scopes.map((scope) => html`<span class="badge">${scope.label}</span>`)}</span>`],
      ["unit", one.unit_name || html`<span class="faint">${t("common.none")}</span>`],
      ["rate", t("keys.perMinute", { count: one.per_minute })],
      ["made", t("keys.madeBy", { name: one.made_by, time: when(one.made) })],
      ["used", one.used ? html`<x-ago time=${one.used}></x-ago>` : html`<span class="faint">${t("keys.neverUsed")}</span>`],
      ["ends", one.expires ? day(one.expires) : html`<span class="faint">${t("keys.noEnd")}</span>`],
    ];
    if (one.revoked) facts.push(["revokedAt", when(one.revoked)]);
    if (one.follows) facts.push(["follows", link(named(one.follows))]);
    if (successor) facts.push(["followedBy", link(successor)]);
    return facts.map(([name, value]) => html`<dt>${t(`keys.${name}`)}</dt><dd>${value}</dd>`);
  }

  /** @param {Key} one */
  show(one) {
    Object.assign(this, { chosen: one.id, tab: OPEN.includes(one.state) ? "open" : "closed" });
  }

  async add() {
    await this.shown(await askKey());
  }

  /** @param {Key} one */
  async follow(one) {
    await this.shown(await askFollow(one));
  }

  /** @param {{key: Key, token: string} | undefined} made */
  async shown(made) {
    if (!made) return;
    await showOnce({ title: t("keys.shown"), text: t("keys.shownText"), about: made.key.name, secret: made.token });
    await this.load().catch(toastError);
    this.show(made.key);
  }

  /** @param {Event} event @param {Key} one */
  async revoke(event, one) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    if (!(await confirmDialog({ title: t("keys.revokeAsk", { name: one.name }), text: t("keys.revokeText"), confirm: t("keys.revoke"), danger: true }))) return;
    const done = await busy(button, () => api.post(`/keys/${one.id}/revoke`));
    if (!done) return;
    toast(t("keys.done.revoked"), { kind: "good" });
    await this.load().catch(toastError);
    this.show(done);
  }
}

define("keys-pane", KeysPane);
