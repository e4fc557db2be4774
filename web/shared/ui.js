/** What a page says and asks: toasts, confirmations, busy buttons. Brings the small elements of marks.js along. */
import { html, nothing, render } from "../vendor/lit.js";
import { sayError } from "./errors.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import "./marks.js";

const TOAST_ICONS = { info: "info", good: "check", warn: "alert", bad: "alert" };

/** @typedef {{kind?: "info" | "good" | "warn" | "bad", action?: {text: string, run: () => void}, ms?: number}} ToastOptions */

function toastRegion() {
  const found = document.querySelector(".toasts");
  if (found) return found;
  const region = document.createElement("div");
  region.className = "toasts";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  return region;
}

/** A short word that goes away by itself; errors stay until closed.
 * @param {string} text @param {ToastOptions} [options] @returns {() => void} takes it away */
export function toast(text, { kind = "info", action, ms = kind === "bad" ? 0 : 5000 } = {}) {
  const box = document.createElement("div");
  box.className = `toast toast--${kind}`;
  const close = () => box.remove();
  const act = () => {
    close();
    action?.run();
  };
  const button = action
    ? html`<button class="btn btn--small btn--quiet" type="button" @click=${act}>${action.text}</button>`
    : nothing;
  render(
    html`${icon(TOAST_ICONS[kind])}<span class="toast__text">${text}</span>${button}
      <button class="btn btn--icon btn--small btn--quiet" type="button" aria-label=${t("common.close")} @click=${close}>
        ${icon("close")}
      </button>`,
    box,
  );
  toastRegion().append(box);
  if (ms) setTimeout(close, ms);
  return close;
}

/** A toast that says an error courteously. @param {unknown} error */
export function toastError(error) {
  console.error(error);
  return toast(sayError(error), { kind: "bad" });
}

/** @typedef {{title: string, text?: string, confirm?: string, cancel?: string, danger?: boolean}} Question */

/** Opens a native dialog and waits for its end.
 * @param {Question} question @param {unknown} body @returns {Promise<HTMLFormElement | null>} the form, or null if given up */
function ask(question, body) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", question.title);
  const giveUp = () => dialog.close("");
  const look = question.danger ? "btn--danger" : "btn--primary";
  render(
    html`<form method="dialog">
      <div class="dialog__body">
        <h2>${question.title}</h2>
        ${question.text ? html`<p class="muted prewrap">${question.text}</p>` : nothing} ${body}
      </div>
      <div class="dialog__foot">
        <button class="btn" type="button" @click=${giveUp}>${question.cancel ?? t("common.cancel")}</button>
        <button class="btn ${look}" value="yes">${question.confirm ?? t("common.confirm")}</button>
      </div>
    </form>`,
    dialog,
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? dialog.querySelector("form") : null);
    });
  });
}

/** @param {Question} question @returns {Promise<boolean>} */
export async function confirmDialog(question) {
  return (await ask(question, nothing)) !== null;
}

/** Asks for a reason or a short text. @param {Question & {label: string, required?: boolean, value?: string, rows?: number, type?: string}} question type: of an input of one line, else there are several lines
 * @returns {Promise<string | null>} null if given up */
export async function askText(question) {
  const body = html`<div class="field">
    <label for="asked-text">${question.label}</label>
    ${question.type
      ? html`<input class="input" id="asked-text" name="text" type=${question.type} maxlength="200" ?required=${question.required ?? true} .value=${question.value ?? ""} />`
      : html`<textarea class="textarea" id="asked-text" name="text" rows=${question.rows ?? 3} maxlength="2000"
      ?required=${question.required ?? true} .value=${question.value ?? ""}></textarea>`}
  </div>`;
  const form = await ask(question, body);
  return form ? String(new FormData(form).get("text") ?? "").trim() : null;
}

/** Asks to choose one of a few. @param {Question & {choices: {value: string, text: string}[], value?: string}} question
 * @returns {Promise<string | null>} null if given up */
export async function askChoice(question) {
  const body = html`<fieldset class="stack stack--s">
    <legend class="unseen">${question.title}</legend>
    ${question.choices.map(
      (one) => html`<label class="check"><input type="radio" name="choice" value=${one.value} required
        ?checked=${one.value === question.value} /><span>${one.text}</span></label>`,
    )}
  </fieldset>`;
  const form = await ask(question, body);
  return form ? String(new FormData(form).get("choice")) : null;
}

/** Runs a button's work once: while it runs the button turns and ignores presses; a failure is said in a toast.
 * @template T @param {Event | HTMLElement} pressed the click event or the button
 * @param {() => Promise<T>} work @returns {Promise<T | undefined>} undefined if it failed or was already running */
export async function busy(pressed, work) {
  const button = pressed instanceof Event ? /** @type {HTMLElement} */ (pressed.currentTarget) : pressed;
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } catch (error) {
    toastError(error);
    return undefined;
  } finally {
    button.removeAttribute("aria-busy");
  }
}
