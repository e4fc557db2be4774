/** `<users-pane .me>`: the accounts of all staff, found and read page by page; units that have no liaison; many made at once. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { label, loadTexts, t } from "../shared/i18n.js";
import { toast, toastError } from "../shared/ui.js";
import { countUnreached, readUnreached, unreachedList } from "../shared/unreached.js";
import { select, showOnce, skeletons } from "./people-parts.js";
import "./user-card.js";
import { askUser } from "./user-form.js";
import "./user-import.js";

/** @typedef {{id: string, login: string, name: string, roles: {value: string, label: string}[], unit: string, unit_name: string, unit_active: boolean,
 *   heir_name: string, active: boolean, outsourced: boolean, renew: boolean, version: number, created: string | null, signed_in: string | null, locked_until: string | null}} User */

await loadTexts("people", "unreached");

const ROLES = ["agent", "shift_lead", "dispatcher", "reviewer", "callback", "editor", "knowledge_reviewer", "liaison", "handler", "unit_leader", "supervisor",
  "joint_office", "analyst", "suggestion_editor", "hall_operator", "privacy_officer", "admin", "auditor"];
const STATES = ["active", "shut", "locked", "never", "renew", "stray"];
const PAGE = 50;
const TYPING_MS = 250;
const REFRESH_MS = 400;

class UsersPane extends PageElement {
  static properties = {
    me: { attribute: false }, tab: { state: true }, items: { state: true }, next: { state: true }, gaps: { state: true }, unreached: { state: true }, chosen: { state: true }, importing: { state: true }, asked: { state: true },
  };

  constructor() {
    super();
    this.tab = "list";
    /** @type {User[] | null} null before the list was read */
    this.items = null;
    /** @type {string | null} */
    this.next = null;
    /** @type {any[] | null} */
    this.gaps = null;
    /** @type {import("../shared/unreached.js").Silent[] | null} */
    this.unreached = null;
    /** @type {User | null} */
    this.chosen = null;
    this.importing = false;
    const given = new URLSearchParams(location.hash.split("?")[1] ?? "");
    this.asked = { q: given.get("q") ?? "", role: given.get("role") ?? "", state: given.get("state") ?? "", unit: given.get("unit") ?? "", unit_name: given.get("unit_name") ?? "" };
    this.timer = 0;
    this.turn = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load().catch(toastError);
  }

  /** @param {any} fact */
  onFact(fact) {
    if (/^directory\.(StaffAccountChanged|StaffLockedOut|Unit|DirectoryChanged)/.test(String(fact.kind))) this.onResync();
  }

  onResync() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => document.querySelector("dialog[open]") || this.load().catch(toastError), REFRESH_MS);
  }

  /** Reads the list as long as it is, or a page longer. @param {boolean} [more] */
  async load(more = false) {
    const turn = ++this.turn;
    const items = this.items ?? [];
    const { unit_name: _, ...asked } = this.asked;
    const page = more ? { cursor: this.next, limit: PAGE } : { limit: Math.min(Math.max(items.length, PAGE), 200) };
    const [answer, gaps, unreached] = await Promise.all([api.get("/staff", { ...asked, ...page }), api.all("/staff-gaps"), readUnreached()]);
    if (turn !== this.turn) return;
    this.items = more ? [...items, ...answer.items] : answer.items;
    this.next = answer.next;
    this.gaps = gaps.items;
    this.unreached = unreached;
    this.chosen = this.items?.find((one) => one.id === this.chosen?.id) ?? this.chosen;
  }

  /** @param {Partial<typeof this.asked>} change */
  ask(change) {
    this.asked = { ...this.asked, ...change };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load().catch(toastError), TYPING_MS);
  }

  render() {
    const tabs = [{ id: "list", text: t("people.tab.list") }, { id: "gaps", text: t("people.tab.gaps"), count: this.gaps?.length ?? 0, urgent: true },
      { id: "unreached", text: t("unreached.title"), count: countUnreached(this.unreached ?? []), urgent: true }];
    return html`<div class="panes panes--admin" data-show=${this.chosen || this.importing ? "second" : "first"}>
      <section class="pane" aria-label=${t("admin.pane.users")}>
        <div class="pane__head stack stack--s">
          <div class="row row--keep"><button class="btn btn--primary grow" type="button" data-new @click=${() => this.add()}><x-icon name="plus"></x-icon>${t("people.new")}</button>
            <button class="btn" type="button" data-import @click=${this.startImport}><x-icon name="upload"></x-icon>${t("people.many")}</button></div>
          <x-tabs label=${t("admin.pane.users")} .tabs=${tabs} selected=${this.tab} @choose=${(/** @type {CustomEvent} */ e) => (this.tab = e.detail)}></x-tabs>
          ${this.tab === "list" ? this.filters() : this.tab === "gaps" ? html`<p class="small muted">${t("people.gapsText")}</p>` : nothing}
        </div>
        <div class="pane__body">${this.tab === "list" ? this.list() : this.tab === "gaps" ? this.gapList() : this.silent()}</div>
      </section>
      <section class="pane pane--soft admin-detail">${this.detail()}</section>
    </div>`;
  }

  filters() {
    const { asked } = this;
    const roles = /** @type {[string, string][]} */ ([["", t("people.anyRole")], ...ROLES.map((role) => [role, label("role", role)])]);
    const states = /** @type {[string, string][]} */ ([["", t("people.anyState")], ...STATES.map((state) => [state, t(`people.state.${state}`)])]);
    return html`<span class="search"><x-icon name="search"></x-icon><input class="input" type="search" maxlength="60" .value=${asked.q}
        placeholder=${t("people.search")} aria-label=${t("people.search")} @input=${(/** @type {any} */ e) => this.ask({ q: e.target.value })} /></span>
      <div class="row row--keep people-filters">${select(t("people.role"), asked.role, roles, (role) => this.ask({ role }), "role")}
        ${select(t("people.state"), asked.state, states, (state) => this.ask({ state }), "state")}</div>
      ${asked.unit ? html`<p class="row row--keep small"><span class="grow clip">${t("people.onlyUnit", { name: asked.unit_name || asked.unit })}</span>
        <button class="btn btn--small btn--quiet" type="button" @click=${() => this.ask({ unit: "", unit_name: "" })}>${t("people.showAll")}</button></p>` : nothing}`;
  }

  list() {
    if (!this.items) return skeletons();
    if (!this.items.length) return html`<x-empty icon="users" heading=${t("people.none")}></x-empty>`;
    return html`<ul class="list">${repeat(this.items, (one) => one.id, (one) => this.row(one))}</ul>
      ${this.next ? html`<p class="pad"><button class="btn btn--wide" type="button" data-more @click=${() => this.load(true).catch(toastError)}>${t("common.more")}</button></p>` : nothing}`;
  }

  /** @param {User} one */
  row(one) {
    const marks = [
      one.active ? nothing : html`<span class="badge">${t("people.state.shut")}</span>`,
      one.locked_until ? html`<span class="badge badge--red">${t("people.state.locked")}</span>` : nothing,
      one.unit_active ? nothing : html`<span class="badge badge--yellow">${t("people.state.stray")}</span>`,
      one.outsourced ? html`<span class="badge badge--blue">${t("people.outsourced")}</span>` : nothing,
    ];
    return html`<li><button class="list__item" type="button" data-login=${one.login} aria-current=${one.id === this.chosen?.id} @click=${() => this.pick(one)}>
      <span class="grow"><span class="row row--keep"><span class="strong clip">${one.name}</span><span class="faint small clip">${one.login}</span></span>
        <span class="small muted clip">${one.roles.map((role) => label("role", role.value)).join(t("common.listComma"))}${one.unit_name ? html` · ${one.unit_name}` : nothing}</span></span>
      <span class="people-marks">${marks}</span></button></li>`;
  }

  silent() {
    if (!this.unreached) return skeletons();
    return unreachedList(this.unreached, (one) => html`<button class="btn btn--small" type="button" data-accounts=${one.unit} @click=${() => this.showUnit(one)}>${t("people.usersOf")}</button>`);
  }

  /** @param {import("../shared/unreached.js").Silent} one */
  showUnit(one) {
    this.tab = "list";
    this.ask({ unit: one.unit, unit_name: one.name, q: "", role: "", state: "" });
  }

  gapList() {
    if (!this.gaps) return skeletons();
    if (!this.gaps.length) return html`<x-empty icon="check" heading=${t("people.gapsNone")}></x-empty>`;
    return html`<p class="pad"><a class="btn btn--wide" href="/api/v1/admin/import-staff?gaps=true" download="staff.xlsx"><x-icon name="download"></x-icon><span>${t("people.gapsFile")}</span></a></p>
      <ul class="list">${repeat(this.gaps, (one) => one.code, (one) => html`<li class="people-gap"><span class="grow"><span class="strong">${one.name}</span>
        <span class="row small faint"><span class="number">${one.code}</span><span>${one.area_name}</span>${one.people ? html`<span>${t("people.gapPeople", { count: one.people })}</span>` : nothing}</span>
        ${one.retired.length ? html`<span class="small muted">${t("people.gapFrom", { names: one.retired.join(t("common.listComma")) })}</span>` : nothing}</span>
        <button class="btn btn--small" type="button" data-gap=${one.code} @click=${() => this.add(one)}><x-icon name="plus"></x-icon>${t("people.create")}</button></li>`)}</ul>`;
  }

  detail() {
    if (this.importing) return html`<user-import @back=${() => (this.importing = false)} @made=${() => this.load().catch(toastError)}></user-import>`;
    if (!this.chosen) return html`<x-empty class="fill" icon="users" heading=${t("people.pick")} text=${t("people.pickText")}></x-empty>`;
    return html`<user-card .user=${this.chosen} .me=${this.me} @back=${() => (this.chosen = null)} @changed=${(/** @type {CustomEvent} */ e) => this.changed(e.detail)}
      @unit=${(/** @type {CustomEvent} */ e) => this.only(e.detail)}></user-card>`;
  }

  /** @param {User} one */
  pick(one) {
    Object.assign(this, { chosen: one, importing: false });
  }

  startImport() {
    Object.assign(this, { importing: true, chosen: null });
  }

  /** @param {{unit: string, unit_name: string}} user */
  only({ unit, unit_name }) {
    this.tab = "list";
    this.ask({ q: "", role: "", state: "", unit, unit_name });
  }

  /** Makes an account, for a unit that has nobody if one is given. @param {any} [gap] */
  async add(gap) {
    const given = await askUser(null, gap ? { login: gap.login, roles: ["liaison"], unit: gap.code, unit_name: gap.name } : {});
    if (!given) return;
    await showOnce({ title: t("people.given"), text: t("people.givenText"), about: t("people.givenFor", { login: given.staff.login }), secret: given.password });
    this.pick(given.staff);
    await this.load().catch(toastError);
  }

  /** @param {{user: User, word: string}} detail */
  changed({ user, word }) {
    this.chosen = user;
    if (word) toast(t(`people.done.${word}`), { kind: "good" });
    this.load().catch(toastError);
  }
}

define("users-pane", UsersPane);
