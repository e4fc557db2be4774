/** The base of every element on our own pages: Lit that renders into the light DOM, so the shared sheets apply; it draws
 * once the page's texts are loaded. */
import { LitElement } from "../vendor/lit.js";
import { textsPending } from "./i18n.js";

export class PageElement extends LitElement {
  createRenderRoot() {
    // What the page wrote inside the element stays, after what the element draws. The mark is a node of our own
    // because Lit ties its drawing to that node, and the page may draw into its own first child.
    if (!this.renderOptions.renderBefore) {
      const mark = document.createComment("");
      this.prepend(mark);
      this.renderOptions.renderBefore = mark;
    }
    return this;
  }

  async scheduleUpdate() {
    const pending = textsPending();
    if (pending) await pending;
    return super.scheduleUpdate();
  }
}

/** Defines an element once, however many modules import it.
 * @param {string} name @param {CustomElementConstructor} kind */
export function define(name, kind) {
  if (!customElements.get(name)) customElements.define(name, kind);
}
