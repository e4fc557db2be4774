/** Several tickets of one matter into one of them: asks which is to lead, merges the rest into it. */
import { sendBatch } from "../shared/batch.js";
import { t } from "../shared/i18n.js";
import { askChoice, busy } from "../shared/ui.js";

/** @param {HTMLElement} button @param {any[]} chosen TicketRows
 * @returns {Promise<{parent: string, results: any} | undefined>} undefined if given up or failed (which was said) */
export async function mergeChosen(button, chosen) {
  const choices = chosen.map((one) => ({ value: one.number, text: `${one.number} ${one.title}` }));
  const parent = await askChoice({ title: t("work.parent"), text: t("work.parentText"), confirm: t("work.merge"), choices, value: choices[0].value });
  if (!parent) return undefined;
  const rest = chosen.filter((one) => one.number !== parent);
  const form = { parent, reason: t("work.mergeReason") };
  const results = await busy(button, () => sendBatch("merge", rest.map(({ number, version }) => ({ number, version, form }))));
  return results && { parent, results };
}
