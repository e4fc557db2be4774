/** Keyboard: Enter that respects Chinese input methods, shortcuts with a help overlay. */
import { html, render } from "../vendor/lit.js";
import { t } from "./i18n.js";

const ANY_KEY_MS = 100;
const IME_KEY_MS = 500;

/** What an input method is doing in one text field. */
export class Composition {
  constructor() {
    this.composing = false;
    /** when the last composition ended, until its key is up again */
    this.endedAt = -Infinity;
  }

  /** @param {EventTarget} field @returns {this} */
  watch(field) {
    field.addEventListener("compositionstart", () => (this.composing = true));
    field.addEventListener("compositionend", (event) => this.end(event.timeStamp));
    field.addEventListener("keyup", () => (this.endedAt = -Infinity));
    field.addEventListener("blur", () => (this.composing = false));
    return this;
  }

  /** @param {number} at */
  end(at) {
    this.composing = false;
    this.endedAt = at;
  }
}

/** Whether this key press means "send": Enter, without Shift, that is not the one which commits a composition.
 * Chrome and Firefox send that one while composing. Safari sends it just after compositionend, with keyCode 229 and
 * isComposing false. Yet some input methods report 229 for every key, so 229 alone must not swallow a real Enter.
 * @param {KeyboardEvent} event a keydown @param {Composition} state @returns {boolean} */
export function isSendKey(event, state) {
  if (event.key !== "Enter" || event.shiftKey || event.altKey) return false;
  if (event.isComposing || state.composing) return false;
  const since = Math.abs(event.timeStamp - state.endedAt);
  return since > (event.keyCode === 229 ? IME_KEY_MS : ANY_KEY_MS);
}

/** @typedef {{keys: string, text: string, run: (event: KeyboardEvent) => void, inFields?: boolean}} Shortcut
 *  keys: "j", "ctrl+enter", "alt+1", "g d" is not supported: one stroke each */

/** @type {Shortcut[]} */
const registry = [];

/** @param {KeyboardEvent} event */
function stroke(event) {
  const held = [event.ctrlKey && "ctrl", event.metaKey && "meta", event.altKey && "alt"].filter(Boolean);
  const key = event.altKey && /^(Digit|Key)/.test(event.code) ? event.code.replace(/^(Digit|Key)/, "") : event.key;
  return [...held, key.toLowerCase()].join("+");
}

/** Whether the key is for what has the keyboard. A box to tick outside a form takes the space bar alone.
 * @param {KeyboardEvent} event */
function typing(event) {
  const target = event.composedPath()[0];
  if (target instanceof HTMLInputElement && target.type === "checkbox" && !target.form) return event.key === " ";
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  const pressed = stroke(event);
  const found = registry.find((one) => one.keys === pressed && (one.inFields || !typing(event)));
  if (!found) return;
  event.preventDefault();
  found.run(event);
}

/** Adds shortcuts; gives back what takes them away again.
 * @param {Shortcut[]} shortcuts @returns {() => void} */
export function shortcuts(shortcuts) {
  if (!registry.length) {
    document.addEventListener("keydown", onKey);
    registry.push({ keys: "?", text: "keys.help", run: showKeys });
  }
  registry.push(...shortcuts);
  return () => {
    for (const one of shortcuts) registry.splice(registry.indexOf(one), 1);
  };
}

/** The overlay with every shortcut of this page. */
export function showKeys() {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", t("keys.title"));
  const rows = registry.map((one) => html`<dt>${keycaps(one.keys)}</dt><dd>${t(one.text)}</dd>`);
  render(
    html`<div class="dialog__body"><h2>${t("keys.title")}</h2><dl class="keys-table">${rows}</dl></div>
      <form method="dialog" class="dialog__foot"><button class="btn">${t("common.close")}</button></form>`,
    dialog,
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {string} keys */
function keycaps(keys) {
  const names = { ctrl: "Ctrl", meta: "⌘", alt: "Alt", enter: "Enter", escape: "Esc", arrowup: "↑", arrowdown: "↓" };
  return keys.split("+").map((key) => html`<kbd>${names[/** @type {keyof names} */ (key)] ?? key.toUpperCase()}</kbd> `);
}

/** Arrow keys walk over the items of a list, a tab row or a menu; Home and End go to its ends.
 * @param {KeyboardEvent} event @param {HTMLElement[]} items @returns {HTMLElement | null} the item now in focus */
export function walk(event, items) {
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const last = items.length - 1;
  const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
  if (next === undefined || last < 0) return null;
  event.preventDefault();
  const item = items[Math.max(0, Math.min(last, next))];
  item.focus();
  return item;
}
