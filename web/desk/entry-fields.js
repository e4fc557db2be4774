/** The fields of an entry in the order of its page, how a form holds them and how they read. */

/** @typedef {{name: string, required?: boolean, wide?: boolean, rows?: number, lines?: boolean, type?: string}} Field
 *  lines: one value a line */

/** @type {Field[]} */
export const FIELDS = [
  { name: "title", wide: true, required: true }, { name: "short", wide: true, rows: 3, required: true }, { name: "full", wide: true, rows: 6 },
  { name: "variants", wide: true, rows: 4, lines: true }, { name: "materials", wide: true, rows: 3, lines: true }, { name: "place" }, { name: "hours" },
  { name: "phone" }, { name: "fee" }, { name: "limit" }, { name: "online" }, { name: "basis", wide: true, rows: 2, lines: true },
  { name: "areas", lines: true, rows: 2 }, { name: "audience" }, { name: "valid_from", type: "date" }, { name: "valid_to", type: "date" },
  { name: "review_due", type: "date" }, { name: "matter" },
];
const BY_NAME = new Map(FIELDS.map((field) => [field.name, field]));

/** @param {unknown} value a field's @returns {string} */
export function written(value) {
  return Array.isArray(value) ? value.join("\n") : String(value ?? "");
}

/** What a text means in a field. @param {string} name @param {string} text @returns {unknown} */
export function meant(name, text) {
  const { lines, type } = BY_NAME.get(name) ?? { name };
  const said = text.trim();
  if (lines) return said.split("\n").map((one) => one.trim()).filter(Boolean);
  return type === "date" ? said || null : said;
}

/** Whether two people's texts of a field can be put together: a day or a unit is one or the other. @param {string} name */
export function isJoined(name) {
  return name === "attachments" || (BY_NAME.has(name) && BY_NAME.get(name)?.type !== "date");
}
