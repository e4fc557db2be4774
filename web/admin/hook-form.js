/** The forms of webhooks: a new one or one to be changed, and another secret. Both give what the server answered. */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { known, t } from "../shared/i18n.js";
import "../shared/picker.js";
import { askChoice, busy, toastError } from "../shared/ui.js";
import { fieldError, openSheet, problemLine } from "./people-parts.js";
import { field } from "./unit-draft.js";

/** @typedef {import("./webhooks-pane.js").Hook} Hook */

const OVERLAPS = [24, 72, 168, 0];

class HookForm extends PageElement {
  static properties = { hook: { attribute: false }, offered: { attribute: false }, draft: { state: true }, errors: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {Hook | null} */
    this.hook = null;
    /** @type {string[]} */
    this.offered = [];
    /** @type {{unit: string, url: string, some: boolean, facts: string[]} | null} */
    this.draft = null;
    /** @type {Record<string, string>} */
    this.errors = {};
    this.problem = "";
  }

  willUpdate() {
    const { hook } = this;
    this.draft ??= { unit: hook?.unit ?? "", url: hook?.url ?? "", some: Boolean(hook?.facts.length), facts: hook?.facts ?? [] };
  }

  render() {
    const { hook, errors } = this;
    const draft = /** @type {NonNullable<typeof this.draft>} */ (this.draft);
    return html`<form @submit=${this.submit} novalidate><div class="dialog__body"><h2>${t(hook ? "hooks.formEdit" : "hooks.formNew")}</h2>${problemLine(this.problem)}
        ${hook ? nothing : html`<div class="field"><label for="hook-unit">${t("hooks.unit")}</label><x-picker id="hook-unit" kind="unit" label=${t("hooks.unit")} ?wrong=${Boolean(errors.unit)}
          @choose=${(/** @type {CustomEvent} */ e) => this.set({ unit: e.detail })}></x-picker>${fieldError(errors.unit)}</div>`}
        ${field("hook-url", t("hooks.url"), html`<input class="input" id="hook-url" type="url" inputmode="url" maxlength="500" autocomplete="off" .value=${draft.url} aria-invalid=${Boolean(errors.url)}
          @input=${(/** @type {any} */ e) => this.set({ url: e.target.value })} />`, errors.url, t("hooks.urlHint"))}
        <fieldset class="stack stack--s"><legend class="strong">${t("hooks.facts")}</legend>
          ${[false, true].map((some) => html`<label class="check"><input type="radio" name="some" .checked=${draft.some === some} @change=${() => this.set({ some })} /><span>${t(some ? "hooks.factsSome" : "hooks.factsAll")}</span></label>`)}
          ${draft.some ? html`<div class="hook-facts">${this.offered.map((name) => this.fact(name))}</div>` : nothing}${fieldError(errors.facts)}</fieldset></div>
      <div class="dialog__foot"><button class="btn" type="button" @click=${() => this.dispatchEvent(new CustomEvent("give-up"))}>${t("common.cancel")}</button>
        <button class="btn btn--primary" data-save ?disabled=${draft.some && !draft.facts.length}>${t(hook ? "hooks.save" : "hooks.make")}</button></div></form>`;
  }

  /** @param {string} name */
  fact(name) {
    const facts = this.draft?.facts ?? [];
    const turn = (/** @type {any} */ e) => this.set({ facts: e.target.checked ? [...facts, name] : facts.filter((/** @type {string} */ one) => one !== name) });
    return html`<label class="check"><input type="checkbox" name="fact" value=${name} .checked=${facts.includes(name)} @change=${turn} /><span>${known(`fact.${name}`) ? t(`fact.${name}`) : name}</span></label>`;
  }

  /** @param {Partial<NonNullable<typeof this.draft>>} change */
  set(change) {
    this.draft = { .../** @type {NonNullable<typeof this.draft>} */ (this.draft), ...change };
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    busy(/** @type {HTMLElement} */ (this.querySelector("[data-save]")), () => this.save());
  }

  async save() {
    const { hook } = this;
    const { unit, url, some, facts } = /** @type {NonNullable<typeof this.draft>} */ (this.draft);
    const told = { url, facts: some ? facts : [] };
    try {
      const detail = hook ? await api.patch(`/webhooks/${hook.id}`, told) : await api.post("/webhooks", { unit, ...told });
      this.dispatchEvent(new CustomEvent("done", { detail }));
    } catch (error) {
      this.errors = error instanceof ApiError ? error.fields : {};
      this.problem = Object.keys(this.errors).length ? "" : sayError(error);
    }
  }
}

define("hook-form", HookForm);

/** @param {Hook | null} hook null for a new one @param {string[]} offered @returns {Promise<any>} */
export function askHook(hook, offered) {
  return openSheet(Object.assign(document.createElement("hook-form"), { hook, offered }), t(hook ? "hooks.formEdit" : "hooks.formNew"));
}

/** Asks for how long both secrets are used, and turns it. @param {Hook} hook @returns {Promise<any>} */
export async function askSecret(hook) {
  const choices = OVERLAPS.map((hours) => ({ value: String(hours), text: `${t("hooks.overlap")} ${hours ? t("hooks.hours", { count: hours }) : t("hooks.overlapNone")}` }));
  const hours = await askChoice({ title: t("hooks.secretAsk"), text: t("hooks.secretText"), choices, value: "24", confirm: t("hooks.secretDo") });
  if (hours === null) return undefined;
  const made = await api.post(`/webhooks/${hook.id}/secret`, { overlap_hours: Number(hours) }).catch(toastError);
  return made?.secret ? made : undefined;
}
