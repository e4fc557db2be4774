/** `<user-card .user .me>`: one account with what its holder may do, where they are signed in, what became of it, and what can
 * be done to it. Events `back`, `changed` ({user, word}), `unit` (to see the others of its unit). */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { timeOfDay, when } from "../shared/format.js";
import { known, label, t } from "../shared/i18n.js";
import { busy, confirmDialog, toastError } from "../shared/ui.js";
import { cardHead, showOnce } from "./people-parts.js";
import { askUser } from "./user-form.js";

/** @typedef {import("./users-pane.js").User} User */

class UserCard extends PageElement {
  static properties = { user: { attribute: false }, me: { attribute: false }, more: { state: true }, history: { state: true }, next: { state: true } };

  constructor() {
    super();
    /** @type {any} what its holder may do and where they are signed in; null before it was read */
    this.more = null;
    /** @type {any[] | null} */
    this.history = null;
    /** @type {string | null} the cursor of what became of it before */
    this.next = null;
    /** @type {User | null} */
    this.shown = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("user") || this.user === this.shown) return;
    if (this.user.id !== this.shown?.id) Object.assign(this, { more: null, history: null });
    this.shown = this.user;
    this.read(this.user.id).catch(toastError);
  }

  /** @param {string} id */
  async read(id) {
    const [more, history] = await Promise.all([api.get(`/staff/${id}`), api.get(`/staff/${id}/history`)]);
    if (this.user.id === id) Object.assign(this, { more, history: history.items, next: history.next });
  }

  async readOn() {
    const { id } = this.user;
    const page = await api.get(`/staff/${id}/history`, { cursor: this.next });
    if (this.user.id === id) Object.assign(this, { history: [...(this.history ?? []), ...page.items], next: page.next });
  }

  get own() {
    return this.user.id === this.me?.id;
  }

  render() {
    const { user } = this;
    const below = html`<span>${user.login}</span>${user.active ? html`<span class="badge badge--green">${t("people.state.active")}</span>` : html`<span class="badge">${t("people.state.shut")}</span>`}
      ${user.outsourced ? html`<span class="badge badge--blue">${t("people.outsourced")}</span>` : nothing}
      ${user.locked_until ? html`<span class="badge badge--red">${t("people.locked", { time: timeOfDay(user.locked_until) })}</span>` : nothing}`;
    return html`${cardHead(user.name, below, () => this.dispatchEvent(new CustomEvent("back")))}
      <div class="pane__body pad"><div class="stack">
        ${this.own ? html`<p class="notice"><x-icon name="info"></x-icon><span>${t("people.itIsYou")}</span></p>` : nothing}
        ${user.unit_active ? nothing : html`<p class="notice notice--yellow" data-stray><x-icon name="alert"></x-icon><span>${t("people.strayText", { unit: user.unit_name })}
          ${user.heir_name ? t("people.strayHeir", { heir: user.heir_name }) : nothing}</span></p>`}
        <div class="card card--tight"><dl class="facts">${this.facts()}</dl></div>
        ${this.rights()} ${this.changes()}
      </div></div>
      <div class="pane__foot actions-bar">${this.actions()}</div>`;
  }

  facts() {
    const { user } = this;
    const unit = user.unit
      ? html`<button class="btn btn--small btn--quiet admin-link" type="button" @click=${() => this.dispatchEvent(new CustomEvent("unit", { detail: user }))}>${user.unit_name}</button>`
      : html`<span class="faint">${t("people.kindHotline")}</span>`;
    const sessions = this.more?.sessions ?? [];
    const open = sessions.length
      ? sessions.map((/** @type {any} */ one) => html`<span class="row small"><span>${one.device || t("people.unknownDevice")}</span><x-ago class="faint" time=${one.seen}></x-ago></span>`)
      : html`<span class="faint">${t("people.sessionsNone")}</span>`;
    return [
      ["roles", html`<span class="row">${user.roles.map((/** @type {any} */ role) => html`<a class="badge badge--primary" href=${`#roles?role=${role.value}`}>${label("role", role.value)}</a>`)}</span>`],
      ["unit", unit],
      ["lastSignIn", user.signed_in ? html`<span>${when(user.signed_in)}</span>` : html`<span class="faint">${t("people.neverSignedIn")}</span>`],
      ["password", html`<span>${t(user.renew ? "people.passwordRenew" : "people.passwordOwn")}</span>`],
      ["sessions", open],
      ["created", html`<span>${user.created ? when(user.created) : ""}</span>`],
    ].map(([name, value]) => html`<dt>${t(`people.${name}`)}</dt><dd>${value}</dd>`);
  }

  rights() {
    const may = this.more?.may ?? [];
    if (!may.length) return nothing;
    return html`<details class="card card--flush people-fold"><summary class="card__head"><h2>${t("people.may")}</h2><span class="count">${may.length}</span></summary>
      <ul class="list">${may.map((/** @type {any} */ one) => html`<li class="grant"><span class="grow">${t(`may.${one.value}`)}</span><span class="badge">${t(`roles.scope.${one.scope}`)}</span></li>`)}</ul></details>`;
  }

  changes() {
    if (!this.history) return nothing;
    return html`<section class="card card--flush"><h2 class="card__head">${t("people.history")}</h2><ul class="list" data-history>${this.history.map((one) => html`<li class="people-change">
      <span class="row row--spread"><span class="strong">${t(`people.change.${one.change}`)}</span><span class="small faint">${one.by ? `${one.by} · ` : ""}${when(one.at)}</span></span>
      ${one.fields.map((/** @type {any} */ each) => html`<span class="small"><span class="faint">${t(`people.field.${each.field}`)}</span> ${one.change === "added" ? nothing : html`<span class="muted people-was">${word(each.before)}</span> → `}<span>${word(each.after)}</span></span>`)}</li>`)}</ul>
      ${this.next ? html`<p class="pad"><button class="btn btn--wide" type="button" data-more @click=${(/** @type {Event} */ e) => busy(e, () => this.readOn())}>${t("common.more")}</button></p>` : nothing}</section>`;
  }

  actions() {
    const { user } = this;
    const button = (/** @type {string} */ name, /** @type {(e: Event) => unknown} */ work, look = "") =>
      html`<button class="btn" type="button" data-do=${name} @click=${work}><span class=${look}>${t(`people.${name}`)}</span></button>`;
    return html`${user.active ? button("edit", () => this.edit()) : nothing}
      ${this.own || !user.active ? nothing : button("reset", () => this.reset())}
      ${user.locked_until ? button("unlock", (e) => this.send(e, "unlock", () => api.post(`/staff/${user.id}/unlock`))) : nothing}
      ${this.own ? nothing : user.active ? button("shut", (e) => this.shut(e), "danger-text") : button("open", (e) => this.send(e, "open", () => api.patch(`/staff/${user.id}`, { active: true })))}`;
  }

  async edit() {
    const user = await askUser(this.user, {}, this.own);
    if (user) this.tell(user, "edit");
  }

  async reset() {
    const { id, name, login } = this.user;
    if (!(await confirmDialog({ title: t("people.resetAsk", { name }), text: t("people.resetText"), confirm: t("people.reset"), danger: true }))) return;
    const given = await api.post(`/staff/${id}/password`).catch(toastError);
    if (!given?.password) return;
    await showOnce({ title: t("people.given"), text: t("people.givenText"), about: t("people.givenFor", { login }), secret: given.password });
    this.tell(given.staff, "");
  }

  /** @param {Event} event */
  async shut(event) {
    const { id, name } = this.user;
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    if (await confirmDialog({ title: t("people.shutAsk", { name }), text: t("people.shutText"), confirm: t("people.shut"), danger: true }))
      await this.send(button, "shut", () => api.patch(`/staff/${id}`, { active: false }));
  }

  /** @param {Event | HTMLElement} pressed @param {string} word @param {() => Promise<User>} work */
  async send(pressed, word, work) {
    const user = await busy(pressed, work);
    if (user) this.tell(user, word);
  }

  /** @param {User} user @param {string} word */
  tell(user, word) {
    this.dispatchEvent(new CustomEvent("changed", { detail: { user, word } }));
  }
}

/** What stood in a field, in words. @param {string} value */
function word(value) {
  if (!value) return t("people.value.empty");
  return known(`people.value.${value}`) ? t(`people.value.${value}`) : value;
}

define("user-card", UserCard);
