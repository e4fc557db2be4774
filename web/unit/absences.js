/** Whoever is away for some days says so, and who stands in: notices go there meanwhile. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { busy, toastError } from "../shared/ui.js";

const PATH = "/my/absences";

/** Opens one's own absences. */
export async function openAbsences() {
  let found = await api.get(PATH).catch(toastError);
  if (!found?.absences) return;
  /** @type {Record<string, string>} */
  let errors = {};
  let problem = "";
  /** Whether it was said that a colleague counts on whoever is to be away. */
  let warned = false;
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", t("work.absences"));

  /** @param {Event | HTMLElement} pressed @param {() => Promise<any>} work */
  const change = (pressed, work) => busy(pressed, async () => {
    errors = {};
    problem = "";
    try {
      found = await work();
      warned = false;
      /** @type {HTMLFormElement | null} */ (dialog.querySelector("form"))?.reset();
    } catch (error) {
      errors = error instanceof ApiError ? error.fields : {};
      problem = Object.keys(errors).length ? "" : sayError(error);
      warned ||= "aware" in errors;
    }
    draw();
  });
  /** @param {SubmitEvent} event */
  const say = (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const { aware, ...rest } = Object.fromEntries(new FormData(form));
    const sent = { ...rest, aware: Boolean(aware) };
    change(/** @type {HTMLElement} */ (event.submitter ?? form), () => api.post(PATH, sent));
  };

  /** @param {string} name @param {string} words @param {unknown} input */
  const field = (name, words, input) => html`<div class="field grow"><label for=${`absence-${name}`}>${words}</label>${input}
    ${errors[name] ? html`<p class="field__error"><x-icon name="alert"></x-icon>${errors[name]}</p>` : nothing}</div>`;
  /** @param {"since" | "until"} name @param {string} words */
  const day = (name, words) => field(name, words, html`<input class="input" id=${`absence-${name}`} name=${name} type="date" required aria-invalid=${Boolean(errors[name])} />`);

  function draw() {
    render(html`<div class="dialog__body stack"><h2>${t("work.absences")}</h2>
      <p class="small muted">${t("work.absencesText")}</p>
      ${problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${problem}</span></p>` : nothing}
      ${found.absences.length ? html`<ul class="stack stack--s plain">${found.absences.map((/** @type {any} */ one) => html`<li class="row" data-absence>
        <span class="grow">${t("work.absenceDays", { since: one.since, until: one.until })} · ${one.stand_in ? t("work.absenceBy", { name: one.stand_in_name }) : t("work.absenceNobody")}
          ${one.now ? html`<span class="badge badge--green">${t("work.deputyNow")}</span>` : nothing}</span>
        <button class="btn btn--small" type="button" data-take-back @click=${(/** @type {Event} */ e) => change(e, () => api.del(`${PATH}/${one.id}`))}>${t("work.deputyEnd")}</button></li>`)}</ul>`
      : html`<p class="faint">${t("work.noAbsences")}</p>`}
      ${found.stands_in_for.length ? html`<h3>${t("work.absenceFor")}</h3><ul class="stack stack--s plain">${found.stands_in_for.map((/** @type {any} */ one) => html`<li class="row" data-stands-in>
        <span class="grow">${one.name} · ${t("work.absenceDays", { since: one.since, until: one.until })}
          ${one.now ? html`<span class="badge badge--green">${t("work.deputyNow")}</span>` : nothing}</span></li>`)}</ul>` : nothing}
      <form class="stack stack--s" @submit=${say}>
        <div class="row">${day("since", t("work.deputySince"))}${day("until", t("work.deputyUntil"))}</div>
        ${field("stand_in", t("work.standIn"), html`<select class="select" id="absence-stand_in" name="stand_in" aria-invalid=${Boolean(errors.stand_in)}>
          <option value="">${t("work.absenceNobody")}</option>
          ${found.colleagues.map((/** @type {any} */ one) => html`<option value=${one.id}>${one.name}</option>`)}</select>`)}
        ${warned ? html`<div class="field"><label class="check"><input type="checkbox" id="absence-aware" name="aware" /><span>${t("work.absenceAware")}</span></label>
          ${errors.aware ? html`<p class="field__error" data-counts-on><x-icon name="alert"></x-icon>${errors.aware}</p>` : nothing}</div>` : nothing}
        <button class="btn btn--primary" data-say>${t("work.absenceSay")}</button></form></div>
      <div class="dialog__foot"><button class="btn" type="button" @click=${() => dialog.close()}>${t("common.close")}</button></div>`, dialog);
  }

  draw();
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}
