/** The pages' texts in three languages: `await loadTexts()` once, then `t(key, {name})`. */
import { language } from "./theme.js";

/** @type {Record<string, string>} */
const texts = {};
/** @type {Set<string>} */
const missing = new Set();

/** @type {() => void} */
let announceLoaded = () => {};
let loaded = false;
const loading = new Promise((resolve) => (announceLoaded = () => resolve(undefined)));

/** Undefined once texts are loaded, else what to wait for: elements written in the page draw only then.
 * @returns {Promise<unknown> | undefined} */
export function textsPending() {
  return loaded ? undefined : loading;
}

/** Loads the shared texts and those of the named sections, in the page's language.
 * @param {...string} sections `citizen` loads `i18n/citizen.<language>.json` as well */
export async function loadTexts(...sections) {
  const code = language();
  const files = [`${code}.json`, ...sections.map((section) => `${section}.${code}.json`)];
  const read = await Promise.all(files.map(readFile));
  Object.assign(texts, ...read);
  loaded = true;
  announceLoaded();
}

/** @param {string} file @returns {Promise<Record<string, string>>} */
async function readFile(file) {
  const answer = await fetch(new URL(`./i18n/${file}`, import.meta.url).href, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  return answer.json();
}

/** The text of a key with `{name}` filled in; an unknown key shows itself and warns once.
 * @param {string} key @param {Record<string, string | number>} [params] @returns {string} */
export function t(key, params = {}) {
  const text = texts[key];
  if (text === undefined) {
    if (!missing.has(key)) console.warn(`no text for ${key}`);
    missing.add(key);
    return key;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** Whether a text of this key is loaded. @param {string} key */
export function known(key) {
  return key in texts;
}

/** The label of a value: `label("state", "ACCEPTED")`; an unknown value shows as it is.
 * @param {string} kind @param {string} value @returns {string} */
export function label(kind, value) {
  const key = `${kind}.${value}`;
  return known(key) ? texts[key] : value;
}
