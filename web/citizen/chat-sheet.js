/** The chat's own look, beside the shared sheets its shadow root adopts. */
import { css } from "../vendor/lit.js";

export const sheet = css`
  :host {
    display: flex;
    flex-direction: column;
    position: relative;
    min-height: 0;
    height: 100%;
    background: var(--bg);
    color: var(--ink);
    font-family: var(--font);
    font-size: var(--text-m);
    line-height: var(--leading);
    overflow-wrap: anywhere;
  }
  .log {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .log:focus-visible {
    outline-offset: -3px;
  }
  .thread,
  .composer,
  .quick {
    width: 100%;
    max-width: 52rem;
    margin: 0 auto;
  }
  .thread {
    padding: var(--space-5) var(--space-4);
  }
  .band {
    position: relative;
    flex: none;
    border-top: 1px solid var(--line);
    background: var(--surface);
  }
  .composer {
    border-top: 0;
    background: none;
  }
  .quick {
    display: flex;
    gap: var(--space-2);
    overflow-x: auto;
    padding: var(--space-2) var(--space-3) 0;
    scrollbar-width: none;
  }
  .quick .btn {
    flex: none;
  }
  .photo {
    display: block;
    max-width: min(16rem, 60vw);
    max-height: 14rem;
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
  }
  .doubt {
    display: grid;
    gap: var(--space-3);
    width: 100%;
  }
  .doubt .textarea {
    width: 100%;
  }
  .doubt__ask {
    color: var(--ink-3);
  }
  .doubt__done {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    margin: 0;
    color: var(--green-ink);
  }
  .state {
    flex: none;
    padding: var(--space-1) var(--space-3);
    background: var(--yellow-soft);
    color: var(--yellow-ink);
    font-size: var(--text-s);
    text-align: center;
  }
  .state--bad {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    background: var(--red-soft);
    color: var(--red-ink);
  }
  .newer {
    position: absolute;
    left: 50%;
    bottom: calc(100% + var(--space-2));
    transform: translateX(-50%);
    border-radius: var(--radius-round);
    box-shadow: var(--shadow-2);
  }
  @media (max-width: 480px) {
    .composer .btn--primary span {
      display: none;
    }
    .composer .textarea {
      padding: var(--space-2);
    }
  }
`;
