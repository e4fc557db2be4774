"""Every way a request can fail: a code and data; the text is made at the surface."""

from collections.abc import Mapping
from datetime import timedelta


class HotlineError(Exception):
    """A failure with a stable code and the data its text is made from."""

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data: dict[str, object] = data

    def __str__(self) -> str:
        return self.code


class Invalid(HotlineError):
    """Input that cannot be used; ``fields`` names each wrong field and the code of what is wrong with it."""

    def __init__(self, fields: Mapping[str, str] | None = None, code: str = "invalid", **data: object) -> None:
        super().__init__(code, **data)
        self.fields = dict(fields or {})


class NotAllowed(HotlineError):
    """The caller may not do this."""

    def __init__(self, code: str = "not_allowed", **data: object) -> None:
        super().__init__(code, **data)


class NotSignedIn(NotAllowed):
    """The caller has not said who they are."""

    def __init__(self) -> None:
        super().__init__("not_signed_in")


class NotFound(HotlineError):
    """There is no such thing, or the caller may not know that there is."""

    def __init__(self, what: str, **data: object) -> None:
        super().__init__("not_found", what=what, **data)


class Conflict(HotlineError):
    """The thing has changed meanwhile, or is in a state that does not allow this; ``current`` is that state."""

    def __init__(self, code: str = "conflict", current: object = None, **data: object) -> None:
        super().__init__(code, **data)
        self.current = current


class Unavailable(HotlineError):
    """Something outside did not answer; try again ``after`` this long."""

    def __init__(self, code: str = "unavailable", after: timedelta = timedelta(seconds=5), **data: object) -> None:
        super().__init__(code, **data)
        self.after = after
