"""Opens a suggestion in the caller's name."""

from bot.model import Caller
from bot.rules.grievance import title_of
from kernel.database import Tx
from kernel.people import Kind, Principal
from suggestions.model import SuggestionDraft
from suggestions.suggestions import Suggestions


class CitizenSuggestions:
    """The suggestions door for one who writes in a chat."""

    def __init__(self, suggestions: Suggestions) -> None:
        self._suggestions = suggestions

    async def suggest(self, tx: Tx, text: str, area: str, caller: Caller) -> str:
        """Open it; gives its number."""
        draft = SuggestionDraft(
            text=text, title=title_of(text), area=area, citizen_id=caller.citizen_id, address=caller.address
        )
        made = await self._suggestions.open(tx, draft, Principal(Kind.CITIZEN, id=caller.citizen_id))
        return made.number
