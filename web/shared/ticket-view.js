/** One ticket as staff see it, for every page that shows one: `<ticket-view .ticket .parts ?unmask>` draws it, `doAction` and
 * `askRequest` do what its buttons say. Texts: sections `ticket` and `action`.
 *
 * ```js
 * html`<ticket-view .ticket=${ticket} .parts=${["matter", "files", "timeline"]} @changed=${(e) => show(e.detail)}>`
 * const after = await doAction(event, ticket, action, { onConflict });   // the ticket afterwards, undefined if given up
 * ``` */
import { html, nothing } from "../vendor/lit.js";
import { runAction } from "./action-form.js";
import { api, ApiError } from "./api.js";
import { define, PageElement } from "./element.js";
import { day, when } from "./format.js";
import { changesTold } from "./changes.js";
import { t } from "./i18n.js";
import "./past-tickets.js";
import { askPurpose } from "./ticket-privacy.js";
import { draftOf, nowDoing } from "./together.js";
import { askText, busy, toast } from "./ui.js";

/** @typedef {import("./action-form.js").Action} Action */

const PRESSING = new Set(["p0", "p1"]);
const UNDECIDED = new Set(["received", "triage", "need_info"]);
/** All there is of a ticket, in order. */
export const PARTS = ["clocks", "open requests", "matter", "files", "result", "attempts", "proof", "why", "requests", "assignments", "notices", "timeline"];

/** A row of a list of tickets. @param {any} one a TicketRow @param {boolean} current @param {() => void} pick
 * @param {unknown} [box] what stands before it, a tick to choose several by */
export function ticketRow(one, current, pick, box) {
  return html`<li class=${box ? "pick-row" : ""}>${box ?? nothing}<button class="list__item ticket-row" type="button" aria-current=${current} @click=${pick}>
    <span class="row row--spread row--keep">
      <span class="number small faint">${one.number}</span>
      ${timeLeft(one)}
    </span>
    <span class="strong clip-2">${one.title}</span>
    <span class="row small">
      <span class="badge badge--primary">${one.state_label}</span>
      <span class="badge">${one.kind_label}</span>${vote(one)}${one.part_label ? html`<span class="badge badge--blue">${one.part_label}</span>` : nothing}${marks(one)}
    </span>
    <span class="small faint clip">${[one.area_name, one.matter_name].filter(Boolean).join(" · ")}</span>
  </button></li>`;
}

/** How long there is: for what is to be done next, and below it for the whole. @param {any} one a TicketRow or a ticket */
export function timeLeft(one) {
  if (!one.step && !one.remaining_text) return nothing;
  if (!one.step) return html`<x-light class="nowrap" light=${one.light} text=${one.remaining_text}></x-light>`;
  return html`<span class="time-left"><x-light class="nowrap" light=${one.step.light} text=${`${one.step.label} ${one.step.remaining_text}`}></x-light>
    ${one.due_at ? html`<span class="small faint nowrap">${t("ticket.whole", { left: one.remaining_text })}</span>` : nothing}</span>`;
}

/** The light somebody who works on it goes by. @param {any} one a TicketRow */
export const lightOf = (one) => (one.step ?? one).light;

/** What makes a ticket stand out: urgency, rehandling, moves, flags, supervision. @param {any} one a TicketRow */
export function marks(one) {
  return html`${PRESSING.has(one.urgency) ? html`<span class="badge badge--red">${one.urgency_label}</span>` : nothing}
    ${one.rehandles ? html`<span class="badge badge--orange" data-rehandles>${t("ticket.rehandled", { many: one.rehandles })}</span>` : nothing}
    ${one.moves ? html`<span class="badge" data-moves>${t("ticket.moves", { many: one.moves })}</span>` : nothing}
    ${one.second_awaited ? html`<span class="badge badge--orange" data-second>${t("ticket.secondAwaited")}</span>` : nothing}
    ${one.flags.map((/** @type {any} */ flag) => html`<span class="badge badge--orange">${flag.label}</span>`)}
    ${one.supervision ? html`<span class="badge badge--red">${t("ticket.supervised")}</span>` : nothing}`;
}

/** The citizen's vote, while it is to be called back. @param {any} one a TicketRow */
function vote(one) {
  if (one.state !== "call_back") return nothing;
  if (!one.vote) return html`<span class="badge">${t("ticket.noVote")}</span>`;
  return html`<span class="badge ${one.vote.bad ? "badge--red" : "badge--green"}">${one.vote.label}</span>`;
}

/** What it rests on, and when it was written down if that was late.
 * @param {{at: string, counted: string, rests_on: string, how: string, unproven: boolean}} contact */
function firstContact({ at, counted, rests_on: rests, how, unproven }) {
  return html`${when(at)} ${rests === "call" || rests === "message" ? html`<span class="badge badge--green" data-rests-on=${rests}>${t(`ticket.contactBy.${rests}`)}</span>` : nothing}
    ${unproven ? html`<span class="badge badge--orange" data-unproven>${t("work.noCall")}</span> <span>${how}</span>` : nothing}
    ${at === counted ? nothing : html`<span class="badge badge--orange">${t("ticket.contactLate", { at: when(counted) })}</span>`}`;
}

/** That part of the text is not shown yet, and until when. @param {{until: string, late: boolean} | null} wait */
function hiddenWait(wait) {
  if (!wait) return nothing;
  return html`<p class="notice ${wait.late ? "notice--red" : "notice--yellow"}" data-hidden-wait><x-icon name="clock"></x-icon>
    <span>${t(wait.late ? "ticket.hiddenLate" : "ticket.hiddenWait", { until: when(wait.until) })}</span></p>`;
}

/** Its heading: title, number, state, who leads, how long there is. @param {any} ticket @param {() => void} back */
export function ticketHead(ticket, back) {
  return html`<div class="pane__head ticket-head">
    <button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${back}>
      <x-icon name="back"></x-icon></button>
    <div class="grow">
      <h1 class="ticket-head__title clip-2">${ticket.title}</h1>
      <p class="row small faint"><span class="number">${ticket.number}</span>
        <span class="badge badge--primary">${ticket.state_label}</span>${marks(ticket)}
        ${ticket.moves_used_up ? html`<span class="badge badge--orange" data-moves-used-up>${t("ticket.movesUsedUp")}</span>` : nothing}
        <span class="only-wide">${ticket.unit_name || t("ticket.noUnit")}${ticket.unit ? html` <span class="faint">${ticket.unit}</span>` : nothing}</span></p>
    </div>
    ${timeLeft(ticket)}
  </div>`;
}

class TicketView extends PageElement {
  static properties = { ticket: { attribute: false }, parts: { attribute: false }, below: { attribute: false }, unmask: { type: Boolean }, spans: { type: Boolean }, contact: { state: true }, taken: { state: true } };

  constructor() {
    super();
    /** @type {any} who the citizen is, once somebody asked for it */
    this.contact = null;
    this.parts = PARTS;
    /** @type {unknown} what stands right below the citizen's words */
    this.below = nothing;
    this.unmask = false;
    /** whether whoever looks decides about doubtful words */
    this.spans = false;
    this.until = 0;
    this.number = "";
    this.asked = "";
    /** @type {Map<string, any>} when and where pictures were taken, by their ids */
    this.taken = new Map();
  }

  willUpdate() {
    if (this.ticket.number !== this.number) Object.assign(this, { contact: null, taken: new Map() });
    this.number = this.ticket.number;
    this.readTaken();
  }

  /** When and where officers took their pictures: read once for a set of them. */
  async readTaken() {
    const { number, proof = [] } = this.ticket;
    const asked = `${number} ${proof.filter((/** @type {any} */ one) => one.media === "image").map((/** @type {any} */ one) => one.id).join(" ")}`;
    if (asked === this.asked || asked === `${number} `) return;
    this.asked = asked;
    const found = await api.get(`/tickets/${number}/photographs`).catch(() => ({ items: [] }));
    if (asked === this.asked) this.taken = new Map(found.items.map((/** @type {any} */ one) => [one.id, one]));
  }

  render() {
    return html`<div class="stack ticket-page">
      ${conflict(this.ticket.decision)}
      ${(this.ticket.dangers ?? []).map(dangerLine)}
      ${hiddenWait(this.ticket.hidden_wait)}
      ${isCallingBack(this.ticket) ? nothing : refusal(this.ticket.refusal)}
      ${this.parts.map((/** @type {string} */ part) => this.part(part))}</div>`;
  }

  /** @param {string} part */
  part(part) {
    const { ticket } = this;
    switch (part) {
      case "clocks": return clocks(ticket);
      case "matter": return html`${this.matter()}${this.below}${this.doubtful()}`;
      case "files": return files(t("ticket.files"), ticket.attachments);
      case "proof": return files(t("ticket.proof"), ticket.proof, this.taken);
      case "why": return why(ticket, true);
      case "because": return why(ticket, false);
      case "open requests": return ticket.requests.map((/** @type {any} */ one) => (one.decided_at ? nothing : this.request(one)));
      case "requests": return ticket.requests.map((/** @type {any} */ one) => (one.decided_at ? this.request(one) : nothing));
      case "result": return result(ticket);
      case "attempts": return attempts(ticket);
      case "assignments": return assignments(ticket);
      case "notices": return notices(ticket);
      default: return timeline(ticket);
    }
  }

  /** Words of a report that wait for whoever decides about them. */
  doubtful() {
    const { number, version } = this.ticket;
    return this.spans ? html`<ticket-spans number=${number} .version=${version}></ticket-spans>` : nothing;
  }

  matter() {
    const { ticket } = this;
    return html`<section class="card card--tight stack stack--s">
      <p class="prewrap lead">${this.contact?.text || ticket.text}</p>
      ${ticket.wanted ? html`<p class="prewrap"><span class="faint">${t("ticket.wanted")}</span> ${ticket.wanted}</p>` : nothing}
      <dl class="facts">
        ${ticket.sensitive?.length ? html`<dt>${t("ticket.sensitive")}</dt><dd data-sensitive>${ticket.sensitive.map((/** @type {any} */ one) => html`<span class="badge ${one.set_aside ? "" : "badge--orange"}">${one.word}</span> <span class="small faint">${one.kind_label}${one.set_aside ? ` · ${t("ticket.setAside")}` : ""}</span> `)}</dd>` : nothing}
        <dt>${t("ticket.kind")}</dt><dd>${ticket.kind_label} · ${ticket.urgency_label}${ticket.secrecy === "normal" ? nothing : html` · <span class="danger-text">${ticket.secrecy_label}</span>`}</dd>
        <dt>${t("ticket.matter")}</dt><dd>${ticket.matter_name || t("ticket.unknownMatter")}</dd>
        <dt>${t("ticket.where")}</dt><dd>${place(ticket) || t("common.none")}</dd>
        ${ticket.when_text ? html`<dt>${t("ticket.when")}</dt><dd>${ticket.when_text}</dd>` : nothing}
        <dt>${t("ticket.received")}</dt><dd>${ticket.received_at ? when(ticket.received_at) : t("common.none")}</dd>
        <dt>${t("ticket.who")}</dt><dd>${this.requester()}</dd>
        ${ticket.contact ? html`<dt>${t("ticket.contact")}</dt><dd data-contact>${firstContact(ticket.contact)}</dd>` : nothing}
        ${ticket.basis.length ? html`<dt>${t("ticket.law")}</dt><dd>${ticket.basis.join(t("common.listComma"))}</dd>` : nothing}
        ${ticket.asks.length ? html`<dt>${t("ticket.asks")}</dt><dd>${ticket.asks.join(" ")}</dd>` : nothing}
        ${ticket.parent ? html`<dt>${t("ticket.parent")}</dt><dd class="number">${ticket.parent}</dd>` : nothing}
        ${ticket.repeats.length ? html`<dt>${t("ticket.repeats")}</dt><dd>${ticket.repeats.map(
          (/** @type {any} */ one) => html`<div><span class="number">${one.number}</span> · ${one.reason} · ${one.likeness}%</div>`)}</dd>` : nothing}
        ${merged(ticket.merged)}
        ${ticket.precedents?.length ? html`<dt>${t("ticket.past")}</dt><dd><past-tickets .items=${ticket.precedents}></past-tickets></dd>` : nothing}
      </dl>
    </section>`;
  }

  requester() {
    const { name, phone } = this.ticket.requester;
    if (this.contact) {
      const { contact } = this;
      const call = contact.phone
        ? html`<a class="btn btn--small btn--soft number" href="tel:${contact.phone}"><x-icon name="phone"></x-icon>${contact.phone}</a>`
        : nothing;
      const over = () => (this.contact = null);
      return html`<span class="row">${contact.name} ${call} ${contact.address}</span>
        <mask-timer .until=${this.until} @over=${over}></mask-timer>`;
    }
    if (this.ticket.frozen) return html`<span class="danger-text">${t("ticket.frozen")}</span>`;
    const known = [name, phone].filter(Boolean).join(" · ");
    // Of a secret ticket the words are hidden too, those of somebody without a name as well.
    const hidden = (known || this.ticket.requester.secret) && this.unmask && this.ticket.can_unmask;
    return html`<span class="row"><span>${known || t("ticket.anonymous")}</span>
      ${hidden ? html`<button class="btn btn--small btn--soft" type="button" @click=${this.showContact}>
        <x-icon name="phone"></x-icon>${t("ticket.unmask")}</button>` : nothing}</span>`;
  }

  /** @param {any} one a RequestView */
  request(one) {
    return html`<section class="card card--tight card--accent stack stack--s">
      <div class="row row--spread"><h2>${t("ticket.request", { kind: one.kind_label })}</h2><span class="badge">${one.state_label}</span></div>
      <p class="prewrap">${one.reason}</p>
      ${one.clause ? html`<p class="small prewrap"><span class="faint">${t("ticket.clause")}</span> ${one.clause}</p>` : nothing}
      <p class="small faint">${requestFacts(one)}</p>
      ${photos(one.attachments)}
      ${one.decision ? html`<p class="small prewrap"><span class="faint">${t("ticket.decision")}</span> ${one.decision}</p>` : nothing}
      ${one.can_decide
        ? html`<div class="btn-row">
            <button class="btn btn--primary" type="button" @click=${(/** @type {Event} */ e) => this.decide(e, one, true)}>${t("ticket.grant")}</button>
            <button class="btn" type="button" @click=${(/** @type {Event} */ e) => this.decide(e, one, false)}>${t("ticket.refuse")}</button>
            ${one.kind === "return" && one.state === "open" ? html`<button class="btn" type="button" data-dispute @click=${(/** @type {Event} */ e) => this.dispute(e, one)}>${t("work.dispute")}</button>` : nothing}</div>`
        : nothing}
      ${one.can_rule
        ? html`<div class="btn-row"><a class="btn btn--primary" data-rule href=${disputePage(this.ticket.number)}>${t("work.rule")}</a></div>`
        : nothing}
    </section>`;
  }

  /** @param {Event} event @param {any} request @param {boolean} granted */
  async decide(event, request, granted) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    if (granted && request.names_supervisor) return this.grantByName(button, request);
    const reason = await askText({ title: t(granted ? "ticket.grant" : "ticket.refuse"), label: t("ticket.reason"), required: !granted });
    if (reason === null) return;
    const path = `/tickets/${this.ticket.number}/requests/${request.id}`;
    await busy(button, async () => {
      const after = await api.post(path, { granted, form: { reason } }).catch((error) => this.beyondArea(error, path, { reason }).catch(sayFields));
      if (after) this.dispatchEvent(new CustomEvent("changed", { detail: after }));
    });
  }

  /** A unit that is not in charge of the place: it may lead all the same, if somebody says why.
   * @param {unknown} error @param {string} path @param {object} form */
  async beyondArea(error, path, form) {
    if (!(error instanceof ApiError) || !error.fields["form.beyond_area"] && !error.fields.beyond_area) throw error;
    const why = await askText({ title: t("work.beyondArea"), text: t("work.beyondAreaText"), label: t("ticket.reason"), danger: true });
    return why ? api.post(path, { granted: true, form: { ...form, beyond_area: why } }) : undefined;
  }

  /** Beyond the limit of moves it goes on only with a supervisor's name. @param {HTMLElement} button @param {any} request */
  async grantByName(button, request) {
    const path = `/tickets/${this.ticket.number}/requests/${request.id}`;
    const fields = [
      { name: "reason", label: t("ticket.reason"), type: "textarea", required: false, options: [], hint: "" },
      { name: "supervisor", label: t("ticket.supervisor"), type: "text", required: true, options: [], hint: request.names_supervisor },
    ];
    const send = (/** @type {object} */ form) => api.post(path, { granted: true, form }).catch(async (error) => {
      const after = await this.beyondArea(error, path, form);
      if (!after) throw error;
      return after;
    });
    const asked = /** @type {Action} */ ({ action: "grant", label: t("ticket.grant"), primary: true, danger: false, fields });
    const after = await runAction(button, asked, { send });
    if (after) this.dispatchEvent(new CustomEvent("changed", { detail: after }));
  }

  /** Units disagree: before the supervisor. @param {Event} event @param {any} request */
  async dispute(event, request) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const reason = await askText({ title: t("work.dispute"), text: t("work.disputeText"), label: t("ticket.reason") });
    if (!reason) return;
    await busy(button, async () => {
      const after = await api.post(`/tickets/${this.ticket.number}/requests/${request.id}`, { disputed: true, form: { reason } });
      this.dispatchEvent(new CustomEvent("changed", { detail: after }));
    });
  }

  /** As if its button had been pressed. */
  askContact() {
    return this.showContact({ currentTarget: this });
  }

  /** @param {{currentTarget: EventTarget | null}} event */
  async showContact(event) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const { number } = this.ticket;
    const asked = await askPurpose(this.ticket.purposes);
    if (!asked) return;
    await busy(button, async () => {
      const contact = await api.post(`/tickets/${number}/unmask`, asked);
      if (this.ticket.number !== number) return;
      this.until = Date.now() + contact.seconds * 1000;
      this.contact = contact;
    });
  }
}

/** Area and place, the area once. @param {any} ticket */
function place({ area_name: area, where_text: where }) {
  return (area.endsWith(where) ? [area] : [area, where]).filter(Boolean).join(" · ");
}

/** Says what is wrong with fields that are not on the screen: what the unit asked for. @param {unknown} error */
function sayFields(error) {
  const texts = error instanceof ApiError ? Object.values(error.fields) : [];
  if (!texts.length) throw error;
  toast(texts.join(" "), { kind: "bad" });
}

/** @param {any} one a RequestView */
function requestFacts(one) {
  return [
    one.unit_name,
    when(one.asked_at),
    one.suggested_unit_name && t("ticket.suggests", { unit: one.suggested_unit_name }),
    one.new_due && t("ticket.newDue", { day: day(one.new_due) }),
    !one.decided_at && t("ticket.decideBy", { when: when(one.decide_by) }),
  ].filter(Boolean).join(" · ");
}

/** The clocks that run. @param {any} ticket */
function clocks(ticket) {
  const running = ticket.clocks.filter((/** @type {any} */ one) => !one.stopped_at);
  if (!running.length) return nothing;
  return html`<section class="ticket-clocks">${running.map((/** @type {any} */ one) => html`<div class="ticket-clock">
    <span class="small faint">${one.label}</span>
    <x-light light=${one.light} text=${one.remaining_text}></x-light>
    <span class="small faint">${t("ticket.before", { when: when(one.due_at) })}</span></div>`)}</section>`;
}

/** What others said whose tickets were merged into this one. @param {any[]} found */
function merged(found) {
  const said = (found ?? []).filter((/** @type {any} */ one) => one.text);
  if (!said.length) return nothing;
  return html`<dt>${t("ticket.mergedSaid", { many: said.length })}</dt>
    <dd><ul class="stack stack--s plain">${said.map((/** @type {any} */ one) => html`<li class="prewrap"><span class="number faint">${one.number}</span> ${one.text}</li>`)}</ul></dd>`;
}

/** A danger the words tell of: whom to hand it to first, and what to say. @param {{number: string, text: string}} danger */
export function dangerLine({ number, text }) {
  return html`<p class="notice notice--red" role="note" data-danger><x-icon name="alert"></x-icon>
    <span class="strong">${number ? t("ticket.danger", { number }) : nothing} ${text}</span></p>`;
}

/** Somebody would decline it; a second person is to agree. @param {any} proposed */
export function refusal(proposed) {
  if (!proposed) return nothing;
  const declines = Boolean(proposed.right_road);
  return html`<section class="card card--tight stack stack--s" data-refusal><h2>${t(declines ? "ticket.refusal" : "ticket.refusalLawful")}</h2>
    <dl class="facts">${proposed.reason_label ? html`<dt>${t("ticket.refusalReason")}</dt><dd>${proposed.reason_label}</dd>` : nothing}
      <dt>${t("ticket.law")}</dt><dd class="prewrap">${proposed.legal_basis}</dd>
      ${declines ? html`<dt>${t("ticket.refusalRoad")}</dt><dd class="prewrap">${proposed.right_road}</dd>` : nothing}
      ${proposed.text ? html`<dt>${t(declines ? "ticket.refusalText" : "ticket.refusalWhy")}</dt><dd class="prewrap">${proposed.text}</dd>` : nothing}</dl>
    ${declines ? nothing : html`<p class="small">${t("ticket.refusalCloses")}</p>`}
    <p class="small faint">${t("ticket.refusalBy", { who: proposed.by || t("common.none"), at: when(proposed.at) })}</p></section>`;
}

/** Whom the matter is against, said before anything else. @param {any} decision */
function conflict(decision) {
  if (!decision.conflicts?.length) return nothing;
  const units = decision.conflicts.map((/** @type {any} */ one) => one.label).join(t("common.listComma"));
  return html`<p class="notice notice--red" role="note"><x-icon name="alert"></x-icon><span>${t("ticket.conflict", { units })}</span></p>`;
}

/** Where both sides of a ticket's dispute stand and it is ruled on. @param {string} number */
export function disputePage(number) {
  return `/dispatch?t=${encodeURIComponent(number)}&view=disputes`;
}

/** Whether the machine sent it or a person did; of one that waits for a person only that. @param {any} ticket */
export function howDecided({ state, decision }) {
  const machine = decision.automatic && !UNDECIDED.has(state);
  return html`<span class="badge ${machine ? "badge--green" : "badge--yellow"}">${t(machine ? "ticket.automatic" : "ticket.byPerson")}</span>`;
}

/** @param {any} ticket @param {boolean} withCandidates */
function why(ticket, withCandidates) {
  const { decision } = ticket;
  const candidates = withCandidates ? decision.candidates : [];
  if (!decision.lines.length && !candidates.length) return nothing;
  return html`<section class="card card--tight stack stack--s">
    <div class="row row--spread"><h2>${t("ticket.why")}</h2>
      ${howDecided(ticket)}</div>
    ${decision.lines.map((/** @type {string} */ line) => html`<p>${line}</p>`)}
    ${candidates.length
      ? html`<div class="table-wrap"><table class="table"><thead><tr><th>${t("ticket.candidate")}</th><th class="end">${t("ticket.score")}</th><th>${t("ticket.reason")}</th></tr></thead>
        <tbody>${candidates.map((/** @type {any} */ one) => html`<tr><td class="wide">${one.name}</td>
          <td class="end number">${Math.round(one.score * 100)}%</td><td class="wide">${one.reason}</td></tr>`)}</tbody></table></div>`
      : nothing}
  </section>`;
}

/** @param {any} ticket */
function result(ticket) {
  const { result: found, reply, rating } = ticket;
  if (!found && !reply) return nothing;
  return html`<section class="card card--tight stack stack--s"><h2>${t("ticket.result")}</h2>
    ${found
      ? html`<dl class="facts"><dt>${t("ticket.findings")}</dt><dd class="prewrap">${found.findings}</dd>
          <dt>${t("ticket.measures")}</dt><dd class="prewrap">${found.measures}</dd>
          <dt>${t("ticket.basis")}</dt><dd class="prewrap">${found.basis}</dd>
          <dt>${t("ticket.outcome")}</dt><dd>${found.outcome_label}</dd>
          <dt>${t("ticket.handler")}</dt><dd>${[found.handler, found.phone].filter(Boolean).join(" · ")} · ${when(found.at)}</dd></dl>`
      : nothing}
    ${reply ? html`<div class="notice notice--green"><x-icon name="check"></x-icon><div><p class="prewrap">${reply.text}</p>
      <p class="small">${reply.unit_name} · ${when(reply.at)}</p></div></div>` : nothing}
    ${ticket.votes.length ? html`<ul class="votes small faint" role="list">${ticket.votes.map((/** @type {any} */ one) => html`<li>${voteLine(one)}</li>`)}</ul>` : nothing}
    ${rating ? html`<p>${t("ticket.rating")} ${rating.score_label} · ${rating.solved_label}${rating.comment ? ` · ${rating.comment}` : ""}
      ${rating.former ? html`<span class="faint">${t("ticket.ratingFormer", { vote: rating.former })}</span>` : nothing}</p>` : nothing}
  </section>`;
}

/** Whether the form of the call-back stands above, with all that belongs to it. @param {any} ticket */
function isCallingBack(ticket) {
  return Boolean(ticket.call_back && ticket.actions.some((/** @type {any} */ one) => one.action === "log_call"));
}

/** The call-back's attempts, where no form for the next one shows them already. @param {any} ticket */
function attempts(ticket) {
  if (isCallingBack(ticket) || !ticket.attempts.length) return nothing;
  return html`<section class="card card--tight stack stack--s" data-attempts><h2>${t("work.log")}</h2>${attemptList(ticket.attempts)}</section>`;
}

/** Each attempt: whether it reached anybody, whether a call stands behind it, what was said. @param {any[]} list AttemptViews */
export function attemptList(list) {
  return html`<ol class="stack stack--s plain">${list.map((one) => html`<li class="row small" data-attempt=${one.reached ? "reached" : "missed"}>
    <span class="number">${when(one.at)}</span><span class="badge">${one.channel}</span>
    <span class="badge ${one.reached ? "badge--green" : "badge--yellow"}">${t(one.reached ? "work.reached" : one.other ? "work.otherPerson" : "work.notReached")}</span>
    ${one.unproven ? html`<span class="badge badge--orange" data-unproven>${t("work.noCall")}</span>` : nothing}
    <span class="grow">${[one.told && t("work.told", { told: one.told }), one.note, one.unproven && one.no_call_reason].filter(Boolean).join(" · ")}</span><span class="faint">${one.by}</span></li>`)}</ol>`;
}

/** Who voted on which reply, and how. @param {any} one a VoteRow */
function voteLine(one) {
  const changed = one.changes ? t("ticket.voteChanged", { many: one.changes }) : "";
  return [t("ticket.voteOf", { round: one.round }), `${one.score_label} · ${one.solved_label}`, one.way_label, one.who, when(one.at), changed].filter(Boolean).join(" · ");
}

/** Whose part it is; of no news while there is one lead alone. @param {any} ticket */
function assignments(ticket) {
  if (ticket.assignments.length < 2) return nothing;
  const depth = depths(ticket.assignments);
  const below = new Set(ticket.assignments.map((/** @type {any} */ one) => one.parent).filter(Boolean));
  return html`<section class="card card--tight stack stack--s"><h2>${t("ticket.parts")}</h2>
    <ul class="stack stack--s plain">${inOrder(ticket.assignments).map((/** @type {any} */ one) => html`<li class="part part--${depth.get(one.id) ?? 0}">
      <div class="row row--spread"><span>${one.unit_name} <span class="badge">${one.role_label}</span> ${below.has(one.id) ? html`<span class="badge badge--blue">${t("work.accountable")}</span>` : nothing} <span class="badge badge--primary">${one.state_label}</span></span>
        ${one.ended_at ? nothing : html`<x-light light=${one.light} text=${one.remaining_text}></x-light>`}</div>
      ${one.result ? html`<p class="small prewrap">${one.result}</p>` : nothing}
      ${one.dissent ? html`<p class="small prewrap"><span class="faint">${t("ticket.dissent")}</span> ${one.dissent}</p>` : nothing}</li>`)}</ul>
  </section>`;
}

/** How far below the lead each part was handed down. @param {any[]} parts @returns {Map<string, number>} */
function depths(parts) {
  const above = new Map(parts.map((one) => [one.id, one.parent]));
  const depth = (/** @type {string} */ id) => {
    let far = 0;
    for (let at = above.get(id); at && far < 3; at = above.get(at)) far += 1;
    return far;
  };
  return new Map(parts.map((one) => [one.id, depth(one.id)]));
}

/** Each part followed by those handed down from it. @param {any[]} parts @returns {any[]} */
function inOrder(parts) {
  const known = new Set(parts.map((one) => one.id));
  const under = (/** @type {string} */ id) => parts.filter((one) => one.parent === id).flatMap((one) => [one, ...under(one.id)]);
  return parts.filter((one) => !known.has(one.parent)).flatMap((one) => [one, ...under(one.id)]);
}

/** Lines in the order they came, of two at one moment the later one first. @param {{at: string}[]} lines */
function newestFirst(lines) {
  return lines.map((line, place) => ({ line, place }))
    .sort((a, b) => Date.parse(b.line.at) - Date.parse(a.line.at) || b.place - a.place).map(({ line }) => line);
}

/** @param {any} ticket */
function notices(ticket) {
  if (!ticket.notices.length) return nothing;
  return html`<section class="card card--tight stack stack--s"><h2>${t("ticket.notices")}</h2>
    <ul class="stack stack--s plain">${newestFirst(ticket.notices).map((/** @type {any} */ one) => html`<li>
      <p>${one.text}</p><p class="small faint">${one.unit_name} · ${when(one.at)}</p></li>`)}</ul></section>`;
}

/** @param {any} ticket */
function timeline(ticket) {
  return html`<section class="card card--tight stack stack--s"><h2>${t("ticket.timeline")}</h2>
    <ol class="timeline">${newestFirst(ticket.timeline).map(
      (/** @type {any} */ one, at) => html`<li class="timeline__item ${at ? "timeline__item--done" : "timeline__item--now"}">
        <div><span class="strong">${one.label}</span>${one.to_label && one.to_label !== one.from_label ? html` <span class="faint">→ ${one.to_label}</span>` : nothing}</div>
        <div class="small faint">${when(one.at)}${one.who ? ` · ${one.who}` : ""}</div>
        ${one.note ? html`<p class="small prewrap">${one.note}</p>` : nothing}</li>`,
    )}</ol></section>`;
}

/** @param {string} heading @param {any[]} list @param {Map<string, any>} [taken] */
function files(heading, list, taken) {
  if (!list.length) return nothing;
  return html`<section class="card card--tight stack stack--s"><h2>${heading}</h2>${photos(list, taken)}</section>`;
}

/** When and where, in words. @param {any} one a PhotoView */
function takenWords(one) {
  const place = one.metres !== null ? t("ticket.metresOff", { metres: one.metres }) : one.latitude !== null ? `${one.latitude}, ${one.longitude}` : "";
  const exact = one.accuracy !== null ? t("ticket.exactTo", { metres: one.accuracy }) : "";
  return [one.taken_at && t(one.inside ? "ticket.takenInside" : "ticket.taken", { when: when(one.taken_at) }), place, exact].filter(Boolean).join(" · ");
}

/** @param {any[]} list @param {Map<string, any>} [taken] */
function photos(list, taken = new Map()) {
  if (!list.length) return nothing;
  return html`<div class="row">${list.map((file) => file.media === "image"
    ? html`<a class="ticket-photo" href=${file.url} target="_blank" rel="noopener"><img src=${file.url} alt=${file.name} loading="lazy" />
        ${taken.has(file.id) ? html`<span class="small faint" data-taken>${takenWords(taken.get(file.id))}</span>` : nothing}${seenBefore(file)}</a>`
    : html`<a class="btn btn--soft" href=${file.url} target="_blank" rel="noopener"><x-icon name="clip"></x-icon>${file.name}${seenBefore(file)}</a>`)}</div>`;
}

/** @param {any} file a FileView */
function seenBefore(file) {
  return file.again ? html`<span class="badge badge--red" data-again>${t("ticket.again")}</span>` : nothing;
}

/** A choice among nothing is not asked. @param {Action} action @returns {Action} */
function withoutEmptyChoices(action) {
  const asked = action.fields.filter((field) => field.required || field.type !== "choice" || field.options.length);
  return { ...action, fields: asked };
}

/** @param {string} number @returns {(files: File[]) => Promise<string[]>} */
function uploadTo(number) {
  return async (chosen) => {
    const fresh = chosen.filter((file) => !("sentId" in file));
    const kept = fresh.length ? await api.upload(`/tickets/${number}/attachments`, fresh) : [];
    const ids = new Map(fresh.map((file, at) => [file, kept[at].id]));
    return Promise.all(chosen.map((file) => ids.get(file) ?? /** @type {any} */ (file).sentId()));
  };
}

/** @typedef {{onConflict: () => Promise<any>, files?: File[]}} Retry onConflict reads the ticket anew after somebody else
 *   changed it, and gives it; files are in the form from the beginning, where it takes any */

/** What there is to say of a reply as it stands in the release form. @param {string} number
 * @returns {(values: Record<string, unknown>) => Promise<import("./action-form.js").Found[]>} */
function replyLook(number) {
  return async ({ text = "", basis = "" }) => (await api.post(`/tickets/${number}/reply-check`, { text, basis })).checks;
}

/** Sends a form of a ticket as it was read last. @param {Event | HTMLElement} pressed @param {any} ticket @param {Action} action
 * @param {Retry} retry @param {(version: number, form: object) => Promise<any>} post @param {string} keep */
async function sendForm(pressed, ticket, action, retry, post, keep) {
  // Once something was waited for, the event no longer knows its button.
  const button = pressed instanceof Event ? /** @type {HTMLElement} */ (pressed.currentTarget) : pressed;
  let { version } = ticket;
  const onConflict = async (/** @type {any} */ refused) => {
    const fresh = await retry.onConflict();
    version = fresh?.version ?? version;
    return fresh ? changesTold(refused?.current?.changes, ticket, fresh) : [];
  };
  const send = (/** @type {object} */ form) => post(version, form);
  const asked = withoutEmptyChoices(action);
  const draft = asked.fields.length ? await draftOf(ticket.number, action.action) : null;
  nowDoing(asked.fields.length ? action.action : "");
  const taking = asked.fields.find((field) => field.type === "files");
  const values = { ...draft?.values, ...(taking && retry.files?.length ? { [taking.name]: retry.files } : {}) };
  const voice = `/tickets/${ticket.number}/voice-notes`;
  const look = action.action === "release" ? replyLook(ticket.number) : undefined;
  const work = { send, upload: uploadTo(ticket.number), onConflict, keep, values, onEdit: draft?.keep, voice, look };
  const after = await runAction(button, asked, work).finally(() => nowDoing(""));
  if (after) draft?.forget();
  if (after) toast(t("ticket.done", { label: action.label }), { kind: "good" });
  return after;
}

/** Does what a button of `ticket.actions` says. @param {Event | HTMLElement} pressed @param {any} ticket @param {Action} action @param {Retry} retry
 * @returns {Promise<any>} the ticket afterwards; undefined if given up or failed (which was said) */
export function doAction(pressed, ticket, action, retry) {
  const path = `/tickets/${ticket.number}/actions/${action.action}`;
  return sendForm(pressed, ticket, action, retry, (version, form) => api.post(path, { version, form }), path);
}

/** Asks for what a button of `ticket.can_request` says. @param {Event | HTMLElement} pressed @param {any} ticket @param {Action} request @param {Retry} retry
 * @returns {Promise<any>} the ticket afterwards; undefined if given up or failed (which was said) */
export function askRequest(pressed, ticket, request, retry) {
  const path = `/tickets/${ticket.number}/requests`;
  const kind = request.action;
  return sendForm(pressed, ticket, request, retry, (version, form) => api.post(path, { kind, version, form }), `${path}/${kind}`);
}

define("ticket-view", TicketView);
