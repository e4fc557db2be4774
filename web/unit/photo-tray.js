/** `<photo-tray number=… .queue>`: what was photographed on the spot of a ticket, on its way or there. And the question
 * whether the place may be kept with it. */
import { html, nothing } from "../vendor/lit.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { askChoice } from "../shared/ui.js";

const KEPT = "hotline-photo-place";
const PATIENCE_MS = 6000;

/** Whether the place goes along; asked once. @returns {Promise<boolean>} */
async function mayLocate() {
  const kept = localStorage.getItem(KEPT);
  if (kept) return kept === "yes";
  const choices = ["yes", "no"].map((value) => ({ value, text: t(`spot.place.${value}`) }));
  const chosen = await askChoice({ title: t("spot.place.ask"), text: t("spot.place.text"), choices, value: "yes", cancel: t("spot.place.later") });
  if (chosen) localStorage.setItem(KEPT, chosen);
  return chosen === "yes";
}

/** @returns {Promise<GeolocationPosition | null>} */
function position() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(resolve, () => resolve(null), { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 });
  });
}

/** When, and with leave where, a picture is taken. @returns {Promise<Record<string, string>>} */
export async function hereAndNow() {
  /** @type {Record<string, string>} */
  const fields = { taken_at: new Date().toISOString() };
  const found = (await mayLocate()) ? await position() : null;
  if (!found) return fields;
  const { latitude, longitude, accuracy } = found.coords;
  return { ...fields, latitude: String(latitude), longitude: String(longitude), accuracy: String(accuracy) };
}

class PhotoTray extends PageElement {
  static properties = { number: {}, queue: { attribute: false }, photos: { state: true } };

  constructor() {
    super();
    this.number = "";
    /** @type {import("./photo-queue.js").PhotoQueue | null} */
    this.queue = null;
    /** @type {import("./photo-queue.js").Photo[]} */
    this.photos = [];
    /** @type {Map<string, string>} */
    this.urls = new Map();
    this.onChange = () => this.load();
  }

  connectedCallback() {
    super.connectedCallback();
    this.queue?.addEventListener("change", this.onChange);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.queue?.removeEventListener("change", this.onChange);
    for (const url of this.urls.values()) URL.revokeObjectURL(url);
    this.urls.clear();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("number") || changed.has("queue")) this.load();
  }

  async load() {
    const { number } = this;
    const photos = (await this.queue?.of(number)) ?? [];
    if (number === this.number) this.photos = photos;
  }

  /** @param {import("./photo-queue.js").Photo} photo */
  urlOf(photo) {
    const url = this.urls.get(photo.id) ?? URL.createObjectURL(photo.blob);
    this.urls.set(photo.id, url);
    return url;
  }

  render() {
    if (!this.photos.length) return nothing;
    return html`<section class="card card--tight stack stack--s" data-tray><h2>${t("spot.title")}</h2>
      <p class="small faint">${t("spot.text")}</p>
      <div class="row">${this.photos.map((one) => this.photo(one))}</div></section>`;
  }

  /** @param {import("./photo-queue.js").Photo} one */
  photo(one) {
    const badge = { waiting: "badge--yellow", sent: "badge--green", refused: "badge--red" }[one.state];
    return html`<figure class="ticket-photo spot-photo" data-state=${one.state}><img src=${this.urlOf(one)} alt=${one.name} />
      <figcaption class="small"><span class="badge ${badge}">${t(`spot.${one.state}`)}</span>
        <span class="faint">${when(one.fields.taken_at)}${one.fields.latitude ? ` · ${t("spot.placed")}` : ""}</span>
        ${one.problem ? html`<span class="danger-text">${one.problem}</span>` : nothing}
        <button class="btn btn--small btn--quiet" type="button" @click=${() => this.queue?.remove(one.id)}>${t("spot.drop")}</button></figcaption></figure>`;
  }
}

define("photo-tray", PhotoTray);
