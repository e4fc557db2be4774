/** The right pane: entries that may answer, the ticket already filled in, the citizen's tickets. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { PageElement, define } from "../shared/element.js";
import { when } from "../shared/format.js";
import { label, t } from "../shared/i18n.js";
import { busy, toast } from "../shared/ui.js";
import "./dispatch-panes.js";

const KINDS = ["consult", "help", "complaint", "report", "praise", "other"];
const URGENCIES = ["p0", "p1", "p2", "p3"];
const LONG_FIELDS = ["title", "text"];
const SHORT_FIELDS = ["where_text", "when_text"];

class DeskAssist extends PageElement {
  static properties = {
    shown: { attribute: false },
    assist: { attribute: false },
    me: { attribute: false },
    tab: { state: true },
    form: { state: true },
    matters: { state: true },
    opened: { state: true },
    found: { state: true },
    former: { state: true },
  };

  constructor() {
    super();
    this.tab = "articles";
    /** what the agent changed in the form, by field @type {Record<string, any>} */
    this.form = {};
    /** @type {any[]} */
    this.matters = [];
    /** @type {any} */
    this.opened = null;
    /** @type {any[] | null} */
    this.found = null;
    /** @type {any} one of the citizen's tickets, opened beside the talk */
    this.former = null;
    this.conversation = "";
    /** the number of the ticket the citizen follows, while the form is being sent */
    this.follows = "";
    /** what the keyboard goes to as soon as it is drawn */
    this.goTo = "";
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const id = this.shown?.conversation.id ?? "";
    if (changed.has("shown") && id !== this.conversation) {
      this.conversation = id;
      this.form = {};
      this.opened = null;
      this.found = null;
      this.former = null;
      this.tab = "articles";
      this.goTo = "";
    }
  }

  updated() {
    const target = this.goTo && /** @type {HTMLElement | null} */ (this.querySelector(this.goTo));
    if (!target) return;
    this.goTo = "";
    target.focus();
  }

  /** To the ticket by keyboard: its title, where Enter sends the form, or what is left to do once it is open. */
  showTicket() {
    this.tab = "ticket";
    this.goTo = "#ticket-title, [data-act=tell]";
    this.requestUpdate();
  }

  render() {
    if (!this.shown) return html`<x-empty class="fill" icon="book" heading=${t("desk.assist")} text=${t("desk.assistText")}></x-empty>`;
    if (this.former) return this.beside();
    const tickets = this.shown.tickets.length;
    const tabs = [
      { id: "articles", text: t("desk.tab.articles") },
      { id: "ticket", text: t("desk.tab.ticket") },
      { id: "tickets", text: t("desk.tab.tickets"), count: tickets },
    ];
    return html`<div class="pane__head row row--keep">
        <x-tabs class="grow" label=${t("desk.assist")} .tabs=${tabs} selected=${this.tab}
          @choose=${(/** @type {CustomEvent} */ e) => (this.tab = e.detail)}></x-tabs>
        <button hidden data-act="ticket" @click=${this.showTicket}></button>
      </div>
      <div class="pane__body pad">${this.tab === "articles" ? this.articles() : this.tab === "ticket" ? this.ticket() : this.tickets()}</div>`;
  }

  articles() {
    const articles = this.found ?? this.assist?.articles ?? [];
    return html`<div class="stack">
      <form class="row row--keep" @submit=${this.search}>
        <input class="input grow" name="q" type="search" placeholder=${t("desk.searchPlaceholder")} aria-label=${t("common.search")} />
        <button class="btn">${t("common.search")}</button>
      </form>
      ${articles.length
        ? repeat(articles, (one) => one.id, (one) => this.article(one))
        : html`<x-empty icon="book" heading=${t("desk.noArticles")} text=${t("desk.noArticlesText")}></x-empty>`}
    </div>`;
  }

  /** @param {any} one an ArticleHit */
  article(one) {
    return html`<article class="card card--tight stack stack--s">
      <div class="strong">${one.title}</div>
      <p class="prewrap">${one.short}</p>
      <div class="small faint">${one.owner_name} · ${one.verified_on ? t("desk.verified", { date: one.verified_on }) : t("common.unverified")}</div>
      ${one.why?.length ? html`<div class="small faint clip">${t("desk.why")} ${one.why.join(t("common.listComma"))}</div>` : nothing}
      <div class="btn-row">
        <button class="btn btn--small btn--soft" @click=${() => this.tell("use", one.short)}>${t("desk.useShort")}</button>
        <button class="btn btn--small btn--quiet" @click=${(/** @type {Event} */ e) => this.useFull(e, one.id)}>${t("desk.useFull")}</button>
      </div>
    </article>`;
  }

  /** @param {string} field */
  value(field) {
    return this.form[field] ?? this.assist?.draft[field] ?? "";
  }

  ticket() {
    if (this.opened) return this.openedCard();
    if (!this.assist) return html`<div class="skeleton skeleton--block"></div>`;
    const { draft, decision } = this.assist;
    return html`<form class="stack" @submit=${this.open}>
      <div class="pair">
        ${this.select("kind", KINDS.map((value) => ({ value, text: label("type", value.toUpperCase()) })))}
        ${this.select("urgency", URGENCIES.map((value) => ({ value, text: t(`desk.urgency.${value}`) })))}
      </div>
      ${LONG_FIELDS.map((name) => this.field(name))}
      <div class="pair">${SHORT_FIELDS.map((name) => this.field(name))}</div>
      ${this.matterField(draft)}
      <div class="pair pair--contact">
        ${this.field("name", draft.name_masked)} ${this.field("phone", draft.phone_masked)}
      </div>
      <label class="check"><input type="checkbox" .checked=${this.form.secrecy === "confidential"}
        @change=${(/** @type {any} */ e) => this.change("secrecy", e.target.checked ? "confidential" : "normal")} /> ${t("desk.confidential")}</label>
      <label class="check"><input type="checkbox" .checked=${Boolean(this.form.enterprise)}
        @change=${(/** @type {any} */ e) => this.change("enterprise", e.target.checked)} /> ${t("desk.enterprise")}</label>
      ${decision.lines.length ? html`<div class="notice small"><div>${decision.lines.map((line) => html`<p>${line}</p>`)}</div></div>` : nothing}
      ${this.alike()}
      <div class="ticket-send">${goesTo(decision)}<button class="btn btn--primary btn--wide">${t("desk.openTicket")}</button></div>
    </form>`;
  }

  /** What others told already of the same; by one key the citizen follows it. */
  alike() {
    const found = this.assist.alike;
    if (!found) return nothing;
    const told = t(found.or_more ? "desk.alike.more" : "desk.alike", { persons: found.persons });
    return html`<div class="notice small" role="status"><div class="stack stack--s">
      <p><span class="strong">${told}</span> ${[found.what, found.where].filter(Boolean).join(" · ")} <span class="number">${found.number}</span></p>
      <div><button class="btn btn--small btn--soft" type="button" data-act="follow" @click=${() => this.follow(found.number)}>${t("desk.alike.follow")} <kbd>Alt+F</kbd></button></div></div></div>`;
  }

  /** @param {string} number */
  follow(number) {
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form:has(.ticket-send)"));
    if (!form.reportValidity()) return;
    this.follows = number;
    form.requestSubmit(/** @type {HTMLElement} */ (form.querySelector(".ticket-send button")));
  }

  /** @param {string} name @param {string} [known] what is already known, shown masked and kept when left empty */
  field(name, known = "") {
    const id = `ticket-${name}`;
    const long = name === "text";
    const hint = known ? t("desk.known", { value: known }) : "";
    const input = (/** @type {any} */ e) => this.change(name, e.target.value);
    return html`<div class="field"><label for=${id}>${t(`desk.field.${name}`)}</label>
      ${long
        ? html`<textarea id=${id} class="textarea" rows="3" required .value=${this.value(name)} @input=${input}></textarea>`
        : html`<input id=${id} class="input" placeholder=${hint} .value=${known ? (this.form[name] ?? "") : this.value(name)} @input=${input} />`}
    </div>`;
  }

  /** @param {string} name @param {{value: string, text: string}[]} options */
  select(name, options) {
    const id = `ticket-${name}`;
    return html`<div class="field"><label for=${id}>${t(`desk.field.${name}`)}</label>
      <select id=${id} class="select" .value=${this.value(name)} @change=${(/** @type {any} */ e) => this.change(name, e.target.value)}>
        ${options.map((one) => html`<option value=${one.value} ?selected=${one.value === this.value(name)}>${one.text}</option>`)}
      </select></div>`;
  }

  /** @param {any} draft */
  matterField(draft) {
    const chosen = this.form.matter ?? draft.matter;
    const known = this.matters.find((one) => one.code === chosen);
    const name = this.form.matter_name ?? (known ? known.name : draft.matter_name);
    return html`<div class="field"><label for="ticket-matter">${t("desk.field.matter")}</label>
      <input id="ticket-matter" class="input" list="matters" autocomplete="off" placeholder=${t("desk.matterPlaceholder")}
        .value=${name ?? ""} @focus=${() => this.loadMatters()} @input=${(/** @type {any} */ e) => this.chooseMatter(e.target.value)} />
      <datalist id="matters">${this.matters.map((one) => html`<option value=${one.name}>${one.level1} · ${one.level2}</option>`)}</datalist>
    </div>`;
  }

  openedCard() {
    const { number, query_code: code, unit_name: unit, state_label: state } = this.opened;
    return html`<div class="card card--accent stack stack--s">
      <div class="strong">${t("desk.opened")}</div>
      <dl class="facts"><dt>${t("desk.number")}</dt><dd class="number">${number}</dd>
        <dt>${t("desk.code")}</dt><dd class="number">${code}</dd>
        <dt>${t("desk.state")}</dt><dd>${state}</dd>
        <dt>${t("desk.unit")}</dt><dd>${unit || t("desk.goesToPeople")}</dd></dl>
      <button class="btn btn--soft" data-act="tell" @click=${() => this.tell("use", t("desk.tellOpened", { number, code, link: new URL(this.opened.link, location.origin).href }))}>
        ${t("desk.tellCitizen")}
      </button>
    </div>`;
  }

  tickets() {
    const { tickets } = this.shown;
    if (!tickets.length) return html`<x-empty icon="ticket" heading=${t("desk.noTickets")}></x-empty>`;
    return html`<div class="stack">${tickets.map(
      (one) => html`<button class="card card--tight stack stack--s former" type="button" data-former=${one.number} @click=${(/** @type {Event} */ e) => busy(e, () => this.openFormer(one.number))}>
        <span class="row row--spread"><span class="number small">${one.number}</span><span class="badge badge--primary">${one.state_label}</span></span>
        <span class="strong clip-2">${one.title}</span>
        <span class="small faint">${one.unit_name} ${one.received_at ? when(one.received_at) : ""}</span>
      </button>`,
    )}</div>`;
  }

  /** One of the citizen's tickets in place of the assistance, with all its buttons. */
  beside() {
    return html`<div class="pane__head"><button class="btn btn--small" type="button" data-act="back" @click=${() => (this.former = null)}>
        <x-icon name="back"></x-icon>${t("desk.tab.tickets")}</button></div>
      <ticket-pane class="beside" .ticket=${this.former} unmask @changed=${(/** @type {CustomEvent} */ e) => (this.former = e.detail)} @back=${() => (this.former = null)}></ticket-pane>`;
  }

  /** @param {string} number */
  async openFormer(number) {
    this.former = await api.get(`/tickets/${number}`);
    this.goTo = "[data-act=back]";
  }

  /** @param {Event} event */
  async search(event) {
    event.preventDefault();
    const q = new FormData(/** @type {HTMLFormElement} */ (event.target)).get("q");
    this.found = q ? (await api.get("/knowledge/search", { q, limit: 8 })).items : null;
  }

  /** @param {Event} event @param {string} id */
  useFull(event, id) {
    return busy(event, async () => this.tell("use", (await api.get(`/knowledge/articles/${id}`)).full));
  }

  async loadMatters() {
    if (this.matters.length) return;
    this.matters = (await api.all("/matters")).items;
  }

  /** @param {string} name */
  chooseMatter(name) {
    const found = this.matters.find((one) => one.name === name);
    this.form = { ...this.form, matter_name: name, matter: found ? found.code : "" };
  }

  /** @param {string} name @param {string | boolean} value */
  change(name, value) {
    this.form = { ...this.form, [name]: value };
  }

  /** @param {SubmitEvent} event */
  open(event) {
    event.preventDefault();
    const { matter_name: _shown, ...changed } = this.form;
    const { draft } = this.assist;
    const whole = { kind: draft.kind, urgency: draft.urgency, text: draft.text, title: draft.title, matter: draft.matter,
      area: draft.area, where_text: draft.where_text, when_text: draft.when_text, ...changed };
    const follows = this.follows;
    this.follows = "";
    const form = { ...whole, same_as: follows, name: changed.name || null, phone: changed.phone || null };
    return busy(/** @type {any} */ (event.submitter), async () => {
      this.opened = await api.post(`/desk/conversations/${this.shown.conversation.id}/tickets`, form);
      this.goTo = "[data-act=tell]";
      toast(t("desk.opened"), { kind: "good" });
      this.tell("opened");
    });
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Where the ticket will go, in sight beside the button that sends it. @param {any} decision */
function goesTo(decision) {
  const first = decision.automatic ? decision.candidates[0] : null;
  return html`<p class="strong goes ${first ? "" : "goes--people"}">
    <x-icon name=${first ? "forward" : "user"}></x-icon><span>${first ? t("desk.goesTo", { unit: first.name }) : t("desk.goesToPeople")}</span></p>`;
}

define("desk-assist", DeskAssist);
