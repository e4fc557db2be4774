/** The left pane: who waits, who is mine, who talks with the bot; and whether I take conversations. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { PageElement, define } from "../shared/element.js";
import { label, t } from "../shared/i18n.js";
import "../shared/marks.js";

const VIEWS = ["waiting", "mine", "bot"];

class DeskQueue extends PageElement {
  static properties = { desk: { attribute: false } };

  render() {
    const { desk } = this;
    if (!desk?.me) return nothing;
    const list = desk.lists[desk.view];
    return html`<div class="pane__head stack stack--s">
        ${this.presence()}
        <x-tabs label=${t("desk.queue")} .tabs=${VIEWS.map((id) => this.tab(id))} selected=${desk.view}
          @choose=${(/** @type {CustomEvent} */ e) => this.tell("view", e.detail)}></x-tabs>
      </div>
      <div class="pane__body">
        ${list.length
          ? html`<ul class="list">${repeat(list, (one) => one.id, (one) => this.row(one))}</ul>`
          : html`<x-empty icon="chat" heading=${t(`desk.empty.${desk.view}`)} text=${t(`desk.emptyText.${desk.view}`)}></x-empty>`}
      </div>`;
  }

  /** @param {string} id */
  tab(id) {
    const list = this.desk.lists[id];
    const count = id === "mine" ? list.reduce((sum, one) => sum + (one.unread ? 1 : 0), 0) || list.length : list.length;
    return { id, text: t(`desk.view.${id}`), count, urgent: id === "waiting" && count > 0 };
  }

  presence() {
    const states = ["online", "break", "offline"];
    return html`<div class="row row--spread row--keep">
      <span class="small muted">${t("desk.presence")}</span>
      <span class="segments" role="group" aria-label=${t("desk.presence")}>
        ${states.map(
          (state) => html`<button class="segment" type="button" aria-pressed=${this.desk.presence === state}
            @click=${() => this.tell("presence", state)}>${t(`desk.presence.${state}`)}</button>`,
        )}
      </span>
    </div>`;
  }

  /** @param {any} one a ConversationRow */
  row(one) {
    const waits = one.state === "waiting";
    return html`<li>
      <button class="list__item talk-row" type="button" aria-current=${one.id === this.desk.selected}
        @click=${() => this.tell("pick", one.id)}>
        <span class="row row--spread row--keep">
          <span class="strong clip">${one.citizen_name}</span>
          <span class="row row--keep"><span class="badge">${one.channel_label || label("channel", one.channel)}</span>
            ${one.unread ? html`<span class="count count--urgent">${one.unread}</span>` : nothing}</span>
        </span>
        <span class="clip-2 muted">${one.last_text || t("desk.noText")}</span>
        <span class="row row--spread row--keep small">
          ${waits
            ? html`<span class="badge badge--orange">${one.reason_label}</span>
                <span class="faint nowrap">${t("desk.waits")} <x-ago time=${one.waiting_since}></x-ago></span>`
            : html`<span class="faint clip">${one.agent_name}</span><x-ago class="faint" time=${one.last_at}></x-ago>`}
        </span>
      </button>
    </li>`;
  }

  /** @param {string} name @param {unknown} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("desk-queue", DeskQueue);
