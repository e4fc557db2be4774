/** What the panes of people, roles, keys and webhooks are made of: heads, sheets, and what is shown once. */
import { html, nothing, render } from "../vendor/lit.js";
import { t } from "../shared/i18n.js";
import { toast } from "../shared/ui.js";

/** The head of what is chosen, with the way back on a phone. @param {unknown} title @param {unknown} below @param {() => void} back */
export function cardHead(title, below, back) {
  return html`<div class="pane__head row row--keep">
    <button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${back}><x-icon name="back"></x-icon></button>
    <div class="grow"><h1 class="admin-detail__title">${title}</h1><div class="row small faint">${below}</div></div></div>`;
}

export function skeletons() {
  return html`<div class="pad stack" aria-busy="true">${[1, 2, 3].map(() => html`<span class="skeleton skeleton--block"></span>`)}</div>`;
}

/** A choice of a few. @param {string} text @param {string} value @param {[string, string][]} choices @param {(value: string) => void} set @param {string} [name] */
export function select(text, value, choices, set, name = "") {
  return html`<select class="select select--small" aria-label=${text} name=${name || nothing} @change=${(/** @type {any} */ e) => set(e.target.value)}>
    ${choices.map(([code, label]) => html`<option value=${code} ?selected=${code === value}>${label}</option>`)}</select>`;
}

/** @param {string} problem */
export function problemLine(problem) {
  return problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${problem}</span></p>` : nothing;
}

/** @param {string} [error] */
export function fieldError(error) {
  return error ? html`<p class="field__error"><x-icon name="alert"></x-icon>${error}</p>` : nothing;
}

/** Opens an element as a sheet: it tells `done` (detail: what came of it) or `give-up`. @param {HTMLElement} element @param {string} label
 * @returns {Promise<any>} undefined if it was given up */
export function openSheet(element, label) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog people-sheet";
  dialog.setAttribute("aria-label", label);
  dialog.append(element);
  document.body.append(dialog);
  dialog.showModal();
  begin(dialog, element);
  return new Promise((resolve) => {
    /** @type {any} */
    let made;
    element.addEventListener("done", (event) => {
      made = /** @type {CustomEvent} */ (event).detail;
      dialog.close();
    });
    element.addEventListener("give-up", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(made);
    });
  });
}

/** Whoever opens a form can write at once. @param {HTMLElement} dialog @param {any} element */
async function begin(dialog, element) {
  await element.updateComplete;
  /** @type {HTMLElement | null} */ (dialog.querySelector("input:not([role=combobox]), select, textarea"))?.focus();
}

/** Copies a text; the clipboard is missing on plain-http intranets: there it is selected for the person to copy.
 * @param {string} text @param {HTMLElement | null} shown */
async function copy(text, shown) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    getSelection()?.selectAllChildren(/** @type {HTMLElement} */ (shown));
    if (!document.execCommand("copy")) return;
  }
  toast(t("people.copied"), { kind: "good" });
}

/** Shows a secret this once; Escape does not close it by mistake. @param {{title: string, text: string, about: string, secret: string}} what
 * @returns {Promise<void>} when it was put away */
export function showOnce({ title, text, about, secret }) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", title);
  const shown = () => /** @type {HTMLElement | null} */ (dialog.querySelector(".secret__text"));
  render(html`<div class="dialog__body"><h2>${title}</h2><p class="muted">${about}</p>
      <div class="secret"><code class="secret__text" data-secret>${secret}</code>
        <button class="btn btn--primary" type="button" data-copy autofocus @click=${() => copy(secret, shown())}><x-icon name="copy"></x-icon><span>${t("common.copy")}</span></button></div>
      <p class="notice notice--yellow"><x-icon name="alert"></x-icon><span>${text}</span></p></div>
    <div class="dialog__foot"><button class="btn" type="button" data-close @click=${() => dialog.close()}>${t("people.closeShown")}</button></div>`, dialog);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve();
    });
  });
}
