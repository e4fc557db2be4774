/** The form of an account, new or to be changed. `await askUser(user, begun)` gives what the server answered, or undefined. */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { label, t } from "../shared/i18n.js";
import "../shared/picker.js";
import { busy } from "../shared/ui.js";
import { fieldError, openSheet, problemLine } from "./people-parts.js";
import { field, line } from "./unit-draft.js";

/** @typedef {import("./users-pane.js").User} User */
/** @typedef {{login: string, name: string, roles: string[], unit: string, unit_name: string, outsourced: boolean, of_unit: boolean}} Draft */

const OF_UNIT = ["liaison", "handler", "unit_leader"];
const OF_HOTLINE = ["agent", "shift_lead", "dispatcher", "reviewer", "callback", "supervisor", "joint_office", "editor", "knowledge_reviewer", "suggestion_editor",
  "hall_operator", "analyst", "privacy_officer", "auditor", "admin"];
const OUTSOURCED = ["agent", "callback", "admin"];

class UserForm extends PageElement {
  static properties = { user: { attribute: false }, begun: { attribute: false }, own: { type: Boolean }, draft: { state: true }, errors: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {Draft | null} */
    this.draft = null;
    /** @type {Record<string, string>} */
    this.errors = {};
    this.problem = "";
  }

  willUpdate() {
    if (this.draft) return;
    const from = this.user ? { ...this.user, roles: this.user.roles.map((/** @type {any} */ role) => role.value) } : this.begun;
    const { login = "", name = "", roles = [], unit = "", unit_name = "", outsourced = false } = from;
    this.draft = { login, name, roles, unit, unit_name, outsourced, of_unit: Boolean(unit) };
  }

  render() {
    const draft = /** @type {Draft} */ (this.draft);
    const { errors, user } = this;
    return html`<form @submit=${this.submit} novalidate><div class="dialog__body">
        <h2>${user ? t("people.formEdit", { login: user.login }) : t("people.formNew")}</h2>
        ${problemLine(this.problem)}
        ${this.own ? html`<p class="notice"><x-icon name="info"></x-icon><span>${t("people.itIsYou")}</span></p>` : nothing}
        <div class="admin-draft">
          ${user ? nothing : field("user-login", t("people.login"), line("user-login", draft.login, (login) => this.set({ login }), errors.login), errors.login, t("people.loginHint"))}
          ${field("user-name", t("people.name"), line("user-name", draft.name, (name) => this.set({ name }), errors.name), errors.name)}
        </div>
        ${this.own ? nothing : this.post()}
      </div>
      <div class="dialog__foot"><button class="btn" type="button" @click=${() => this.dispatchEvent(new CustomEvent("give-up"))}>${t("common.cancel")}</button>
        <button class="btn btn--primary" data-save>${t(user ? "people.formSave" : "people.formMake")}</button></div></form>`;
  }

  /** What they are and for whom. */
  post() {
    const draft = /** @type {Draft} */ (this.draft);
    const { errors } = this;
    const kinds = [["hotline", false], ["unit", true]];
    return html`<fieldset class="stack stack--s"><legend class="strong">${t("people.kind")}</legend><span class="segments">${kinds.map(([name, of_unit]) => html`<button class="segment" type="button" data-kind=${name}
          aria-pressed=${draft.of_unit === of_unit} @click=${() => this.turn(Boolean(of_unit))}>${t(name === "unit" ? "people.kindUnit" : "people.kindHotline")}</button>`)}</span></fieldset>
      ${draft.of_unit ? html`<div class="field"><label for="user-unit">${t("people.unit")}</label><x-picker id="user-unit" kind="unit" label=${t("people.unit")} .value=${draft.unit} ?wrong=${Boolean(errors.unit)}
        .known=${draft.unit ? { code: draft.unit, name: draft.unit_name } : null} @choose=${(/** @type {CustomEvent} */ e) => this.set({ unit: e.detail })}></x-picker>${fieldError(errors.unit)}</div>`
      : html`<label class="check"><input type="checkbox" name="outsourced" .checked=${draft.outsourced} @change=${(/** @type {any} */ e) => this.contract(e.target.checked)} />
        <span>${t("people.outsourced")}<span class="small faint people-hint">${t("people.outsourcedHint")}</span></span></label>`}
      <fieldset class="stack stack--s" aria-describedby="user-roles-error"><legend class="strong">${t(draft.of_unit ? "people.rolesUnit" : "people.rolesHotline")}</legend>
        <div class="people-roles">${(draft.of_unit ? OF_UNIT : OF_HOTLINE).map((role) => this.role(role))}</div><div id="user-roles-error">${fieldError(errors.roles)}</div></fieldset>`;
  }

  /** @param {string} role */
  role(role) {
    const draft = /** @type {Draft} */ (this.draft);
    const shut = draft.outsourced && !OUTSOURCED.includes(role);
    const turn = (/** @type {any} */ e) => this.set({ roles: e.target.checked ? [...draft.roles, role] : draft.roles.filter((one) => one !== role) });
    return html`<label class="check"><input type="checkbox" name="role" value=${role} .checked=${draft.roles.includes(role)} ?disabled=${shut} @change=${turn} /><span>${label("role", role)}</span></label>`;
  }

  /** @param {Partial<Draft>} change */
  set(change) {
    this.draft = { .../** @type {Draft} */ (this.draft), ...change };
  }

  /** @param {boolean} of_unit */
  turn(of_unit) {
    const fits = of_unit ? OF_UNIT : OF_HOTLINE;
    const roles = (this.draft?.roles ?? []).filter((role) => fits.includes(role));
    this.set(of_unit ? { of_unit, outsourced: false, roles: roles.length ? roles : ["liaison"] } : { of_unit, roles, unit: "", unit_name: "" });
  }

  /** @param {boolean} outsourced */
  contract(outsourced) {
    const roles = this.draft?.roles ?? [];
    this.set({ outsourced, roles: outsourced ? roles.filter((role) => OUTSOURCED.includes(role)) : roles });
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    busy(/** @type {HTMLElement} */ (this.querySelector("[data-save]")), () => this.save());
  }

  async save() {
    const { login, name, roles, unit, outsourced } = /** @type {Draft} */ (this.draft);
    const { user } = this;
    try {
      const detail = user ? await api.put(`/staff/${user.id}`, { name, roles, unit, outsourced, version: user.version }) : await api.post("/staff", { login, name, roles, unit, outsourced });
      this.dispatchEvent(new CustomEvent("done", { detail }));
    } catch (error) {
      const taken = error instanceof ApiError && error.code === "login_taken";
      this.errors = error instanceof ApiError ? (taken ? { login: sayError(error) } : error.fields) : {};
      this.problem = Object.keys(this.errors).length ? "" : sayError(error);
      await this.updateComplete;
      /** @type {HTMLElement | null} */ (this.querySelector("[aria-invalid=true]"))?.focus();
      this.querySelector(".field__error, .notice--red")?.scrollIntoView({ block: "nearest" });
    }
  }
}

define("user-form", UserForm);

/** @param {User | null} user null for a new one @param {Partial<Draft>} [begun] @param {boolean} [own] one's own account
 * @returns {Promise<any>} */
export function askUser(user, begun = {}, own = false) {
  const form = Object.assign(document.createElement("user-form"), { user, begun, own });
  return openSheet(form, t(user ? "people.edit" : "people.formNew"));
}
