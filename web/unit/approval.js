/** How a unit approves inside: whether results pass through the leader, and who stands in while the leader is away. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, ApiError } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { busy, toastError } from "../shared/ui.js";

/** Opens the settings of a unit's inner approval. @param {string} unit @param {boolean} leads */
export async function openApproval(unit, leads) {
  const path = `/units/${unit}/approval`;
  let found = await api.get(path).catch(toastError);
  if (!found?.unit) return;
  /** @type {Record<string, string>} */
  let errors = {};
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", t("work.approval"));

  /** @param {Event | HTMLElement} pressed @param {() => Promise<any>} work */
  const change = (pressed, work) => busy(pressed, async () => {
    errors = {};
    try {
      found = await work();
    } catch (error) {
      errors = error instanceof ApiError ? error.fields : {};
      if (!Object.keys(errors).length) throw error;
    }
    draw();
  });
  /** @param {SubmitEvent} event */
  const name = (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const sent = Object.fromEntries(new FormData(form));
    change(/** @type {HTMLElement} */ (event.submitter ?? form), () => api.post(`${path}/deputies`, sent));
  };

  /** @param {string} name */
  const fault = (name) => errors[name] ? html`<p class="field__error"><x-icon name="alert"></x-icon>${errors[name]}</p>` : nothing;

  function draw() {
    render(html`<div class="dialog__body stack"><h2>${t("work.approval")}</h2>
      <label class="check"><input type="checkbox" .checked=${found.wanted} ?disabled=${!found.may_change}
        @change=${(/** @type {Event} */ e) => change(e, () => api.put(path, { wanted: !found.wanted }))} /><span>${t("work.approvalWanted")}</span></label>
      <h3>${t("work.deputies")}</h3>
      ${found.deputies.length ? html`<ul class="stack stack--s plain">${found.deputies.map((/** @type {any} */ one) => html`<li class="row">
        <span class="grow">${t("work.deputy", { name: one.deputy_name, leader: one.leader_name, since: one.since, until: one.until })}
          ${one.now ? html`<span class="badge badge--green">${t("work.deputyNow")}</span>` : nothing}</span>
        ${leads ? html`<button class="btn btn--small" type="button" @click=${(/** @type {Event} */ e) => change(e, () => api.del(`${path}/deputies/${one.id}`))}>${t("work.deputyEnd")}</button>` : nothing}</li>`)}</ul>`
      : html`<p class="faint">${t("work.noDeputies")}</p>`}
      ${leads ? html`<form class="stack stack--s" @submit=${name}>
        <div class="field"><label for="deputy">${t("work.deputyWho")}</label><select class="select" id="deputy" name="deputy" required>
          ${found.colleagues.map((/** @type {any} */ one) => html`<option value=${one.id}>${one.name}</option>`)}</select>${fault("deputy")}</div>
        <div class="row"><div class="field grow"><label for="since">${t("work.deputySince")}</label><input class="input" id="since" name="since" type="date" required />${fault("since")}</div>
          <div class="field grow"><label for="until">${t("work.deputyUntil")}</label><input class="input" id="until" name="until" type="date" required />${fault("until")}</div></div>
        <button class="btn btn--primary" ?disabled=${!found.colleagues.length}>${t("work.deputyName")}</button></form>` : nothing}</div>
      <div class="dialog__foot"><button class="btn" type="button" @click=${() => dialog.close()}>${t("common.close")}</button></div>`, dialog);
  }

  draw();
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}
