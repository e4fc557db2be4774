/** Changing member units: a form, then what it comes to, then the change. `await changeUnits(kind, unit, options)` gives the
 * change that was made, or undefined if it was given up. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { turned } from "../shared/batch.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import "../shared/picker.js";
import { busy, toast } from "../shared/ui.js";
import { field, line } from "./unit-draft.js";
import { previewed } from "./unit-preview.js";

/** @typedef {{code: string, name: string}} Named */
/** @typedef {{code: string, name: string, short_name: string, level: string, areas: Named[], functions: Named[], powers: Named[], parent: Named | null,
 *   active: boolean, successor: Named | null, former: any[], depth: number, tickets: number, people: number, level_label: string}} UnitRow */
/** @typedef {import("./unit-draft.js").Draft} Draft */
/** One unit after the change: `unit` is one that there is, `draft` a new one; the sets hold what it takes over.
 * @typedef {{key: string, unit: UnitRow | null, draft: Draft, functions: Set<string>, powers: Set<string>, also: Set<string>}} Part */

const DUTIES = /** @type {const} */ (["functions", "powers", "also"]);
let keys = 0;

/** @param {UnitRow} near what a new unit is like at first @returns {Draft} */
function draftLike(near) {
  return { code: "", name: "", short_name: "", level: near.level, area: near.areas[0]?.code ?? "", parent: near.parent?.code ?? "", parent_name: near.parent?.name ?? "" };
}

/** @param {UnitRow} near @param {UnitRow | null} unit @returns {Part} */
function partOf(near, unit) {
  return { key: `part-${++keys}`, unit, draft: draftLike(near), functions: new Set(), powers: new Set(), also: new Set() };
}

/** @param {UnitRow[]} units @returns {Record<"functions" | "powers" | "also", Named[]>} all they have; further areas only */
function dutiesOf(units) {
  const once = (/** @type {Named[]} */ all) => [...new Map(all.map((one) => [one.code, one])).values()];
  return { functions: once(units.flatMap((u) => u.functions)), powers: once(units.flatMap((u) => u.powers)), also: once(units.flatMap((u) => u.areas)) };
}

class UnitOrder extends PageElement {
  static properties = {
    kind: {}, unit: { attribute: false }, options: { attribute: false }, values: { state: true }, errors: { state: true }, problem: { state: true }, preview: { state: true },
  };

  constructor() {
    super();
    this.kind = "";
    this.errors = /** @type {Record<string, string>} */ ({});
    this.problem = "";
    this.preview = /** @type {any} */ (null);
    this.values = /** @type {any} */ (null);
  }

  willUpdate() {
    if (this.values || !this.unit) return;
    const { unit } = this;
    const split = [partOf(unit, unit), partOf(unit, null)];
    const duties = dutiesOf([unit]);
    for (const name of DUTIES) for (const one of duties[name]) if (name !== "also") split[0][name].add(one.code);
    this.values = { why: "", name: unit.name, short: unit.short_name, units: [unit], into: partOf(unit, this.kind === "merge" ? unit : null), fresh: false, left: new Set(), parts: split, default: split[0].key, staff: {} };
  }

  // -- what is filled in ----------------------------------------------------------------------------------

  render() {
    if (!this.values) return nothing;
    return html`<form @submit=${this.submit}><div class="dialog__body">
        <h2>${t(`admin.title.${this.kind}`, { name: this.unit.name })}</h2>
        ${this.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
        ${this.preview ? previewed(this.preview, { parts: this.kind === "split" ? this.partNames() : [], place: (id, code) => this.place(id, code) }) : this.form()}
      </div>${this.foot()}</form>`;
  }

  foot() {
    const { preview } = this;
    const broken = Boolean(preview?.broken.length);
    return html`<div class="dialog__foot">
      ${preview ? html`<button class="btn" type="button" @click=${() => (this.preview = null)}>${t("admin.back")}</button>` : html`<button class="btn" type="button" @click=${() => this.tell("give-up")}>${t("common.cancel")}</button>`}
      <button class="btn ${preview ? "btn--danger" : "btn--primary"}" data-next ?disabled=${broken}>${preview ? t(`admin.confirm.${this.kind}`) : t("admin.previewIt")}</button></div>`;
  }

  form() {
    const { values } = this;
    const own = { rename: () => this.names(), merge: () => this.merging(), split: () => this.splitting(), close: () => this.closing() };
    return html`<p class="muted">${t(`admin.text.${this.kind}`)}</p>
      ${own[/** @type {keyof typeof own} */ (this.kind)]()}
      ${field("order-why", t("admin.why"), html`<textarea class="textarea" id="order-why" rows="2" maxlength="500" placeholder=${t("admin.whyHint")} aria-invalid=${Boolean(this.errors.why)}
        .value=${values.why} @input=${(/** @type {any} */ e) => this.set({ why: e.target.value })}></textarea>`, this.errors.why)}`;
  }

  names() {
    const { values, errors } = this;
    return html`<div class="admin-draft">${field("order-name", t("admin.draft.name"), line("order-name", values.name, (name) => this.set({ name }), errors["into.0.name"]), errors["into.0.name"])}
      ${field("order-short", t("admin.draft.short_name"), line("order-short", values.short, (short) => this.set({ short }), errors["into.0.short_name"]), errors["into.0.short_name"])}</div>`;
  }

  merging() {
    const { values } = this;
    const target = values.fresh ? "" : values.into.unit?.code;
    const choose = (/** @type {UnitRow | null} */ unit) => this.aim(unit);
    return html`<fieldset class="stack stack--s"><legend class="strong">${t("admin.merge.units")}</legend>
        <ul class="list admin-chosen">${repeat(values.units, (/** @type {UnitRow} */ u) => u.code, (/** @type {UnitRow} */ u) => html`<li class="admin-flow"><span class="grow">${u.name}</span>
          <span class="small faint">${t("admin.units.tickets", { count: u.tickets })}</span>
          ${u.code === this.unit.code ? nothing : html`<button class="btn btn--icon btn--small btn--quiet" type="button" aria-label=${t("admin.remove", { name: u.name })} @click=${() => this.drop(u)}><x-icon name="close"></x-icon></button>`}</li>`)}</ul>
        ${this.picker(`merge-${values.units.length}`, t("admin.merge.add"), (unit) => this.join(unit))}
        ${this.errors.units ? html`<p class="field__error"><x-icon name="alert"></x-icon>${this.errors.units}</p>` : nothing}</fieldset>
      <fieldset class="stack stack--s"><legend class="strong">${t("admin.merge.into")}</legend>
        ${values.units.map((/** @type {UnitRow} */ u) => html`<label class="check"><input type="radio" name="target" .checked=${u.code === target} @change=${() => choose(u)} /><span>${u.name}</span></label>`)}
        <label class="check"><input type="radio" name="target" .checked=${values.fresh} @change=${() => choose(null)} /><span>${t("admin.merge.fresh")}</span></label>
        ${values.fresh ? this.draft(values.into, 0, (draft) => this.set({ into: { ...values.into, draft } })) : this.names()}</fieldset>
      ${this.taking(values.units.filter((/** @type {UnitRow} */ u) => u.code !== target))}`;
  }

  closing() {
    const { values } = this;
    const chosen = values.into.unit;
    return html`${field("order-successor", t("admin.close.successor"), html`${this.picker("close", t("admin.close.successor"), (unit) => this.set({ into: { ...values.into, unit } }))}`, this.errors["into.0.code"] || this.errors.into, t("admin.close.hint"))}
      ${chosen ? this.taking([this.unit]) : nothing}`;
  }

  /** What a successor takes over: all of it unless it is unticked. @param {UnitRow[]} from */
  taking(from) {
    const duties = dutiesOf(from);
    const level = this.values.fresh ? this.values.into.draft.level : this.values.into.unit?.level;
    const own = this.values.fresh ? [this.values.into.draft.area] : (this.values.into.unit?.areas ?? []).map((/** @type {Named} */ area) => area.code);
    const also = from.every((unit) => unit.level === level) ? duties.also.filter((area) => !own.includes(area.code)) : [];
    const { left } = this.values;
    const tick = (/** @type {string} */ key) => () => this.set({ left: left.has(key) ? new Set([...left].filter((one) => one !== key)) : new Set([...left, key]) });
    return [/** @type {const} */ (["functions", duties.functions]), /** @type {const} */ (["powers", duties.powers]), /** @type {const} */ (["also", also])].map(([name, all]) => all.length
      ? html`<fieldset class="stack stack--s"><legend class="strong">${t(`admin.take.${name}`)}</legend><div class="row">${all.map((one) => html`<label class="check">
          <input type="checkbox" .checked=${!left.has(`${name}:${one.code}`)} @change=${tick(`${name}:${one.code}`)} /><span>${one.name}</span></label>`)}</div></fieldset>` : nothing);
  }

  splitting() {
    const { values } = this;
    const change = (/** @type {Part} */ part) => this.set({ parts: values.parts.map((/** @type {Part} */ one) => (one.key === part.key ? part : one)) });
    return html`${repeat(values.parts, (/** @type {Part} */ part) => part.key, (/** @type {Part} */ part, /** @type {number} */ place) => this.part(part, place, change))}
      <div class="row"><button class="btn btn--small" type="button" data-add="new" @click=${() => this.add(null)}><x-icon name="plus"></x-icon>${t("admin.split.addNew")}</button>
        <span class="grow">${this.picker(`split-${values.parts.length}`, t("admin.split.addOld"), (unit) => this.add(unit))}</span></div>
      ${this.errors.into ? html`<p class="field__error"><x-icon name="alert"></x-icon>${this.errors.into}</p>` : nothing}
      ${this.matrix(change)}
      ${field("order-default", t("admin.split.default"), html`<select class="select" id="order-default" @change=${(/** @type {any} */ e) => this.set({ default: e.target.value })}>
        ${values.parts.map((/** @type {Part} */ part) => html`<option value=${part.key} ?selected=${part.key === values.default}>${this.called(part)}</option>`)}</select>`, this.errors.default, t("admin.split.defaultHint"))}`;
  }

  /** @param {Part} part @param {number} place @param {(part: Part) => void} change */
  part(part, place, change) {
    const gone = html`<button class="btn btn--icon btn--small btn--quiet" type="button" aria-label=${t("admin.remove", { name: this.called(part) })} @click=${() => this.without(part)}><x-icon name="close"></x-icon></button>`;
    return html`<div class="card card--tight stack stack--s"><div class="row row--keep"><span class="badge badge--primary">${place + 1}</span>
        <span class="strong grow">${this.called(part)}</span>${part.unit?.code === this.unit.code ? html`<span class="small faint">${t("admin.split.stays")}</span>` : nothing}
        ${this.values.parts.length > 2 || part.unit ? gone : nothing}</div>
      ${part.unit ? nothing : this.draft(part, place, (draft) => change({ ...part, draft }))}</div>`;
  }

  /** Which part gets which function, power and further area. @param {(part: Part) => void} change */
  matrix(change) {
    const { parts } = this.values;
    const duties = dutiesOf([this.unit]);
    const turn = (/** @type {Part} */ part, /** @type {"functions" | "powers" | "also"} */ name, /** @type {string} */ code) => {
      change({ ...part, [name]: turned(part[name], code) });
    };
    const rows = DUTIES.flatMap((name) => (name === "also" && duties.also.length < 2 ? [] : duties[name].map((one) => ({ name, one }))));
    return html`<div class="table-wrap"><table class="table"><thead><tr><th scope="col">${t("admin.split.duty")}</th>
        ${parts.map((/** @type {Part} */ part, /** @type {number} */ place) => html`<th scope="col" class="admin-tick" title=${this.called(part)}>${place + 1}</th>`)}</tr></thead>
      <tbody>${rows.map(({ name, one }) => html`<tr><td class="wide"><span class="faint">${t(`admin.take.short.${name}`)}</span> ${one.name}</td>
        ${parts.map((/** @type {Part} */ part) => html`<td class="admin-tick"><input type="checkbox" .checked=${part[name].has(one.code)} aria-label=${`${this.called(part)}：${one.name}`} @change=${() => turn(part, name, one.code)} /></td>`)}</tr>`)}</tbody></table></div>`;
  }

  /** @param {Part} part @param {number} place @param {(draft: Draft) => void} set */
  draft(part, place, set) {
    const mine = Object.entries(this.errors).filter(([name]) => name.startsWith(`into.${place}.`)).map(([name, text]) => [name.split(".")[2], text]);
    return html`<unit-draft name=${part.key} .draft=${part.draft} .options=${this.options} .errors=${Object.fromEntries(mine)} @draft=${(/** @type {CustomEvent} */ e) => set(e.detail)}></unit-draft>`;
  }

  /** @param {string} key a new one empties it @param {string} label @param {(unit: UnitRow) => void} take */
  picker(key, label, take) {
    const chosen = async (/** @type {CustomEvent} */ event) => {
      if (!event.detail) return;
      const found = await api.get("/directory/units", { q: event.detail, limit: 200 }).catch(() => ({ items: [] }));
      const unit = found.items.find((/** @type {UnitRow} */ one) => one.code === event.detail);
      if (unit) take(unit);
    };
    return repeat([key], (one) => one, () => html`<x-picker kind="unit" label=${label} @choose=${chosen}></x-picker>`);
  }

  // -- changes of the form --------------------------------------------------------------------------------

  /** @param {Record<string, unknown>} change */
  set(change) {
    this.values = { ...this.values, ...change };
  }

  /** @param {UnitRow} unit */
  join(unit) {
    if (!this.values.units.some((/** @type {UnitRow} */ one) => one.code === unit.code)) this.set({ units: [...this.values.units, unit] });
  }

  /** @param {UnitRow} unit */
  drop(unit) {
    this.set({ units: this.values.units.filter((/** @type {UnitRow} */ one) => one.code !== unit.code) });
    if (this.values.into.unit?.code === unit.code) this.aim(this.unit);
  }

  /** Merges into a unit, or a new one. @param {UnitRow | null} unit */
  aim(unit) {
    const names = unit ? { name: unit.name, short: unit.short_name } : {};
    this.set({ into: { ...this.values.into, unit }, fresh: !unit, left: new Set(), ...names });
  }

  /** @param {UnitRow | null} unit */
  add(unit) {
    if (unit && this.values.parts.some((/** @type {Part} */ one) => one.unit?.code === unit.code)) return;
    this.set({ parts: [...this.values.parts, partOf(this.unit, unit)] });
  }

  /** @param {Part} part */
  without(part) {
    const parts = this.values.parts.filter((/** @type {Part} */ one) => one !== part);
    this.set({ parts, default: parts.some((/** @type {Part} */ one) => one.key === this.values.default) ? this.values.default : parts[0]?.key });
  }

  /** Where an account goes; what that comes to is asked anew. @param {string} id @param {string} code */
  place(id, code) {
    this.set({ staff: { ...this.values.staff, [id]: code } });
    return this.look();
  }

  /** @param {Part} part */
  called(part) {
    return part.unit?.name ?? (part.draft.name || t("admin.split.newUnit"));
  }

  partNames() {
    return this.values.parts.map((/** @type {Part} */ part) => ({ code: part.unit?.code ?? part.draft.code, name: this.called(part) }));
  }

  // -- what is sent ---------------------------------------------------------------------------------------

  order() {
    const { kind, unit, values } = this;
    const codeOf = (/** @type {Part} */ part) => part.unit?.code ?? part.draft.code.trim();
    if (kind === "rename") return { kind, units: [unit.code], into: [{ code: unit.code, name: values.name, short_name: values.short }], why: values.why };
    if (kind === "split") {
      const standard = values.parts.find((/** @type {Part} */ part) => part.key === values.default);
      return { kind, units: [unit.code], into: values.parts.map((/** @type {Part} */ part) => ({ ...described(part), ...listed(part) })), why: values.why, default: codeOf(standard ?? values.parts[0]), staff: values.staff };
    }
    const { into } = values;
    const from = kind === "close" ? [unit] : values.units.filter((/** @type {UnitRow} */ one) => one.code !== into.unit?.code);
    const renamed = kind === "merge" && into.unit ? { name: values.name, short_name: values.short } : {};
    const units = kind === "close" ? [unit.code] : values.units.map((/** @type {UnitRow} */ one) => one.code);
    return { kind, units, into: [{ ...described(into), ...renamed, ...this.taken(from) }], why: values.why };
  }

  /** @param {UnitRow[]} from */
  taken(from) {
    const duties = dutiesOf(from);
    const { into, left, fresh } = this.values;
    const level = fresh ? into.draft.level : into.unit?.level;
    const kept = (/** @type {"functions" | "powers" | "also"} */ name) => duties[name].map((one) => one.code).filter((code) => !left.has(`${name}:${code}`));
    const also = from.every((unit) => unit.level === level) ? kept("also") : [];
    return { functions: kept("functions"), powers: kept("powers"), also: also.filter((code) => !fresh || code !== into.draft.area) };
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    event.preventDefault();
    const button = /** @type {HTMLElement} */ (this.querySelector("[data-next]"));
    await busy(button, () => (this.preview ? this.carryOut() : this.look()));
  }

  /** Asks what it comes to. */
  async look() {
    Object.assign(this, { problem: "", errors: {} });
    try {
      this.preview = await api.post("/directory/changes/preview", this.order());
      await this.updateComplete;
      this.closest("dialog")?.scrollTo(0, 0);
    } catch (error) {
      this.refused(error);
    }
  }

  async carryOut() {
    try {
      this.tell("done", await api.post("/directory/changes", { order: this.order(), version: this.preview.version }));
    } catch (error) {
      // Somebody changed units meanwhile: what it comes to now is shown before it is asked again.
      if (error instanceof ApiError && error.status === 409) {
        toast(sayError(error), { kind: "warn" });
        await this.look();
      } else this.refused(error);
    }
  }

  /** @param {unknown} error */
  refused(error) {
    this.errors = error instanceof ApiError ? error.fields : {};
    const elsewhere = Object.entries(this.errors).filter(([name]) => !this.preview && !SHOWN.test(name)).map(([, text]) => text);
    this.problem = [...new Set(Object.keys(this.errors).length ? elsewhere : [sayError(error)])].join(" ");
    if (Object.keys(this.errors).length) this.preview = null;
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

// Errors that stand beside their field.
const SHOWN = /^(why|units|into|default|into\.\d+\.(name|short_name|code|level|area|parent))$/;

/** @param {Part} part */
function described({ unit, draft }) {
  if (unit) return { code: unit.code };
  const { code, name, short_name, level, area, parent } = draft;
  return { code: code.trim(), name, short_name, level: level || null, area, parent };
}

/** @param {Part} part */
function listed(part) {
  return Object.fromEntries(DUTIES.map((name) => [name, [...part[name]]]));
}

/** Opens the form. @param {"rename" | "merge" | "split" | "close"} kind @param {UnitRow} unit @param {any} options @returns {Promise<any>} */
export function changeUnits(kind, unit, options) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog dialog--wide";
  dialog.setAttribute("aria-label", t(`admin.kind.${kind}`));
  const form = Object.assign(document.createElement("unit-order"), { kind, unit, options });
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    /** @type {any} */
    let made;
    form.addEventListener("done", (event) => {
      made = /** @type {CustomEvent} */ (event).detail;
      dialog.close();
    });
    form.addEventListener("give-up", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(made);
    });
  });
}

define("unit-order", UnitOrder);
