/** `<desk-same-person .shown .me>`: who else left the same number, and whether the agent says it is the same person. What was said
 * can be taken back. Event `judged` (the talk as it is then). */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { known, t } from "../shared/i18n.js";
import { busy } from "../shared/ui.js";

class DeskSamePerson extends PageElement {
  static properties = { shown: { attribute: false }, me: { attribute: false } };

  constructor() {
    super();
    /** @type {any} */
    this.shown = null;
    /** @type {any} */
    this.me = null;
  }

  render() {
    const { alike, conversation } = this.shown;
    const may = conversation.agent_id === this.me.id || this.me.roles.includes("shift_lead");
    if (!alike?.length || !may) return nothing;
    return html`<ul class="plain stack stack--s same-person small">${alike.map((/** @type {any} */ one) => this.line(one))}</ul>`;
  }

  /** @param {any} one an AlikeView */
  line(one) {
    const channels = one.channels.map((/** @type {string} */ name) => (known(`channel.${name}`) ? t(`channel.${name}`) : name)).join(t("common.listComma"));
    const button = (/** @type {string | null} */ verdict, /** @type {string} */ text) =>
      html`<button class="btn btn--small" type="button" data-verdict=${verdict ?? ""} @click=${(/** @type {Event} */ e) => this.judge(e, one, verdict)}>${text}</button>`;
    return html`<li class="row row--spread" data-alike=${one.citizen}>
      <span>${t("desk.samePerson", { name: one.name || t("desk.samePersonNoName"), channels, count: one.tickets })}</span>
      ${one.verdict
        ? html`<span class="row"><span class="badge ${one.verdict === "yes" ? "badge--green" : ""}" title=${one.by_name}>${t(one.verdict === "yes" ? "desk.samePersonSaidYes" : "desk.samePersonSaidNo")}</span>${button(null, t("desk.samePersonUndo"))}</span>`
        : html`<span class="row"><span class="faint">${t("desk.samePersonAsk")}</span>${button("yes", t("desk.samePersonYes"))}${button("no", t("desk.samePersonNo"))}</span>`}</li>`;
  }

  /** @param {Event} event @param {any} one @param {string | null} verdict */
  async judge(event, one, verdict) {
    const talk = this.shown.conversation.id;
    const after = await busy(event, () => api.put(`/desk/conversations/${talk}/alike/${one.citizen}`, { verdict }));
    if (after) this.dispatchEvent(new CustomEvent("judged", { detail: after }));
  }
}

define("desk-same-person", DeskSamePerson);
