/** The faint mark over staff pages: whose screen this is and when, so that a photo or a printout of a ticket tells.
 *
 * It is an SVG in the page and no CSS background: backgrounds are left out when a page is printed. */
import { html, render } from "../vendor/lit.js";

const TICK_MS = 30_000;

/** The moment in the city's time, whatever the machine's is. @param {Date} moment */
function stamp(moment) {
  const parts = { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return moment.toLocaleString("zh-CN", /** @type {any} */ (parts));
}

/** @param {string} who @param {string} time */
function mark(who, time) {
  // The pattern repeats the text over any size of screen and over every printed page.
  return html`<svg width="100%" height="100%" aria-hidden="true" focusable="false">
    <defs><pattern id="watermark-pattern" width="300" height="170" patternUnits="userSpaceOnUse" patternTransform="rotate(-22)">
      <text x="12" y="56">${who}</text><text x="12" y="76">${time}</text>
      <text x="160" y="140">${who}</text><text x="160" y="160">${time}</text></pattern></defs>
    <rect width="100%" height="100%" fill="url(#watermark-pattern)"></rect></svg>`;
}

/** Lays the mark over the page, once, and keeps its time.
 * @param {{login: string, name: string}} me */
export function watermark(me) {
  if (document.querySelector(".watermark")) return;
  const layer = document.createElement("div");
  layer.className = "watermark";
  layer.setAttribute("aria-hidden", "true");
  const draw = () => render(mark(me.login || me.name, stamp(new Date())), layer);
  draw();
  document.body.append(layer);
  setInterval(draw, TICK_MS);
  window.addEventListener("beforeprint", draw);
  // A page's script that redraws the body, or a hand in the tools, does not take it away.
  new MutationObserver(() => layer.isConnected || document.body.append(layer)).observe(document.body, { childList: true });
}
