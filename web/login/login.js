/** /login: staff sign in and go where they came from, or to the first page of their role. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, sayError } from "../shared/api.js";
import { loadTexts, t } from "../shared/i18n.js";
import "../shared/marks.js";
import { pagesFor } from "../shared/shell.js";
import { meOf } from "./me.js";

const page = { problem: "", sending: false, shown: false, demo: false };

/** Where to go afterwards: only ever a page of our own. @param {string[]} roles */
function next(roles) {
  const wanted = new URL(new URLSearchParams(location.search).get("next") || "/", location.origin);
  const ours = wanted.origin === location.origin && !["/", "/login"].includes(wanted.pathname);
  return ours ? wanted.pathname + wanted.search : (pagesFor(roles)[0]?.href ?? "/");
}

/** @param {SubmitEvent} event */
async function signIn(event) {
  event.preventDefault();
  if (page.sending) return;
  const form = /** @type {HTMLFormElement} */ (event.target);
  const given = new FormData(form);
  const body = { login: String(given.get("login")).trim(), password: String(given.get("password")) };
  Object.assign(page, { sending: true, problem: "" });
  draw();
  try {
    const session = await api.post("/session", body, { stayOn401: true });
    location.assign(next(meOf(session).roles));
  } catch (error) {
    Object.assign(page, { sending: false, problem: sayError(error) });
    draw();
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("password"));
    field.select();
    field.focus();
  }
}

function turnPassword() {
  page.shown = !page.shown;
  draw();
}

function draw() {
  render(html`<section class="login__band"><p class="login__line">${t("product.name")}</p>
      <p class="login__number">12345</p><p class="login__line">${t("login.line")}</p></section>
    <form class="login__form stack" @submit=${signIn}>
      <h1>${t("login.title")}</h1>
      ${page.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${page.problem}</span></p>` : nothing}
      <div class="field"><label for="login">${t("login.login")}</label>
        <input class="input" id="login" name="login" required autofocus autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="60" /></div>
      <div class="field"><label for="password">${t("login.password")}</label>
        <div class="password"><input class="input" id="password" name="password" required type=${page.shown ? "text" : "password"}
            autocomplete="current-password" maxlength="200" />
          <button class="btn btn--icon btn--quiet" type="button" aria-pressed=${page.shown} aria-label=${t("login.showPassword")} @click=${turnPassword}>
            <x-icon name=${page.shown ? "eye-off" : "eye"}></x-icon></button></div></div>
      <button class="btn btn--primary btn--large btn--wide" aria-busy=${page.sending}>${t("login.signIn")}</button>
      ${page.demo ? html`<p class="notice"><x-icon name="info"></x-icon><span>${t("login.demo")}</span></p>` : nothing}
      <p class="row row--spread small"><a href="/">${t("login.home")}</a><span class="faint">${t("login.forgotten")}</span></p>
    </form>`, main);
}

const main = /** @type {HTMLElement} */ (document.querySelector("#main"));
await loadTexts("login");
document.title = `${t("login.title")} · ${t("product.full")}`;
draw();
page.demo = await api.get("/site", {}, { stayOn401: true }).then((site) => site.demo, () => false);
draw();
