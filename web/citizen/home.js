/** /: one number, one question, and the ways in. */
import { html, nothing, render } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { askInChat } from "./asking.js";
import { openPage } from "./frame.js";

/** @typedef {{city: string, demo: boolean}} Site
 * @typedef {{id: string, title: string}} Hot */

const LONGEST_ASK = 500;
const WAYS = [
  { name: "ask", mark: "chat" },
  { name: "complain", mark: "flag" },
  { name: "help", mark: "hand" },
  { name: "report", mark: "shield" },
  { name: "suggest", mark: "lightbulb", href: "/suggestions" },
  { name: "track", mark: "clipboard", href: "/track" },
];
const EMERGENCY = ["110", "119", "120", "122"];
const STEPS = [1, 2, 3, 4];

/** @param {SubmitEvent} event */
function ask(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const text = String(new FormData(form).get("ask") ?? "").trim();
  if (text) askInChat(text);
  else form.querySelector("input")?.focus();
}

/** @param {Event} event @param {string} text */
function open(event, text) {
  event.preventDefault();
  askInChat(text);
}

/** @param {Site | null} site */
const hero = (site) => html`<section class="hero">
  <div class="hero__inner">
    <p class="hero__city">${site ? t("citizen.home.city", { city: site.city }) : t("product.name")}</p>
    <h1 class="hero__number" aria-label=${t("product.full")}>12345</h1>
    <p class="hero__line">${t("citizen.home.line")}</p>
    <form class="ask" @submit=${ask}>
      <label class="ask__label" for="ask">${t("citizen.home.ask")}</label>
      <div class="ask__row">
        <input class="ask__field" id="ask" name="ask" type="text" maxlength=${LONGEST_ASK} autocomplete="off"
          enterkeyhint="send" placeholder=${t("citizen.home.askExample")} />
        <button class="btn btn--primary btn--large">${icon("send")}<span>${t("citizen.home.askButton")}</span></button>
      </div>
    </form>
  </div>
</section>`;

/** @param {typeof WAYS[number]} way */
function wayIn({ name, mark, href }) {
  const say = href ? "" : t(`citizen.chat.start.${name}.say`);
  const go = href ? nothing : (/** @type {Event} */ event) => open(event, say);
  return html`<a class="card way" href=${href ?? `/chat?ask=${encodeURIComponent(say)}`} @click=${go}>
    <span class="way__mark">${icon(mark)}</span>
    <span class="strong">${t(`citizen.home.way.${name}`)}</span><span class="faint">${t(`citizen.home.way.${name}.text`)}</span>
  </a>`;
}

/** @param {Hot[]} hot */
const questions = (hot) => html`<section class="card stack">
  <h2>${t("citizen.home.hot")}</h2>
  ${hot.length
    ? html`<ul class="hot" role="list">${hot.map((one) => html`<li><a href=${`/guide?id=${encodeURIComponent(one.id)}`}>${one.title}</a></li>`)}</ul>`
    : html`<p class="muted">${t("citizen.home.noHot")}</p>`}
  <p><a class="btn btn--soft btn--small" href="/guide">${icon("search")}${t("citizen.home.toGuide")}</a></p>
</section>`;

const way = () => html`<section class="card stack">
  <h2>${t("citizen.home.how")}</h2>
  <ol class="how" role="list">${STEPS.map((step) => html`<li class="how__step"><span class="how__number">${step}</span>
    <span><span class="strong">${t(`citizen.home.how.${step}`)}</span><br /><span class="muted small">${t(`citizen.home.how.${step}.text`)}</span></span></li>`)}</ol>
</section>`;

const emergency = () => html`<aside class="urgent" aria-label=${t("citizen.home.emergency")}>
  <span class="urgent__text">${icon("alert")}${t("citizen.home.emergency")}</span>
  <span class="urgent__numbers">${EMERGENCY.map((number) => html`<a href=${`tel:${number}`}><span class="number">${number}</span> ${t(`citizen.emergency.${number}`)}</a>`)}</span>
</aside>`;

/** @param {Site | null} site @param {Hot[]} hot */
const page = (site, hot) => html`${hero(site)}
  <div class="page stack stack--l">
    <nav class="ways" aria-label=${t("citizen.home.ways")}>${WAYS.map(wayIn)}</nav>
    ${emergency()}
    <div class="grid grid--2">${questions(hot)} ${way()}</div>
    <footer class="faint foot"><p>${t("citizen.home.privacy")}</p>
      <p><a href="/login">${t("citizen.home.staff")}</a></p></footer>
  </div>`;

const main = await openPage("citizen.nav.home");
render(page(null, []), main);
const [site, hot] = await Promise.allSettled([api.get("/site"), api.get("/knowledge/hot")]);
render(
  page(site.status === "fulfilled" ? site.value : null, hot.status === "fulfilled" ? hot.value.items : []),
  main,
);
