/** The forms of API keys: a new one, and one that takes another's place. Both give the key with what its bearer shows. */
import { html } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import "../shared/picker.js";
import { busy } from "../shared/ui.js";
import { fieldError, openSheet, problemLine, select } from "./people-parts.js";
import { field } from "./unit-draft.js";

/** @typedef {import("./keys-pane.js").Key} Key */

const SCOPES = ["unit.read", "unit.act", "open311.post", "open311.read", "calls.post"];
const DAYS = [90, 180, 365, 730];
const OVERLAPS = [0, 1, 7, 14, 30];
const DAY_MS = 86_400_000;

/** @param {string} days how long from now; empty: without an end */
function moment(days) {
  return days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : null;
}

class KeyForm extends PageElement {
  static properties = { old: { attribute: false }, draft: { state: true }, errors: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {Key | null} the key whose place the new one takes */
    this.old = null;
    this.draft = { name: "", purpose: "", scopes: /** @type {string[]} */ ([]), unit: "", days: "365", per_minute: 120, overlap: "7" };
    /** @type {Record<string, string>} */
    this.errors = {};
    this.problem = "";
  }

  render() {
    const { old } = this;
    return html`<form @submit=${this.submit} novalidate><div class="dialog__body"><h2>${old ? t("keys.followAsk", { name: old.name }) : t("keys.new")}</h2>
        ${problemLine(this.problem)} ${old ? this.following() : this.fresh()}
        ${field("key-days", t("keys.expires"), this.days(), this.errors.expires)}</div>
      <div class="dialog__foot"><button class="btn" type="button" @click=${() => this.dispatchEvent(new CustomEvent("give-up"))}>${t("common.cancel")}</button>
        <button class="btn btn--primary" data-save>${t(old ? "keys.followDo" : "keys.make")}</button></div></form>`;
  }

  days() {
    return html`<select class="select" id="key-days" @change=${(/** @type {any} */ e) => this.set({ days: e.target.value })}>
      ${DAYS.map((days) => html`<option value=${days} ?selected=${String(days) === this.draft.days}>${t("keys.days", { count: days })}</option>`)}<option value="">${t("keys.forever")}</option></select>`;
  }

  following() {
    const choices = /** @type {[string, string][]} */ (OVERLAPS.map((days) => [String(days), days ? t("keys.days", { count: days }) : t("keys.overlapNone")]));
    return html`<p class="muted">${t("keys.followText")}</p>
      <div class="field"><span class="strong">${t("keys.overlap")}</span>${select(t("keys.overlap"), this.draft.overlap, choices, (overlap) => this.set({ overlap }), "overlap")}${fieldError(this.errors.overlap_days)}</div>`;
  }

  fresh() {
    const { draft, errors } = this;
    const tick = (/** @type {string} */ scope) => (/** @type {any} */ e) => this.set({ scopes: e.target.checked ? [...draft.scopes, scope] : draft.scopes.filter((one) => one !== scope) });
    const text = (/** @type {"name" | "purpose"} */ name, /** @type {number} */ most, hint = "") => field(`key-${name}`, t(`keys.${name}`), html`<input class="input" id=${`key-${name}`} maxlength=${most} autocomplete="off"
      .value=${draft[name]} aria-invalid=${Boolean(errors[name])} @input=${(/** @type {any} */ e) => this.set({ [name]: e.target.value })} />`, errors[name], hint);
    return html`${text("name", 60, t("keys.nameHint"))} ${text("purpose", 200)}
      <fieldset class="stack stack--s"><legend class="strong">${t("keys.scopes")}</legend>
        ${SCOPES.map((scope) => html`<label class="check"><input type="checkbox" name="scope" value=${scope} .checked=${draft.scopes.includes(scope)} @change=${tick(scope)} /><span>${t(`keys.scope.${scope}`)}</span></label>`)}
        ${fieldError(errors.scopes)}</fieldset>
      <div class="field"><label for="key-unit">${t("keys.unit")}</label><x-picker id="key-unit" kind="unit" label=${t("keys.unit")} ?wrong=${Boolean(errors.unit)}
        @choose=${(/** @type {CustomEvent} */ e) => this.set({ unit: e.detail })}></x-picker><p class="field__hint">${t("keys.unitHint")}</p>${fieldError(errors.unit)}</div>
      ${field("key-rate", t("keys.rate"), html`<input class="input" id="key-rate" type="number" min="1" max="6000" .value=${String(draft.per_minute)} aria-invalid=${Boolean(errors.per_minute)}
        @input=${(/** @type {any} */ e) => this.set({ per_minute: Math.trunc(Number(e.target.value)) })} />`, errors.per_minute)}`;
  }

  /** @param {Partial<typeof this.draft>} change */
  set(change) {
    this.draft = { ...this.draft, ...change };
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    busy(/** @type {HTMLElement} */ (this.querySelector("[data-save]")), () => this.save());
  }

  async save() {
    const { days, overlap, ...asked } = this.draft;
    const { old } = this;
    try {
      const detail = old
        ? await api.post(`/keys/${old.id}/successor`, { overlap_days: Number(overlap), expires: moment(days) })
        : await api.post("/keys", { ...asked, expires: moment(days) });
      this.dispatchEvent(new CustomEvent("done", { detail }));
    } catch (error) {
      this.errors = error instanceof ApiError ? error.fields : {};
      this.problem = Object.keys(this.errors).length ? "" : sayError(error);
      await this.updateComplete;
      this.querySelector(".field__error, .notice--red")?.scrollIntoView({ block: "nearest" });
    }
  }
}

define("key-form", KeyForm);

/** @returns {Promise<any>} */
export function askKey() {
  return openSheet(document.createElement("key-form"), t("keys.new"));
}

/** @param {Key} old @returns {Promise<any>} */
export function askFollow(old) {
  return openSheet(Object.assign(document.createElement("key-form"), { old }), t("keys.follow"));
}
