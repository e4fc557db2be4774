/** The agents' tickets within /desk: what they had in hand, what waits for an answer of the hotline or of somebody outside, a
 * search of all; the ticket with everything its buttons offer; and writing one down from a telephone call. */
import { html } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { turned } from "../shared/batch.js";
import { toastError } from "../shared/ui.js";
import "./dispatch-panes.js";
import { mergeChosen } from "./merging.js";
import "./new-ticket.js";

const VIEWS = ["mine", "triage", "outside", "all"];
const PAGE = 30;
const MOST = 100;

/** The two panes and what they show; ``draw`` draws the page anew, ``main`` is what a phone turns. */
export class AgentTickets {
  /** @param {{draw: () => void, main: HTMLElement}} page */
  constructor({ draw, main }) {
    this.draw = draw;
    this.main = main;
    this.writing = false;
    this.page = {
      view: VIEWS[0],
      views: VIEWS,
      items: /** @type {any[]} */ ([]),
      next: /** @type {string | null} */ (null),
      counts: /** @type {Record<string, number>} */ ({}),
      state: "",
      selected: "",
      q: "",
      ticket: /** @type {any} */ (null),
      mayMerge: true,
      selecting: false,
      chosen: new Set(),
      results: /** @type {any} */ (null),
      certain: { items: [], chosen: new Set(), results: null, busy: false },
      disputes: [],
      talks: 0,
    };
  }

  /** @param {number} talks how many conversations wait for this agent */
  panes(talks) {
    const on = (/** @type {(detail: any) => void} */ run) => (/** @type {CustomEvent} */ event) => run(event.detail);
    const back = () => (this.main.dataset.show = "first");
    const show = on((ticket) => this.show(ticket));
    return html`<ticket-list class="pane" .page=${{ ...this.page, talks }} writes @view=${on((view) => this.open(view))} @pick=${on((number) => this.pick(number))}
        @more=${() => this.load(true)} @find=${on((q) => this.search(q))} @state=${on((state) => this.filter(state))} @write=${() => this.write()}
        @select=${() => this.select()} @turn-merge=${on((number) => this.turn(number))} @merge=${on((button) => this.merge(button))}
        @seen=${() => this.change({ results: null })}></ticket-list>
      ${this.writing
        ? html`<new-ticket class="pane pane--soft" @opened=${() => this.load()} @back=${() => this.stopWriting()}
            @show=${on((number) => this.pick(number))}></new-ticket>`
        : html`<ticket-pane class="pane pane--soft" .ticket=${this.page.ticket} unmask @changed=${show} @back=${back}></ticket-pane>`}`;
  }

  /** @param {Partial<AgentTickets["page"]>} change */
  change(change) {
    Object.assign(this.page, change);
    this.draw();
  }

  /** Reads the list: as long as it is, or a page longer. @param {boolean} [more] */
  async load(more = false) {
    const { view, q, state, items } = this.page;
    const asked = more ? { cursor: this.page.next, limit: PAGE } : { limit: Math.min(Math.max(items.length, PAGE), MOST) };
    try {
      const [list, counts] = await Promise.all([api.get("/tickets", { view, q, state, ...asked }), api.get("/tickets/counts")]);
      if (view !== this.page.view || q !== this.page.q || state !== this.page.state) return;
      this.change({ items: more ? [...items, ...list.items] : list.items, next: list.next, counts });
    } catch (error) {
      toastError(error);
    }
  }

  /** @param {string} view */
  open(view) {
    this.change({ view, q: "", state: "", items: [], next: null, selecting: false, chosen: new Set(), results: null });
    return this.load();
  }

  /** @param {string} q */
  async search(q) {
    this.change({ q, state: "", view: q ? "all" : this.page.view });
    await this.load();
    const [only] = this.page.items;
    if (q && this.page.items.length === 1) await this.pick(only.number);
  }

  /** @param {string} state */
  filter(state) {
    this.change({ state, items: [], next: null });
    return this.load();
  }

  /** @param {string} number */
  async pick(number) {
    this.writing = false;
    this.main.dataset.show = "second";
    this.change({ selected: number });
    await this.read();
  }

  async read() {
    const { selected } = this.page;
    if (!selected) return;
    try {
      const ticket = await api.get(`/tickets/${selected}`);
      if (selected === this.page.selected) this.change({ ticket });
    } catch (error) {
      toastError(error);
    }
  }

  /** @param {any} ticket as it is after something was done */
  show(ticket) {
    if (ticket.number === this.page.selected) this.change({ ticket });
    return this.load();
  }

  write() {
    this.writing = true;
    this.main.dataset.show = "second";
    this.draw();
  }

  stopWriting() {
    this.writing = false;
    this.main.dataset.show = "first";
    this.draw();
  }

  /** @param {number} by */
  step(by) {
    const { items, selected } = this.page;
    const at = items.findIndex((one) => one.number === selected);
    const next = items[at < 0 ? 0 : Math.min(Math.max(at + by, 0), items.length - 1)];
    if (next) this.pick(next.number);
  }

  // -- merging ----------------------------------------------------------------------------------------------

  select() {
    this.change({ selecting: !this.page.selecting, chosen: new Set(), results: null });
  }

  /** @param {string} number */
  turn(number) {
    this.change({ chosen: turned(this.page.chosen, number) });
  }

  /** @param {HTMLElement} button */
  async merge(button) {
    const done = await mergeChosen(button, this.page.items.filter((one) => this.page.chosen.has(one.number)));
    if (!done) return;
    this.change({ results: done.results, selecting: false, chosen: new Set() });
    await this.pick(done.parent);
    await this.load();
  }
}
