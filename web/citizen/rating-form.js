/** `<rating-form @rate=${(e) => e.detail}>`: five faces, whether it is solved, and a word. */
import { html, nothing, svg } from "../vendor/lit.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";

// The five votes of 好差评 with the mouth of their face.
const SCORES = [
  ["very_satisfied", "M8 14c1.2 2.4 6.8 2.4 8 0Z"],
  ["satisfied", "M8.5 14.5c1.5 2 5.5 2 7 0"],
  ["basically_satisfied", "M8.5 15.5h7"],
  ["dissatisfied", "M8.5 16.5c1.5-2 5.5-2 7 0"],
  ["very_dissatisfied", "M8 17c1.2-2.6 6.8-2.6 8 0|M8 8.2l2 1|M16 8.2l-2 1"],
];
const SOLVED = ["yes", "partly", "no"];
const LONGEST = 500;

/** @param {string} mouth */
function face(mouth) {
  const lines = mouth.split("|").map((d) => svg`<path d=${d}></path>`);
  return html`<svg class="face" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"
    aria-hidden="true"><circle cx="12" cy="12" r="9.2"></circle><path d="M9 10.4v.2M15 10.4v.2" stroke-width="2.2"></path>${lines}</svg>`;
}

class RatingForm extends PageElement {
  static properties = { missing: { state: true } };

  constructor() {
    super();
    this.missing = "";
  }

  render() {
    return html`<form class="card card--accent stack" novalidate @submit=${this.submit}>
      <h2>${t("citizen.rate.title")}</h2>
      <fieldset><legend class="unseen">${t("citizen.rate.score")}</legend><div class="faces">${SCORES.map(
        ([value, mouth]) => html`<label class="vote"><input class="unseen" type="radio" name="score" value=${value} />
          ${face(mouth)}<span>${t(`citizen.score.${value}`)}</span></label>`)}</div></fieldset>
      <fieldset class="stack stack--s"><legend class="strong">${t("citizen.rate.solved")}</legend><div class="row">${SOLVED.map(
        (value) => html`<label class="check"><input type="radio" name="solved" value=${value} /><span>${t(`citizen.solved.${value}`)}</span></label>`)}</div></fieldset>
      <div class="field"><label for="comment">${t("citizen.rate.comment")} <span class="faint">${t("common.optional")}</span></label>
        <textarea class="textarea" id="comment" name="text" rows="2" maxlength=${LONGEST}></textarea></div>
      ${this.missing ? html`<p class="field__error" role="alert"><x-icon name="alert"></x-icon>${this.missing}</p>` : nothing}
      <div class="btn-row"><button class="btn btn--primary">${t("citizen.rate.send")}</button></div>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const [score, solved, text] = ["score", "solved", "text"].map((name) => String(form.get(name) ?? "").trim());
    this.missing = score && solved ? "" : t("citizen.rate.missing");
    if (this.missing) return;
    const detail = { button: event.submitter, vote: text ? { score, solved, text } : { score, solved } };
    this.dispatchEvent(new CustomEvent("rate", { detail }));
  }
}

define("rating-form", RatingForm);
