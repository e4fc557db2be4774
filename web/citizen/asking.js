/** From the ask box of one page to the chat: /chat?ask=… */

const NOTE = "hotline.ask";

/** Opens the chat, which says these words. @param {string} text */
export function askInChat(text) {
  try {
    sessionStorage.setItem(NOTE, text);
  } catch {
    // Without the note the chat only writes the words into its field.
  }
  location.assign(`/chat?ask=${encodeURIComponent(text)}`);
}

/** What the chat was opened to say; the address forgets it, so that a reload says nothing. `ours` is false where another
 * site's link brought the words: nobody else speaks in the citizen's name, so these wait in the field.
 * @returns {{text: string, ours: boolean}} */
export function takeAsk() {
  const url = new URL(location.href);
  const text = (url.searchParams.get("ask") ?? "").trim();
  if (!text) return { text: "", ours: false };
  url.searchParams.delete("ask");
  history.replaceState(history.state, "", url);
  return { text, ours: takeNote() === text };
}

function takeNote() {
  try {
    const note = sessionStorage.getItem(NOTE);
    sessionStorage.removeItem(NOTE);
    return note?.trim() ?? "";
  } catch {
    return "";
  }
}
