/** `<bot-samples>`: answers of the bot that were drawn at random, each to be judged; event `open` (an entry's id). */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { askText, busy, toast, toastError } from "../shared/ui.js";

const VIEWS = ["waiting", "unsure", "done"];
const VERDICTS = ["right", "wrong", "unsure"];
const COLOURS = { right: "badge--green", wrong: "badge--red", unsure: "badge--yellow" };

/** @typedef {{id: string, answered_at: string, channel: string, question: string, answer: string, articles: string[], verdict: string, verdict_label: string, reason: string, judged_by: string, judged_at: string | null, may: boolean}} Sample */

class BotSamples extends PageElement {
  static properties = { view: { state: true }, page: { state: true } };

  constructor() {
    super();
    this.view = "waiting";
    /** @type {{items: Sample[], share: number, next: string | null} | null} */
    this.page = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  /** @param {boolean} [more] */
  async load(more = false) {
    const { view, page: shown } = this;
    try {
      const page = await api.get("/bot-samples", { view, ...(more ? { cursor: shown?.next } : {}) });
      if (view === this.view) this.page = more && shown ? { ...page, items: [...shown.items, ...page.items] } : page;
    } catch (error) {
      toastError(error);
    }
  }

  /** @param {string} view */
  choose(view) {
    Object.assign(this, { view, page: null });
    this.load();
  }

  render() {
    const tabs = VIEWS.map((id) => ({ id, text: t(`knowledge.sample.${id}`) }));
    return html`<div class="pad"><x-tabs label=${t("knowledge.view.samples")} .tabs=${tabs} selected=${this.view}
        @choose=${(/** @type {CustomEvent} */ e) => this.choose(e.detail)}></x-tabs></div>${this.list()}`;
  }

  list() {
    const { page } = this;
    if (!page) return html`<div class="pad" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    const about = t("knowledge.sample.about", { share: Math.round(page.share * 1000) / 10 });
    if (!page.items.length) return html`<x-empty icon="check" heading=${t("knowledge.sample.none")} text=${about}></x-empty>`;
    return html`<p class="pad small faint">${about}</p><ul class="list">${repeat(page.items, (one) => one.id, (one) => this.one(one))}</ul>
      ${page.next ? html`<div class="pad"><button class="btn btn--wide" type="button" data-more @click=${(/** @type {Event} */ e) => busy(e, () => this.load(true))}>${t("common.more")}</button></div>` : nothing}`;
  }

  /** @param {Sample} one */
  one(one) {
    return html`<li class="list__item talk-row" data-sample=${one.id}>
      <span class="row row--spread row--keep small faint"><span>${when(one.answered_at)}</span>
        <span class="badge ${/** @type {Record<string, string>} */ (COLOURS)[one.verdict] ?? ""}">${one.verdict_label || t("common.unverified")}</span></span>
      ${one.question || one.answer
        ? html`<span class="strong prewrap">${one.question}</span><span class="prewrap">${one.answer}</span>`
        : html`<span class="faint">${t("knowledge.sample.gone")}</span>`}
      <span class="btn-row">${one.articles.map((id) => html`<button class="link-button small" type="button" @click=${() => this.dispatchEvent(new CustomEvent("open", { detail: id }))}>${id}</button>`)}</span>
      ${one.judged_at ? html`<span class="small faint">${t("knowledge.sample.by", { name: one.judged_by, when: when(one.judged_at) })}${one.reason ? html`<br />${one.reason}` : nothing}</span>` : nothing}
      ${one.may ? html`<span class="btn-row">${VERDICTS.map((verdict) => html`<button class="btn btn--small ${verdict === "right" ? "btn--primary" : ""}" type="button" data-verdict=${verdict}
        @click=${(/** @type {Event} */ e) => this.judge(e, one, verdict)}>${t(`knowledge.sample.verdict.${verdict}`)}</button>`)}</span>` : nothing}</li>`;
  }

  /** @param {Event} event @param {Sample} one @param {string} verdict */
  async judge(event, one, verdict) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const why = { title: t(`knowledge.sample.verdict.${verdict}`), label: t("knowledge.sample.reason") };
    const reason = verdict === "right" ? "" : await askText(why);
    if (reason === null) return;
    await busy(button, async () => {
      await api.post(`/bot-samples/${one.id}`, { verdict, reason });
      toast(t("knowledge.sample.judged"), { kind: "good" });
      await this.load();
    });
  }
}

define("bot-samples", BotSamples);
