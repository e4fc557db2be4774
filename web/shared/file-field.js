/** Files handed in and out: the place to drop them on, what is wrong with one as a whole, and giving one. */
import { html, nothing } from "../vendor/lit.js";
import { ApiError } from "./errors.js";
import { fileSize } from "./format.js";
import { t } from "./i18n.js";

/** A place to drop files on, or to press and choose them.
 * @param {{accept: string, multiple?: boolean, files: File[], hint: string, take: (files: File[]) => void}} options */
export function fileField({ accept, multiple = false, files, hint, take }) {
  const over = (/** @type {DragEvent} */ event, /** @type {boolean} */ on) => {
    event.preventDefault();
    /** @type {HTMLElement} */ (event.currentTarget).toggleAttribute("data-over", on);
  };
  const drop = (/** @type {DragEvent} */ event) => {
    over(event, false);
    take([...(event.dataTransfer?.files ?? [])].slice(0, multiple ? undefined : 1));
  };
  const choose = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    take([...(input.files ?? [])]);
    // The same file, edited meanwhile, can be chosen again.
    input.value = "";
  };
  return html`<label class="file-drop" @dragover=${(/** @type {DragEvent} */ e) => over(e, true)} @dragleave=${(/** @type {DragEvent} */ e) => over(e, false)} @drop=${drop}>
    <x-icon name="upload"></x-icon>
    <span class="grow stack stack--s">
      <span class="strong">${files.length ? files.map((file) => `${file.name} · ${fileSize(file.size)}`).join(t("common.listComma")) : t(multiple ? "common.chooseFiles" : "common.chooseFile")}</span>
      <span class="small faint">${hint}</span>
    </span>
    <input class="unseen" type="file" accept=${accept} ?multiple=${multiple} @change=${choose} />
  </label>`;
}

/** What is wrong with a file as a whole, in words; an error of another kind is thrown on. @param {unknown} error */
export function refusal(error) {
  const words = error instanceof ApiError && error.status === 422 ? Object.values(error.fields) : [];
  if (!words.length) throw error;
  return words.join(" ");
}

/** @param {string} text */
export function refused(text) {
  return text ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${text}</span></p>` : nothing;
}

/** Gives a file to whoever sits there. @param {string} name @param {BlobPart} data @param {string} type */
export function saveFile(name, data, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type }));
  link.download = name;
  link.click();
  // Not at once: the browser reads it after the press.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
