/** /login: staff sign in and go where they came from, or to the first page of their role. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { loadTexts, t } from "../shared/i18n.js";
import { meOf, OWN, PAGES, pagesFor } from "../shared/shell.js";
import { nextPath } from "./next.js";
import "../shared/marks.js";

/** @typedef {{login: string, name: string, password?: string}} DemoAccount */

const page = {
  problem: "",
  /** @type {Record<string, string>} */
  missing: {},
  sending: false,
  shown: false,
  capsLock: false,
  demo: false,
  /** @type {DemoAccount[]} */
  accounts: [],
  /** @type {import("../shared/shell.js").Me | null} signed in, yet no page is theirs */
  stranded: null,
};

const main = /** @type {HTMLElement} */ (document.querySelector("#main"));

/** Goes where they wanted to go if that is theirs, else to their own page. @param {import("../shared/shell.js").Me} me */
function enter(me) {
  if (me.renew) return location.replace(OWN);
  const own = pagesFor(me.roles).map((one) => one.href);
  const wanted = nextPath(location, PAGES.map((one) => one.href), own);
  const target = wanted ?? own[0];
  if (target) return location.replace(target);
  Object.assign(page, { stranded: me, sending: false });
  return draw();
}

/** @param {SubmitEvent} event */
async function signIn(event) {
  event.preventDefault();
  if (page.sending) return;
  const form = /** @type {HTMLFormElement} */ (event.target);
  const given = new FormData(form);
  const body = { login: String(given.get("login")).trim(), password: String(given.get("password")) };
  page.missing = {
    ...(body.login ? {} : { login: t("login.needLogin") }),
    ...(body.password ? {} : { password: t("login.needPassword") }),
  };
  const first = Object.keys(page.missing)[0];
  Object.assign(page, { problem: "", sending: !first });
  draw();
  if (first) return focus(form, first);
  try {
    enter(meOf(await api.post("/session", body, { stayOn401: true })));
  } catch (error) {
    Object.assign(page, { sending: false, problem: wordOf(error) });
    draw();
    focus(form, "password");
  }
}

/** @param {unknown} error */
function wordOf(error) {
  if (!(error instanceof ApiError)) return sayError(error);
  if (error.code === "wrong_login") return t("login.wrong");
  if (error.code === "locked") return t("login.locked");
  return error.status === 429 && error.after ? t("login.tooMany", { after: error.after }) : sayError(error);
}

/** @param {HTMLFormElement} form @param {string} name */
function focus(form, name) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  field.select();
  field.focus();
}

async function signOut() {
  await api.del("/session");
  page.stranded = null;
  draw();
}

function turnPassword() {
  page.shown = !page.shown;
  draw();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const on = event.getModifierState?.("CapsLock") ?? false;
  if (on !== page.capsLock) {
    page.capsLock = on;
    draw();
  }
}

/** @param {DemoAccount} account */
function fill(account) {
  const form = /** @type {HTMLFormElement} */ (main.querySelector("form"));
  for (const [name, value] of [["login", account.login], ["password", account.password ?? ""]]) {
    /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = value;
  }
}

/** @param {string} name */
function error(name) {
  const text = page.missing[name];
  return text ? html`<p class="field__error" id="${name}-error"><x-icon name="alert"></x-icon>${text}</p>` : nothing;
}

function passwordField() {
  return html`<div class="field"><label for="password">${t("login.password")}</label>
    <div class="password"><input class="input" id="password" name="password" type=${page.shown ? "text" : "password"}
        autocomplete="current-password" maxlength="200" aria-invalid=${Boolean(page.missing.password)}
        aria-describedby="password-error" @keydown=${onKey} />
      <button class="btn btn--icon btn--quiet" type="button" aria-pressed=${page.shown}
        aria-label=${t(page.shown ? "login.hide" : "login.show")} @click=${turnPassword}>
        <x-icon name=${page.shown ? "eye-off" : "eye"}></x-icon></button></div>
    ${page.capsLock ? html`<p class="field__hint">${t("login.capsLock")}</p>` : nothing} ${error("password")}</div>`;
}

function demo() {
  if (!page.demo) return nothing;
  const chips = page.accounts.map((one) => html`<button class="btn btn--small btn--soft" type="button" @click=${() => fill(one)}>${one.name}</button>`);
  if (chips.length) return html`<div class="stack stack--s"><p class="small faint">${t("login.demoAccounts")}</p><div class="row">${chips}</div></div>`;
  return html`<p class="notice"><x-icon name="info"></x-icon><span>${t("login.demo")}</span></p>`;
}

function form() {
  return html`<form class="login__form stack" method="post" novalidate @submit=${signIn}>
    <h1>${t("login.title")}</h1>
    ${page.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${page.problem}</span></p>` : nothing}
    <div class="field"><label for="login">${t("login.login")}</label>
      <input class="input" id="login" name="login" autofocus autocomplete="username" autocapitalize="none" autocorrect="off"
        spellcheck="false" maxlength="60" aria-invalid=${Boolean(page.missing.login)} aria-describedby="login-error" />${error("login")}</div>
    ${passwordField()}
    <button class="btn btn--primary btn--large btn--wide" aria-busy=${page.sending}>${t("login.submit")}</button>
    ${demo()}
    <p class="row row--spread small"><a href="/">${t("login.home")}</a><span class="faint">${t("login.forgotten")}</span></p>
  </form>`;
}

/** @param {import("../shared/shell.js").Me} me */
function stranded(me) {
  return html`<div class="login__form stack"><p class="notice notice--yellow" role="alert"><x-icon name="info"></x-icon>
      <span>${t("login.noPages", { name: me.name })}</span></p>
    <button class="btn btn--wide" type="button" @click=${signOut}>${t("login.signOut")}</button></div>`;
}

function draw() {
  render(html`<section class="login__band"><p class="login__line">${t("product.name")}</p>
      <p class="login__number">12345</p><p class="login__line only-wide">${t("login.line")}</p></section>
    ${page.stranded ? stranded(page.stranded) : form()}`, main);
}

await loadTexts("login");
document.title = `${t("login.title")} · ${t("product.full")}`;
draw();
// Whoever was sent here is not signed in; whoever came by themselves may be.
const sent = new URLSearchParams(location.search).has("next");
const [session, site] = await Promise.allSettled([
  sent ? Promise.reject() : api.get("/session", {}, { stayOn401: true }),
  api.get("/site", {}, { stayOn401: true }),
]);
if (site.status === "fulfilled") Object.assign(page, { demo: site.value.demo, accounts: site.value.accounts ?? [] });
if (session.status === "fulfilled") enter(meOf(session.value));
draw();
