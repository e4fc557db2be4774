/** `<words-pane .me>`: sensitive words by kind, one of them in full with its history, pasted lines, and a text tried out. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { loadTexts, t } from "../shared/i18n.js";
import { askText, busy, toast, toastError } from "../shared/ui.js";
import { field } from "./unit-draft.js";

/** @typedef {{id: string, kind: string, word: string, effects: string[], supervision: number, urgency: string, exceptions: string, active: boolean, note: string, version: number, lines: string}} Draft */

await loadTexts("words");

const TYPING_MS = 250;

/** @param {string} text one a line, or parted by 、 */
const parts = (text) => text.split(/[\n、,，;；]/).map((one) => one.trim()).filter(Boolean);

class WordsPane extends PageElement {
  static properties = {
    view: { state: true }, chosen: { state: true }, draft: { state: true }, many: { state: true }, errors: { state: true },
    problem: { state: true }, tried: { state: true }, text: { state: true }, why: { state: true }, asked: { state: true },
  };

  constructor() {
    super();
    /** @type {any} null before it was read */
    this.view = null;
    /** @type {any} the entry that is shown, with its history */
    this.chosen = null;
    /** @type {Draft | null} */
    this.draft = null;
    /** whether lines are pasted */
    this.many = false;
    /** @type {Record<string, string>} */
    this.errors = {};
    this.problem = "";
    /** @type {any} what the text that was tried would trigger */
    this.tried = null;
    this.text = "";
    this.why = "";
    this.asked = { q: "", kind: "", state: "" };
    this.timer = 0;
    this.turn = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load().catch(toastError);
  }

  /** @param {any} fact */
  onFact(fact) {
    if (fact.kind === "ticketing.SensitiveWordsChanged") this.onResync();
  }

  onResync() {
    if (!this.draft) this.load().catch(toastError);
  }

  async load() {
    const { asked } = this;
    const view = await api.all("/sensitive-words", asked);
    if (asked === this.asked) this.view = view;
  }

  /** @param {Partial<typeof this.asked>} change */
  ask(change) {
    this.asked = { ...this.asked, ...change };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load().catch(toastError), TYPING_MS);
  }

  render() {
    if (!this.view) return html`<div class="pad stack" aria-busy="true">${[1, 2, 3].map(() => html`<span class="skeleton skeleton--block"></span>`)}</div>`;
    return html`<div class="panes panes--admin" data-show=${this.draft || this.chosen ? "second" : "first"}>
      <section class="pane" aria-label=${t("admin.pane.words")}>
        <div class="pane__head stack stack--s">
          <div class="row row--spread row--keep"><h1 class="admin-detail__title">${t("admin.pane.words")}</h1>
            <span class="btn-row"><button class="btn btn--small" type="button" data-paste @click=${() => this.begin(true)}>${t("words.paste")}</button>
              <button class="btn btn--small btn--primary" type="button" data-new @click=${() => this.begin(false)}><x-icon name="plus"></x-icon>${t("words.new")}</button></span></div>
          ${this.filters()}
        </div>
        <div class="pane__body">${this.list()}</div>
      </section>
      <section class="pane pane--soft admin-detail">${this.draft ? this.form() : this.chosen ? this.detail() : this.trial()}</section>
    </div>`;
  }

  filters() {
    const { kinds } = this.view;
    return html`<span class="search"><x-icon name="search"></x-icon><input class="input" type="search" .value=${this.asked.q} placeholder=${t("words.search")} aria-label=${t("common.search")}
        @input=${(/** @type {any} */ e) => this.ask({ q: e.target.value })} /></span>
      <div class="row row--keep">
        <select class="select select--small" aria-label=${t("words.kind")} @change=${(/** @type {any} */ e) => this.ask({ kind: e.target.value })}>
          <option value="">${t("words.anyKind")}</option>${kinds.map((/** @type {any} */ one) => html`<option value=${one.value}>${one.label}（${one.active}）</option>`)}</select>
        <select class="select select--small" aria-label=${t("words.state")} @change=${(/** @type {any} */ e) => this.ask({ state: e.target.value })}>
          <option value="">${t("words.anyState")}</option><option value="active">${t("words.on")}</option><option value="off">${t("words.off")}</option></select></div>
      <p class="faint small" role="status">${t("words.total", { count: this.view.items.length })}</p>`;
  }

  list() {
    const { items } = this.view;
    if (!items.length) return html`<x-empty icon="shield" heading=${t("words.none")}></x-empty>`;
    return html`<ul class="list">${repeat(items, (/** @type {any} */ one) => one.id, (one) => html`<li><button class="list__item" type="button" data-word=${one.word}
      aria-current=${!this.draft && one.id === this.chosen?.word.id} @click=${() => this.open(one.id)}>
      <span class="grow"><span class="row"><span class="strong">${one.word}</span><span class="small faint">${one.kind_label}</span></span>
        <span class="row small">${effects(one)}</span></span>
      ${one.active ? nothing : html`<span class="badge">${t("words.off")}</span>`}</button></li>`)}</ul>`;
  }

  /** @param {string} id */
  async open(id) {
    const found = await api.get(`/sensitive-words/${id}`).catch(toastError);
    if (found?.word) Object.assign(this, { chosen: found, draft: null, errors: {}, problem: "" });
  }

  head(/** @type {string} */ title, /** @type {() => void} */ back) {
    return html`<div class="pane__head row row--keep"><button class="btn btn--icon btn--quiet" type="button" aria-label=${t("common.back")} @click=${back}><x-icon name="back"></x-icon></button>
      <h2 class="admin-detail__title grow">${title}</h2></div>`;
  }

  // -- one entry ------------------------------------------------------------------------------------------

  detail() {
    const { word, history } = this.chosen;
    const facts = [
      [t("words.kind"), word.kind_label],
      [t("words.effects"), html`<span class="row">${effects(word)}</span>`],
      [t("words.exceptions"), word.exceptions.length ? word.exceptions.join(t("common.listComma")) : t("common.none")],
      [t("words.note"), word.note || t("common.none")],
    ];
    return html`${this.head(word.word, () => (this.chosen = null))}
      <div class="pane__body pad"><div class="stack">
        ${word.active ? nothing : html`<p class="notice"><x-icon name="pause"></x-icon><span>${t("words.offText")}</span></p>`}
        <div class="card card--tight"><dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div>
        <div class="card card--flush"><div class="card__head"><h3>${t("words.history")}</h3></div><ul class="list">${history.map((/** @type {any} */ one) => html`<li class="admin-fate">
          <p class="row small"><span class="badge ${one.word.active ? "badge--green" : ""}">${one.word.active ? t("words.on") : t("words.off")}</span><span>${one.word.by_name || t("words.system")}</span><span class="faint">${when(one.word.at)}</span></p>
          <p class="row small">${effects(one.word)}</p>${one.why ? html`<p class="small muted">${one.why}</p>` : nothing}</li>`)}</ul></div>
      </div></div>
      <div class="pane__foot actions-bar content-foot"><button class="btn" type="button" data-switch @click=${(/** @type {Event} */ e) => busy(e, () => this.turnOver())}>${word.active ? t("words.turnOff") : t("words.turnOn")}</button>
        <button class="btn btn--primary" type="button" data-edit @click=${() => this.edit()}>${t("common.edit")}</button></div>`;
  }

  async turnOver() {
    const { word } = this.chosen;
    const why = await askText({ title: word.active ? t("words.turnOff") : t("words.turnOn"), label: t("words.why") });
    if (!why) return;
    this.chosen = await api.put(`/sensitive-words/${word.id}`, { ...sent(draftOf(word)), active: !word.active, why, version: word.version });
    await this.load();
  }

  // -- the form -------------------------------------------------------------------------------------------

  /** @param {boolean} many */
  begin(many) {
    Object.assign(this, { draft: { ...EMPTY, kind: this.asked.kind || "custom" }, many, errors: {}, problem: "", chosen: null });
  }

  edit() {
    Object.assign(this, { draft: draftOf(this.chosen.word), many: false, errors: {}, problem: "" });
  }

  form() {
    const draft = /** @type {Draft} */ (this.draft);
    const { errors, many } = this;
    const set = (/** @type {Partial<Draft>} */ change) => (this.draft = { ...draft, ...change });
    const title = many ? t("words.paste") : draft.id ? t("words.editTitle") : t("words.new");
    const has = (/** @type {string} */ effect) => draft.effects.includes(effect);
    const flip = (/** @type {string} */ effect) => set({ effects: has(effect) ? draft.effects.filter((one) => one !== effect) : [...draft.effects, effect] });
    return html`${this.head(title, () => (this.draft = null))}
      <form class="pane__form" novalidate @submit=${this.submit}><div class="pane__body"><div class="pad stack">
        ${this.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
        ${many
          ? field("words-lines", t("words.lines"), html`<textarea class="textarea" id="words-lines" rows="8" aria-invalid=${Boolean(this.lineErrors.length)} .value=${draft.lines} @input=${(/** @type {any} */ e) => set({ lines: e.target.value })}></textarea>
              ${this.lineErrors.map(([line, text]) => html`<p class="field__error"><x-icon name="alert"></x-icon>${t("words.line", { line })}${text}</p>`)}`, errors.lines, t("words.linesHint"))
          : field("words-word", t("words.word"), html`<input class="input" id="words-word" type="text" maxlength="40" autocomplete="off" aria-invalid=${Boolean(errors.word)} .value=${draft.word}
              @input=${(/** @type {any} */ e) => set({ word: e.target.value })} />`, errors.word, t("words.wordHint"))}
        ${field("words-kind", t("words.kind"), html`<select class="select" id="words-kind" @change=${(/** @type {any} */ e) => set({ kind: e.target.value })}>
          ${this.view.kinds.map((/** @type {any} */ one) => html`<option value=${one.value} ?selected=${one.value === draft.kind}>${one.label}</option>`)}</select>`, errors.kind)}
        <fieldset class="field"><legend>${t("words.effects")}</legend><div class="content-checks">
          ${this.view.effects.map((/** @type {any} */ one) => html`<label class="check"><input type="checkbox" value=${one.value} .checked=${has(one.value)} @change=${() => flip(one.value)} /><span>${one.label}</span></label>`)}</div>
          ${errors.effects ? html`<p class="field__error"><x-icon name="alert"></x-icon>${errors.effects}</p>` : nothing}</fieldset>
        <div class="admin-draft">
          ${has("supervise") ? field("words-level", t("words.level"), html`<select class="select" id="words-level" @change=${(/** @type {any} */ e) => set({ supervision: Number(e.target.value) })}>
            ${[1, 2, 3].map((level) => html`<option value=${level} ?selected=${level === draft.supervision}>${t("words.levelOf", { level })}</option>`)}</select>`, errors.supervision) : nothing}
          ${has("urgency") ? field("words-urgency", t("words.urgency"), html`<select class="select" id="words-urgency" aria-invalid=${Boolean(errors.urgency)} @change=${(/** @type {any} */ e) => set({ urgency: e.target.value })}>
            ${this.view.urgencies.slice(0, 3).map((/** @type {any} */ one) => html`<option value=${one.value} ?selected=${one.value === draft.urgency}>${one.label}</option>`)}</select>`, errors.urgency) : nothing}
        </div>
        ${many ? nothing : field("words-exceptions", t("words.exceptions"), html`<textarea class="textarea" id="words-exceptions" rows="2" aria-invalid=${Boolean(errors.exceptions)} .value=${draft.exceptions}
          @input=${(/** @type {any} */ e) => set({ exceptions: e.target.value })}></textarea>`, errors.exceptions, t("words.exceptionsHint"))}
        ${field("words-note", t("words.note"), html`<input class="input" id="words-note" type="text" maxlength="200" .value=${draft.note} @input=${(/** @type {any} */ e) => set({ note: e.target.value })} />`, errors.note)}
        ${draft.id ? field("words-why", t("words.why"), html`<input class="input" id="words-why" type="text" maxlength="500" aria-invalid=${Boolean(errors.why)} .value=${this.why} @input=${(/** @type {any} */ e) => (this.why = e.target.value)} />`, errors.why) : nothing}
      </div></div>
      <div class="pane__foot actions-bar content-foot"><button class="btn" type="button" @click=${() => (this.draft = null)}>${t("common.cancel")}</button>
        <button class="btn btn--primary" data-save>${t("common.save")}</button></div></form>`;
  }

  /** @returns {[string, string][]} */
  get lineErrors() {
    return Object.entries(this.errors).filter(([name]) => name.startsWith("lines.")).map(([name, text]) => [name.slice(6), text]);
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    busy(/** @type {HTMLElement} */ (this.querySelector("[data-save]")), () => this.save());
  }

  async save() {
    const draft = /** @type {Draft} */ (this.draft);
    try {
      if (this.many) await this.takeIn(draft);
      else {
        const body = sent(draft);
        this.chosen = draft.id
          ? await api.put(`/sensitive-words/${draft.id}`, { ...body, why: this.why ?? "", version: draft.version })
          : await api.post("/sensitive-words", body);
        toast(t("words.saved"), { kind: "good" });
      }
      Object.assign(this, { draft: null, errors: {}, problem: "", why: "" });
      await this.load();
    } catch (error) {
      this.errors = error instanceof ApiError ? error.fields : {};
      this.problem = sayError(error);
      await this.updateComplete;
      this.querySelector(".field__error, .notice--red")?.scrollIntoView({ block: "center" });
    }
  }

  /** @param {Draft} draft */
  async takeIn(draft) {
    const { exceptions: _, active: __, word: ___, ...like } = sent(draft);
    const done = await api.post("/sensitive-words/lines", { ...like, lines: draft.lines });
    toast(done.known.length ? t("words.importedSome", { count: done.added, known: done.known.join(t("common.listComma")) }) : t("words.imported", { count: done.added }), { kind: "good" });
  }

  // -- trying ---------------------------------------------------------------------------------------------

  trial() {
    const { tried } = this;
    return html`<div class="pane__head"><h2 class="admin-detail__title">${t("words.try")}</h2></div>
      <div class="pane__body pad"><div class="stack">
        <p class="small muted">${t("words.lead")}</p>
        <div class="field"><label for="words-try">${t("words.tryLabel")}</label><textarea class="textarea" id="words-try" rows="4" placeholder=${t("words.tryHint")} .value=${this.text}
          @input=${(/** @type {any} */ e) => this.tryOut(e.target.value)}></textarea></div>
        ${tried ? this.result(tried) : nothing}</div></div>`;
  }

  /** @param {string} text */
  tryOut(text) {
    this.text = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const turn = ++this.turn;
      const tried = text.trim() ? await api.post("/sensitive-words/try", { text }).catch(toastError) : null;
      if (turn === this.turn) this.tried = tried?.hits ? { ...tried, text } : null;
    }, TYPING_MS);
  }

  /** @param {any} tried */
  result(tried) {
    if (!tried.hits.length) return html`<p class="notice notice--green" data-tried><x-icon name="check"></x-icon><span>${t("words.nothing")}</span></p>`;
    const does = [
      ...tried.flags.map((/** @type {any} */ flag) => flag.label),
      tried.urgency_label && t("words.does.urgency", { label: tried.urgency_label }),
      tried.supervision && t("words.does.supervision", { level: tried.supervision }),
      tried.secrecy_label && t("words.does.secrecy", { label: tried.secrecy_label }),
      tried.person && t("words.does.person"),
      tried.warns_reviewer && t("words.does.warns"),
    ].filter(Boolean);
    return html`<div class="card stack" data-tried><p class="prewrap content-marked">${marked(tried)}</p>
      <p class="row">${does.map((one) => html`<span class="badge badge--orange">${one}</span>`)}</p>
      <ul class="list">${tried.hits.map((/** @type {any} */ hit) => html`<li class="row small content-line"><button class="btn btn--small btn--quiet" type="button" @click=${() => this.open(hit.word.id)}>${hit.word.word}</button><span class="faint">${hit.word.kind_label}</span></li>`)}</ul></div>`;
  }
}

/** @type {Draft} */
const EMPTY = { id: "", kind: "custom", word: "", effects: ["flag"], supervision: 1, urgency: "p1", exceptions: "", active: true, note: "", version: 0, lines: "" };

/** @param {any} word a WordView @returns {Draft} */
function draftOf(word) {
  const { id, kind, active, note, version } = word;
  return { ...EMPTY, id, kind, active, note, version, word: word.word, effects: word.effects.map((/** @type {any} */ one) => one.value),
    supervision: word.supervision || 1, urgency: word.urgency || "p1", exceptions: word.exceptions.join("、") };
}

/** @param {Draft} draft */
function sent({ kind, word, effects, supervision, urgency, exceptions, active, note }) {
  return {
    kind, word, effects, active, note, exceptions: parts(exceptions),
    supervision: effects.includes("supervise") ? supervision : 0, urgency: effects.includes("urgency") ? urgency : null,
  };
}

/** @param {any} word a WordView */
function effects(word) {
  const detail = { supervise: word.supervision, urgency: word.urgency_label };
  return word.effects.map((/** @type {any} */ one) => html`<span class="badge">${one.label}${detail[/** @type {"urgency"} */ (one.value)] ? ` ${detail[/** @type {"urgency"} */ (one.value)]}` : ""}</span>`);
}

/** The text with what was found marked. @param {any} tried */
function marked({ text, hits }) {
  const sorted = [...hits].sort((a, b) => a.start - b.start);
  const shown = [];
  let at = 0;
  // Places are counted in characters, not in the halves JavaScript counts.
  const letters = [...text];
  for (const { start, end } of sorted) {
    if (start < at) continue;
    shown.push(letters.slice(at, start).join(""), html`<mark>${letters.slice(start, end).join("")}</mark>`);
    at = end;
  }
  return [...shown, letters.slice(at).join("")];
}

define("words-pane", WordsPane);
