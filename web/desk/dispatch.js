/** The dispatchers' and reviewers' page: what waits for a person's decision, and the ticket to decide on. */
import { html, nothing, render, repeat } from "../vendor/lit.js";
import { actionButtons, runAction } from "../shared/action-form.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { loadTexts, t } from "../shared/i18n.js";
import { shortcuts } from "../shared/keys.js";
import { connect } from "../shared/live.js";
import { signedIn } from "../shared/shell.js";
import { askText, busy, toast, toastError } from "../shared/ui.js";

const VIEWS = ["triage", "review", "requests", "callback", "all"];
const REFRESH_MS = 300;

class TicketList extends PageElement {
  static properties = { page: { attribute: false } };

  render() {
    const { view, items, counts, selected, next, q } = this.page;
    const tabs = VIEWS.map((id) => ({ id, text: t(`dispatch.view.${id}`), count: counts[id] ?? 0 }));
    return html`<div class="pane__head stack stack--s">
        <x-tabs label=${t("dispatch.views")} .tabs=${tabs} selected=${view}
          @choose=${(/** @type {CustomEvent} */ e) => this.tell("view", e.detail)}></x-tabs>
        <form class="row row--keep" @submit=${this.search}>
          <input class="input grow" name="q" type="search" .value=${q} placeholder=${t("dispatch.search")} aria-label=${t("common.search")} />
          <button class="btn">${t("common.search")}</button>
        </form>
      </div>
      <div class="pane__body">
        ${items.length
          ? html`<ul class="list">${repeat(items, (one) => one.number, (one) => this.row(one, selected))}</ul>`
          : html`<x-empty icon="ticket" heading=${t(`dispatch.empty.${view}`)}></x-empty>`}
        ${next ? html`<div class="pad"><button class="btn btn--wide" @click=${() => this.tell("more", null)}>${t("common.more")}</button></div>` : nothing}
      </div>`;
  }

  /** @param {any} one a TicketRow @param {string} selected */
  row(one, selected) {
    return html`<li><button class="list__item talk-row" type="button" aria-current=${one.number === selected}
        @click=${() => this.tell("pick", one.number)}>
      <span class="row row--spread row--keep">
        <span class="number small faint">${one.number}</span>
        <x-light light=${one.light} text=${one.remaining_text}></x-light>
      </span>
      <span class="strong clip-2">${one.title}</span>
      <span class="row row--keep small">
        <span class="badge">${one.kind_label}</span>
        ${["p0", "p1"].includes(one.urgency) ? html`<span class="badge badge--red">${one.urgency_label}</span>` : nothing}
        <span class="badge badge--primary">${one.state_label}</span>
        <span class="faint clip">${[one.area_name, one.matter_name].filter(Boolean).join(" · ")}</span>
      </span>
    </button></li>`;
  }

  /** @param {SubmitEvent} event */
  search(event) {
    event.preventDefault();
    this.tell("search", String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("q") ?? ""));
  }

  /** @param {string} name @param {unknown} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

class TicketPane extends PageElement {
  static properties = { ticket: { attribute: false }, contact: { state: true } };

  constructor() {
    super();
    /** @type {any} */
    this.contact = null;
    this.number = "";
  }

  willUpdate() {
    if (this.ticket?.number !== this.number) {
      this.number = this.ticket?.number ?? "";
      this.contact = null;
    }
  }

  render() {
    const { ticket } = this;
    if (!ticket) return html`<x-empty class="fill" icon="ticket" heading=${t("dispatch.pick")} text=${t("dispatch.pickText")}></x-empty>`;
    return html`<div class="pane__head row row--keep">
        <button class="btn btn--icon btn--quiet only-phone" aria-label=${t("common.back")} @click=${() => this.tell("back")}>
          <x-icon name="back"></x-icon></button>
        <div class="grow"><div class="strong clip">${ticket.title}</div>
          <div class="small faint"><span class="number">${ticket.number}</span> · ${ticket.state_label} · ${ticket.unit_name || t("dispatch.noUnit")}</div></div>
        <x-light light=${ticket.light} text=${ticket.remaining_text}></x-light>
      </div>
      <div class="pane__body pad"><div class="stack stack--l ticket-page">
        ${this.matter()} ${this.decision()} ${this.requests()} ${this.result()} ${this.files()} ${this.timeline()}
      </div></div>
      <div class="pane__foot actions-bar">${actionButtons(ticket.actions, (event, action) => this.press(event, action))}</div>`;
  }

  matter() {
    const { ticket } = this;
    const who = this.contact ?? { name: ticket.requester.name, phone: ticket.requester.phone };
    return html`<section class="card stack stack--s">
      <p class="prewrap lead">${ticket.text}</p>
      <dl class="facts">
        <dt>${t("dispatch.kind")}</dt><dd>${ticket.kind_label} · ${ticket.urgency_label}</dd>
        <dt>${t("dispatch.matter")}</dt><dd>${ticket.matter_name || t("dispatch.unknownMatter")}</dd>
        <dt>${t("dispatch.where")}</dt><dd>${[ticket.area_name, ticket.where_text].filter(Boolean).join(" · ") || t("common.none")}</dd>
        <dt>${t("dispatch.when")}</dt><dd>${ticket.when_text || t("common.none")}</dd>
        <dt>${t("dispatch.received")}</dt><dd>${when(ticket.received_at)}</dd>
        <dt>${t("dispatch.who")}</dt>
        <dd>${[who.name, who.phone, who.address].filter(Boolean).join(" · ") || t("dispatch.anonymous")}
          ${this.contact || !ticket.requester.phone
            ? nothing
            : html`<button class="btn btn--small btn--quiet" @click=${this.unmask}>${t("dispatch.unmask")}</button>`}</dd>
      </dl>
    </section>`;
  }

  decision() {
    const { decision } = this.ticket;
    if (!decision || (!decision.lines.length && !decision.candidates.length)) return nothing;
    return html`<section class="card stack stack--s">
      <div class="card__head"><h2>${t("dispatch.why")}</h2>
        <span class="badge ${decision.automatic ? "badge--green" : "badge--yellow"}">${t(decision.automatic ? "dispatch.automatic" : "dispatch.byPerson")}</span></div>
      ${decision.lines.map((line) => html`<p>${line}</p>`)}
      ${decision.candidates.length
        ? html`<div class="table-wrap"><table><thead><tr><th>${t("dispatch.candidate")}</th><th class="end">${t("dispatch.score")}</th><th>${t("dispatch.reason")}</th></tr></thead>
          <tbody>${decision.candidates.map((one) => html`<tr><td>${one.name}</td><td class="end number">${Math.round(one.score * 100)}%</td><td class="wide">${one.reason}</td></tr>`)}</tbody></table></div>`
        : nothing}
    </section>`;
  }

  requests() {
    const { requests } = this.ticket;
    if (!requests.length) return nothing;
    return html`<section class="stack">${requests.map(
      (one) => html`<div class="card card--accent stack stack--s">
        <div class="card__head"><h2>${one.kind_label}</h2><span class="badge">${one.state_label}</span></div>
        <p class="prewrap">${one.reason}</p>
        <div class="small faint">${one.unit_name} · ${when(one.asked_at)}${one.suggested_unit_name ? ` · ${t("dispatch.suggests", { unit: one.suggested_unit_name })}` : ""}</div>
        ${one.can_decide
          ? html`<div class="btn-row">
              <button class="btn btn--primary" @click=${(/** @type {Event} */ e) => this.decide(e, one, true)}>${t("dispatch.grant")}</button>
              <button class="btn" @click=${(/** @type {Event} */ e) => this.decide(e, one, false)}>${t("dispatch.refuse")}</button></div>`
          : one.decision ? html`<p class="small">${one.decision}</p>` : nothing}
      </div>`,
    )}</section>`;
  }

  result() {
    const { result, reply, rating } = this.ticket;
    if (!result && !reply) return nothing;
    return html`<section class="card stack stack--s"><h2>${t("dispatch.result")}</h2>
      ${result
        ? html`<dl class="facts"><dt>${t("dispatch.findings")}</dt><dd class="prewrap">${result.findings}</dd>
            <dt>${t("dispatch.measures")}</dt><dd class="prewrap">${result.measures}</dd>
            <dt>${t("dispatch.basis")}</dt><dd>${result.basis}</dd>
            <dt>${t("dispatch.outcome")}</dt><dd>${result.outcome_label}</dd></dl>`
        : nothing}
      ${reply ? html`<p class="prewrap notice notice--green">${reply.text}</p>` : nothing}
      ${rating ? html`<p>${t("dispatch.rating")} ${rating.score_label} · ${rating.solved_label}</p>` : nothing}
    </section>`;
  }

  files() {
    const { attachments } = this.ticket;
    if (!attachments.length) return nothing;
    return html`<section class="row">${attachments.map(
      (file) => file.media === "image"
        ? html`<a href=${file.url} target="_blank" rel="noopener"><img class="talk-photo" src=${file.url} alt=${file.name} /></a>`
        : html`<a class="btn btn--soft" href=${file.url} target="_blank" rel="noopener">${file.name}</a>`,
    )}</section>`;
  }

  timeline() {
    const lines = [...this.ticket.timeline].reverse();
    return html`<section class="card"><h2>${t("dispatch.timeline")}</h2>
      <ol class="timeline">${lines.map(
        (one, at) => html`<li class="timeline__item ${at ? "timeline__item--done" : "timeline__item--now"}">
          <div class="strong">${one.label}</div>
          <div class="small faint">${when(one.at)}${one.who ? ` · ${one.who}` : ""}</div>
          ${one.note ? html`<p class="small prewrap">${one.note}</p>` : nothing}</li>`,
      )}</ol></section>`;
  }

  /** @param {Event} event @param {any} action */
  async press(event, action) {
    const { number, version } = this.ticket;
    const after = await runAction(event, action, {
      send: (form) => api.post(`/tickets/${number}/actions/${action.action}`, { version, form }),
      onConflict: async () => this.tell("stale"),
      keep: `${number} ${action.action}`,
    });
    if (!after) return;
    toast(t("dispatch.done", { label: action.label }), { kind: "good" });
    this.tell("changed", after);
  }

  /** @param {Event} event @param {any} request @param {boolean} granted */
  async decide(event, request, granted) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const reason = await askText({ title: t(granted ? "dispatch.grant" : "dispatch.refuse"), label: t("dispatch.reason"), required: !granted });
    if (reason === null) return;
    await busy(button, async () => {
      const after = await api.post(`/tickets/${this.ticket.number}/requests/${request.id}`, { granted, form: { decision: reason, reason } });
      this.tell("changed", after);
    });
  }

  /** @param {Event} event */
  async unmask(event) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const purpose = await askText({ title: t("dispatch.unmask"), label: t("dispatch.purpose"), required: true });
    if (!purpose) return;
    await busy(button, async () => (this.contact = await api.post(`/tickets/${this.ticket.number}/unmask`, { purpose })));
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("ticket-list", TicketList);
define("ticket-pane", TicketPane);

const page = {
  view: "triage",
  items: /** @type {any[]} */ ([]),
  next: /** @type {string | null} */ (null),
  counts: /** @type {Record<string, number>} */ ({}),
  selected: "",
  q: "",
  ticket: /** @type {any} */ (null),
};
const main = /** @type {HTMLElement} */ (document.querySelector("#main"));

function draw() {
  render(
    html`<ticket-list class="pane" .page=${{ ...page }} @view=${(/** @type {CustomEvent} */ e) => open(e.detail)}
        @pick=${(/** @type {CustomEvent} */ e) => pick(e.detail)} @more=${() => load(true)}
        @search=${(/** @type {CustomEvent} */ e) => search(e.detail)}></ticket-list>
      <ticket-pane class="pane pane--soft" .ticket=${page.ticket} @changed=${(/** @type {CustomEvent} */ e) => show(e.detail)}
        @stale=${() => pick(page.selected)} @back=${() => (main.dataset.show = "first")}></ticket-pane>`,
    main,
  );
}

/** @param {boolean} [more] */
async function load(more = false) {
  try {
    const query = { view: page.view, q: page.q || undefined, cursor: more ? page.next : undefined, limit: 30 };
    const [list, counts] = await Promise.all([api.get("/tickets", query), api.get("/tickets/counts")]);
    page.items = more ? [...page.items, ...list.items] : list.items;
    page.next = list.next;
    page.counts = counts;
    draw();
  } catch (error) {
    toastError(error);
  }
}

/** @param {string} view */
function open(view) {
  page.view = view;
  page.q = "";
  load();
}

/** @param {string} q */
function search(q) {
  page.q = q;
  if (q) page.view = "all";
  load();
}

/** @param {string} number */
async function pick(number) {
  page.selected = number;
  main.dataset.show = "second";
  try {
    page.ticket = await api.get(`/tickets/${number}`);
    draw();
  } catch (error) {
    toastError(error);
  }
}

/** @param {any} ticket */
function show(ticket) {
  page.ticket = ticket;
  draw();
  load();
}

let timer = 0;

function refresh() {
  clearTimeout(timer);
  timer = setTimeout(() => load(), REFRESH_MS);
}

/** @param {any} fact */
function onFact(fact) {
  if (!String(fact.kind).startsWith("ticketing.")) return;
  refresh();
  if (fact.subject === `ticket:${page.selected}` && !document.querySelector("dialog[open]")) pick(page.selected);
}

/** @param {number} by */
function step(by) {
  const at = page.items.findIndex((one) => one.number === page.selected);
  const next = page.items[at < 0 ? 0 : Math.min(Math.max(at + by, 0), page.items.length - 1)];
  if (next) pick(next.number);
}

await loadTexts("dispatch", "action");
const me = await signedIn();
if (!me.roles.includes("dispatcher") && me.roles.includes("reviewer")) page.view = "review";
draw();
await load();
connect({ onFact, onResync: refresh });
shortcuts([
  { keys: "j", text: "dispatch.keys.next", run: () => step(1) },
  { keys: "k", text: "dispatch.keys.previous", run: () => step(-1) },
  { keys: "enter", text: "dispatch.keys.primary", run: () => /** @type {HTMLElement | null} */ (document.querySelector(".actions-bar .btn--primary"))?.click() },
]);
