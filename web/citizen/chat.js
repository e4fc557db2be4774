/** /chat: the chat over the whole height. What the home page asked is said once, and never again at a reload. */
import { takeAsk } from "./asking.js";
import { linkOf } from "./chat-message.js";
import { openPage } from "./frame.js";
import "./hotline-chat.js";
import { keepLink } from "./kept.js";

const ask = takeAsk();
const main = await openPage("citizen.nav.chat");
const chat = /** @type {import("./hotline-chat.js").HotlineChat} */ (document.createElement("hotline-chat"));
chat.addEventListener("hotline-message", (event) => {
  const link = linkOf(/** @type {CustomEvent} */ (event).detail, location.origin);
  if (link) keepLink(new URL(link, location.origin).pathname);
});
if (ask.ours) chat.ask = ask.text;
main.append(chat);
if (ask.text && !ask.ours) chat.suggest(ask.text);
