/** `<x-dictate voice=…>`: the microphone of a form. What is said goes in at the cursor of the long field that was used
 * last; nothing typed is replaced. With the browser's own recognition where there is one, else as a voice note that is
 * kept under `voice` (a path of the API) and comes back as text where the city has set that up. Event `voice-note` (a file
 * that is kept). Texts: section `speak`. */
import { html, nothing } from "../vendor/lit.js";
import { api, sayError } from "./api.js";
import { define, PageElement } from "./element.js";
import { loadTexts, t } from "./i18n.js";

const TONGUES = ["zh-CN", "yue-Hant-HK"];
const KEPT = "hotline-tongue";
const LONGEST_MS = 5 * 60_000;
const NO_SERVICE = new Set(["network", "service-not-allowed", "language-not-supported"]);
const WAYS = ["audio/webm;codecs=opus", "audio/webm", "audio/ogg;codecs=opus", "audio/mp4"];

await loadTexts("speak");

/** Once the browser's own recognition turned out to reach no service (a closed network), notes are recorded instead. */
let noService = false;

/** @returns {(new () => any) | undefined} */
const recognition = () => /** @type {any} */ (globalThis).SpeechRecognition ?? /** @type {any} */ (globalThis).webkitSpeechRecognition;

/** @returns {string} */
function tongue() {
  const kept = localStorage.getItem(KEPT) ?? "";
  return TONGUES.includes(kept) ? kept : TONGUES[0];
}

/** Puts words in at the cursor. @param {HTMLTextAreaElement} field @param {string} words */
export function insertAtCursor(field, words) {
  const room = field.maxLength < 0 ? words.length : field.maxLength - field.value.length;
  const at = field.selectionEnd ?? field.value.length;
  field.setRangeText(words.slice(0, Math.max(0, room)), at, at, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

class Dictate extends PageElement {
  static properties = { voice: {}, state: { state: true }, heard: { state: true }, problem: { state: true }, lang: { state: true } };

  constructor() {
    super();
    this.voice = "";
    /** @type {"" | "listening" | "recording" | "writing"} */
    this.state = "";
    this.heard = "";
    this.problem = "";
    this.lang = tongue();
    /** @type {HTMLTextAreaElement | null} */
    this.field = null;
    /** @type {any} */
    this.engine = null;
    /** @type {MediaRecorder | null} */
    this.recorder = null;
    this.timer = 0;
    this.onFocus = (/** @type {Event} */ event) => {
      if (event.target instanceof HTMLTextAreaElement) this.field = event.target;
    };
  }

  connectedCallback() {
    super.connectedCallback();
    this.closest("form")?.addEventListener("focusin", this.onFocus);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  /** The field the words go to: the one used last, else the first that is empty. */
  target() {
    const fields = [...(this.closest("form")?.querySelectorAll("textarea") ?? [])];
    if (this.field && fields.includes(this.field)) return this.field;
    return fields.find((one) => !one.value.trim()) ?? fields[0] ?? null;
  }

  /** @param {HTMLTextAreaElement | null} field */
  nameOf(field) {
    const label = field && this.closest("form")?.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    return (label?.firstChild?.textContent ?? "").trim() || [...(label?.childNodes ?? [])].map((one) => one.textContent?.trim()).find(Boolean) || "";
  }

  render() {
    const on = this.state === "listening" || this.state === "recording";
    return html`<button class="btn btn--mic ${on ? "btn--listening" : ""}" type="button" data-dictate aria-pressed=${on}
        aria-busy=${this.state === "writing"} aria-label=${t(on ? "speak.stop" : "speak.start")} @click=${this.toggle}>
        <x-icon name=${on ? "pause" : "mic"}></x-icon></button>
      ${this.state || this.problem ? this.strip(on) : nothing}`;
  }

  /** @param {boolean} on */
  strip(on) {
    const name = this.nameOf(this.target());
    return html`<div class="speak-strip" role="status" aria-live="polite">
      ${this.problem ? html`<p class="speak-problem"><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
      ${this.state ? html`<p><span class="speak-dot" aria-hidden="true"></span>${t(`speak.${this.state}`, { field: name })} <span class="faint">${this.heard}</span></p>` : nothing}
      ${on && this.state === "listening"
        ? html`<span class="segments">${TONGUES.map((one) => html`<button class="segment" type="button" aria-pressed=${one === this.lang}
            data-tongue=${one} @click=${() => this.choose(one)}>${t(`speak.tongue.${one}`)}</button>`)}</span>` : nothing}</div>`;
  }

  /** @param {string} one */
  choose(one) {
    localStorage.setItem(KEPT, one);
    const again = this.state === "listening" && one !== this.lang;
    this.lang = one;
    if (!again) return;
    this.stop();
    this.listen();
  }

  toggle() {
    if (this.state === "listening" || this.state === "recording") return this.stop();
    if (this.state === "writing") return undefined;
    this.problem = "";
    this.field = this.target();
    return recognition() && !noService ? this.listen() : this.record();
  }

  stop() {
    const { engine, recorder } = this;
    this.engine = null;
    this.heard = "";
    if (this.state === "listening") this.state = "";
    engine?.stop();
    clearTimeout(this.timer);
    if (recorder?.state === "recording") recorder.stop();
  }

  listen() {
    const Engine = /** @type {new () => any} */ (recognition());
    const engine = new Engine();
    Object.assign(engine, { lang: this.lang, continuous: true, interimResults: true });
    engine.onresult = (/** @type {any} */ event) => this.hear(event);
    engine.onerror = (/** @type {any} */ event) => this.fail(String(event.error));
    // Browsers end by themselves after a silence; the button says so.
    engine.onend = () => {
      if (this.engine !== engine) return;
      this.engine = null;
      this.heard = "";
      if (this.state === "listening") this.state = "";
    };
    this.engine = engine;
    this.state = "listening";
    engine.start();
  }

  /** @param {any} event */
  hear(event) {
    let open = "";
    for (let at = event.resultIndex; at < event.results.length; at += 1) {
      const words = event.results[at][0].transcript;
      if (!event.results[at].isFinal) open += words;
      else if (this.field?.isConnected) insertAtCursor(this.field, words);
    }
    this.heard = open;
  }

  /** @param {string} code */
  fail(code) {
    if (code === "aborted" || code === "no-speech") return;
    this.stop();
    noService ||= NO_SERVICE.has(code);
    this.problem = t(noService ? "speak.noService" : code === "audio-capture" ? "speak.noMicrophone" : "speak.notAllowed");
  }

  async record() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const mimeType = WAYS.find((one) => MediaRecorder.isTypeSupported(one));
      const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 24_000 });
      /** @type {Blob[]} */
      const parts = [];
      recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
      recorder.addEventListener("stop", () => {
        for (const track of stream.getTracks()) track.stop();
        this.recorder = null;
        this.keep(new Blob(parts, { type: recorder.mimeType }));
      });
      recorder.start();
      this.recorder = recorder;
      this.state = "recording";
      this.timer = setTimeout(() => this.stop(), LONGEST_MS);
    } catch {
      this.problem = t(navigator.mediaDevices ? "speak.notAllowed" : "speak.noMicrophone");
    }
  }

  /** @param {Blob} blob */
  async keep(blob) {
    if (!this.isConnected || !blob.size) return void (this.state = "");
    this.state = "writing";
    try {
      const kind = blob.type.split(";")[0].split("/")[1] ?? "webm";
      const file = new File([blob], `voice.${kind}`, { type: blob.type });
      const note = await api.upload(this.voice, [file], { fields: { language: this.lang } });
      if (note.text && this.field?.isConnected) insertAtCursor(this.field, note.text);
      this.dispatchEvent(new CustomEvent("voice-note", { detail: { file: note.file, size: blob.size }, bubbles: true }));
      this.problem = note.text ? "" : t(note.problem ? "speak.noteKept" : "speak.nothingSaid");
    } catch (error) {
      this.problem = sayError(error);
    }
    this.state = "";
    return undefined;
  }
}

define("x-dictate", Dictate);
