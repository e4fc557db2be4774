/** Switches of theme, elder mode and language, remembered on this device; boot.js applies them before paint. */

/** @typedef {"auto" | "light" | "dark"} Theme */
/** @typedef {"zh-Hans" | "zh-Hant" | "en"} Language */

const THEMES = ["auto", "light", "dark"];
export const LANGUAGES = [
  { code: "zh-Hans", label: "简体中文" },
  { code: "zh-Hant", label: "繁體中文" },
  { code: "en", label: "English" },
];

/** @param {string} name @returns {string | null} */
function stored(name) {
  try {
    return localStorage.getItem(`hotline.${name}`);
  } catch {
    return null;
  }
}

/** A browser that refuses storage still switches; it only forgets.
 * @param {string} name @param {string | null} value */
function store(name, value) {
  try {
    if (value === null) localStorage.removeItem(`hotline.${name}`);
    else localStorage.setItem(`hotline.${name}`, value);
  } catch {
    /* private mode */
  }
}

/** @returns {Theme} */
export function theme() {
  const value = document.documentElement.dataset.theme;
  return value === "light" || value === "dark" ? value : "auto";
}

/** @param {Theme} value */
export function setTheme(value) {
  const chosen = THEMES.includes(value) ? value : "auto";
  store("theme", chosen === "auto" ? null : chosen);
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  announce();
}

/** @returns {boolean} */
export function elder() {
  return "elder" in document.documentElement.dataset;
}

/** @param {boolean} on */
export function setElder(on) {
  store("elder", on ? "on" : null);
  document.documentElement.toggleAttribute("data-elder", on);
  announce();
}

/** @returns {Language} */
export function language() {
  const lang = document.documentElement.lang;
  if (/^en/i.test(lang)) return "en";
  return /^zh-(hant|tw|hk|mo)/i.test(lang) ? "zh-Hant" : "zh-Hans";
}

/** Remembers the language and loads the page anew in it. @param {Language} code */
export function setLanguage(code) {
  store("language", code);
  document.documentElement.lang = code;
  if (stored("language") === code) location.reload();
  else announce();
}

function announce() {
  window.dispatchEvent(new CustomEvent("hotline:look"));
}
