/** `<knowledge-list view selected>`: entries by state and words, questions nothing answered, a question to try; events `view`, `open`
 * (an entry's id), `begin` (what a new entry begins with). */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { day, when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { askText, busy, confirmDialog, toast, toastError } from "../shared/ui.js";
import "../shared/marks.js";
import "./bot-report.js";
import "./bot-samples.js";
import { dropWriting, unsaved } from "./entry-drafts.js";
import "./knowledge-carry.js";

const VIEWS = ["entries", "questions", "corrections", "try", "samples", "report", "carry"];
/** Work lists of the editors; a unit sees its own entries. */
const CURATED = ["questions", "corrections", "report"];
const WRITTEN = ["carry"];
const JUDGED = ["samples"];
const STATES = ["", "draft", "unit_review", "hotline_review", "published", "expiring", "expired", "withdrawn"];
const COLOURS = { draft: "", unit_review: "badge--yellow", hotline_review: "badge--yellow", published: "badge--green", expiring: "badge--orange", expired: "badge--red", withdrawn: "" };
const TYPING_MS = 250;
const PAGE = 50;
const MOST_MINE = 100;
const SHOWN_MINE = 5;

/** @param {any} one with state and state_label */
export function stateBadge(one) {
  return html`<span class="badge ${/** @type {Record<string, string>} */ (COLOURS)[one.state] ?? ""}">${one.state_label}</span>`;
}

class KnowledgeList extends PageElement {
  static properties = { view: {}, selected: {}, me: {}, items: { state: true }, mine: { state: true }, allMine: { state: true }, next: { state: true }, questions: { state: true }, corrections: { state: true }, found: { state: true }, curates: { type: Boolean }, writes: { type: Boolean }, judges: { type: Boolean } };

  constructor() {
    super();
    this.view = "entries";
    this.selected = "";
    this.me = "";
    /** @type {any[] | null} */
    this.items = null;
    /** @type {{items: any[], many: number}} what waits for whoever looks, while nothing is filtered */
    this.mine = { items: [], many: 0 };
    /** @type {string | null} */
    this.next = null;
    /** @type {any[] | null} */
    this.questions = null;
    /** @type {any[] | null} */
    this.corrections = null;
    this.allMine = false;
    this.curates = false;
    this.writes = false;
    this.judges = false;
    /** @type {any} what the question that was tried found */
    this.found = null;
    this.asked = { state: "", q: "" };
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load(more = false) {
    const { asked } = this;
    try {
      const wanted = Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
      const all = !Object.keys(wanted).length;
      const [list, mine, many, queue, wrong] = await Promise.all([
        api.get("/knowledge/articles", { ...wanted, limit: PAGE, ...(more ? { cursor: this.next } : {}) }),
        all ? api.get("/knowledge/articles", { mine: true, limit: MOST_MINE }) : null,
        all ? api.get("/knowledge/counts") : null,
        this.curates ? api.get("/knowledge/questions", { limit: PAGE }) : null,
        this.curates ? api.get("/knowledge/corrections", { limit: PAGE }) : null,
      ]);
      if (asked !== this.asked) return;
      this.items = more ? [...(this.items ?? []), ...list.items] : list.items;
      Object.assign(this, { next: list.next, mine: { items: mine?.items ?? [], many: many?.mine ?? 0 }, questions: queue?.items ?? [], corrections: wrong?.items ?? [] });
    } catch (error) {
      toastError(error);
    }
  }

  /** @param {Partial<typeof this.asked>} change */
  ask(change) {
    this.asked = { ...this.asked, ...change };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), TYPING_MS);
  }

  /** @param {string} name @param {unknown} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  render() {
    const counts = /** @type {Record<string, number>} */ ({ questions: this.questions?.length ?? 0, corrections: this.corrections?.length ?? 0 });
    const tabs = VIEWS.filter((id) => (this.curates || !CURATED.includes(id)) && (this.writes || !WRITTEN.includes(id)) && (this.judges || !JUDGED.includes(id))).map((id) => ({ id, text: t(`knowledge.view.${id}`), count: counts[id] ?? 0 }));
    return html`<div class="pane__head stack stack--s">
        <div class="row row--spread row--keep"><h1 class="ticket-head__title">${t("knowledge.title")}</h1>
          ${this.writes ? html`<button class="btn btn--small btn--primary" type="button" data-new @click=${() => this.tell("begin", {})}><x-icon name="plus"></x-icon>${t("knowledge.new")}</button>` : nothing}</div>
        <x-tabs label=${t("knowledge.title")} .tabs=${tabs} selected=${this.view} @choose=${(/** @type {CustomEvent} */ e) => this.tell("view", e.detail)}></x-tabs>
        ${this.head()}
      </div>
      <div class="pane__body">${this.unsaved()}${this.body()}</div>`;
  }

  /** What was being written when the page went. */
  unsaved() {
    const left = this.writes ? unsaved(this.me) : [];
    if (!left.length) return nothing;
    return html`<section class="knowledge-left" aria-label=${t("knowledge.left.title")}>${left.map((one) => html`<div class="notice notice--yellow row row--keep" data-unsaved>
      <span class="grow clip-2"><span class="strong">${one.article.title || t("knowledge.new")}</span> <span class="small">${t("knowledge.left.one", { when: when(one.at ?? "") })}</span></span>
      <button class="btn btn--small" type="button" data-go-on @click=${() => this.tell("begin", { writing: one })}>${t("knowledge.left.goOn")}</button>
      <button class="btn btn--small btn--quiet btn--icon" type="button" aria-label=${t("knowledge.drop")} @click=${() => this.drop(one)}><x-icon name="trash"></x-icon></button></div>`)}</section>`;
  }

  /** @param {import("./entry-drafts.js").Writing} one */
  async drop(one) {
    if (!(await confirmDialog({ title: t("knowledge.drop"), text: t("knowledge.dropText"), confirm: t("knowledge.drop"), danger: true }))) return;
    dropWriting(this.me, one);
    this.requestUpdate();
  }

  head() {
    if (this.view === "try") {
      return html`<form class="row row--keep" role="search" @submit=${this.try}>
        <input class="input grow" name="q" type="search" maxlength="200" required placeholder=${t("knowledge.tryHint")} aria-label=${t("knowledge.view.try")} />
        <button class="btn btn--primary">${t("knowledge.try")}</button></form>`;
    }
    if (this.view !== "entries") return nothing;
    return html`<div class="row row--keep">
      <span class="search grow"><x-icon name="search"></x-icon><input class="input" type="search" placeholder=${t("knowledge.search")} aria-label=${t("common.search")}
        @input=${(/** @type {any} */ e) => this.ask({ q: e.target.value })} /></span>
      <select class="select select--small knowledge-state" aria-label=${t("knowledge.state")} @change=${(/** @type {any} */ e) => this.ask({ state: e.target.value })}>
        ${STATES.map((state) => html`<option value=${state}>${t(`knowledge.state.${state || "any"}`)}</option>`)}</select></div>`;
  }

  body() {
    if (this.view === "questions") return this.queue();
    if (this.view === "corrections") return this.wrong();
    if (this.view === "try") return this.hits();
    if (this.view === "samples") return html`<bot-samples @open=${(/** @type {CustomEvent} */ e) => this.tell("open", e.detail)}></bot-samples>`;
    if (this.view === "report") return html`<bot-report></bot-report>`;
    if (this.view === "carry") return html`<knowledge-carry .asked=${{ state: this.asked.state, q: this.asked.q }} @loaded=${() => this.load()}></knowledge-carry>`;
    if (!this.items) return html`<div class="pad" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    if (!this.items.length) return html`<x-empty icon="search" heading=${t("knowledge.none")} text=${t("knowledge.noneText")}></x-empty>`;
    const mine = new Set(this.mine.items.map(keyOf));
    const others = this.items.filter((one) => !mine.has(keyOf(one)));
    return html`${this.waiting()}<ul class="list">${repeat(others, keyOf, (one) => this.row(one))}</ul>
      ${this.next ? html`<div class="pad"><button class="btn btn--wide" type="button" @click=${(/** @type {Event} */ e) => busy(e, () => this.load(true))}>${t("common.more")}</button></div>` : nothing}`;
  }

  /** What waits for whoever looks comes first. */
  waiting() {
    const { items, many } = this.mine;
    if (!items.length) return nothing;
    const shown = this.allMine ? items : items.slice(0, SHOWN_MINE);
    return html`<section data-mine aria-labelledby="mine-head"><h2 class="knowledge-head" id="mine-head">${t("knowledge.mine")} <span class="count count--urgent">${many}</span></h2>
      <ul class="list">${repeat(shown, keyOf, (one) => this.row(one))}</ul>
      ${items.length > shown.length ? html`<div class="pad"><button class="btn btn--small btn--wide" type="button" data-all-mine @click=${() => (this.allMine = true)}>${t("knowledge.allMine", { count: many })}</button></div>` : nothing}
    </section><h2 class="knowledge-head">${t("knowledge.others")}</h2>`;
  }

  /** @param {any} one a VersionView */
  row(one) {
    const last = one.valid_to ? t("knowledge.until", { day: day(one.valid_to) }) : one.review_due ? t("knowledge.reviewBy", { day: day(one.review_due) }) : "";
    return html`<li><button class="list__item talk-row" type="button" data-entry=${one.id} aria-current=${one.id === this.selected} @click=${() => this.tell("open", one.id)}>
      <span class="row row--spread row--keep"><span class="strong clip">${one.title}</span>${stateBadge(one)}</span>
      <span class="row row--spread row--keep small faint"><span class="clip">${[one.owner_name, last].filter(Boolean).join(" · ")}</span><span class="nowrap">${t("knowledge.version", { version: one.version })}</span></span>
    </button></li>`;
  }

  queue() {
    if (!this.questions) return html`<div class="pad" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    if (!this.questions.length) return html`<x-empty icon="check" heading=${t("knowledge.noQuestions")} text=${t("knowledge.noQuestionsText")}></x-empty>`;
    return html`<ul class="list">${repeat(this.questions, (one) => one.id, (one) => this.group(one))}</ul>`;
  }

  /** Questions that are alike. @param {any} one a GroupView */
  group(one) {
    const [first, ...others] = one.questions;
    return html`<li class="list__item talk-row" data-question=${one.id}>
      <span class="row row--spread row--keep"><span class="strong">${first.text}</span><span class="count">${t("knowledge.times", { count: one.times })}</span></span>
      ${others.length ? html`<span class="small muted clip-2">${t("knowledge.alsoAsked", { texts: others.map((/** @type {any} */ each) => each.text).join(t("common.listComma")) })}</span>` : nothing}
      <span class="small faint">${[first.reason_label, first.area_name, one.waiting ? t("knowledge.waiting", { count: one.waiting }) : ""].filter(Boolean).join(" · ")} · <x-ago time=${first.last_at}></x-ago></span>
      <span class="btn-row"><button class="btn btn--small btn--primary" type="button" data-do="draft" @click=${() => this.tell("begin", { title: first.text, questions: idsOf(one) })}>${t("knowledge.draftOf")}</button>
        <button class="btn btn--small" type="button" data-do="settle" @click=${(/** @type {Event} */ e) => this.settle(e, one)}>${t("knowledge.answeredBy")}</button>
        <button class="btn btn--small" type="button" data-do="dismiss" @click=${(/** @type {Event} */ e) => this.close(e, one, "")}>${t("knowledge.dismiss")}</button></span></li>`;
  }

  /** @param {Event} event @param {any} one */
  async settle(event, one) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const article = await askText({ title: t("knowledge.answeredBy"), label: t("knowledge.entryId"), value: one.questions[0].article, type: "text" });
    if (article) await this.close(button, one, article);
  }

  /** @param {Event | HTMLElement} pressed @param {any} one @param {string} article empty when none shall answer it */
  async close(pressed, one, article) {
    await busy(pressed, async () => {
      await api.post("/knowledge/questions/settle", { questions: idsOf(one), article });
      toast(t("knowledge.settled"), { kind: "good" });
      await this.load();
    });
  }

  wrong() {
    if (!this.corrections?.length) return html`<x-empty icon="check" heading=${t("knowledge.noCorrections")} text=${t("knowledge.noCorrectionsText")}></x-empty>`;
    /** @type {Map<string, any[]>} */
    const entries = new Map();
    for (const one of this.corrections) entries.set(one.article, [...(entries.get(one.article) ?? []), one]);
    return html`<ul class="list">${repeat([...entries.values()], ([first]) => first.article, (all) => this.wrongOf(all))}</ul>`;
  }

  /** All that is said of one entry; a new version mends all of it. @param {any[]} all CorrectionViews */
  wrongOf(all) {
    const [first] = all;
    const version = Math.max(...all.map((one) => one.version));
    return html`<li class="list__item talk-row" data-wrong=${first.article}>
      <span class="row row--spread row--keep"><span class="strong clip">${first.title}</span>${all.length > 1 ? html`<span class="count">${t("knowledge.times", { count: all.length })}</span>` : nothing}</span>
      <span class="small faint">${first.owner_name}</span>
      <ul class="knowledge-said" role="list">${all.map((one) => html`<li data-correction=${one.id}>
        <span class="row row--spread row--keep"><span class="prewrap grow">${one.text}</span><span class="badge">${t(one.by_staff ? "knowledge.byStaff" : "knowledge.byCitizen")}</span></span>
        <span class="row row--spread row--keep small faint"><span>${one.tell ? `${t("knowledge.waitsToBeTold")} · ` : ""}<x-ago time=${one.at}></x-ago></span>
          <button class="btn btn--small btn--quiet" type="button" data-do="refuse" @click=${(/** @type {Event} */ e) => this.refuse(e, one)}>${t("knowledge.nothingWrong")}</button></span></li>`)}</ul>
      <span class="btn-row"><button class="btn btn--small btn--primary" type="button" data-do="mend" @click=${() => this.tell("begin", { entry: first.article, version, corrections: all.map((one) => one.id) })}>${t("knowledge.mend")}</button>
        <button class="btn btn--small" type="button" @click=${() => this.tell("open", first.article)}>${t("knowledge.see")}</button></span></li>`;
  }

  /** @param {Event} event @param {any} one */
  async refuse(event, one) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const reason = await askText({ title: t("knowledge.nothingWrong"), label: t("knowledge.needs.reason") });
    if (reason === null) return;
    await busy(button, async () => {
      await api.post(`/knowledge/corrections/${one.id}/refuse`, { reason });
      toast(t("knowledge.settled"), { kind: "good" });
      await this.load();
    });
  }

  /** @param {SubmitEvent} event */
  async try(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const q = String(new FormData(form).get("q") ?? "").trim();
    if (q) await busy(/** @type {HTMLElement} */ (form.querySelector("button")), async () => (this.found = await api.get("/knowledge/search", { q, limit: 10 })));
  }

  hits() {
    const { found } = this;
    if (!found) return html`<x-empty icon="search" heading=${t("knowledge.tryHeading")} text=${t("knowledge.tryText")}></x-empty>`;
    return html`<p class="pad small" role="status"><span class="badge badge--blue">${found.verdict_label}</span> ${t("knowledge.confidence", { share: Math.round(found.confidence * 100) })}</p>
      <ol class="list">${found.items.map((/** @type {any} */ one) => html`<li><button class="list__item talk-row" type="button" data-hit=${one.id} aria-current=${one.id === this.selected} @click=${() => this.tell("open", one.id)}>
        <span class="row row--spread row--keep"><span class="strong clip">${one.title}</span><span class="number faint">${Math.round(one.score * 100)}%</span></span>
        <span class="clip-2 muted small">${one.short}</span>
        <span class="small faint">${one.why.join("；")}</span></button></li>`)}</ol>
      ${found.items.length ? nothing : html`<x-empty icon="search" heading=${t("knowledge.nothingFound")}></x-empty>`}`;
  }
}

/** @param {any} one a VersionView */
function keyOf(one) {
  return `${one.id} ${one.version}`;
}

/** @param {any} group a GroupView */
function idsOf(group) {
  return group.questions.map((/** @type {any} */ one) => one.id);
}

define("knowledge-list", KnowledgeList);
