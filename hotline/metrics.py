"""Counts of what the process does, in Prometheus' text format."""

from collections import Counter
from collections.abc import Iterable, Mapping

Labels = tuple[tuple[str, str], ...]


class Metrics:
    """Counters of one process; gauges are read when asked for."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Labels]] = Counter()

    def add(self, name: str, by: float = 1, **labels: str) -> None:
        """Count ``by`` more."""
        self._counts[name, tuple(sorted(labels.items()))] += by  # type: ignore[assignment]  # floats count as well

    def value(self, name: str, **labels: str) -> float:
        """The count so far."""
        return self._counts[name, tuple(sorted(labels.items()))]

    def lines(self, gauges: Mapping[str, float]) -> Iterable[str]:
        """All counters and the gauges given, one a line."""
        names = sorted({name for name, _ in self._counts})
        for name in names:
            yield f"# TYPE hotline_{name} counter"
            for (each, labels), count in sorted(self._counts.items()):
                if each == name:
                    yield f"hotline_{name}{_written(labels)} {count:g}"
        for name, value in sorted(gauges.items()):
            yield f"# TYPE hotline_{name} gauge"
            yield f"hotline_{name} {value:g}"


def _written(labels: Labels) -> str:
    if not labels:
        return ""
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return "{" + inside + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
