/** Who is signed in, as the staff's frame shows it. */
import { api } from "../shared/api.js";

/** @typedef {{value: string, label: string}} Labelled
 * @typedef {{staff: {id: string, name: string, roles: Labelled[], unit: {code: string, name: string} | null}}} Session
 * @typedef {{id: string, name: string, roles: string[], unit: string, unit_name: string}} Me */

/** @param {Session} session @returns {Me} */
export function meOf({ staff }) {
  const { id, name, roles, unit } = staff;
  return { id, name, roles: roles.map((role) => role.value), unit: unit?.code ?? "", unit_name: unit?.name ?? "" };
}

/** Reads the session and hands it to the page's `<x-shell>`; a 401 opens the sign-in page. @returns {Promise<Me>} */
export async function whoIsThere() {
  const me = meOf(await api.get("/session"));
  Object.assign(document.querySelector("x-shell") ?? {}, { me });
  return me;
}
