/** Photographs taken on the spot, kept on the telephone until the server has them: a dead spot loses none. Each belongs to
 * whoever took it, and is gone once it is part of a result, or after a week. */
import { api, ApiError, newKey } from "../shared/api.js";

/** @typedef {{id: string, who: string, number: string, name: string, type: string, blob: Blob, fields: Record<string, string>,
 *   at: number, state: "waiting" | "sent" | "refused", file: string, problem: string}} Photo */

const NAME = "hotline-photographs";
const STORE = "photographs";
const WEEK_MS = 7 * 24 * 3600_000;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} work @returns {Promise<T>} */
async function inStore(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Events: `change`. */
export class PhotoQueue extends EventTarget {
  /** @param {string} who whose photographs @param {string} [language] */
  constructor(who) {
    super();
    this.who = who;
    /** @type {Promise<void> | null} */
    this.sending = null;
    addEventListener("online", () => this.flush());
    setInterval(() => this.flush(), 30_000);
  }

  /** @returns {Promise<Photo[]>} */
  async all() {
    const found = /** @type {Photo[]} */ (await inStore("readonly", (store) => store.getAll()).catch(() => []));
    const old = found.filter((one) => Date.now() - one.at > WEEK_MS);
    await Promise.all(old.map((one) => this.remove(one.id)));
    return found.filter((one) => one.who === this.who && !old.includes(one)).sort((a, b) => a.at - b.at);
  }

  /** @param {string} number */
  async of(number) {
    return (await this.all()).filter((one) => one.number === number);
  }

  /** @param {string} number @param {File} file @param {Record<string, string>} fields when and where */
  async add(number, file, fields) {
    const photo = { id: newKey(), who: this.who, number, name: file.name, type: file.type, blob: file, fields, at: Date.now() };
    await inStore("readwrite", (store) => store.put({ ...photo, state: "waiting", file: "", problem: "" }));
    this.changed();
    this.flush();
  }

  /** @param {string} id */
  async remove(id) {
    await inStore("readwrite", (store) => store.delete(id));
    this.changed();
  }

  /** What was handed in need not be kept. @param {string} number */
  async handedIn(number) {
    for (const one of await this.of(number)) if (one.state === "sent") await this.remove(one.id);
  }

  /** Sends what waits, one after the other; what is under way is waited for. @returns {Promise<void>} */
  flush() {
    this.sending ??= this.sendAll().finally(() => (this.sending = null));
    return this.sending;
  }

  async sendAll() {
    for (const one of await this.all()) {
      if (one.state === "waiting" && !(await this.send(one))) return;
    }
  }

  /** @param {Photo} one @returns {Promise<boolean>} whether the line works */
  async send(one) {
    try {
      const file = new File([one.blob], one.name, { type: one.type });
      // The photograph's own key: sent twice over a bad line, it is kept once.
      const options = { fields: one.fields, idempotencyKey: one.id, stayOn401: true };
      const [kept] = await api.upload(`/tickets/${one.number}/attachments`, [file], options);
      await this.put({ ...one, state: "sent", file: kept.id });
    } catch (error) {
      const refused = error instanceof ApiError && error.status >= 400 && error.status < 500 && ![401, 408, 429].includes(error.status);
      if (!refused) return false;
      await this.put({ ...one, state: "refused", problem: Object.values(error.fields)[0] || error.message });
    }
    return true;
  }

  /** @param {Photo} photo */
  async put(photo) {
    await inStore("readwrite", (store) => store.put(photo));
    this.changed();
  }

  /** As files a form takes: each knows the id it has on the server, and gets there first if it has not.
   * @param {string} number @returns {Promise<File[]>} */
  async files(number) {
    const ready = (await this.of(number)).filter((one) => one.state !== "refused");
    return ready.map((one) => Object.assign(new File([one.blob], one.name, { type: one.type }), { sentId: () => this.idOf(one.id) }));
  }

  /** @param {string} id @returns {Promise<string>} */
  async idOf(id) {
    await this.flush();
    const one = (await this.all()).find((each) => each.id === id);
    if (!one?.file) throw new ApiError({ status: 0, code: "network" });
    return one.file;
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}
