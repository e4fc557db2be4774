/** The frame of pages: `<x-shell>` for staff, `<x-citizen-bar>` for citizens, and the look menu of both. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "./api.js";
import { define, PageElement } from "./element.js";
import { icon } from "./icons.js";
import { label, t } from "./i18n.js";
import { showKeys } from "./keys.js";
import { elder, language, LANGUAGES, setElder, setLanguage, setTheme, theme } from "./theme.js";
import { busy } from "./ui.js";
import { watermark } from "./watermark.js";

/** @typedef {{id: string, name: string, login: string, roles: string[], unit: string, unit_name: string, renew: boolean}} Me */

/** People of the hotline who are told of what waits for them; a unit's have the bell on their own page. */
const TOLD = ["dispatcher", "reviewer", "callback", "supervisor", "joint_office", "privacy_officer"];
const UNIT = ["liaison", "handler", "unit_leader"];
/** Everybody's own account; whoever was given a password has to replace it there first. */
export const OWN = "/account";

/** The staff pages there are and whose they are, the first of one's own is where one arrives; the server decides again on
 * every call. */
export const PAGES = [
  { name: "desk", href: "/desk", icon: "chat", roles: ["agent", "shift_lead"] },
  { name: "tickets", href: "/desk#tickets", icon: "ticket", roles: ["agent", "shift_lead"] },
  { name: "supervise", href: "/supervise", icon: "eye", roles: ["supervisor", "joint_office", "shift_lead"] },
  { name: "dispatch", href: "/dispatch", icon: "forward", roles: ["dispatcher", "reviewer", "callback", "shift_lead", "supervisor", "joint_office"] },
  { name: "unit", href: "/unit", icon: "building", roles: UNIT },
  { name: "admin", href: "/admin", icon: "settings", roles: ["admin"] },
  { name: "knowledge", href: "/knowledge", icon: "search", roles: ["editor", "knowledge_reviewer", "admin", "liaison", "unit_leader"] },
  { name: "privacy", href: "/privacy", icon: "shield", roles: ["privacy_officer", "auditor"] },
];

/** @param {string[]} roles */
export function pagesFor(roles) {
  return PAGES.filter((page) => page.roles.some((role) => roles.includes(role)));
}

/** @param {string} href */
function brand(href) {
  return html`<a class="brand" href=${href} aria-label=${t("product.full")}>
    <span class="brand__mark">${icon("phone")}</span><span class="brand__number">12345</span>
    <span class="brand__name">${t("product.name")}</span>
  </a>`;
}

function themeSwitch() {
  const choices = [["auto", "settings"], ["light", "sun"], ["dark", "moon"]];
  return html`<div class="menu__group" role="group" aria-label=${t("look.theme")}>
    <span>${t("look.theme")}</span>
    <span class="segments">${choices.map(([value, mark]) => html`<button class="segment" type="button"
      aria-pressed=${theme() === value} title=${t(`look.${value}`)} aria-label=${t(`look.${value}`)}
      @click=${() => setTheme(/** @type {any} */ (value))}>${icon(mark)}</button>`)}</span>
  </div>`;
}

function elderSwitch() {
  return html`<button class="menu__item" type="button" aria-pressed=${elder()} @click=${() => setElder(!elder())}>
    ${icon("text")}<span class="grow">${t("look.elder")}</span>${elder() ? icon("check") : nothing}
  </button>`;
}

function languageSwitch() {
  return LANGUAGES.map(
    ({ code, label: name }) => html`<button class="menu__item" type="button" lang=${code}
      aria-pressed=${language() === code} @click=${() => setLanguage(/** @type {any} */ (code))}>
      ${icon("globe")}<span class="grow">${name}</span>${language() === code ? icon("check") : nothing}
    </button>`,
  );
}

/** A menu that closes on Escape, on a press outside and when the look changes. */
class MenuHolder extends PageElement {
  static properties = { page: {}, open: { state: true }, line: { state: true } };

  constructor() {
    super();
    this.open = "";
    this.line = "";
    /** @type {() => void} */
    this.onLook = () => this.requestUpdate();
    this.onLine = (/** @type {Event} */ event) => (this.line = /** @type {CustomEvent} */ (event).detail);
    this.onPress = (/** @type {Event} */ event) => {
      const inside = event.composedPath().some((node) => node instanceof Element && node.matches(".menu"));
      if (!inside) this.open = "";
    };
    this.onEscape = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (this.open = "");
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener("hotline:look", this.onLook);
    window.addEventListener("hotline:line", this.onLine);
    document.addEventListener("click", this.onPress);
    document.addEventListener("keydown", this.onEscape);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener("hotline:look", this.onLook);
    window.removeEventListener("hotline:line", this.onLine);
    document.removeEventListener("click", this.onPress);
    document.removeEventListener("keydown", this.onEscape);
  }

  /** @param {string} name @param {unknown} face @param {string} text @param {unknown} sheet @param {string} [look] */
  menu(name, face, text, sheet, look = "") {
    const open = this.open === name;
    const turn = () => (this.open = open ? "" : name);
    return html`<div class="menu ${look}">
      <button class="btn btn--small" type="button" aria-expanded=${open} aria-label=${text} @click=${turn}>${face}</button>
      ${open ? html`<div class="menu__sheet">${sheet}</div>` : nothing}
    </div>`;
  }

  lineState() {
    if (!this.line) return nothing;
    return html`<span class="line-state" role="status" data-state=${this.line}>${t(`line.${this.line}`)}</span>`;
  }
}

/** `<x-shell page="desk" .me=${me}><main>…</main></x-shell>` — the staff frame. */
class Shell extends MenuHolder {
  static properties = { me: { attribute: false }, missing: { attribute: false } };

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("me") && this.isTold) import("./my-notices.js");
  }

  get isTold() {
    return Boolean(this.me) && !this.me.renew && TOLD.some((role) => this.me.roles.includes(role)) && !UNIT.some((role) => this.me.roles.includes(role));
  }

  /** @param {CustomEvent} event */
  pickNotice(event) {
    const decides = this.me?.roles.includes("privacy_officer") && !this.me.roles.includes("dispatcher");
    location.assign(decides ? "/privacy#spans" : event.detail.page);
  }

  /** @param {Event} event */
  async signOut(event) {
    await busy(event, async () => {
      await api.del("/session");
      location.assign("/login");
    });
  }

  /** @param {string} look */
  links(look) {
    const pages = this.me?.renew ? [] : pagesFor(this.me?.roles ?? []);
    return pages.map((page) => html`<a class=${look} href=${page.href}
      aria-current=${page.name === this.page ? "page" : "false"}>${icon(page.icon)}<span>${t(`nav.${page.name}`)}</span></a>`);
  }

  account() {
    const roles = (this.me?.roles ?? []).map((/** @type {string} */ role) => label("role", role)).join(t("common.listComma"));
    const face = html`${icon("user")}<span class="bar__who"><span>${this.me?.name ?? ""}</span>
      <small>${this.me?.unit_name || roles}</small></span>${icon("down")}`;
    const sheet = html`<p class="menu__group"><span class="strong">${this.me?.name ?? ""}</span><span>${roles}</span></p>
      <hr class="only-phone" /><nav class="only-phone" aria-label=${t("nav.pages")}>${this.links("menu__item")}</nav>
      <a class="menu__item" href="/account">${icon("user")}<span>${t("nav.own")}</span></a>
      ${themeSwitch()} ${elderSwitch()}
      <button class="menu__item" type="button" @click=${showKeys}>${icon("keyboard")}<span>${t("keys.title")}</span></button>
      <button class="menu__item" type="button" @click=${this.signOut}>${icon("sign-out")}<span>${t("nav.signOut")}</span></button>`;
    return this.menu("account", face, t("nav.account"), sheet);
  }

  render() {
    const home = pagesFor(this.me?.roles ?? [])[0]?.href ?? "/";
    return html`<a class="skip" href="#main">${t("nav.skip")}</a>
      <header class="bar">
        ${brand(home)}
        <nav class="bar__nav" aria-label=${t("nav.pages")}>${this.links("")}</nav>
        <div class="bar__side">${this.lineState()} ${this.isTold ? html`<my-notices @pick=${this.pickNotice}></my-notices>` : nothing} ${this.me ? this.account() : nothing}</div>
      </header>
      ${this.missing?.length ? html`<p class="strip" role="status">${icon("calendar")}<span>${t("calendar.missing", { years: this.missing.join(t("common.listComma")) })}</span></p>` : nothing}`;
  }
}

/** `<x-citizen-bar page="home">` — the citizens' frame, with elder mode and language in sight. */
class CitizenBar extends MenuHolder {
  static properties = { pages: { attribute: false } };

  render() {
    const pages = [["home", "/"], ["chat", "/chat"], ["suggestions", "/suggestions"], ["guide", "/guide"], ["my", "/my"]];
    const shown = (this.pages ?? ["home", "chat"]).map((/** @type {string} */ name) => pages.find(([one]) => one === name));
    const links = (/** @type {string} */ look) => shown.filter(Boolean).map(([name, href]) => html`<a class=${look} href=${href}
      aria-current=${name === this.page ? "page" : "false"}>${t(`citizen.nav.${name}`)}</a>`);
    const face = html`${icon("globe")}<span class="only-wide">${t("look.title")}</span>`;
    const phoneLinks = html`<nav class="only-phone" aria-label=${t("nav.pages")}>${links("menu__item")}</nav>`;
    return html`<a class="skip" href="#main">${t("nav.skip")}</a>
      <header class="bar bar--citizen">
        ${brand("/")}
        <nav class="bar__nav" aria-label=${t("nav.pages")}>${links("")}</nav>
        <div class="bar__side">
          ${this.lineState()}
          <button class="btn btn--small" type="button" aria-pressed=${elder()} @click=${() => setElder(!elder())}>
            ${icon("text")}<span>${elder() ? t("look.elderOff") : t("look.elder")}</span>
          </button>
          ${this.menu("look", face, t("look.title"), html`${phoneLinks}${themeSwitch()} ${languageSwitch()}`)}
        </div>
      </header>`;
  }
}

define("x-shell", Shell);
define("x-citizen-bar", CitizenBar);

/** Who is signed in, of the answer of /session. @param {{staff: any}} session @returns {Me} */
export function meOf({ staff: { id, name, login = "", roles, unit, renew = false } }) {
  const held = roles.map((/** @type {{value: string}} */ role) => role.value);
  return { id, name, login, roles: held, unit: unit?.code ?? "", unit_name: unit?.name ?? "", renew };
}

/** Reads who is signed in and hands it to the page's `<x-shell>`; a 401 opens the sign-in page.
 * @returns {Promise<Me>} */
export async function signedIn() {
  const me = meOf(await api.get("/session"));
  if (me.renew && location.pathname !== OWN) {
    location.replace(OWN);
    await new Promise(() => {});
  }
  const shell = document.querySelector("x-shell");
  if (shell) Object.assign(shell, { me });
  // Whoever works with due times knows when they are counted without the holidays; no page waits for that.
  if (!me.renew) api.get("/calendar/status").then(({ missing }) => Object.assign(shell ?? {}, { missing }), () => {});
  watermark(me);
  return me;
}
