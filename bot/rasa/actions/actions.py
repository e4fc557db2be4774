"""The actions of domain.yml."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.hotline import Talks, Unreachable, search

SORRY = "热线系统暂时没有应答，请稍后再试，或拨打12345。"
TALKS = Talks()


class Answer(Action):
    """Quotes the entry that answers a question; what is not sure is left to the hotline."""

    def name(self) -> str:
        """As domain.yml calls it."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Entry, owner and date, or the hotline's own answer."""
        if tracker.get_slot("with_hotline"):
            return await Hotline().run(dispatcher, tracker, domain)
        question = str(tracker.latest_message.get("text") or "")
        try:
            found = await search(question)
        except Unreachable:
            dispatcher.utter_message(text=SORRY)
            return []
        if found["verdict"] != "answer":
            return await Hotline().run(dispatcher, tracker, domain)
        best = found["items"][0]
        source = "，".join(filter(None, (best.get("owner_name"), best.get("verified_on") or "核实日期待核实")))
        dispatcher.utter_message(text=f"{best['title']}\n{best['short']}\n来源：{source}")
        return []


class Hotline(Action):
    """Says it in the hotline's chat and passes on what comes back."""

    def name(self) -> str:
        """As domain.yml calls it."""
        return "action_hotline"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """The lines; from now on every message goes there."""
        text = str(tracker.latest_message.get("text") or "")
        try:
            lines = await TALKS.say(tracker.sender_id, text)
        except Unreachable:
            dispatcher.utter_message(text=SORRY)
            return []
        for line in lines:
            buttons = [{"title": each["label"], "payload": each["value"]} for each in line.get("choices") or []]
            dispatcher.utter_message(text=line["text"], buttons=buttons)
        return [SlotSet("with_hotline", True)]
