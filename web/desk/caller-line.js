/** `<desk-caller .shown .me>`: who the citizen of a talk is. Masked until the agent asks; in one's own live talk the talk is
 * what for, else a purpose is asked. It goes again by itself. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { askPurpose } from "../shared/ticket-privacy.js";
import { busy } from "../shared/ui.js";

class DeskCaller extends PageElement {
  static properties = { shown: { attribute: false }, me: { attribute: false }, caller: { state: true } };

  constructor() {
    super();
    /** @type {any} */
    this.shown = null;
    /** @type {any} */
    this.me = null;
    /** @type {any} */
    this.caller = null;
    this.until = 0;
    this.of = "";
  }

  willUpdate() {
    const { id } = this.shown.conversation;
    if (this.of !== id) this.caller = null;
    this.of = id;
  }

  get own() {
    return this.shown.conversation.agent_id === this.me.id;
  }

  render() {
    const { caller } = this;
    if (caller) {
      return html`<span class="row small caller">
        ${[caller.name, caller.phone, caller.address].some(Boolean)
          ? html`<span class="strong">${caller.name}</span>
            ${caller.phone ? html`<a class="number" href="tel:${caller.phone}">${caller.phone}</a>` : nothing}<span>${caller.address}</span>`
          : html`<span class="muted">${t("desk.callerNone")}</span>`}
        <mask-timer .until=${this.until} @over=${() => (this.caller = null)}></mask-timer></span>`;
    }
    const lead = this.me.roles.includes("shift_lead");
    if (!this.own && !lead) return nothing;
    return html`<button class="btn btn--small btn--quiet" type="button" data-act="unmask" @click=${this.show}>
      <x-icon name="eye"></x-icon>${t("desk.callerShow")}</button>`;
  }

  /** @param {Event} event */
  async show(event) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const { conversation, purposes } = this.shown;
    const live = this.own && conversation.state === "agent";
    const asked = live ? {} : await askPurpose(purposes);
    if (!asked) return;
    await busy(button, async () => {
      const caller = await api.post(`/desk/conversations/${conversation.id}/unmask`, asked);
      if (this.shown.conversation.id !== conversation.id) return;
      this.until = Date.now() + caller.seconds * 1000;
      this.caller = caller;
    });
  }
}

define("desk-caller", DeskCaller);
