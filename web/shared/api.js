/** Calls to /api/v1: JSON, CSRF header, idempotency keys, one retry, problems as ApiError. */
import { ApiError } from "./errors.js";

export { ApiError, sayError } from "./errors.js";

const ROOT = "/api/v1";
const PATIENCE_MS = 30_000;
const UPLOAD_PATIENCE_MS = 180_000;
const KEY_LIFE_MS = 10 * 60_000;
const LONGEST_PAGE = 200;
const SAFE = new Set(["GET", "HEAD"]);
// A PATCH the server did take must not be sent again: nothing tells the second one from a new change.
const REPEATABLE = new Set(["GET", "HEAD", "PUT", "DELETE", "POST"]);

/** @typedef {{idempotencyKey?: string, stayOn401?: boolean, signal?: AbortSignal}} CallOptions
 *  stayOn401: the caller shows the refusal itself (the sign-in form, a citizen's page) */

/** A random key; `crypto.randomUUID` is missing on plain-http intranets. @returns {string} */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The keys of calls whose end is unknown: the same call made again within ten minutes carries the same key, so that
 * a person who presses "send" twice on a weak line sends once.
 * @type {Map<string, {key: string, until: number}>} */
const unsettled = new Map();

/** @param {string} call @returns {string} */
function keyFor(call) {
  const kept = unsettled.get(call);
  if (kept && kept.until > Date.now()) return kept.key;
  const key = newKey();
  unsettled.set(call, { key, until: Date.now() + KEY_LIFE_MS });
  return key;
}

/** Whether the server surely decided: then the next equal call is a new one. @param {number} status */
function decided(status) {
  return status >= 200 && status < 500 && status !== 408 && status !== 429;
}

function csrfToken() {
  const match = document.cookie.match(/(?:^|;\s*)(?:__Host-)?hotline_csrf=([^;]*)/);
  return match ? decodeURIComponent(match[1]) : "";
}

/** @param {string} path @param {Record<string, unknown>} [query] */
function address(path, query) {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const pairs = given.flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)]));
  return ROOT + path + (pairs.length ? `?${new URLSearchParams(pairs)}` : "");
}

/** @param {Response} answer @returns {Promise<ApiError>} */
async function problemOf(answer) {
  const text = await answer.text().catch(() => "");
  /** @type {Record<string, any>} */
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    /* a proxy's own page: the status says enough */
  }
  const { code, title, detail, fields, current, reference, ...extra } = body ?? {};
  const after = Number(answer.headers.get("Retry-After")) || null;
  return new ApiError({ status: answer.status, code, title, detail, fields, current, reference, after, extra });
}

/** Tells the page that nobody is signed in; unless it prevents that, the sign-in page opens. */
export function signedOut() {
  const event = new CustomEvent("hotline:signed-out", { cancelable: true });
  if (!window.dispatchEvent(event) || location.pathname === "/login") return;
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** One try; a network failure or our own time-out throws ApiError with status 0.
 * @param {string} url @param {RequestInit} init @param {number} patience @param {AbortSignal} [signal] */
async function once(url, init, patience, signal) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  const abort = () => stop.abort();
  signal?.addEventListener("abort", abort);
  try {
    return await fetch(url, { ...init, signal: stop.signal, credentials: "same-origin" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError({ status: 0, code: "network" });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** @param {string} url @param {RequestInit} init @param {number} patience @param {AbortSignal} [signal] */
async function twice(url, init, patience, signal) {
  try {
    return await once(url, init, patience, signal);
  } catch (error) {
    const again = error instanceof ApiError && !signal?.aborted && REPEATABLE.has(init.method ?? "GET");
    if (!again) throw error;
    return once(url, init, patience, signal);
  }
}

/** @param {string} method @param {string} url @param {BodyInit | undefined} body
 * @param {Record<string, string>} headers @param {CallOptions} options @param {number} patience */
async function send(method, url, body, headers, options, patience) {
  const all = { Accept: "application/json", ...headers };
  if (!SAFE.has(method)) all["X-CSRF-Token"] = csrfToken();
  const answer = await twice(url, { method, body, headers: all }, patience, options.signal);
  if (answer.ok) return readBody(answer);
  if (answer.status === 401 && !options.stayOn401) signedOut();
  throw await problemOf(answer);
}

/** @param {Response} answer */
async function readBody(answer) {
  if (answer.status === 204) return null;
  const type = answer.headers.get("Content-Type") ?? "";
  return /\bjson\b/.test(type) ? answer.json() : answer.text();
}

/** @param {string} call @param {string | undefined} given @param {(key: string) => Promise<any>} work */
async function keyed(call, given, work) {
  try {
    const result = await work(given ?? keyFor(call));
    unsettled.delete(call);
    return result;
  } catch (error) {
    if (error instanceof ApiError && decided(error.status)) unsettled.delete(call);
    throw error;
  }
}

/** @param {string} method @param {string} path @param {unknown} body @param {CallOptions} options */
function sendJson(method, path, body, options) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = text === undefined ? {} : { "Content-Type": "application/json" };
  if (method !== "POST") return send(method, address(path), text, headers, options, PATIENCE_MS);
  const work = (/** @type {string} */ key) =>
    send(method, address(path), text, { ...headers, "Idempotency-Key": key }, options, PATIENCE_MS);
  return keyed(`POST ${path} ${text ?? ""}`, options.idempotencyKey, work);
}

export const api = {
  /** @param {string} path @param {Record<string, unknown>} [query] @param {CallOptions} [options] @returns {Promise<any>} */
  get: (path, query, options = {}) => send("GET", address(path, query), undefined, {}, options, PATIENCE_MS),
  /** A list read on until its end: the first page, its `items` those of all pages.
   * @param {string} path @param {Record<string, unknown>} [query] @param {CallOptions} [options] @returns {Promise<any>} */
  async all(path, query, options) {
    const asked = { ...query, limit: LONGEST_PAGE };
    const first = await api.get(path, asked, options);
    const items = [...first.items];
    for (let { next } = first; next; ) {
      const page = await api.get(path, { ...asked, cursor: next }, options);
      items.push(...page.items);
      next = page.next;
    }
    return { ...first, items, next: null };
  },
  /** @param {string} path @param {unknown} [body] @param {CallOptions} [options] @returns {Promise<any>} */
  post: (path, body, options = {}) => sendJson("POST", path, body, options),
  /** @param {string} path @param {unknown} [body] @param {CallOptions} [options] @returns {Promise<any>} */
  put: (path, body, options = {}) => sendJson("PUT", path, body, options),
  /** @param {string} path @param {unknown} [body] @param {CallOptions} [options] @returns {Promise<any>} */
  patch: (path, body, options = {}) => sendJson("PATCH", path, body, options),
  /** @param {string} path @param {unknown} [body] @param {CallOptions} [options] @returns {Promise<any>} */
  del: (path, body, options = {}) => sendJson("DELETE", path, body, options),

  /** Sends files as multipart parts named `file`; other parts from `fields`.
   * @param {string} path @param {Iterable<File>} files
   * @param {CallOptions & {fields?: Record<string, string>}} [options] @returns {Promise<any>} */
  upload(path, files, options = {}) {
    const list = [...files];
    const form = new FormData();
    for (const [name, value] of Object.entries(options.fields ?? {})) form.append(name, value);
    for (const file of list) form.append("file", file, file.name);
    const names = list.map((file) => `${file.name}/${file.size}/${file.lastModified}`).join(" ");
    const call = `UPLOAD ${path} ${names} ${JSON.stringify(options.fields ?? {})}`;
    const work = (/** @type {string} */ key) =>
      send("POST", address(path), form, { "Idempotency-Key": key }, options, UPLOAD_PATIENCE_MS);
    return keyed(call, options.idempotencyKey, work);
  },
};
