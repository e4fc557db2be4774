/** The live line to the server: facts as they happen, resumed after a break from the last one seen. */
import { signedOut } from "./api.js";

/** @typedef {{position: number, kind: string, subject: string, data: Record<string, unknown>}} Fact */
/** @typedef {"connecting" | "open" | "lost"} LineState */
/** @typedef {{onFact?: (fact: Fact) => void, onResync?: () => void, onState?: (state: LineState) => void,
 *   after?: number | null, path?: string, random?: () => number}} LiveOptions */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
// The server pings at least every 25 s; a line silent for longer than two pings is dead without a close frame.
const SILENCE_MS = 60_000;
const SIGNED_OUT = 4401;

/** How long to wait before the n-th try: doubling, half of it random so that a thousand screens do not return at once.
 * @param {number} tries @param {() => number} random @returns {number} milliseconds */
export function backOff(tries, random) {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
  return full / 2 + (full / 2) * random();
}

class Line {
  /** @param {LiveOptions} options */
  constructor(options) {
    this.options = options;
    this.position = options.after ?? null;
    this.tries = 0;
    this.stopped = false;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.again = 0;
    this.silence = 0;
    this.wake = () => this.hurry();
    window.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.open();
  }

  open() {
    this.tell("connecting");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.options.path ?? "/api/v1/live"}`);
    this.socket = socket;
    socket.onopen = () => this.send({ type: "hello", after: this.position });
    socket.onmessage = (event) => socket === this.socket && this.read(event.data);
    socket.onclose = (event) => socket === this.socket && this.lost(event.code);
    this.listen();
  }

  /** @param {string} text */
  read(text) {
    this.listen();
    const frame = JSON.parse(text);
    if (frame.type === "ping") this.send({ type: "pong" });
    else if (frame.type === "welcome") this.welcome(frame.position);
    else if (frame.type === "resync") this.resync(frame.position);
    else if (frame.type === "fact") this.fact(frame);
  }

  /** Without `after` nobody knows what happened between the page's reading and this line: the page reads once more.
   * @param {number} position */
  welcome(position) {
    const unsure = this.position === null;
    this.tries = 0;
    this.position ??= position ?? null;
    this.tell("open");
    if (unsure) this.options.onResync?.();
  }

  /** Too much was missed: the page loads its data anew. @param {number} [position] */
  resync(position) {
    if (position !== undefined) this.position = position;
    this.options.onResync?.();
  }

  /** @param {Fact} fact */
  fact(fact) {
    if (this.position !== null && fact.position <= this.position) return;
    this.position = fact.position;
    this.options.onFact?.(fact);
    window.dispatchEvent(new CustomEvent("hotline:fact", { detail: fact }));
  }

  /** @param {number} code */
  lost(code) {
    clearTimeout(this.silence);
    this.socket = null;
    if (this.stopped) return;
    this.tell("lost");
    if (code === SIGNED_OUT) {
      this.close();
      signedOut();
      return;
    }
    clearTimeout(this.again);
    this.again = setTimeout(() => this.open(), backOff(this.tries, this.options.random ?? Math.random));
    this.tries += 1;
  }

  /** The network or the screen is back: no reason to sit out the wait. */
  hurry() {
    if (this.stopped || this.socket || document.visibilityState === "hidden" || !this.again) return;
    clearTimeout(this.again);
    this.open();
  }

  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.drop(), SILENCE_MS);
  }

  /** A dead line's close event can take minutes: let it go and count it lost now. */
  drop() {
    const socket = this.socket;
    this.lost(1006);
    socket?.close();
  }

  /** @param {Record<string, unknown>} frame */
  send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** @param {LineState} state */
  tell(state) {
    this.options.onState?.(state);
    window.dispatchEvent(new CustomEvent("hotline:line", { detail: state }));
  }

  close() {
    this.stopped = true;
    clearTimeout(this.again);
    clearTimeout(this.silence);
    window.removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.socket?.close();
  }
}

/** Opens the live line and keeps it open; `after` is the position the page's data were read at.
 * @param {LiveOptions} options @returns {{close(): void, readonly position: number | null}} */
export function connect(options) {
  return new Line(options);
}
