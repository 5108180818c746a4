"""The year wheel: six arcs, the present one filled, and the same words as a list."""

import math
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from loftet.ui.charts.svg import NAME, el, naming

STEPS = {
    "ask": (pgettext_lazy("year wheel", "Ask"), gettext_lazy("What makes you feel unsafe?")),
    "see": (
        pgettext_lazy("year wheel", "See"),
        gettext_lazy("What do we know, and where is it worst?"),
    ),
    "promise": (
        pgettext_lazy("year wheel", "Promise"),
        gettext_lazy("What will we do about it this year?"),
    ),
    "do": (
        pgettext_lazy("year wheel", "Do"),
        gettext_lazy("We do what we promised and write it down."),
    ),
    "follow_up": (
        pgettext_lazy("year wheel", "Follow up"),
        gettext_lazy("Was it done, and did it help?"),
    ),
    "tell": (
        pgettext_lazy("year wheel", "Tell"),
        gettext_lazy("How did it go? You get to know it here."),
    ),
}
MIDDLE, OUTER, INNER, TIP, GAP = 160, 158, 82, 16, 6
TURN = 2 * math.pi / len(STEPS)


@dataclass(frozen=True)
class Step:
    key: str
    word: str
    meaning: str
    present: bool


@dataclass(frozen=True)
class Wheel:
    svg: SafeString
    steps: tuple[Step, ...]


def year_wheel(present: str | None, *, name: str = "year-wheel") -> Wheel:
    """Where in the year we are; None where no year runs."""
    if present is not None and present not in STEPS:
        raise ValueError(f"present must be one of {', '.join(STEPS)}, not {present!r}")
    if not NAME.match(name):
        raise ValueError(f"name must be lower-case letters, digits and hyphens, not {name!r}")
    steps = tuple(
        Step(key, str(word), str(meaning), key == present) for key, (word, meaning) in STEPS.items()
    )
    now = next((step.word for step in steps if step.present), "")
    svg = el(
        "svg",
        *naming(name, _("The year wheel"), _description(steps, now)),
        *(_arc(i, step) for i, step in enumerate(steps)),
        *_centre(now),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {2 * MIDDLE} {2 * MIDDLE}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )
    return Wheel(svg, steps)


def _description(steps: tuple[Step, ...], now: str) -> str:
    words = ", ".join(step.word.lower() for step in steps)
    order = _("The year in six steps: %(steps)s.") % {"steps": words}
    here = _("Now: %(step)s.") % {"step": now.lower()} if now else ""
    return f"{order} {here}".strip()


def _arc(i: int, step: Step) -> SafeString:
    """Point the arc like an arrow, so that the order can be seen."""
    ring = (OUTER + INNER) / 2
    start = -math.pi / 2 + (i - 0.5) * TURN + GAP / 2 / ring
    end, tip = start + TURN - GAP / ring, TIP / ring
    shape = (
        f"M{_at(OUTER, start)}A{OUTER} {OUTER} 0 0 1 {_at(OUTER, end)}L{_at(ring, end + tip)}"
        f"L{_at(INNER, end)}A{INNER} {INNER} 0 0 0 {_at(INNER, start)}L{_at(ring, start + tip)}Z"
    )
    across, down = _at(ring, (start + end + tip) / 2).split()
    class_ = {"class_": "now"} if step.present else {}
    label = el("text", step.word, x=across, y=f"{float(down) + 6:.1f}", **class_)
    return el("g", el("path", d=shape, **class_), label)


def _centre(now: str) -> list[SafeString]:
    if not now:
        return []
    return [
        el("text", pgettext("year wheel", "Now"), x=MIDDLE, y=MIDDLE - 12, class_="centre"),
        el("text", now, x=MIDDLE, y=MIDDLE + 17, class_="centre-word"),
    ]


def _at(radius: float, angle: float) -> str:
    return f"{MIDDLE + radius * math.cos(angle):.1f} {MIDDLE + radius * math.sin(angle):.1f}"
