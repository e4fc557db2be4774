/** `<unit-card .unit>` shows a member unit with what can be done to it; `<change-card .change>` a change that was made. */
import { html, nothing } from "../vendor/lit.js";
import { define, PageElement } from "../shared/element.js";
import { day, when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { fates } from "./unit-preview.js";

const KINDS = ["rename", "merge", "split", "close"];

/** @param {() => void} back */
function backButton(back) {
  return html`<button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${back}><x-icon name="back"></x-icon></button>`;
}

/** Events `back`, `go` (a unit's code), `order` (the kind of change). */
class UnitCard extends PageElement {
  static properties = { unit: { attribute: false } };

  render() {
    const { unit } = this;
    return html`<div class="pane__head row row--keep">${backButton(() => this.tell("back"))}
        <div class="grow"><h1 class="admin-detail__title">${unit.name}</h1>
          <p class="row small faint"><span class="number">${unit.code}</span><span class="badge">${unit.level_label}</span>
            ${unit.active ? nothing : html`<span class="badge badge--red">${t("admin.units.gone")}</span>`}</p></div></div>
      <div class="pane__body pad"><div class="stack">
        ${unit.active ? nothing : this.gone()}
        <div class="card card--tight"><dl class="facts">${this.facts()}</dl></div>
      </div></div>
      ${unit.active ? html`<div class="pane__foot actions-bar">${KINDS.map((kind) => html`<button class="btn" type="button" data-order=${kind}
        @click=${() => this.tell("order", kind)}><span class=${kind === "close" ? "danger-text" : ""}>${t(`admin.kind.${kind}`)}</span></button>`)}</div>` : nothing}`;
  }

  gone() {
    const { successor } = this.unit;
    return html`<p class="notice notice--yellow"><x-icon name="info"></x-icon><span>${t("admin.units.goneText")}
      ${successor ? html`<button class="btn btn--small btn--quiet" type="button" @click=${() => this.tell("go", successor.code)}>${successor.name}</button>` : nothing}</span></p>`;
  }

  facts() {
    const { unit } = this;
    const none = html`<span class="faint">${t("common.none")}</span>`;
    const badges = (/** @type {any[]} */ all) => (all.length ? html`<span class="row">${all.map((one) => html`<span class="badge">${one.name}</span>`)}</span>` : none);
    const parent = unit.parent
      ? html`<button class="btn btn--small btn--quiet admin-link" type="button" @click=${() => this.tell("go", unit.parent.code)}>${unit.parent.name}</button>` : none;
    const former = unit.former.length
      ? unit.former.map((/** @type {any} */ one) => html`<span class="row small"><span>${one.name}</span><span class="faint">${t("admin.units.until", { day: day(one.until) })}</span></span>`) : none;
    return [
      ["shortName", unit.short_name], ["areas", badges(unit.areas)], ["functions", badges(unit.functions)], ["powers", badges(unit.powers)],
      ["parent", parent], ["open", html`<span class="number">${unit.tickets}</span>`], ["people", html`<span class="number">${unit.people}</span>`], ["former", former],
    ].map(([name, value]) => html`<dt>${t(`admin.fact.${name}`)}</dt><dd>${value}</dd>`);
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Event `back`. */
class ChangeCard extends PageElement {
  static properties = { change: { attribute: false } };

  render() {
    const { change } = this;
    const moved = change.tickets - change.left;
    return html`<div class="pane__head row row--keep">${backButton(() => this.dispatchEvent(new CustomEvent("back")))}
        <div class="grow"><h1 class="admin-detail__title">${change.kind_label}</h1><p class="small faint">${when(change.at)}</p></div></div>
      <div class="pane__body pad"><div class="stack">
        <div class="card card--tight"><dl class="facts">
          <dt>${t("admin.change.why")}</dt><dd>${change.why}</dd>
          <dt>${t("admin.change.by")}</dt><dd>${change.by || t("common.none")}</dd>
          <dt>${t("admin.change.tickets")}</dt><dd>${t("admin.change.moved", { moved, all: change.tickets })}
            ${change.tickets ? html`<progress class="admin-progress" max=${change.tickets} value=${moved} aria-label=${t("admin.change.tickets")}></progress>` : nothing}</dd>
          <dt>${t("admin.change.staff")}</dt><dd class="number">${change.staff}</dd>
        </dl></div>
        ${fates(change.units)}
      </div></div>`;
  }
}

define("unit-card", UnitCard);
define("change-card", ChangeCard);
