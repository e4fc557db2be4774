/** /my: the tickets this browser knows, and the way to any other. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, sayError } from "../shared/api.js";
import { day } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { confirmDialog, toast } from "../shared/ui.js";
import { codeForm } from "./code-form.js";
import { openPage } from "./frame.js";
import { forgetAll, forgetLink, keptLinks } from "./kept.js";

/** @typedef {{token: string, ticket?: any, problem?: string}} Known */

const ENDED = ["closed", "archived", "withdrawn", "declined"];

/** @param {string} token @returns {Promise<Known>} */
async function read(token) {
  try {
    return { token, ticket: await api.get(`/track/${token}`, {}, { stayOn401: true }) };
  } catch (error) {
    return { token, problem: sayError(error) };
  }
}

/** One ticket may have been opened by several links. @param {Known[]} all */
function once(all) {
  const numbers = new Set();
  return all.filter(({ ticket }) => !ticket || (!numbers.has(ticket.number) && numbers.add(ticket.number)));
}

/** @param {Known} known */
const card = ({ token, ticket, problem }) => ticket
  ? html`<a class="card card--tight" href=${`/track/${token}`}>
      <span class="row row--spread"><span class="number faint">${ticket.number}</span>
        <span class="badge ${ENDED.includes(ticket.state) ? "" : "badge--primary"}">${ticket.state_label}</span></span>
      <span class="strong clip-2">${ticket.title}</span>
      <span class="faint">${[ticket.kind_label, ticket.received_at && day(ticket.received_at), ticket.unit_name, ticket.remaining_text].filter(Boolean).join(" · ")}</span>
    </a>`
  : html`<div class="card card--tight row row--spread"><span class="muted">${t("citizen.my.unreadable", { problem: problem ?? "" })}</span>
      <button class="btn btn--small" @click=${() => forget(token)}>${t("citizen.my.remove")}</button></div>`;

/** @param {string} token */
function forget(token) {
  forgetLink(token);
  show();
}

async function clear() {
  const sure = await confirmDialog({ title: t("citizen.my.clearTitle"), text: t("citizen.my.clearText"), confirm: t("citizen.my.clear"), danger: true });
  if (!sure) return;
  forgetAll();
  toast(t("citizen.my.cleared"), { kind: "good" });
  show();
}

/** @param {Known[] | null} all null while they are being read */
function list(all) {
  if (!all) return html`<div class="card stack" aria-busy="true"><span class="skeleton skeleton--title"></span><span class="skeleton"></span></div>`;
  if (all.length) return all.map(card);
  return html`<div class="card"><x-empty icon="ticket" heading=${t("citizen.my.none")} text=${t("citizen.my.noneText")}>
    <a class="btn btn--primary" href="/chat">${t("citizen.nav.chat")}</a></x-empty></div>`;
}

/** @param {Known[] | null} all */
function draw(all) {
  render(html`<div class="stack"><h1>${t("citizen.nav.my")}</h1>${list(all)} ${codeForm()}
    ${all ? html`<p class="row faint"><span class="grow">${t("citizen.my.kept")}</span>
      <button class="btn btn--small btn--quiet" @click=${clear}>${t("citizen.my.clear")}</button></p>` : nothing}</div>`, main);
}

async function show() {
  draw(once(await Promise.all(keptLinks().map(read))));
}

const main = await openPage("citizen.nav.my");
draw(null);
await show();
