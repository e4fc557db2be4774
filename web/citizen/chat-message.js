/** One line of the chat as it is drawn: words, sources, files, the way to the ticket. */
import { html, nothing } from "../vendor/lit.js";
import { day } from "../shared/format.js";
import { label, t } from "../shared/i18n.js";

/** @typedef {import("./chat-line.js").ChatMessage} ChatMessage
 * @typedef {import("./chat-line.js").ChatFile} ChatFile
 * @typedef {import("./chat-line.js").Citation} Citation */

/** @param {ChatMessage} message @param {string} server the hotline's origin @param {unknown} choices what may be tapped under it
 * @param {unknown} [doubt] how to say that it is wrong */
export function messageLine(message, server, choices, doubt = nothing) {
  const own = message.author === "citizen";
  const kind = own ? "msg--own" : message.author === "bot" ? "msg--bot" : "";
  if (message.author === "system") return html`<div class="thread__mark">${message.text}</div>${choices}`;
  return html`<div class="msg ${kind}">
    ${own ? nothing : html`<div class="msg__who">${message.author_name || label("author", message.author)}</div>`}
    ${message.text ? html`<div class="msg__bubble">${message.text}${message.citations.map(source)}</div>` : nothing}
    ${message.attachments.map((file) => attachment(file, server))} ${trackLink(message, server)} ${doubt} ${choices}
  </div>`;
}

// On one line: the bubble keeps white space, that of a template too.
/** @param {Citation} one */
function source(one) {
  const date = one.verified_on ? t("citizen.verified", { date: day(one.verified_on) }) : "";
  const mark = date || html`<span class="badge badge--yellow">${t("common.unverified")}</span>`;
  return html`<div class="msg__source">${t("citizen.chat.source", { title: one.title, owner: one.owner })} · ${mark}</div>`;
}

/** @param {ChatFile} file @param {string} server */
function attachment(file, server) {
  const url = new URL(file.url, server).href;
  if (file.media === "image") {
    return html`<a href=${url} target="_blank" rel="noopener"><img class="photo" src=${url} alt=${file.name} /></a>`;
  }
  return html`<a class="btn btn--soft btn--small" href=${url} target="_blank" rel="noopener">${file.name}</a>`;
}

/** The way to a ticket in what the hotline said: named beside the words, or by a person within them. What a citizen
 * writes leads nowhere. @param {ChatMessage} message @param {string} server @returns {string} empty when there is none */
export function linkOf(message, server) {
  if (message.link || message.author === "citizen") return message.link;
  const said = message.text.match(/https?:\/\/[^\s/]+\/track\/[\w.-]+/)?.[0] ?? "";
  return said && new URL(said).origin === new URL(server).origin ? said : "";
}

/** @param {ChatMessage} message @param {string} server */
function trackLink(message, server) {
  const link = linkOf(message, server);
  if (!link) return nothing;
  const elsewhere = new URL(server).origin !== location.origin;
  return html`<a class="btn btn--primary btn--small" href=${new URL(link, server).href}
    target=${elsewhere ? "_blank" : "_self"} rel="noopener"><x-icon name="ticket"></x-icon>${t("citizen.chat.track")}</a>`;
}
