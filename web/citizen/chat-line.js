/** The citizen's line to the desk: one WebSocket that comes back by itself, sends each message until it is
 * acknowledged, and after a break asks for what it missed. Nothing is shown as sent before the server has kept it. */
import { newKey } from "../shared/api.js";
import { backOff } from "../shared/live.js";

/** @typedef {{label: string, value: string}} Choice
 * @typedef {{id: string, title: string, owner: string, verified_on: string}} Citation
 * @typedef {{id: string, url: string, media: string, name: string}} ChatFile
 * @typedef {{seq: number, id: string, author: string, author_name: string, text: string, at: string, own: boolean,
 *   choices: Choice[], citations: Citation[], attachments: ChatFile[], link: string}} ChatMessage
 * @typedef {{id: string, text: string, attachments: string[], at: string, refused: string, kept: boolean}} Pending
 *   kept: the server has it, only its line of the thread is still to come
 * @typedef {"connecting" | "open" | "lost"} LineState */

const PING_MS = 25_000;
const SILENCE_MS = 60_000;
const PATIENCE_MS = 3000;
// These pass by themselves: the message is sent again, the citizen need not do anything.
const PASSING = new Set(["try_again", "too_fast", "hello_first"]);

export class ChatLine extends EventTarget {
  /** @param {string} server the hotline's origin */
  constructor(server) {
    super();
    this.server = server;
    /** @type {ChatMessage[]} */
    this.messages = [];
    /** @type {Pending[]} */
    this.pending = [];
    /** @type {LineState} */
    this.state = "connecting";
    this.token = "";
    this.lastSeq = 0;
    this.tries = 0;
    this.heardAt = 0;
    this.askedToWait = 0;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.pinging = 0;
    this.waiting = 0;
    this.wake = () => this.hurry();
    this.restore();
  }

  /** Opens the line; it stays open, or keeps trying, until close(). */
  open() {
    window.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.pinging = setInterval(() => this.keepAlive(), PING_MS);
    this.connect();
  }

  close() {
    window.removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearInterval(this.pinging);
    clearTimeout(this.waiting);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  /** Sends a message; it is kept here until the server has it.
   * @param {string} text @param {string[]} [attachments] ids of uploaded files */
  say(text, attachments = []) {
    const message = { id: newKey(), text, attachments, at: new Date().toISOString(), refused: "", kept: false };
    this.pending = [...this.pending, message];
    this.keep();
    this.transmit(message);
    this.changed();
  }

  /** Tries a refused message once more. @param {string} id */
  again(id) {
    this.pending = this.pending.map((one) => (one.id === id ? { ...one, refused: "" } : one));
    const message = this.pending.find((one) => one.id === id);
    if (message) this.transmit(message);
    this.changed();
  }

  /** Gives up a refused message. @param {string} id */
  drop(id) {
    this.pending = this.pending.filter((one) => one.id !== id);
    this.keep();
    this.changed();
  }

  /** Keeps a file of this visitor; gives its id for say(). The token proves who sends, no cookie does: so it also works
   * where another site embeds the chat. @param {File} file @returns {Promise<string>} */
  async upload(file) {
    const form = new FormData();
    form.append("file", file, file.name);
    const url = new URL("/api/v1/chat/uploads", this.server);
    const answer = await fetch(url.href, { method: "POST", body: form, headers: { "X-Visitor": this.token }, credentials: "omit" });
    const body = await answer.json();
    if (!answer.ok) throw new Error(Object.values(body.fields ?? {})[0] ?? body.detail);
    return body.id;
  }

  /** Tells the editors that an answer is wrong. @param {ChatMessage} message @param {string} text @param {string} question */
  async doubt(message, text, question) {
    const url = new URL("/api/v1/knowledge/doubts", this.server);
    const body = JSON.stringify({ article: message.citations[0].id, message: message.id, text, question });
    const answer = await fetch(url.href, { method: "POST", body, headers: { "Content-Type": "application/json" }, credentials: "omit" });
    if (answer.ok) return;
    const said = await answer.json().catch(() => ({}));
    throw new Error(Object.values(said.fields ?? {})[0] ?? said.detail);
  }

  connect() {
    clearTimeout(this.waiting);
    this.waiting = 0;
    this.set("connecting");
    const url = new URL("/api/v1/chat", this.server);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url.href);
    this.socket = socket;
    this.heardAt = Date.now();
    socket.addEventListener("open", () => this.greet());
    socket.addEventListener("message", (event) => socket === this.socket && this.hear(String(event.data)));
    socket.addEventListener("close", () => socket === this.socket && this.lose());
  }

  greet() {
    this.send({ type: "hello", token: this.token || null, after: this.lastSeq });
  }

  /** @param {string} data */
  hear(data) {
    this.heardAt = Date.now();
    const frame = JSON.parse(data);
    if (frame.type === "welcome") this.welcome(frame);
    else if (frame.type === "message") this.add(frame);
    else if (frame.type === "ack") this.acknowledge(frame.id);
    else if (frame.type === "error") this.refuse(frame);
    else if (frame.type === "bye") this.askedToWait = frame.after * 1000;
  }

  /** Every greeting brings a fresh token, so that alone does not mean another visitor; a thread shorter than what is
   * shown does. @param {{token: string, seq: number}} frame */
  welcome(frame) {
    if (frame.seq < this.lastSeq) {
      this.messages = [];
      this.lastSeq = 0;
    }
    this.token = frame.token;
    this.tries = 0;
    this.keep();
    this.set("open");
    this.transmitAll();
    this.seen();
  }

  /** @param {ChatMessage} message */
  add(message) {
    if (message.own) this.pending = this.pending.filter((one) => one.id !== message.id);
    if (message.own) this.keep();
    if (!this.messages.some((one) => one.seq === message.seq)) {
      this.messages = [...this.messages, message].sort((a, b) => a.seq - b.seq);
      this.lastSeq = Math.max(this.lastSeq, message.seq);
      this.dispatchEvent(new CustomEvent("message", { detail: message }));
      this.seen();
    }
    this.changed();
  }

  /** @param {string} id */
  acknowledge(id) {
    this.pending = this.pending.map((one) => (one.id === id ? { ...one, kept: true } : one));
    this.keep();
    this.changed();
  }

  /** An error names no message, but the server takes them in order: it means the oldest one it has not acknowledged.
   * @param {{code: string, text: string}} frame */
  refuse(frame) {
    if (PASSING.has(frame.code)) {
      setTimeout(() => this.transmitAll(), PATIENCE_MS);
      return;
    }
    const meant = this.pending.find((one) => !one.kept && !one.refused);
    if (!meant) return;
    this.pending = this.pending.map((one) => (one === meant ? { ...one, refused: frame.text } : one));
    this.keep();
    this.changed();
  }

  transmitAll() {
    for (const message of this.pending) if (!message.kept && !message.refused) this.transmit(message);
  }

  /** @param {Pending} message */
  transmit(message) {
    if (this.state !== "open") return;
    this.send({ type: "say", id: message.id, text: message.text, attachments: message.attachments });
  }

  /** Tells the server what a person has had before their eyes. */
  seen() {
    if (this.state === "open" && this.lastSeq && !document.hidden) this.send({ type: "seen", seq: this.lastSeq });
  }

  /** @param {object} frame */
  send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  keepAlive() {
    if (!this.socket) return;
    if (Date.now() - this.heardAt <= SILENCE_MS) this.send({ type: "ping" });
    else this.lose();
  }

  /** A dead line's close event can take minutes, so nobody waits for it. */
  lose() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.set("lost");
    const wait = Math.max(this.askedToWait, backOff(this.tries, Math.random));
    this.askedToWait = 0;
    this.tries += 1;
    this.waiting = setTimeout(() => this.connect(), wait);
  }

  /** The network or the screen is back: no reason to sit out the wait. */
  hurry() {
    if (document.hidden) return;
    if (this.waiting) this.connect();
    else this.seen();
  }

  /** @param {LineState} state */
  set(state) {
    this.state = state;
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  // What must outlive the page: who this visitor is, and what the server has not acknowledged yet.
  keep() {
    const pending = this.pending.filter((one) => !one.kept);
    try {
      localStorage.setItem(this.key, JSON.stringify({ token: this.token, pending }));
    } catch {
      // A browser that keeps nothing still chats; it only forgets at reload.
    }
  }

  restore() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "{}");
      this.token = kept.token ?? "";
      this.pending = kept.pending ?? [];
    } catch {
      this.token = "";
    }
  }

  get key() {
    return `hotline.chat.${this.server}`;
  }
}
