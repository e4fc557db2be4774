/** /account: everybody's own account. Whoever was given a password is sent here to replace it before anything else. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { label, loadTexts, t } from "../shared/i18n.js";
import { connect } from "../shared/live.js";
import { pagesFor, signedIn } from "../shared/shell.js";
import { busy, toast, toastError } from "../shared/ui.js";

/** @typedef {{id: string, device: string, created: string, seen: string, current: boolean}} Session */

const FIELDS = /** @type {const} */ (["old", "new", "again"]);

class OwnAccount extends PageElement {
  static properties = { me: { attribute: false }, sessions: { state: true }, errors: { state: true }, problem: { state: true }, shown: { state: true } };

  constructor() {
    super();
    /** @type {Session[] | null} */
    this.sessions = null;
    /** @type {Record<string, string>} */
    this.errors = {};
    this.problem = "";
    this.shown = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load().catch(toastError);
  }

  async load() {
    this.sessions = (await api.get("/sessions")).items;
  }

  render() {
    const { me } = this;
    return html`<div class="stack stack--l"><h1>${t("account.title")}</h1>
      ${me.renew ? html`<p class="notice notice--yellow" role="alert"><x-icon name="lock"></x-icon><span>${t("account.renew")}</span></p>` : nothing}
      <section class="card stack stack--s"><h2>${t("account.who")}</h2><p class="row"><span class="strong">${me.name}</span><span class="faint">${me.login}</span></p>
        <p class="row">${me.roles.map((/** @type {string} */ role) => html`<span class="badge badge--primary">${label("role", role)}</span>`)}<span>${me.unit_name}</span></p></section>
      ${this.password()} ${me.renew ? nothing : this.open()}</div>`;
  }

  password() {
    return html`<section class="card"><form class="stack own-password" novalidate @submit=${this.submit}><h2>${t("account.password")}</h2>
      ${this.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
      <input class="unseen" type="text" autocomplete="username" tabindex="-1" aria-hidden="true" .value=${this.me.login} readonly />
      ${FIELDS.map((name) => this.field(name))}
      <label class="check"><input type="checkbox" .checked=${this.shown} @change=${(/** @type {any} */ e) => (this.shown = e.target.checked)} /><span>${t("account.show")}</span></label>
      <div class="btn-row"><button class="btn btn--primary" data-save>${t("account.save")}</button></div></form></section>`;
  }

  /** @param {"old" | "new" | "again"} name */
  field(name) {
    const error = this.errors[name];
    const text = name === "old" && this.me.renew ? t("account.oldGiven") : t(`account.${name}`);
    return html`<div class="field"><label for=${`own-${name}`}>${text}</label>
      <input class="input" id=${`own-${name}`} name=${name} type=${this.shown ? "text" : "password"} maxlength="128" autocomplete=${name === "old" ? "current-password" : "new-password"}
        aria-invalid=${Boolean(error)} aria-describedby=${`own-${name}-said`} />
      <div id=${`own-${name}-said`}>${name === "new" ? html`<p class="field__hint">${t("account.newHint")}</p>` : nothing}
        ${error ? html`<p class="field__error"><x-icon name="alert"></x-icon>${error}</p>` : nothing}</div></div>`;
  }

  open() {
    const { sessions } = this;
    if (!sessions) return html`<section class="card" aria-busy="true"><span class="skeleton skeleton--block"></span></section>`;
    return html`<section class="card card--flush"><div class="card__head"><h2>${t("account.sessions")}</h2>
        ${sessions.length > 1 ? html`<button class="btn btn--small" type="button" data-end-all @click=${this.endAll}>${t("account.endAll")}</button>` : nothing}</div>
      <p class="small muted own-session">${t("account.sessionsText")}</p>
      <ul class="list">${sessions.map((one) => html`<li class="own-session"><span class="grow"><span class="row"><span class="strong">${one.device || t("account.device")}</span>
          ${one.current ? html`<span class="badge badge--green">${t("account.current")}</span>` : nothing}</span>
          <span class="small faint">${t("account.since", { time: when(one.created) })} · ${t("account.seen")} <x-ago time=${one.seen}></x-ago></span></span>
        ${one.current ? nothing : html`<button class="btn btn--small" type="button" data-end @click=${(/** @type {Event} */ e) => this.end(e, one)}>${t("account.end")}</button>`}</li>`)}</ul></section>`;
  }

  /** @param {Event} event @param {Session} one */
  async end(event, one) {
    await this.ended(busy(event, () => api.del(`/sessions/${one.id}`)));
  }

  /** @param {Event} event */
  async endAll(event) {
    await this.ended(busy(event, () => api.del("/sessions")));
  }

  /** @param {Promise<any>} work */
  async ended(work) {
    const page = await work;
    if (!page) return;
    this.sessions = page.items;
    toast(t("account.ended"), { kind: "good" });
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const [old, fresh, again] = FIELDS.map((name) => String(given.get(name)));
    busy(/** @type {HTMLElement} */ (this.querySelector("[data-save]")), () => this.save(old, fresh, again));
  }

  /** @param {string} old @param {string} fresh @param {string} again */
  async save(old, fresh, again) {
    Object.assign(this, { problem: "", errors: fresh === again ? {} : { again: t("account.differ") } });
    if (fresh !== again) return this.focusWrong();
    try {
      await api.post("/session/password", { old, new: fresh });
      // A change ends every sign-in, this one too: whoever made it goes on under the new one.
      await api.post("/session", { login: this.me.login, password: fresh }, { stayOn401: true });
    } catch (error) {
      this.errors = error instanceof ApiError ? error.fields : {};
      this.problem = Object.keys(this.errors).length ? "" : sayError(error);
      return this.focusWrong();
    }
    if (this.me.renew) return location.replace(pagesFor(this.me.roles)[0]?.href ?? "/account");
    /** @type {HTMLFormElement} */ (this.querySelector("form")).reset();
    toast(t("account.saved"), { kind: "good" });
    return this.load();
  }

  async focusWrong() {
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector("[aria-invalid=true]"))?.focus();
  }
}

define("own-account", OwnAccount);

await loadTexts("account");
const me = await signedIn();
document.title = `${t("account.title")} · ${t("product.full")}`;
render(html`<own-account .me=${me}></own-account>`, /** @type {HTMLElement} */ (document.querySelector("#main")));
if (!me.renew) connect({ onFact: () => {}, onResync: () => {} });
