/** The shared sheets for shadow roots (the embeddable chat): fetched once, adopted by any number of roots. */

const PARTS = ["tokens", "elements", "controls", "surfaces", "thread"];

/** @type {Map<string, Promise<CSSStyleSheet>>} */
const loaded = new Map();

/** @param {string} part @returns {Promise<CSSStyleSheet>} */
function sheet(part) {
  if (!loaded.has(part)) loaded.set(part, fetchSheet(part));
  return /** @type {Promise<CSSStyleSheet>} */ (loaded.get(part));
}

/** @param {string} part */
async function fetchSheet(part) {
  const answer = await fetch(new URL(`./${part}.css`, import.meta.url).href, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${part}.css: ${answer.status}`);
  return new CSSStyleSheet().replace(await answer.text());
}

/** Adopts the shared look in front of the root's own sheets.
 * @param {ShadowRoot} root @param {string[]} [parts] of tokens, elements, controls, surfaces, thread, layout */
export async function adoptSheets(root, parts = PARTS) {
  const shared = await Promise.all(parts.map(sheet));
  root.adoptedStyleSheets = [...shared, ...root.adoptedStyleSheets];
}
