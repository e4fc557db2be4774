/** The tickets this browser knows: their tracking links, kept on this device only. */

const KEY = "hotline.tickets";
const MOST = 30;
const TRACK = /^\/track\/([^/?#]+)/;

/** @returns {string[]} tokens of tracking links, the newest first */
export function keptLinks() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** Remembers a ticket. @param {string} link its address or path; anything but a tracking link is left alone */
export function keepLink(link) {
  const token = tokenOf(link);
  if (token) write([token, ...keptLinks().filter((one) => one !== token)].slice(0, MOST));
}

/** @param {string} token */
export function forgetLink(token) {
  write(keptLinks().filter((one) => one !== token));
}

/** Takes everything about the citizen off this device: tickets, the chat's visitor and what was not sent yet. */
export function forgetAll() {
  const names = Object.keys(localStorage).filter((name) => name === KEY || name.startsWith("hotline.chat."));
  for (const name of names) localStorage.removeItem(name);
}

/** The token in a tracking link; empty when it is none. @param {string} link @returns {string} */
export function tokenOf(link) {
  const url = new URL(link, location.origin);
  return url.origin === location.origin ? (TRACK.exec(url.pathname)?.[1] ?? "") : "";
}

/** @param {string[]} tokens */
function write(tokens) {
  try {
    localStorage.setItem(KEY, JSON.stringify(tokens));
  } catch {
    // A browser that keeps nothing still opens every link it is given.
  }
}
