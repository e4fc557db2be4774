/** Where somebody goes after signing in. */

/** The path of `next=` in the address: only ever a page of this site, and never the staff page of another role.
 * @param {{search: string, origin: string, hash?: string}} here the sign-in page's location; its hash is that of the page wanted
 * @param {string[]} staff the staff pages @param {string[]} own those that are theirs
 * @returns {string | null} null when there is none to go to */
export function nextPath(here, staff, own) {
  const given = new URLSearchParams(here.search).get("next") ?? "";
  if (!/^\/(?![/\\])/.test(given)) return null;
  const wanted = new URL(given, here.origin);
  if (wanted.origin !== here.origin || ["/", "/login"].includes(wanted.pathname)) return null;
  if (staff.includes(wanted.pathname) && !own.includes(wanted.pathname)) return null;
  return wanted.pathname + wanted.search + (wanted.hash || here.hash || "");
}
