"""What an import did, or would have done."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loftet.followup.sources.pledge_file.where import Problem


@dataclass(frozen=True)
class Report:
    """How many of each kind came in or stood there already, and advice on the promises."""

    period: str
    added: Counter[str]
    reused: Counter[str]
    advice: tuple[Problem, ...]
    dry_run: bool

    def lines(self) -> list[str]:
        first = (
            _("The pledge %(period)s can be imported. Nothing was changed; this would be added:")
            if self.dry_run
            else _("The pledge %(period)s was imported. This was added:")
        )
        lines = [first % {"period": self.period}, *_numbers(self.added)]
        if self.reused:
            lines += [_("This stood there already and was used:"), *_numbers(self.reused)]
        if self.advice:
            lines += [_("To think of when the promises are followed up:"), *map(str, self.advice)]
        return lines


def _numbers(counts: Counter[str]) -> list[str]:
    words = {
        "signature": ngettext("%(number)d signature", "%(number)d signatures", counts["signature"]),
        "organisation": ngettext(
            "%(number)d organisation", "%(number)d organisations", counts["organisation"]
        ),
        "indicator": ngettext("%(number)d indicator", "%(number)d indicators", counts["indicator"]),
        "reading": ngettext("%(number)d reading", "%(number)d readings", counts["reading"]),
        "commitment": ngettext(
            "%(number)d commitment", "%(number)d commitments", counts["commitment"]
        ),
        "result": ngettext("%(number)d result", "%(number)d results", counts["result"]),
    }
    return [f"- {text % {'number': counts[kind]}}" for kind, text in words.items() if counts[kind]]
