/** The list a reviewer goes through before a reply goes out: what a look over it found, with the words it rests on. It ticks
 * nothing for anybody. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { toastError } from "../shared/ui.js";

const LIGHTS = { fine: "green", doubt: "yellow", wrong: "red" };

/** The reply with the words a line rests on marked, as pieces. @param {string} text @param {string[]} quotes */
function pieces(text, quotes) {
  const found = quotes.map((quote) => ({ at: text.indexOf(quote), end: text.indexOf(quote) + quote.length })).filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at);
  const parts = [];
  let from = 0;
  for (const { at, end } of found) {
    if (at < from) continue;
    parts.push(text.slice(from, at), html`<mark>${text.slice(at, end)}</mark>`);
    from = end;
  }
  return [...parts, text.slice(from)];
}

/** `<reply-check .ticket=${ticket}>` checks the reply the release form would hold. */
class ReplyCheck extends PageElement {
  static properties = { ticket: { attribute: false }, checks: { state: true }, chosen: { state: true } };

  constructor() {
    super();
    /** @type {any[] | null} */
    this.checks = null;
    this.chosen = -1;
    this.text = "";
    this.read = "";
  }

  willUpdate() {
    const release = this.ticket.actions.find((/** @type {any} */ one) => one.action === "release");
    const valueOf = (/** @type {string} */ name) => release?.fields.find((/** @type {any} */ one) => one.name === name)?.value ?? "";
    const key = `${this.ticket.number} ${this.ticket.version}`;
    if (!release || key === this.read) return;
    Object.assign(this, { read: key, text: valueOf("text"), checks: null, chosen: -1 });
    this.load(this.ticket.number, key, valueOf("basis"));
  }

  /** @param {string} number @param {string} key @param {string} basis */
  async load(number, key, basis) {
    try {
      const { checks } = await api.post(`/tickets/${number}/reply-check`, { text: this.text, basis });
      if (key !== this.read) return;
      this.checks = checks;
      this.chosen = checks.findIndex((/** @type {any} */ one) => one.verdict !== "fine" && one.evidence.length);
    } catch (error) {
      toastError(error);
    }
  }

  render() {
    if (!this.checks) return nothing;
    const open = this.checks.filter((one) => one.verdict !== "fine").length;
    return html`<section class="card card--tight stack stack--s reply-check">
      <div class="row row--spread"><h2>${t("dispatch.check")}</h2><span class="badge ${open ? "badge--yellow" : "badge--green"}">${t("dispatch.check.open", { count: open })}</span></div>
      <p class="small faint">${t("dispatch.check.about")}</p>
      <div class="notice"><p class="prewrap">${pieces(this.text, this.checks[this.chosen]?.evidence ?? [])}</p></div>
      <ul class="plain stack stack--s">${this.checks.map((one, at) => html`<li><button class="reply-check__line" type="button" aria-pressed=${at === this.chosen}
        @click=${() => (this.chosen = at)}><x-light light=${LIGHTS[/** @type {keyof typeof LIGHTS} */ (one.verdict)]} text=${one.verdict_label}></x-light>
        <span class="grow"><span class="strong">${one.label}</span> ${one.why}${one.quote ? html`<span class="faint">：${one.quote}</span>` : nothing}</span></button></li>`)}</ul>
    </section>`;
  }
}

define("reply-check", ReplyCheck);
