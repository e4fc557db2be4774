/** What somebody was writing when the page went: kept in this browser under their own name until it is saved or dropped. */

/** @typedef {{article: any, base: any, about: Record<string, any>, files: any[], owner: string, at?: string}} Writing
 *  base: the entry as it was when writing began; about: what a draft answers or mends, and the revision of one that is changed;
 *  owner: the unit's name */

/** The key of what stands in a form now: nobody need be told of it. */
let open = "";
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** @param {string} me @param {Writing} writing */
function keyOf(me, { base, about }) {
  const what = about.revision === undefined ? `new.${about.questions?.[0] ?? about.corrections?.[0] ?? ""}` : about.version;
  return `hotline.entry.${me}.${base.id ?? ""}.${what}`;
}

/** @param {string} me @param {Writing} writing */
export function keepWriting(me, writing) {
  try {
    localStorage.setItem(keyOf(me, writing), JSON.stringify({ ...writing, at: new Date().toISOString() }));
  } catch {
    // A browser that keeps nothing still writes; it only forgets at reload.
  }
}

/** @param {string} me @param {Writing} writing */
export function dropWriting(me, writing) {
  try {
    localStorage.removeItem(keyOf(me, writing));
  } catch {
    // Nothing was kept.
  }
}

/** Says what stands in the form now, null when nothing does. @param {string} me @param {Writing | null} writing */
export function holdWriting(me, writing) {
  open = writing ? keyOf(me, writing) : "";
}

/** What was being written of the same thing, if it is still there. @param {string} me @param {Writing} writing @returns {Writing | null} */
export function keptFor(me, writing) {
  const kept = read(keyOf(me, writing));
  return kept && isFresh(kept) ? kept : null;
}

/** What is unsaved, the latest first. @param {string} me @returns {Writing[]} */
export function unsaved(me) {
  const found = keysOf(me).map(read).filter((one) => one !== null);
  return found.filter(isFresh).sort((a, b) => String(b.at).localeCompare(String(a.at)));
}

/** @param {Writing} writing */
function isFresh(writing) {
  return Date.parse(writing.at ?? "") > Date.now() - KEPT_MS;
}

/** @param {string} me */
function keysOf(me) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`hotline.entry.${me}.`) && key !== open);
  } catch {
    return [];
  }
}

/** @param {string} key @returns {Writing | null} */
function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    return kept?.article && kept.about ? kept : null;
  } catch {
    return null;
  }
}
