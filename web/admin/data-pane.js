/** `<data-pane .me>`: all data in and out. One tab for what the city is, one for tickets of the system before. */
import { html, nothing } from "../vendor/lit.js";
import { define, PageElement } from "../shared/element.js";
import { loadTexts, t } from "../shared/i18n.js";
import "./data-city.js";
import "./data-history.js";

const TABS = ["city", "history"];

class DataPane extends PageElement {
  static properties = { tab: { state: true } };

  constructor() {
    super();
    this.tab = "city";
  }

  /** @param {any} fact */
  onFact(fact) {
    if (/^ticketing\.(HistoryImported|MattersChanged)$/.test(String(fact.kind))) this.onResync();
  }

  onResync() {
    /** @type {any} */ (this.querySelector("data-history"))?.onResync();
  }

  render() {
    const tabs = TABS.map((id) => ({ id, text: t(`data.tab.${id}`) }));
    return html`<div class="data-pane">
      <div class="data-pane__head"><x-tabs label=${t("admin.pane.data")} .tabs=${tabs} selected=${this.tab}
        @choose=${(/** @type {CustomEvent} */ e) => (this.tab = e.detail)}></x-tabs></div>
      <div class="data-pane__body">
        <data-city ?hidden=${this.tab !== "city"}></data-city>
        ${this.tab === "history" ? html`<data-history></data-history>` : nothing}
      </div>
    </div>`;
  }
}

/** The pane's own sheet; the page knows nothing of it. */
function wear() {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: new URL("./data.css", import.meta.url).href });
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
    document.head.append(link);
  });
}

await Promise.all([loadTexts("data"), wear()]);
define("data-pane", DataPane);
