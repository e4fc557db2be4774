/** `<entry-form .writing me>`: a version being written, with its files; events `kept` (the entry's id) and `left`. What is typed
 * outlives the page; who saves late sees what differs and loses nothing. */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { busy, confirmDialog, toast, toastError } from "../shared/ui.js";
import "../shared/picker.js";
import { dropWriting, holdWriting, keepWriting } from "./entry-drafts.js";
import { FIELDS, meant, written } from "./entry-fields.js";
import "./entry-merge.js";

/** @typedef {import("./entry-drafts.js").Writing} Writing */

const TYPING_MS = 300;
const MOST_FILES = 10;
const ACCEPTED = "image/*,application/pdf,video/mp4,audio/*";

class EntryForm extends PageElement {
  static properties = { writing: { attribute: false }, me: {}, errors: { state: true }, late: { state: true } };

  constructor() {
    super();
    /** @type {Writing | null} */
    this.writing = null;
    this.me = "";
    /** @type {Record<string, string>} */
    this.errors = {};
    /** @type {{theirs: any, differs: any[]} | null} what another has saved meanwhile */
    this.late = null;
    this.timer = 0;
    this.onHide = () => this.lay();
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener("pagehide", this.onHide);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener("pagehide", this.onHide);
    this.lay();
    holdWriting(this.me, null);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("writing")) return;
    Object.assign(this, { errors: {}, late: null });
    holdWriting(this.me, this.writing);
  }

  render() {
    if (!this.writing) return nothing;
    const { late, writing } = this;
    return html`${late ? html`<entry-merge class="entry-fill" .mine=${writing} .theirs=${late.theirs} .differs=${late.differs}
        @take=${this.takeMerged} @back=${() => (this.late = null)}></entry-merge>` : nothing}
      <form class="pane__body pad stack" ?hidden=${Boolean(late)} @submit=${this.keep} @input=${this.note}>${this.fields(writing)}</form>`;
  }

  /** @param {Writing} writing */
  fields({ article, files, owner }) {
    return html`<div class="row row--spread row--keep"><h2 class="ticket-head__title">${t(article.id ? "knowledge.newVersion" : "knowledge.new")}</h2></div>
      <div class="entry-form">
        <div class="field"><label for="entry-id">${t("knowledge.entryId")}</label><input class="input" id="entry-id" name="id" pattern="[a-z0-9\\-]+" maxlength="60" .value=${article.id ?? ""} ?readonly=${Boolean(article.version)} />${this.wrong("id")}</div>
        <div class="field"><span class="label">${t("knowledge.field.owner")}</span><x-picker kind="unit" value=${article.owner ?? ""} label=${t("knowledge.field.owner")}
          .known=${article.owner ? { code: article.owner, name: owner || article.owner } : null} ?wrong=${Boolean(this.errors.owner)} @choose=${this.takeOwner}></x-picker>${this.wrong("owner")}</div>
        ${FIELDS.map((field) => this.field(field, article))}
        <div class="field field--wide"><span class="label">${t("knowledge.field.attachments")}</span>
          ${files.length ? html`<ul class="entry-files" role="list">${files.map((one) => html`<li class="row row--spread row--keep" data-file=${one.id}>
            <a class="clip" href=${one.url} target="_blank" rel="noopener"><x-icon name="clip"></x-icon> ${one.name}</a>
            <button class="btn btn--small btn--quiet" type="button" aria-label=${t("knowledge.removeFile", { name: one.name })} @click=${() => this.withFiles(files.filter((other) => other !== one))}><x-icon name="trash"></x-icon><span>${t("common.delete")}</span></button></li>`)}</ul>` : nothing}
          <label class="btn btn--small entry-add"><x-icon name="upload"></x-icon><span>${t("knowledge.addFile")}</span><input class="unseen" type="file" multiple accept=${ACCEPTED} @change=${this.add} /></label>
          <span class="field__hint">${t("knowledge.fileHint", { most: MOST_FILES })}</span>${this.wrong("attachments")}</div>
      </div>
      <div class="btn-row entry-foot"><button class="btn btn--primary" data-keep>${t("knowledge.keep")}</button>
        <button class="btn" type="button" data-leave @click=${this.leave}>${t("common.cancel")}</button></div>`;
  }

  /** @param {import("./entry-fields.js").Field} field @param {Record<string, any>} article */
  field(field, article) {
    const { name, rows, lines, type = "text", wide, required } = field;
    const value = written(article[name]);
    const id = `entry-${name}`;
    return html`<div class="field ${wide ? "field--wide" : ""}"><label for=${id}>${t(`knowledge.field.${name}`)}${lines ? html` <span class="faint small">${t("knowledge.oneALine")}</span>` : nothing}</label>
      ${rows ? html`<textarea class="textarea" id=${id} name=${name} rows=${rows} ?required=${required} .value=${value}></textarea>`
        : html`<input class="input" id=${id} name=${name} type=${type} ?required=${required} .value=${value} />`}${this.wrong(name)}</div>`;
  }

  /** @param {string} name */
  wrong(name) {
    return this.errors[name] ? html`<p class="field__error" role="alert">${this.errors[name]}</p>` : nothing;
  }

  // -- what is typed ----------------------------------------------------------------------------------

  /** Takes what stands in the form; it is not drawn anew, so that no cursor jumps. */
  read() {
    const element = this.querySelector(":scope > form");
    if (!element || !this.writing) return;
    const given = new FormData(/** @type {HTMLFormElement} */ (element));
    const text = (/** @type {string} */ name) => String(given.get(name) ?? "");
    const told = Object.fromEntries(FIELDS.map(({ name }) => [name, meant(name, text(name))]));
    Object.assign(this.writing.article, told, { id: text("id").trim() });
  }

  note() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lay(), TYPING_MS);
  }

  /** Lays by what differs from what writing began with. */
  lay() {
    clearTimeout(this.timer);
    if (!this.writing) return;
    if (!this.late) this.read();
    if (isChanged(this.writing)) keepWriting(this.me, this.writing);
    else dropWriting(this.me, this.writing);
  }

  /** @param {CustomEvent} event */
  takeOwner({ detail }) {
    const { writing } = this;
    if (!writing) return;
    const [code, name] = typeof detail === "string" ? [detail, ""] : [detail?.code ?? "", detail?.name ?? ""];
    writing.article.owner = code;
    writing.owner = name;
    this.lay();
  }

  /** @param {Event} event */
  async add(event) {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    const chosen = [...(input.files ?? [])];
    // The same file can be chosen again.
    input.value = "";
    this.errors = { ...this.errors, attachments: "" };
    await busy(/** @type {HTMLElement} */ (input.parentElement), async () => {
      for (const file of chosen) await this.addOne(file);
    });
  }

  /** @param {File} file */
  async addOne(file) {
    const files = this.writing?.files ?? [];
    try {
      if (files.length >= MOST_FILES) throw new ApiError({ status: 422, fields: { file: t("knowledge.fileHint", { most: MOST_FILES }) } });
      this.withFiles([...files, await api.upload("/knowledge/files", [file])]);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 422) throw error;
      this.errors = { ...this.errors, attachments: `${file.name}：${Object.values(error.fields).join(" ") || error.message}` };
    }
  }

  /** @param {any[]} files */
  withFiles(files) {
    const { writing } = this;
    if (!writing) return;
    this.read();
    Object.assign(writing, { files });
    writing.article.attachments = files.map((one) => one.id);
    this.lay();
    this.requestUpdate();
  }

  async leave() {
    this.lay();
    const { writing } = this;
    if (!writing) return;
    if (isChanged(writing) && !(await confirmDialog({ title: t("knowledge.drop"), text: t("knowledge.dropText"), confirm: t("knowledge.drop"), danger: true }))) return;
    this.end();
    this.dispatchEvent(new CustomEvent("left"));
  }

  end() {
    clearTimeout(this.timer);
    if (this.writing) dropWriting(this.me, this.writing);
    holdWriting(this.me, null);
    this.writing = null;
  }

  // -- saving -----------------------------------------------------------------------------------------

  /** @param {SubmitEvent} event */
  async keep(event) {
    event.preventDefault();
    this.lay();
    await busy(/** @type {HTMLElement} */ (this.querySelector("[data-keep]")), () => this.save());
  }

  async save() {
    const { writing } = this;
    if (!writing) return;
    try {
      const { row, id } = await send(writing);
      this.end();
      toast(t("knowledge.kept"), { kind: "good" });
      this.dispatchEvent(new CustomEvent("kept", { detail: id ?? row.id }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 409 && writing.about.revision !== undefined) return this.compare(writing);
      if (!(error instanceof ApiError) || error.status !== 422) throw error;
      Object.assign(this, { late: null, errors: error.fields });
      toastError(error);
    }
  }

  /** Another was faster: both texts side by side. @param {Writing} writing */
  async compare(writing) {
    const where = `/knowledge/articles/${writing.article.id}/versions/${writing.about.version}`;
    const [theirs, { fields }] = await Promise.all([api.get(where), api.post(`${where}/differences`, { article: writing.article })]);
    this.late = { theirs, differs: fields };
  }

  /** @param {CustomEvent} event */
  async takeMerged({ detail: article }) {
    const { writing, late } = this;
    if (!writing || !late) return;
    const { revision, editable, article: base, files, row } = late.theirs;
    const known = [...writing.files, ...files];
    const about = editable ? { ...writing.about, revision } : { corrections: [] };
    const chosen = article.attachments.map((/** @type {string} */ id) => known.find((one) => one.id === id)).filter(Boolean);
    dropWriting(this.me, writing);
    const owner = article.owner === base.owner ? row.owner_name : writing.owner;
    this.writing = { article, base, about, files: chosen, owner };
    keepWriting(this.me, this.writing);
    // The new writing is drawn before it is saved, so that a refusal finds its form.
    await this.updateComplete;
    await busy(/** @type {HTMLElement} */ (this.querySelector("[data-keep]")), () => this.save());
  }
}

/** @param {Writing} writing */
function isChanged({ article, base }) {
  return Object.keys(article).some((name) => written(article[name]) !== written(base[name]));
}

/** @param {Writing} writing @returns {Promise<any>} */
function send({ article, about }) {
  if (about.revision !== undefined) return api.put(`/knowledge/articles/${article.id}/versions/${about.version}`, { article, revision: about.revision });
  if (about.questions?.length) return api.post("/knowledge/questions/draft", { article, questions: about.questions });
  return api.post("/knowledge/articles", { article, corrections: about.corrections ?? [] });
}

define("entry-form", EntryForm);
