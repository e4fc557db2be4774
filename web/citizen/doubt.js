/** "Is this wrong?" under an answer: a button, then a few words if one likes; said once for each answer. */
import { html, nothing } from "../vendor/lit.js";
import { t } from "../shared/i18n.js";

const LONGEST = 300;
const MOST_KEPT = 200;
const REASONS = ["other", "old", "contact"];

/** @typedef {{text: string, phone: string}} Words */

/** Answers this browser has doubted before. @param {string} server */
const keyOf = (server) => `hotline.doubted.${server}`;

/** @param {string} server @returns {string[]} */
function doubted(server) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(server)) ?? "[]");
  } catch {
    return [];
  }
}

/** Whether an answer was doubted here. @param {string} server @param {string} mark */
export function isDoubted(server, mark) {
  return doubted(server).includes(mark);
}

/** @param {string} server @param {string} mark */
export function noteDoubt(server, mark) {
  try {
    localStorage.setItem(keyOf(server), JSON.stringify([...doubted(server), mark].slice(-MOST_KEPT)));
  } catch {
    // A browser that keeps nothing may say it again; the server counts it once.
  }
}

/** @param {{state: "" | "open" | "sending" | "done", problem: string, phone?: boolean, open: () => void, close: () => void,
 *   send: (words: Words) => void}} doubt phone: whether a number may be left */
export function doubtPart({ state, problem, phone = false, open, close, send }) {
  if (state === "done") return html`<p class="doubt__done small" role="status"><x-icon name="check"></x-icon>${t("citizen.doubt.done")}</p>`;
  if (!state) return html`<button class="btn btn--quiet btn--small doubt__ask" type="button" data-doubt @click=${open}><x-icon name="flag"></x-icon><span>${t("citizen.doubt.ask")}</span></button>`;
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    send({ text: String(given.get("text") ?? "").trim(), phone: String(given.get("phone") ?? "").trim() });
  };
  return html`<form class="doubt card card--tight stack stack--s" @submit=${submit} @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === "Escape" && close()}>
    <label class="strong" for="doubt-text">${t("citizen.doubt.what")}</label>
    <div class="btn-row">${REASONS.map((one) => html`<button class="btn btn--small btn--soft" type="button" data-reason=${one} @click=${fill}>${t(`citizen.doubt.${one}`)}</button>`)}</div>
    <textarea class="textarea" id="doubt-text" name="text" rows="2" maxlength=${LONGEST} placeholder=${t("citizen.doubt.hint")}></textarea>
    ${phone ? html`<label class="small" for="doubt-phone">${t("citizen.doubt.phone")}</label><input class="input" id="doubt-phone" name="phone" type="tel" maxlength="20" autocomplete="tel" />` : nothing}
    ${problem ? html`<p class="field__error" role="alert"><x-icon name="alert"></x-icon>${problem}</p>` : nothing}
    <div class="btn-row"><button class="btn btn--primary btn--small" data-send aria-busy=${state === "sending"}>${t("citizen.doubt.send")}</button>
      <button class="btn btn--small" type="button" @click=${close}>${t("common.cancel")}</button></div></form>`;
}

/** Puts a ready reason into the field. @param {Event} event */
function fill(event) {
  const button = /** @type {HTMLElement} */ (event.currentTarget);
  const field = button.closest("form")?.querySelector("textarea");
  if (!field) return;
  const said = String(button.textContent).trim();
  if (!field.value.includes(said)) field.value = [field.value.trim(), said].filter(Boolean).join("；");
  field.focus();
}
