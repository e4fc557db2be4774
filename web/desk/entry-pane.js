/** `<entry-pane entry .begun>`: an entry with its versions, what each changed and what may be done with it, or the form of a new
 * version; events `back` and `kept` (the entry's id). */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { askText, busy, toast, toastError } from "../shared/ui.js";
import "../shared/picker.js";
import { stateBadge } from "./knowledge-list.js";

/** The fields of an entry in the order of its page; `lines`: one value a line. */
const FIELDS = [
  { name: "title", required: true }, { name: "short", wide: true, rows: 3, required: true }, { name: "full", wide: true, rows: 6 },
  { name: "variants", wide: true, rows: 4, lines: true }, { name: "materials", wide: true, rows: 3, lines: true }, { name: "place" }, { name: "hours" },
  { name: "phone" }, { name: "fee" }, { name: "limit" }, { name: "online" }, { name: "basis", wide: true, rows: 2, lines: true },
  { name: "areas", lines: true, rows: 2 }, { name: "audience" }, { name: "valid_from", type: "date" }, { name: "valid_to", type: "date" },
  { name: "review_due", type: "date" }, { name: "matter" },
];
const DANGER = ["withdraw", "discard"];
const FORWARD = ["submit", "approve", "publish", "verify"];

class EntryPane extends PageElement {
  static properties = { entry: {}, begun: { attribute: false }, writes: { type: Boolean }, view: { state: true }, form: { state: true }, errors: { state: true } };

  constructor() {
    super();
    this.entry = "";
    /** @type {any} */
    this.begun = null;
    this.writes = false;
    /** @type {{rows: any[], edit: any, changes: any[]} | null} the versions, the one looked at and what it changed */
    this.view = null;
    /** @type {Record<string, any> | null} the version being written */
    this.form = null;
    /** @type {Record<string, string>} */
    this.errors = {};
    /** @type {any} what a draft answers or mends, and the revision of one that is changed */
    this.about = {};
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("begun") && this.begun) {
      if (this.begun.entry) return void this.mend(this.begun);
      Object.assign(this, { view: null, form: { title: this.begun.title ?? "", owner: "" }, errors: {}, about: { questions: this.begun.questions ?? [] } });
    } else if (changed.has("entry") && this.entry) {
      this.form = null;
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
    if (this.form) return this.writing();
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
        ${row.reason ? html`<p class="notice">${t("knowledge.reason")}${row.reason}</p>` : nothing}
        ${edit.told ? html`<p class="notice notice--green">${t("knowledge.told", { count: edit.told })}</p>` : nothing}
        ${edit.corrections.map((/** @type {any} */ one) => html`<p class="notice notice--yellow"><span>${one.text}<span class="small faint"> · ${one.state_label}${one.reason ? `：${one.reason}` : ""}</span></span></p>`)}
        <section class="card card--tight">${this.fields(article)}${edit.files.length ? html`<div class="row">${edit.files.map((/** @type {any} */ file) => html`<a class="btn btn--small btn--soft" href=${file.url} target="_blank" rel="noopener">${file.name}</a>`)}</div>` : nothing}</section>
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
    const shown = FIELDS.map(({ name, lines }) => ({ name, value: lines ? article[name].join("\n") : article[name] ?? "" }));
    const open = ["materials", "place", "hours", "phone", "fee", "limit", "online", "basis"];
    return html`<dl class="entry-fields">${shown.filter((one) => one.value || open.includes(one.name)).map((one) => html`<dt>${t(`knowledge.field.${one.name}`)}</dt>
      <dd>${one.value || html`<span class="badge badge--yellow">${t("knowledge.unverified")}</span>`}</dd>`)}</dl>`;
  }

  /** @param {any} about */
  write(about) {
    Object.assign(this, { form: { .../** @type {any} */ (this.view).edit.article }, errors: {}, about });
  }

  writing() {
    const form = /** @type {Record<string, any>} */ (this.form);
    return html`<form class="pane__body pad stack" @submit=${this.keep}>
      <div class="row row--spread row--keep"><h2 class="ticket-head__title">${t(form.id ? "knowledge.newVersion" : "knowledge.new")}</h2></div>
      <div class="entry-form">
        <div class="field"><label for="entry-id">${t("knowledge.entryId")}</label><input class="input" id="entry-id" name="id" required pattern="[a-z0-9\\-]+" maxlength="60" .value=${form.id ?? ""} ?readonly=${Boolean(form.id)} />${this.wrong("id")}</div>
        <div class="field"><span class="label">${t("knowledge.field.owner")}</span><x-picker kind="unit" value=${form.owner ?? ""} label=${t("knowledge.field.owner")}
          .known=${form.owner ? { code: form.owner, name: this.view?.edit.row.owner_name || form.owner } : null} ?wrong=${Boolean(this.errors.owner)}
          @choose=${(/** @type {any} */ e) => (form.owner = typeof e.detail === "string" ? e.detail : e.detail?.code ?? "")}></x-picker>${this.wrong("owner")}</div>
        ${FIELDS.map((field) => this.field(field, form))}
      </div>
      <div class="btn-row"><button class="btn btn--primary" data-keep>${t("knowledge.keep")}</button>
        <button class="btn" type="button" @click=${() => (this.form = null)}>${t("common.cancel")}</button></div></form>`;
  }

  /** @param {any} field @param {Record<string, any>} form */
  field(field, form) {
    const { name, rows, lines, type = "text", wide, required } = field;
    const value = lines ? (form[name] ?? []).join("\n") : form[name] ?? "";
    const id = `entry-${name}`;
    return html`<div class="field ${wide ? "field--wide" : ""}"><label for=${id}>${t(`knowledge.field.${name}`)}${lines ? html` <span class="faint small">${t("knowledge.oneALine")}</span>` : nothing}</label>
      ${rows ? html`<textarea class="textarea" id=${id} name=${name} rows=${rows} ?required=${required} .value=${value}></textarea>`
        : html`<input class="input" id=${id} name=${name} type=${type} ?required=${required} .value=${value} />`}${this.wrong(name)}</div>`;
  }

  /** @param {string} name */
  wrong(name) {
    return this.errors[name] ? html`<p class="field__error" role="alert">${this.errors[name]}</p>` : nothing;
  }

  /** @param {SubmitEvent} event */
  async keep(event) {
    event.preventDefault();
    const element = /** @type {HTMLFormElement} */ (event.currentTarget);
    const given = new FormData(element);
    const form = /** @type {Record<string, any>} */ (this.form);
    const text = (/** @type {string} */ name) => String(given.get(name) ?? "").trim();
    const body = { id: form.id ?? text("id"), owner: form.owner ?? "" };
    for (const { name, lines, type } of FIELDS) {
      const value = text(name);
      Object.assign(body, { [name]: lines ? value.split("\n").map((one) => one.trim()).filter(Boolean) : type === "date" ? value || null : value });
    }
    await busy(/** @type {HTMLElement} */ (element.querySelector("[data-keep]")), async () => {
      try {
        await this.send({ ...form, ...body });
        toast(t("knowledge.kept"), { kind: "good" });
        this.done(body.id);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 422) throw error;
        this.errors = /** @type {any} */ (error).fields ?? {};
        toastError(error);
      }
    });
  }

  /** @param {any} article */
  send(article) {
    const { about } = this;
    if (about.revision !== undefined) return api.put(`/knowledge/articles/${article.id}/versions/${about.version}`, { article, revision: about.revision });
    if (about.questions?.length) return api.post("/knowledge/questions/draft", { article, questions: about.questions });
    return api.post("/knowledge/articles", { article, corrections: about.corrections ?? [] });
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
    Object.assign(this, { form: null, entry: id });
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
