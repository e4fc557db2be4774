"""Signed links by which a citizen opens their own ticket without signing in."""

from datetime import timedelta

from kernel.signing import Signer

PURPOSE = "track"


class Links:
    """Makes tracking links."""

    def __init__(self, signer: Signer, days: int) -> None:
        self._signer = signer
        self._valid = timedelta(days=days)

    def link_for(self, number: str) -> str:
        """The path of a ticket's tracking page."""
        return f"/track/{self._signer.sign(PURPOSE, number, self._valid)}"
