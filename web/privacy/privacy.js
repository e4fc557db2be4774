/** /privacy: what tells who citizens are — doubtful words to decide about, who looked, suspected leaks. */
import { html, nothing, render } from "../vendor/lit.js";
import { loadTexts, t } from "../shared/i18n.js";
import { connect } from "../shared/live.js";
import { signedIn } from "../shared/shell.js";
import { toastError } from "../shared/ui.js";
import "./leaks-tab.js";
import "./looks-tab.js";
import "./spans-tab.js";

const main = /** @type {HTMLElement} */ (document.querySelector("#main"));
const REFRESH_MS = 400;

await loadTexts("privacy", "ticket");
const me = await signedIn();
const officer = me.roles.includes("privacy_officer");
const TABS = officer ? ["spans", "looks", "leaks"] : ["looks", "leaks"];
let timer = 0;

function draw() {
  const at = location.hash.slice(1).split("/")[0];
  const tab = TABS.includes(at) ? at : TABS[0];
  const tabs = TABS.map((id) => ({ id, text: t(`privacy.tab.${id}`) }));
  render(html`<div class="stack">
    <x-tabs label=${t("privacy.tabs")} .tabs=${tabs} selected=${tab} @choose=${(/** @type {CustomEvent} */ e) => (location.hash = e.detail)}></x-tabs>
    ${tab === "spans" ? html`<spans-tab></spans-tab>` : nothing}
    ${tab === "looks" ? html`<looks-tab ?may-export=${officer} number=${location.hash.split("/")[1] ?? ""}></looks-tab>` : nothing}
    ${tab === "leaks" ? html`<leaks-tab ?may-act=${officer}></leaks-tab>` : nothing}
  </div>`, main);
}

/** What is on the screen is read anew when something happened to it. */
function refresh() {
  clearTimeout(timer);
  timer = setTimeout(() => /** @type {any} */ (main.querySelector("spans-tab, leaks-tab"))?.load().catch(toastError), REFRESH_MS);
}

addEventListener("hashchange", draw);
draw();
connect({ onFact: (/** @type {any} */ fact) => String(fact.kind).startsWith("ticketing.") && refresh(), onResync: refresh });
