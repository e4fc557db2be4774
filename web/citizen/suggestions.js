/** /suggestions: propose something for the city, and read what others proposed. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { day } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { busy, toastError } from "../shared/ui.js";
import { openPage } from "./frame.js";

/** @typedef {{number: string, title: string, text: string, state_label: string, area_name: string, published_at: string | null,
 *   supports: number, unit_name: string, decision: {reason: string, plan: string}}} Suggestion
 * @typedef {{number: string, query_code: string, similar: {number: string, title: string}[]}} Made */

const page = {
  /** @type {{code: string, name: string}[]} */
  districts: [],
  /** @type {Suggestion[] | null} */
  published: null,
  problem: "",
  /** @type {Record<string, string>} */
  errors: {},
  /** @type {Made | null} */
  made: null,
};

/** @param {SubmitEvent} event */
function send(event) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const [title, text, area] = ["title", "text", "area"].map((name) => String(form.get(name) ?? "").trim());
  return busy(/** @type {HTMLElement} */ (event.submitter), async () => {
    page.errors = {};
    try {
      page.made = await api.post("/suggestions", area ? { title, text, area } : { title, text }, { stayOn401: true });
      scrollTo(0, 0);
    } catch (error) {
      if (error instanceof ApiError) page.errors = error.fields;
      if (!Object.keys(page.errors).length) toastError(error);
    }
    draw();
  });
}

function again() {
  page.made = null;
  draw();
}

/** @param {string} name @param {unknown} control */
const field = (name, control) => html`<div class="field"><label for=${name}>${t(`citizen.suggestions.${name}`)}
    ${name === "area" ? html`<span class="faint">${t("common.optional")}</span>` : html`<span class="required" aria-hidden="true">*</span>`}</label>
  ${control}
  ${page.errors[name] ? html`<p class="field__error" role="alert"><x-icon name="alert"></x-icon>${page.errors[name]}</p>` : nothing}</div>`;

const form = () => html`<form class="card stack" @submit=${send}>
  <div class="stack stack--s"><h1>${t("citizen.nav.suggestions")}</h1><p class="muted">${t("citizen.suggestions.intro")}</p></div>
  ${field("title", html`<input class="input" id="title" name="title" required maxlength="60" autocomplete="off"
    aria-invalid=${Boolean(page.errors.title)} placeholder=${t("citizen.suggestions.titleExample")} />`)}
  ${field("text", html`<textarea class="textarea" id="text" name="text" rows="6" required maxlength="2000"
    aria-invalid=${Boolean(page.errors.text)} placeholder=${t("citizen.suggestions.textExample")}></textarea>`)}
  ${field("area", html`<select class="select" id="area" name="area"><option value="">${t("citizen.guide.wholeCity")}</option>
    ${page.districts.map((one) => html`<option value=${one.code}>${one.name}</option>`)}</select>`)}
  <p class="field__hint">${t("citizen.suggestions.public")}</p>
  <div class="btn-row"><button class="btn btn--primary btn--large">${t("citizen.suggestions.send")}</button></div>
</form>`;

const thanks = () => html`<section class="card stack" role="status">
  <x-empty icon="check" heading=${t("citizen.suggestions.thanks")} text=${t("citizen.suggestions.thanksText")}>
    <dl class="facts"><dt>${t("citizen.code.number")}</dt><dd class="number">${page.made?.number}</dd>
      <dt>${t("citizen.code.code")}</dt><dd class="number">${page.made?.query_code}</dd></dl>
    ${page.made?.similar.length ? html`<p class="small muted">${t("citizen.suggestions.similar")}：${page.made.similar.map((one) => one.title).join(t("common.listComma"))}</p>` : nothing}
    <button class="btn" @click=${again}>${t("citizen.suggestions.another")}</button>
  </x-empty></section>`;

/** @param {Suggestion} one */
const item = (one) => html`<li><details class="card card--tight proposal">
  <summary><span class="strong">${one.title}</span>
    <span class="row small"><span class="badge badge--primary">${one.state_label}</span>
      <span class="faint">${[one.area_name, one.published_at && day(one.published_at), one.unit_name].filter(Boolean).join(" · ")}</span></span></summary>
  <p class="prewrap">${one.text}</p>
  ${one.decision.reason ? html`<p class="prewrap"><span class="strong">${t("citizen.suggestions.answer")}</span> ${one.decision.reason}</p>` : nothing}
  ${one.decision.plan ? html`<p class="prewrap">${one.decision.plan}</p>` : nothing}
  ${one.supports ? html`<p class="faint">${t("citizen.suggestions.supports", { count: one.supports })}</p>` : nothing}
</details></li>`;

function published() {
  if (page.problem) return html`<p class="muted">${page.problem}</p>`;
  if (!page.published) return html`<div aria-busy="true" class="stack"><span class="skeleton"></span><span class="skeleton skeleton--short"></span></div>`;
  if (!page.published.length) return html`<x-empty icon="lightbulb" heading=${t("citizen.suggestions.none")} text=${t("citizen.suggestions.noneText")}></x-empty>`;
  return html`<ul class="stack stack--s" role="list">${page.published.map(item)}</ul>`;
}

function draw() {
  render(html`<div class="two-columns">${page.made ? thanks() : form()}
    <section class="stack"><h2>${t("citizen.suggestions.published")}</h2>${published()}</section></div>`, main);
}

const main = await openPage("citizen.nav.suggestions");
draw();
const [site, list] = await Promise.allSettled([api.get("/site"), api.get("/suggestions")]);
if (site.status === "fulfilled") page.districts = site.value.districts;
if (list.status === "fulfilled") page.published = list.value.items;
else page.problem = sayError(list.reason);
draw();
