"""Rounds that take turns, their statistics, and the one table of results."""

from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Spread:
    """What several rounds measured: all of it, told as median (least to most)."""

    values: tuple[float, ...]

    @property
    def middle(self):
        return median(self.values)

    def show(self, form="{:.2f}", unit=""):
        least, most = form.format(min(self.values)), form.format(max(self.values))
        middle = form.format(self.middle)
        around = "" if least == most else f" ({least}–{most})"
        return f"{middle}{unit}{around}"


@dataclass(frozen=True)
class Row:
    """One line of the table. `ok` is whether the floor is held; `None` where there is none."""

    name: str
    what: str
    ours: str
    peer: str
    ratio: str
    floor: str
    goal: str
    ok: bool | None


@dataclass
class Results:
    """The rows so far, and what a reader must know of how they came about."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *row, **columns):
        self.rows.append(Row(*row, **columns))

    def note(self, text):
        self.notes.append(text)


def take_turns(count, *contestants):
    """Calls every contestant once a round, A B A B …, and gives the `Spread` of each.

    A contestant is a function without arguments that returns the figure it measured.
    """
    measured = [[] for _ in contestants]
    for _ in range(count):
        for values, contestant in zip(measured, contestants):
            values.append(contestant())
    return [Spread(tuple(values)) for values in measured]


def ratio(ours, peers):
    """Ratios round by round: what both had to bear at the same time falls out of them."""
    return Spread(tuple(a / b for a, b in zip(ours.values, peers.values)))


def table(rows):
    """The rows as text that is also a Markdown table."""
    head = ("row", "what", "ours", "peer", "ratio", "floor", "goal", "")
    verdict = {True: "ok", False: "BELOW", None: ""}
    lines = [head] + [
        (r.name, r.what, r.ours, r.peer, r.ratio, r.floor, r.goal, verdict[r.ok]) for r in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    written = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines]
    written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(written)
