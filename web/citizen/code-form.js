/** The way to a ticket without its link: its number and its query code. */
import { html } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { busy } from "../shared/ui.js";

/** @param {SubmitEvent} event */
function find(event) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const asked = { number: text(form, "number").toUpperCase(), code: text(form, "code").toUpperCase() };
  return busy(/** @type {HTMLElement} */ (event.submitter), async () => {
    const { link } = await api.post("/track", asked, { stayOn401: true });
    location.assign(link);
  });
}

/** @param {FormData} form @param {string} name */
function text(form, name) {
  return String(form.get(name) ?? "").replace(/\s/g, "");
}

export function codeForm() {
  return html`<form class="card stack" @submit=${find}>
    <h2>${t("citizen.code.title")}</h2>
    <div class="grid grid--2">
      <div class="field"><label for="number">${t("citizen.code.number")}</label>
        <input class="input" id="number" name="number" required maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" /></div>
      <div class="field"><label for="code">${t("citizen.code.code")}</label>
        <input class="input" id="code" name="code" required maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" /></div>
    </div>
    <p class="field__hint">${t("citizen.code.hint")}</p>
    <div class="btn-row"><button class="btn btn--primary">${t("citizen.code.find")}</button></div>
  </form>`;
}
