/** The citizen's line to the desk: one WebSocket that comes back by itself, sends each message until it is
 * acknowledged, and after a break asks for what it missed. Nothing is shown as sent before the server has kept it. */

/** @typedef {{label: string, value: string}} Choice
 * @typedef {{id: string, title: string, owner: string, verified_on: string}} Citation
 * @typedef {{id: string, url: string, media: string, name: string}} ChatFile
 * @typedef {{seq: number, id: string, author: string, author_name: string, text: string, at: string, own: boolean,
 *   choices: Choice[], citations: Citation[], attachments: ChatFile[], link: string}} ChatMessage
 * @typedef {{id: string, text: string, attachments: string[], at: string, refused: string}} Pending
 * @typedef {"connecting" | "open" | "lost"} LineState */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
const PING_MS = 25_000;
const SILENCE_MS = 60_000;

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
    this.failures = 0;
    this.heardAt = 0;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.stopped = false;
    this.restore();
  }

  /** Opens the line; it stays open, or keeps trying, until close(). */
  open() {
    this.stopped = false;
    this.connect();
    this.pinging = setInterval(() => this.keepAlive(), PING_MS);
  }

  close() {
    this.stopped = true;
    clearInterval(this.pinging);
    clearTimeout(this.waiting);
    this.socket?.close();
  }

  /** Sends a message; it is kept here until the server has it.
   * @param {string} text @param {string[]} [attachments] ids of uploaded files */
  say(text, attachments = []) {
    const message = { id: crypto.randomUUID(), text, attachments, at: new Date().toISOString(), refused: "" };
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

  connect() {
    this.set("connecting");
    const url = new URL("/api/v1/chat", this.server);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.socket = socket;
    this.heardAt = Date.now();
    socket.addEventListener("open", () => this.greet());
    socket.addEventListener("message", (event) => this.hear(String(event.data)));
    socket.addEventListener("close", () => this.lose(socket));
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
    else if (frame.type === "bye") this.failures = Math.max(this.failures, 1);
  }

  /** @param {{token: string}} frame */
  welcome(frame) {
    if (this.token && this.token !== frame.token) this.messages = [];
    this.token = frame.token;
    this.failures = 0;
    this.keep();
    this.set("open");
    for (const message of this.pending) if (!message.refused) this.transmit(message);
  }

  /** @param {ChatMessage} message */
  add(message) {
    if (this.messages.some((one) => one.seq === message.seq)) return;
    this.messages = [...this.messages, message].sort((a, b) => a.seq - b.seq);
    this.lastSeq = Math.max(this.lastSeq, message.seq);
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
    this.changed();
  }

  /** @param {string} id */
  acknowledge(id) {
    this.pending = this.pending.filter((one) => one.id !== id);
    this.keep();
    this.changed();
  }

  /** @param {{code: string, text: string, id?: string}} frame */
  refuse(frame) {
    if (frame.code === "bad_token") {
      this.token = "";
      this.lastSeq = 0;
      this.greet();
      return;
    }
    const id = frame.id ?? this.pending[0]?.id;
    this.pending = this.pending.map((one) => (one.id === id ? { ...one, refused: frame.text } : one));
    this.keep();
    this.dispatchEvent(new CustomEvent("refused", { detail: frame }));
    this.changed();
  }

  /** @param {Pending} message */
  transmit(message) {
    if (this.state !== "open") return;
    this.send({ type: "say", id: message.id, text: message.text, attachments: message.attachments });
  }

  /** @param {object} frame */
  send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  keepAlive() {
    if (this.state !== "open") return;
    if (Date.now() - this.heardAt > SILENCE_MS) this.socket?.close();
    else this.send({ type: "ping" });
  }

  /** @param {WebSocket} socket */
  lose(socket) {
    if (socket !== this.socket || this.stopped) return;
    this.set("lost");
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.failures, LONGEST_WAIT_MS);
    this.failures += 1;
    this.waiting = setTimeout(() => this.connect(), wait * (0.5 + Math.random()));
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
    try {
      localStorage.setItem(this.key, JSON.stringify({ token: this.token, pending: this.pending }));
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
