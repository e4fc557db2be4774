/** /rate/{link}: one vote on one reply, without signing in and without a word of whose it is; changed by the same link. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, sayError } from "../shared/api.js";
import { day, when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { busy, toast } from "../shared/ui.js";
import { openPage } from "./frame.js";
import "./rating-form.js";

const STAY = { stayOn401: true };
const token = location.pathname.split("/").at(-1) ?? "";
/** @type {any} the BallotView */
let ballot = null;
let again = false;

function draw() {
  const { number, matter_name: matter, unit_name: unit, until, open, why } = ballot;
  render(html`<div class="stack"><h1>${t("citizen.rate.page")}</h1>
    <section class="card stack stack--s"><p class="strong">${[matter, unit].filter(Boolean).join(" · ")}</p>
      <p class="faint number">${number}</p>
      ${open ? html`<p class="small">${t("citizen.rate.until", { date: day(until) })}</p>`
        : html`<p class="notice notice--yellow"><x-icon name="info"></x-icon><span>${t(`citizen.rate.why.${why}`)}</span></p>`}</section>
    ${ballot.score && !again ? vote() : nothing}
    ${open && (!ballot.score || again) ? html`<rating-form @rate=${send}></rating-form>` : nothing}</div>`, main);
}

function vote() {
  return html`<section class="card stack stack--s"><h2>${t("citizen.rate.yours")}</h2>
    <p class="row"><span class="badge badge--primary">${ballot.score_label}</span><span class="badge">${ballot.solved_label}</span>
      <span class="faint small">${when(ballot.voted_at)}</span>
      ${ballot.open ? html`<button class="btn btn--small btn--quiet push" type="button" @click=${change}>${t("citizen.rate.change")}</button>` : nothing}</p></section>`;
}

function change() {
  again = true;
  draw();
}

/** @param {CustomEvent} event */
function send(event) {
  return busy(event.detail.button, async () => {
    ballot = await api.post(`/rate/${token}`, event.detail.vote, STAY);
    again = false;
    draw();
    toast(t("citizen.rate.thanks"), { kind: "good" });
  });
}

const main = await openPage("citizen.rate.page");
try {
  ballot = await api.get(`/rate/${token}`, {}, STAY);
  draw();
} catch (error) {
  render(html`<p class="notice notice--yellow" role="alert"><x-icon name="alert"></x-icon>${sayError(error)}</p>`, main);
}
