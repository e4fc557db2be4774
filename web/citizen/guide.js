/** /guide: what the hotline knows, found by a question; ?q= a search, ?id= one entry. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, ApiError, newKey, sayError } from "../shared/api.js";
import { day } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { busy, toast } from "../shared/ui.js";
import { askInChat } from "./asking.js";
import { doubtPart, isDoubted, noteDoubt } from "./doubt.js";
import { openPage } from "./frame.js";

/** @typedef {{id: string, title: string, short: string, owner_name: string, verified_on: string | null}} Hit
 * @typedef {{id: string, title: string}} Hot
 * @typedef {Record<string, any> & {id: string, title: string, unverified: string[]}} Article */

const MOST_FOUND = 10;
const FACTS = ["materials", "place", "hours", "phone", "fee", "limit", "online", "basis"];

/** What the address asks for. */
function asked() {
  const params = new URLSearchParams(location.search);
  return { q: (params.get("q") ?? "").trim(), id: params.get("id") ?? "", area: params.get("area") ?? "" };
}

/** @param {Record<string, string>} query */
function go(query) {
  const params = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
  history.pushState(null, "", `/guide${params.size ? `?${params}` : ""}`);
  show();
}

/** @param {Event} event @param {Record<string, string>} query */
function follow(event, query) {
  event.preventDefault();
  go(query);
}

/** @param {SubmitEvent} event */
function search(event) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  go({ q: String(form.get("q") ?? "").trim(), area: String(form.get("area") ?? "") });
}

const head = () => html`<form class="card stack" role="search" @submit=${search}>
  <h1>${t("citizen.nav.guide")}</h1>
  <div class="search-row">
    <div class="search grow"><x-icon name="search"></x-icon><input class="input" name="q" type="search" maxlength="200"
      .value=${asked().q} aria-label=${t("citizen.guide.question")} placeholder=${t("citizen.guide.example")} /></div>
    ${districts.length
      ? html`<select class="select area" name="area" aria-label=${t("citizen.guide.area")}>
          <option value="">${t("citizen.guide.wholeCity")}</option>
          ${districts.map((one) => html`<option value=${one.code} ?selected=${one.code === asked().area}>${one.name}</option>`)}</select>`
      : nothing}
    <button class="btn btn--primary">${t("common.search")}</button>
  </div>
</form>`;

/** @param {Hit} hit */
const result = (hit) => html`<a class="card card--tight" href=${`/guide?id=${encodeURIComponent(hit.id)}`}
  @click=${(/** @type {Event} */ event) => follow(event, { id: hit.id })}>
  <h2 class="result">${hit.title}</h2><p class="clip-2">${hit.short}</p>
  <p class="faint">${hit.owner_name} · ${verified(hit.verified_on)}</p></a>`;

/** @param {string | null} date */
function verified(date) {
  return date ? t("citizen.verified", { date: day(date) }) : t("common.unverified");
}

/** @param {Hit[]} hits */
function results(hits) {
  const { q } = asked();
  if (!hits.length) {
    return html`<div class="card"><x-empty icon="search" heading=${t("citizen.guide.nothing")} text=${t("citizen.guide.nothingText")}>
      <button class="btn btn--primary" @click=${() => askInChat(q)}>${t("citizen.guide.askDesk")}</button></x-empty></div>`;
  }
  return html`${hits.map(result)}
    <p class="row muted">${t("citizen.guide.notThis")}
      <button class="btn btn--soft btn--small" @click=${() => askInChat(q)}>${t("citizen.guide.askDesk")}</button></p>`;
}

/** @param {Hot[]} hot */
const often = (hot) => hot.length
  ? html`<section class="card stack"><h2>${t("citizen.home.hot")}</h2>
      <ul class="hot" role="list">${hot.map((one) => html`<li><a href=${`/guide?id=${encodeURIComponent(one.id)}`}
        @click=${(/** @type {Event} */ event) => follow(event, { id: one.id })}>${one.title}</a></li>`)}</ul></section>`
  : nothing;

/** @param {Article} article @param {string} name */
function fact(article, name) {
  const value = [article[name]].flat().filter(Boolean);
  const open = article.unverified.includes(name);
  if (!value.length && !open) return nothing;
  const text = value.length > 1 ? html`<ul>${value.map((one) => html`<li>${one}</li>`)}</ul>` : html`<span class="prewrap">${value[0] ?? ""}</span>`;
  return html`<dt>${t(`citizen.guide.${name}`)}</dt><dd>${text} ${open ? unverifiedMark() : nothing}</dd>`;
}

/** @param {{url: string, name: string}} one */
const file = (one) => html`<a class="btn btn--soft btn--small" href=${one.url} target="_blank" rel="noopener"><x-icon name="clip"></x-icon><span>${one.name}</span></a>`;

const unverifiedMark = () => html`<span class="badge badge--yellow">${t("common.unverified")}</span>`;

/** @param {Article} article */
const entry = (article) => html`<p><button class="btn btn--quiet btn--small" @click=${() => history.length > 1 ? history.back() : go({})}>
    <x-icon name="back"></x-icon>${t("citizen.guide.back")}</button></p>
  <article class="card stack">
    <h1>${article.title}</h1>
    <p class="lead prewrap">${article.short}</p>
    ${article.full && article.full !== article.short ? html`<p class="prewrap">${article.full}</p>` : nothing}
    <dl class="facts">${FACTS.map((name) => fact(article, name))}
      ${article.area_names?.length ? html`<dt>${t("citizen.guide.areas")}</dt><dd>${article.area_names.join(t("common.listComma"))}</dd>` : nothing}
      ${article.files?.length ? html`<dt>${t("citizen.guide.files")}</dt><dd class="row">${article.files.map(file)}</dd>` : nothing}
      <dt>${t("citizen.guide.owner")}</dt><dd>${article.owner_name}</dd>
      <dt>${t("citizen.guide.checked")}</dt><dd>${article.verified_on ? day(article.verified_on) : unverifiedMark()}</dd></dl>
    ${article.unverified.length ? html`<p class="notice notice--yellow"><x-icon name="info"></x-icon><span>${t("citizen.guide.unverifiedText")}</span></p>` : nothing}
  </article>
  <section class="card row row--spread">
    <span>${t("citizen.guide.helped")}</span>
    <span class="btn-row"><button class="btn" @click=${(/** @type {Event} */ event) => rate(event, article, true)}><x-icon name="thumb-up"></x-icon>${t("citizen.guide.yes")}</button>
      <button class="btn" @click=${(/** @type {Event} */ event) => rate(event, article, false)}><x-icon name="thumb-down"></x-icon>${t("citizen.guide.no")}</button></span>
  </section>
  <section data-doubts>${doubt(article)}</section>`;

/** @type {{id: string, state: "" | "open" | "sending", problem: string, visit: string}} what is said to be wrong, in this visit */
const doubting = { id: "", state: "", problem: "", visit: newKey() };

/** @param {Article} article */
function doubt(article) {
  if (doubting.id !== article.id) Object.assign(doubting, { id: article.id, state: "", problem: "" });
  const change = (/** @type {Partial<typeof doubting>} */ to) => {
    Object.assign(doubting, to);
    draw(entry(article));
  };
  const mark = `guide ${article.id} ${article.version}`;
  const open = () => change({ state: "open" });
  const close = () => change({ state: "", problem: "" });
  const send = async (/** @type {import("./doubt.js").Words} */ words) => {
    if (doubting.state === "sending") return;
    change({ state: "sending", problem: "" });
    try {
      await api.post("/knowledge/doubts", { article: article.id, message: `${mark} ${doubting.visit}`, ...words }, { stayOn401: true });
      noteDoubt(location.origin, mark);
      change({ state: "" });
    } catch (error) {
      change({ state: "open", problem: (error instanceof ApiError && Object.values(error.fields)[0]) || sayError(error) });
    }
  };
  return doubtPart({ ...doubting, state: isDoubted(location.origin, mark) ? "done" : doubting.state, phone: article.tells_by_sms, open, close, send });
}

/** @param {Event} event @param {Article} article @param {boolean} solved */
function rate(event, article, solved) {
  return busy(event, async () => {
    await api.post(`/knowledge/articles/${encodeURIComponent(article.id)}/outcome`, { solved, question: article.title }, { stayOn401: true });
    const action = solved ? undefined : { text: t("citizen.guide.askDesk"), run: () => askInChat(article.title) };
    toast(t(solved ? "citizen.guide.thanks" : "citizen.guide.sorry"), { kind: "good", action, ms: 10_000 });
  });
}

const waiting = html`<div class="card stack" aria-busy="true"><span class="skeleton skeleton--title"></span><span class="skeleton"></span>
  <span class="skeleton skeleton--short"></span></div>`;

/** @param {unknown} body */
function draw(body) {
  drawn = body;
  render(html`<div class="stack">${asked().id ? nothing : head()} ${body}</div>`, main);
}

async function show() {
  const { q, id, area } = asked();
  draw(waiting);
  scrollTo(0, 0);
  try {
    if (id) draw(entry(await api.get(`/knowledge/articles/${encodeURIComponent(id)}`)));
    else if (q) draw(results((await api.get("/knowledge/search", { q, area, limit: MOST_FOUND })).items));
    else draw(often((await api.get("/knowledge/hot")).items));
  } catch (error) {
    draw(html`<div class="card"><x-empty icon="info" heading=${sayError(error)}>
      <button class="btn" @click=${() => show()}>${t("common.retry")}</button><a class="btn btn--soft" href="/guide">${t("citizen.nav.guide")}</a></x-empty></div>`);
  }
}

/** @type {unknown} what is under the head */
let drawn = nothing;
/** @type {{code: string, name: string}[]} */
let districts = [];
const main = await openPage("citizen.nav.guide");
addEventListener("popstate", show);
await show();
districts = await api.get("/site").then((site) => site.districts, () => []);
draw(drawn);
