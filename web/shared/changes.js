/** What is different in a ticket since it was read: field by field, for whoever was about to change it. */
import { when } from "./format.js";
import { t } from "./i18n.js";

/** @typedef {{label: string, before: string, after: string, by?: string, at?: string}} Change
 * @typedef {{field: string, before: string, after: string, by: string, at: string}} Told what the refusal says of a field */

/** @type {[string, (ticket: any) => string][]} */
const FIELDS = [
  ["state", (one) => one.state_label],
  ["unit", (one) => one.unit_name],
  ["title", (one) => one.title],
  ["text", (one) => one.text],
  ["matter", (one) => one.matter_name],
  ["area", (one) => [one.area_name, one.where_text].filter(Boolean).join(" · ")],
  ["kind", (one) => one.kind_label],
  ["urgency", (one) => one.urgency_label],
  ["due", (one) => (one.due_at ? when(one.due_at) : "")],
  ["supervision", (one) => String(one.supervision || "")],
  ["requests", (one) => one.requests.map((/** @type {any} */ r) => `${r.kind_label}：${r.state_label}`).join("；")],
  ["parts", (one) => one.assignments.map((/** @type {any} */ a) => `${a.unit_name}（${a.role_label} · ${a.state_label}）`).join("；")],
  ["result", (one) => one.result?.findings ?? ""],
  ["reply", (one) => one.reply?.text ?? ""],
  ["parent", (one) => one.parent],
];

/** @param {any} before @param {any} after tickets as the API gives them @returns {Change[]} */
export function changesBetween(before, after) {
  return FIELDS.map(([name, read]) => ({ label: t(`work.field.${name}`), before: read(before), after: read(after) }))
    .filter((one) => one.before !== one.after);
}

/** What the house says of the ticket's own history, with who and when; words, which it does not repeat, from the tickets
 * themselves. Without a word of the house what the two tickets show.
 * @param {Told[] | undefined} told @param {any} before @param {any} after @returns {Change[]} */
export function changesTold(told, before, after) {
  if (!told?.length) return changesBetween(before, after);
  const readers = new Map(FIELDS);
  return told.map((one) => {
    const read = readers.get(one.field) ?? (() => "");
    const said = Boolean(one.before || one.after);
    return { label: t(`work.field.${one.field}`), before: said ? one.before : read(before), after: said ? one.after : read(after), by: one.by, at: one.at };
  });
}
