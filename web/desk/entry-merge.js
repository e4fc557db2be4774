/** `<entry-merge .mine .base .theirs .differs>`: what somebody wrote beside what another saved meanwhile, field by field; one takes
 * either or puts both together. Events `take` (the entry as chosen) and `back`. */
import { html, nothing } from "../vendor/lit.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { isJoined, meant, written } from "./entry-fields.js";

/** @typedef {import("./entry-drafts.js").Writing} Writing
 * @typedef {{change: string, text: string}} Piece
 * @typedef {{field: string, label: string, pieces: Piece[]}} Difference from theirs to mine */

class EntryMerge extends PageElement {
  static properties = { mine: { attribute: false }, theirs: { attribute: false }, differs: { attribute: false }, picked: { state: true } };

  constructor() {
    super();
    /** @type {Writing | null} */
    this.mine = null;
    /** @type {any} an EditView */
    this.theirs = null;
    /** @type {Difference[]} */
    this.differs = [];
    /** @type {Record<string, string>} field → mine, theirs or both */
    this.picked = {};
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("differs")) this.picked = Object.fromEntries(this.differs.map(({ field }) => [field, this.changedBy(field) === "theirs" ? "theirs" : "mine"]));
  }

  /** Who changed a field since the writing began. @param {string} field */
  changedBy(field) {
    const { article, base } = /** @type {Writing} */ (this.mine);
    const [was, mine, theirs] = [base[field], article[field], this.theirs.article[field]].map(written);
    if (mine === was) return "theirs";
    return theirs === was ? "mine" : "both";
  }

  render() {
    if (!this.mine || !this.theirs) return nothing;
    const { row, saved_by: by, editable } = this.theirs;
    return html`<form class="pane__body pad stack" data-late @submit=${this.take}>
      <h2 class="ticket-head__title">${t("knowledge.late.title")}</h2>
      <p class="notice notice--yellow" role="alert"><x-icon name="alert"></x-icon><span>${t("knowledge.late.text", { who: by || t("knowledge.late.somebody"), when: when(row.saved_at) })}
        ${editable ? nothing : html`<br />${t("knowledge.late.moved", { state: row.state_label })}`}</span></p>
      ${this.differs.map((one) => this.field(one))}
      <div class="btn-row entry-foot"><button class="btn btn--primary" data-take>${t(editable ? "knowledge.late.save" : "knowledge.late.saveNew")}</button>
        <button class="btn" type="button" data-back @click=${() => this.dispatchEvent(new CustomEvent("back"))}>${t("knowledge.late.back")}</button></div></form>`;
  }

  /** @param {Difference} one */
  field(one) {
    const { field, label, pieces } = one;
    const who = this.changedBy(field);
    return html`<fieldset class="card card--tight stack stack--s entry-late" data-field=${field}>
      <legend class="unseen">${label}</legend>
      <div class="row row--spread row--keep"><span class="strong">${label}</span><span class="badge ${who === "both" ? "badge--orange" : ""}">${t(`knowledge.late.by.${who}`)}</span></div>
      <div class="entry-sides">${this.side(one, "theirs", "gone")}${this.side(one, "mine", "new")}</div>
      ${isJoined(field) ? html`${this.radio(field, "both")}
        ${this.picked[field] === "both" && field !== "attachments" ? html`<textarea class="textarea" name=${`text-${field}`} aria-label=${t("knowledge.late.both")} rows="4" .value=${joined(pieces)}></textarea>` : nothing}` : nothing}
    </fieldset>`;
  }

  /** @param {Difference} one @param {string} side @param {string} own the pieces only this side has */
  side({ field, pieces }, side, own) {
    const names = this.names(field, side);
    const shown = pieces.filter((piece) => piece.change === "same" || piece.change === own);
    return html`<div class="entry-side">${this.radio(field, side)}
      <div class="prewrap entry-side__text">${names ?? shown.map((piece) => (piece.change === "same" ? piece.text : html`<mark data-change=${own}>${piece.text}</mark>`))}
        ${names === undefined && !shown.length ? html`<span class="faint">${t("common.none")}</span>` : nothing}</div></div>`;
  }

  /** Units and files read by their names. @param {string} field @param {string} side */
  names(field, side) {
    const { article, owner, files } = side === "mine" ? /** @type {Writing} */ (this.mine) : { article: this.theirs.article, owner: this.theirs.row.owner_name, files: this.theirs.files };
    if (field === "owner") return owner || article.owner || t("common.none");
    if (field === "attachments") return files.map((/** @type {any} */ one) => one.name).join("\n") || t("common.none");
    return undefined;
  }

  /** @param {string} field @param {string} side */
  radio(field, side) {
    return html`<label class="check"><input type="radio" name=${field} value=${side} .checked=${this.picked[field] === side}
      @change=${() => (this.picked = { ...this.picked, [field]: side })} /><span>${t(`knowledge.late.${side}`)}</span></label>`;
  }

  /** @param {SubmitEvent} event */
  take(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const { article: mine } = /** @type {Writing} */ (this.mine);
    const { article: theirs } = this.theirs;
    const detail = { ...theirs };
    for (const { field } of this.differs) {
      const side = this.picked[field];
      if (side === "mine") detail[field] = mine[field];
      else if (side === "both") detail[field] = field === "attachments" ? [...new Set([...theirs[field], ...mine[field]])] : meant(field, String(given.get(`text-${field}`)));
    }
    this.dispatchEvent(new CustomEvent("take", { detail }));
  }
}

/** Both texts in one, nothing left out. @param {Piece[]} pieces */
function joined(pieces) {
  return pieces.map((piece) => piece.text).join("");
}

define("entry-merge", EntryMerge);
