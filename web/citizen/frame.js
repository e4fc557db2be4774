/** What all citizens' pages share: the pages in the bar, and the page's beginning. */
import { loadTexts, t } from "../shared/i18n.js";
import "../shared/shell.js";

export const CITIZEN_PAGES = ["home", "chat", "guide", "suggestions", "my"];

/** Loads the texts, names the page and fills its bar. @param {string} title the key of its title
 * @returns {Promise<HTMLElement>} where the page draws */
export async function openPage(title) {
  await loadTexts("citizen");
  document.title = `${t(title)} · ${t("product.full")}`;
  const bar = document.querySelector("x-citizen-bar");
  if (bar) Object.assign(bar, { pages: CITIZEN_PAGES });
  return /** @type {HTMLElement} */ (document.querySelector("#main"));
}
