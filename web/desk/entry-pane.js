/** `<entry-pane entry .begun me>`: an entry with its versions, what each changed and what may be done with it, or the form of a new
 * version; events `back` and `kept` (the entry's id). */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { askText, busy, toast, toastError } from "../shared/ui.js";
import { dropWriting, keptFor, unsaved } from "./entry-drafts.js";
import { FIELDS, written } from "./entry-fields.js";
import "./entry-form.js";
import { stateBadge } from "./knowledge-list.js";

const DANGER = ["withdraw", "discard"];
const FORWARD = ["submit", "approve", "publish", "verify"];

class EntryPane extends PageElement {
  static properties = { entry: {}, begun: { attribute: false }, me: {}, writes: { type: Boolean }, view: { state: true }, writing: { state: true } };

  constructor() {
    super();
    this.entry = "";
    /** @type {any} */
    this.begun = null;
    this.me = "";
    this.writes = false;
    /** @type {{rows: any[], edit: any, changes: any[]} | null} the versions, the one looked at and what it changed */
    this.view = null;
    /** @type {import("./entry-drafts.js").Writing | null} the version being written */
    this.writing = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("begun") && this.begun) {
      if (this.begun.writing) return void Object.assign(this, { view: null, writing: this.begun.writing });
      if (this.begun.entry) return void this.mend(this.begun);
      this.view = null;
      this.begin({ title: this.begun.title ?? "", owner: "", attachments: [] }, { questions: this.begun.questions ?? [] });
    } else if (changed.has("entry") && this.entry) {
      this.writing = null;
      this.read();
    }
  }

  /** @param {number} [version] the newest unless given */
  async read(version) {
    const { entry } = this;
    try {
      const view = await viewOf(entry, version);
      if (entry === this.entry) this.view = view;
    } catch (error) {
      toastError(error);
    }
  }

  /** Begins a version that mends what somebody says is wrong. @param {any} begun */
  async mend(begun) {
    try {
      this.view = await viewOf(begun.entry, begun.version);
      this.write({ corrections: begun.corrections });
    } catch (error) {
      toastError(error);
    }
  }

  render() {
    if (this.writing) {
      return html`<entry-form class="entry-fill" .writing=${this.writing} me=${this.me} @kept=${(/** @type {CustomEvent} */ e) => this.done(e.detail)} @left=${this.leave}></entry-form>`;
    }
    if (!this.view) return html`<div class="pane__body"><x-empty icon="search" heading=${t("knowledge.pick")} text=${t("knowledge.pickText")}></x-empty></div>`;
    const { rows, edit, changes } = this.view;
    const { article, row } = edit;
    const places = Object.values(edit.area_names);
    return html`<div class="pane__head stack stack--s">
        <div class="row row--keep"><button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${this.back}><x-icon name="back"></x-icon></button>
          <h2 class="ticket-head__title clip grow">${article.title}</h2>${stateBadge(row)}</div>
        <p class="small faint">${[article.id, row.owner_name, ...places, row.origin === "editor" ? "" : row.origin_label].filter(Boolean).join(" · ")}</p>
        <div class="btn-row">${edit.actions.map((/** @type {any} */ one) => html`<button class="btn btn--small ${DANGER.includes(one.action) ? "btn--danger" : FORWARD.includes(one.action) ? "btn--primary" : ""}" type="button" data-action=${one.action}
            @click=${(/** @type {Event} */ e) => this.act(e, one)}>${one.label}</button>`)}
          ${this.writes ? html`<button class="btn btn--small" type="button" data-edit @click=${() => this.write(edit.editable ? { revision: edit.revision, version: row.version } : {})}>${t(edit.editable ? "knowledge.change" : "knowledge.newVersion")}</button>` : nothing}</div>
      </div>
      <div class="pane__body pad stack">
        ${this.left(article.id)}
        ${row.reason ? html`<p class="notice">${t("knowledge.reason")}${row.reason}</p>` : nothing}
        ${edit.told ? html`<p class="notice notice--green">${t("knowledge.told", { count: edit.told })}</p>` : nothing}
        ${edit.corrections.map((/** @type {any} */ one) => html`<p class="notice notice--yellow"><span>${one.text}<span class="small faint"> · ${one.state_label}${one.reason ? `：${one.reason}` : ""}</span></span></p>`)}
        <section class="card card--tight">${this.fields(article)}${edit.files.length ? html`<div class="row entry-links">${edit.files.map((/** @type {any} */ file) => html`<a class="btn btn--small btn--soft" href=${file.url} target="_blank" rel="noopener"><x-icon name="clip"></x-icon><span>${file.name}</span></a>`)}</div>` : nothing}</section>
        ${changes.length ? html`<section class="card card--tight"><h3>${t("knowledge.changes")}</h3>${changes.map(changeOf)}</section>` : nothing}
        <section class="card card--tight"><h3>${t("knowledge.versions")}</h3><ul class="list">${rows.map((one) => html`<li><button class="list__item talk-row" type="button" data-version=${one.version}
          aria-current=${one.version === row.version} @click=${() => this.read(one.version)}><span class="row row--spread row--keep"><span>${t("knowledge.version", { version: one.version })}</span>${stateBadge(one)}</span>
          <span class="small faint">${[when(one.saved_at), one.version === row.version ? edit.saved_by : ""].filter(Boolean).join(" · ")}</span></button></li>`)}</ul></section>
      </div>`;
  }

  back() {
    this.dispatchEvent(new CustomEvent("back"));
  }

  /** @param {any} article */
  fields(article) {
    const shown = FIELDS.map(({ name }) => ({ name, value: written(article[name]) }));
    const open = ["materials", "place", "hours", "phone", "fee", "limit", "online", "basis"];
    return html`<dl class="entry-fields">${shown.filter((one) => one.value || open.includes(one.name)).map((one) => html`<dt>${t(`knowledge.field.${one.name}`)}</dt>
      <dd>${one.value || html`<span class="badge badge--yellow">${t("knowledge.unverified")}</span>`}</dd>`)}</dl>`;
  }

  /** What was being written of this entry when the page went. @param {string} id */
  left(id) {
    const kept = this.writes ? unsaved(this.me).find((one) => one.base.id === id) : undefined;
    if (!kept) return nothing;
    return html`<p class="notice notice--yellow" data-left><x-icon name="edit"></x-icon><span class="grow">${t("knowledge.left.one", { when: when(kept.at ?? "") })}</span>
      <button class="btn btn--small" type="button" data-go-on @click=${() => (this.writing = kept)}>${t("knowledge.left.goOn")}</button></p>`;
  }

  /** @param {any} about */
  write(about) {
    const { article, files, row } = /** @type {any} */ (this.view).edit;
    this.begin(article, about, files, row.owner_name);
  }

  /** @param {any} article @param {any} about @param {any[]} [files] @param {string} [owner] the unit's name */
  begin(article, about, files = [], owner = "") {
    const anew = () => ({ article: { ...article }, base: { ...article }, about, files, owner });
    const kept = keptFor(this.me, anew());
    this.writing = kept ?? anew();
    if (!kept) return;
    const run = () => {
      dropWriting(this.me, kept);
      this.writing = anew();
    };
    toast(t("knowledge.left.restored", { when: when(kept.at ?? "") }), { action: { text: t("knowledge.left.anew"), run }, ms: 15_000 });
  }

  leave() {
    this.writing = null;
    if (!this.view && this.entry) this.read();
    else if (!this.view) this.back();
    this.dispatchEvent(new CustomEvent("left"));
  }

  /** @param {Event} event @param {any} offered */
  async act(event, offered) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const { article, row } = /** @type {any} */ (this.view).edit;
    const form = { version: row.version };
    for (const need of offered.needs) {
      const asked = await askText({ title: offered.label, label: t(`knowledge.needs.${need}`), type: need === "reason" ? undefined : "date" });
      if (!asked) return;
      Object.assign(form, { [need]: asked });
    }
    await busy(button, async () => {
      const moved = await api.post(`/knowledge/articles/${article.id}/${offered.action}`, form);
      toast(t("knowledge.moved", { state: moved.state_label }), { kind: "good" });
      this.done(moved.id);
    });
  }

  /** @param {string} id */
  done(id) {
    Object.assign(this, { writing: null, entry: id });
    this.dispatchEvent(new CustomEvent("kept", { detail: id }));
    this.read();
  }
}

/** An entry's versions, one of them in full, and what it changed of the one before.
 * @param {string} entry @param {number} [version] the newest unless given */
async function viewOf(entry, version) {
  const rows = (await api.all(`/knowledge/articles/${entry}/versions`)).items;
  const at = Math.max(0, rows.findIndex((/** @type {any} */ one) => one.version === version));
  const [after, before] = [rows[at].version, rows[at + 1]?.version];
  const [edit, differs] = await Promise.all([
    api.get(`/knowledge/articles/${entry}/versions/${after}`),
    before ? api.get(`/knowledge/articles/${entry}/differences`, { before, after }) : { fields: [] },
  ]);
  return { rows, edit, changes: differs.fields };
}

const PIECES = /** @type {Record<string, (text: string) => unknown>} */ ({
  same: (text) => text,
  gone: (text) => html`<del>${text}</del>`,
  new: (text) => html`<ins>${text}</ins>`,
});

/** @param {any} change a Difference */
function changeOf(change) {
  return html`<div class="entry-change"><span class="small faint">${change.label}</span>
    <span class="prewrap">${change.pieces.map((/** @type {any} */ piece) => (PIECES[piece.change] ?? PIECES.same)(piece.text))}</span></div>`;
}

define("entry-pane", EntryPane);
