"""Rounds that take turns, their statistics, and the one table of results."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
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
    """One line of the table. `by_cpu` is the ratio in processor time instead of time: other programs
    on the machine hardly move it. `ok` is whether the floor is held; `None` where there is none."""

    name: str
    what: str
    ours: str
    peer: str
    ratio: str
    by_cpu: str
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


@dataclass(frozen=True)
class Contestant:
    """Work that returns the figure it measured, and the sessions of the processes that carry it out.
    `with_client` counts this process as well: whether bytes are copied by who sends or by who
    receives them is the kernel's to choose."""

    work: Callable[[], float]
    sessions: tuple[int, ...]
    with_client: bool = False

    def seconds(self):
        """Processor seconds so far."""
        own = time.process_time() if self.with_client else 0
        return own + processor_seconds(self.sessions)


def take_turns(count, *contestants):
    """Has every contestant work once a round, A B A B …: for each the figures, and the processor
    seconds it took for them."""
    figures = [[] for _ in contestants]
    seconds = [[] for _ in contestants]
    for _ in range(count):
        for number, contestant in enumerate(contestants):
            before = contestant.seconds()
            figures[number].append(contestant.work())
            seconds[number].append(contestant.seconds() - before)
    return [(Spread(tuple(f)), Spread(tuple(s))) for f, s in zip(figures, seconds)]


def processor_seconds(sessions):
    """What all processes of the sessions took so far, with those of theirs that have ended."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        # Numbered as in proc_pid_stat(5), less the three before: session is 6, the times 14 to 17.
        if int(fields[3]) in sessions:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def ratio(ours, peers):
    """Ratios round by round: what both had to bear at the same time falls out of them."""
    return Spread(tuple(a / b for a, b in zip(ours.values, peers.values)))


def table(rows):
    """The rows as text that is also a Markdown table."""
    head = ("row", "what", "ours", "peer", "ratio", "by CPU", "floor", "goal", "")
    verdict = {True: "ok", False: "BELOW", None: ""}
    lines = [head] + [
        (r.name, r.what, r.ours, r.peer, r.ratio, r.by_cpu, r.floor, r.goal, verdict[r.ok]) for r in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    written = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines]
    written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(written)
