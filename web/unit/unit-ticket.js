/** The right pane: one ticket, and under it what may be done next. */
import { html, nothing } from "../vendor/lit.js";
import { define, PageElement } from "../shared/element.js";
import { known, t } from "../shared/i18n.js";
import { ticketHead } from "../shared/ticket-view.js";
import { callButton } from "../shared/calling.js";
import "../shared/together.js";
import "./photo-tray.js";

/** @typedef {import("../shared/action-form.js").Action} Action */

const PARTS = ["clocks", "open requests", "matter", "files", "result", "proof", "notices", "requests", "assignments", "because", "timeline"];

/** `<unit-ticket .ticket number=…>`; events `back`, `changed` (the ticket), `press` ({button, action}), `choose` ({title, choices}),
 * `call` (the button), `photo` (a file). */
class UnitTicket extends PageElement {
  static properties = { ticket: { attribute: false }, calls: { attribute: false }, queue: { attribute: false }, number: {}, unmask: { type: Boolean } };

  render() {
    if (!this.number) return html`<x-empty class="fill only-wide" icon="inbox" heading=${t("unit.pick")} text=${t("unit.pickText")}></x-empty>`;
    const { ticket } = this;
    if (!ticket) return this.waiting();
    return html`${ticketHead(ticket, () => this.tell("back"))}
      <div class="pane__body pad"><div class="stack">
        <x-together number=${ticket.number}></x-together>
        ${this.instead()}${this.approval()}
        ${this.hint()}
        <citizen-calls number=${ticket.number} .view=${this.calls} @heard=${(/** @type {CustomEvent} */ e) => this.tell("heard", e.detail)}></citizen-calls>
        <photo-tray number=${ticket.number} .queue=${this.queue}></photo-tray>
        <ticket-view .ticket=${ticket} .parts=${PARTS} ?unmask=${this.unmask}
          @changed=${(/** @type {CustomEvent} */ e) => this.tell("changed", e.detail)}></ticket-view></div></div>
      ${this.foot()}`;
  }

  waiting() {
    return html`<div class="pane__head"><button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")}
        @click=${() => this.tell("back")}><x-icon name="back"></x-icon></button><span class="number">${this.number}</span></div>
      <div class="pane__body pad stack" aria-busy="true"><span class="skeleton skeleton--title"></span><span class="skeleton skeleton--block"></span></div>`;
  }

  /** Whose part it is that some of the buttons are of. */
  instead() {
    const absent = this.ticket.actions.find((/** @type {Action} */ one) => one.instead_of)?.instead_of;
    return absent ? html`<p class="notice notice--blue" data-instead><x-icon name="info"></x-icon><span>${t("unit.insteadOf", { name: absent })}</span></p>` : nothing;
  }

  /** Who approves a result that waits, where it is not whoever reads this. */
  approval() {
    const found = this.ticket.approval;
    if (!found || this.ticket.actions.some((/** @type {Action} */ one) => one.action === "approve")) return nothing;
    const names = found.names.join("、");
    const who = !names ? t("unit.approval.nobody") : found.above ? t("unit.approval.above", { names, unit: found.above }) : t("unit.approval.by", { names });
    return html`<p class="notice ${names && !found.above ? "notice--blue" : "notice--orange"}" data-approval><x-icon name=${names ? "info" : "alert"}></x-icon>
      <span>${found.own ? t("unit.approval.own") : nothing}${who}</span></p>`;
  }

  hint() {
    const { ticket } = this;
    const key = `unit.hint.${ticket.state}`;
    if (!known(key) || (ticket.state === "dispatched" && !ticket.can_request.length)) return nothing;
    return html`<p class="notice unit-hint"><x-icon name="info"></x-icon><span>${t(key)}</span></p>`;
  }

  /** The next step in sight, the others a press away; on a phone they share the bar under the thumb. */
  foot() {
    const { actions, can_request: requests } = this.ticket;
    const first = actions.find((/** @type {Action} */ one) => one.primary);
    const rest = actions.filter((/** @type {Action} */ one) => one !== first);
    if (!actions.length && !requests.length) return nothing;
    return html`<div class="only-phone unit-thumb">
        <div class="thumb-tools">${this.tools()}
          ${rest.length || requests.length ? this.chooser("unit.more", "unit-more", [...rest, ...requests], "more") : nothing}</div>
        ${first ? html`<div class="thumb-bar">${this.button(first)}</div>` : nothing}</div>
      <div class="pane__foot actions-bar only-wide">${this.tools()}
        ${first ? this.button(first) : nothing} ${rest.map((/** @type {Action} */ action) => this.button(action))}
        ${requests.length ? this.chooser("unit.ask", "push", requests) : nothing}</div>`;
  }

  /** What an officer does on the spot, whatever comes next: call, photograph, send back what is not theirs. */
  tools() {
    const giveBack = this.ticket.can_request.find((/** @type {Action} */ one) => one.action === "return");
    const shoot = (/** @type {Event & {target: HTMLInputElement}} */ event) => {
      const [file] = event.target.files ?? [];
      event.target.value = "";
      if (file) this.tell("photo", file);
    };
    return html`${this.calls ? callButton(this.calls, (event) => this.tell("call", event.currentTarget)) : nothing}
      <label class="btn tool" data-shoot><x-icon name="image"></x-icon><span>${t("spot.shoot")}</span>
        <input class="unseen" type="file" accept="image/*" capture="environment" @change=${shoot} /></label>
      ${giveBack ? html`<button class="btn tool only-phone" type="button" data-give-back @click=${(/** @type {Event} */ e) => this.tell("press", { button: e.currentTarget, action: giveBack })}>
        <x-icon name="return"></x-icon><span>${giveBack.label}</span></button>` : nothing}`;
  }

  /** @param {Action} action */
  button(action) {
    const tell = (/** @type {Event} */ event) => this.tell("press", { button: event.currentTarget, action });
    return html`<button class="btn ${action.primary ? "btn--primary" : ""}" type="button" data-action=${action.action} @click=${tell}>
      <span class=${action.danger ? "danger-text" : ""}>${action.label}</span></button>`;
  }

  /** @param {"unit.more" | "unit.ask"} title @param {string} look @param {Action[]} choices @param {string} [icon] */
  chooser(title, look, choices, icon = "") {
    const tell = (/** @type {Event} */ event) => this.tell("choose", { button: event.currentTarget, title: t(title), choices });
    return html`<button class="btn ${icon ? "tool" : ""} ${look}" type="button" data-choose aria-haspopup="dialog" @click=${tell}>
      ${icon ? html`<x-icon name=${icon}></x-icon>` : nothing}<span>${t(title)}</span></button>`;
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("unit-ticket", UnitTicket);

/** A list of actions to choose one from: a sheet under the thumb on a phone, a dialog elsewhere.
 * @param {string} title @param {Action[]} choices @returns {Promise<Action | undefined>} undefined if given up */
export function chooseAction(title, choices) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog choices-sheet";
  dialog.setAttribute("aria-label", title);
  const heading = document.createElement("h2");
  heading.textContent = title;
  dialog.append(heading, ...choices.map((choice) => choiceButton(choice, dialog)), giveUpButton(dialog));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(choices.find((choice) => choice.action === dialog.returnValue));
    });
  });
}

/** @param {Action} choice @param {HTMLDialogElement} dialog */
function choiceButton(choice, dialog) {
  const button = document.createElement("button");
  button.className = choice.danger ? "list__item danger-text" : "list__item";
  button.type = "button";
  button.dataset.action = choice.action;
  button.textContent = choice.label;
  button.addEventListener("click", () => dialog.close(choice.action));
  return button;
}

/** @param {HTMLDialogElement} dialog */
function giveUpButton(dialog) {
  const foot = document.createElement("div");
  foot.className = "dialog__foot";
  const button = document.createElement("button");
  button.className = "btn btn--wide";
  button.type = "button";
  button.textContent = t("common.cancel");
  button.addEventListener("click", () => dialog.close());
  foot.append(button);
  return foot;
}
