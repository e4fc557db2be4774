/** Bars and lines of figures, drawn as SVG: widths are attributes, which the strict policy allows where styles are not. */
import { html, nothing, svg } from "../vendor/lit.js";
import { t } from "./i18n.js";

/** One bar of a row, as wide as its share of the greatest. @param {number} value @param {number} greatest */
export function bar(value, greatest) {
  const width = greatest > 0 ? Math.max(1, (100 * value) / greatest) : 0;
  return html`<svg class="bar-chart" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class="bar-chart__rail" width="100" height="8" rx="2"></rect><rect class="bar-chart__value" width=${width} height="8" rx="2"></rect>`}</svg>`;
}

const WIDE = 120;
const HIGH = 32;

/** A line of shares from 0 to 1, one point a week; weeks without a share are gaps.
 * @param {(number | null)[]} values @param {string} label what is read out */
export function line(values, label) {
  const step = values.length > 1 ? (WIDE - 8) / (values.length - 1) : 0;
  const known = values.filter((one) => one !== null);
  const greatest = Math.max(1, ...known.map(Number));
  const place = (/** @type {number} */ value, /** @type {number} */ at) => [4 + at * step, HIGH - 4 - (value / greatest) * (HIGH - 8)];
  /** @type {number[][][]} */
  const pieces = [[]];
  values.forEach((value, at) => (value === null ? pieces.push([]) : pieces[pieces.length - 1].push(place(value, at))));
  const last = values[values.length - 1];
  return html`<svg class="line-chart" viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label=${label}>
    ${pieces.filter((piece) => piece.length > 1).map((piece) => svg`<polyline points=${piece.map((point) => point.join(",")).join(" ")}></polyline>`)}
    ${pieces.flat().map(([x, y]) => svg`<circle cx=${x} cy=${y} r="1.6"></circle>`)}
    ${last === null || last === undefined ? nothing : svg`<circle class="line-chart__now" cx=${place(last, values.length - 1)[0]} cy=${place(last, values.length - 1)[1]} r="2.8"></circle>`}</svg>`;
}

/** How large a sample is, and between which shares that of all lies. @param {any} sample a SampleView */
export function sampled({ drawn, judged, waiting, low, high }) {
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)}%`;
  const size = t("common.sample", { drawn, judged, waiting });
  return judged ? `${size} · ${t("common.interval", { low: percent(low), high: percent(high) })}` : size;
}

/** 93.5%, 1.2, 12 — as the indicator's shape says; what is known of a sample only is to be verified until somebody judged it.
 * @param {{shape: string, sample?: any}} rate @param {any} share a ShareView */
export function shown(rate, share) {
  if (rate.shape === "count") return String(share.denominator);
  if (share.value === null) return rate.sample ? t("common.unverified") : "—";
  return rate.shape === "share" ? `${(100 * share.value).toFixed(1)}%` : share.value.toFixed(1);
}
