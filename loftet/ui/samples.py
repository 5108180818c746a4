"""What the living page of components shows: made up, of no real place."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loftet.ui import charts, formats, verdicts


class Question(forms.Form):
    what = forms.CharField(
        label=gettext_lazy("What makes you feel unsafe?"),
        help_text=gettext_lazy("Write about places and times, not about persons."),
        widget=forms.Textarea({"rows": 4}),
    )
    place = forms.CharField(label=gettext_lazy("Where is it?"), max_length=60, required=False)
    when = forms.ChoiceField(
        label=gettext_lazy("When is it worst?"),
        choices=[
            ("day", gettext_lazy("In the daytime")),
            ("evening", gettext_lazy("In the evening")),
            ("night", gettext_lazy("At night")),
        ],
        widget=forms.RadioSelect,
    )
    area = forms.ChoiceField(
        label=gettext_lazy("Part of the town"),
        choices=[
            ("", gettext_lazy("Choose")),
            ("n", gettext_lazy("North")),
            ("s", gettext_lazy("South")),
        ],
    )
    answer = forms.BooleanField(
        label=gettext_lazy("Send me an answer by e-mail"),
        help_text=gettext_lazy("We delete the address when you have got the answer."),
        required=False,
    )


def menu(path: str) -> list[dict[str, object]]:
    words = [_("The pledge"), _("How it went"), _("How we work")]
    return [{"label": word, "url": path, "current": i == 0} for i, word in enumerate(words)]


def words() -> list[tuple[str, str]]:
    return [(key, verdicts.verdict(key)) for key in verdicts.WORDS]


def answers() -> list[tuple[str, str, str]]:
    return [
        (
            "kept",
            verdicts.verdict("kept"),
            _("The police were there on 212 evenings. They promised 200."),
        ),
        (
            "cannot_tell",
            verdicts.verdict("cannot_tell"),
            _("162 reports, against 185 the year before."),
        ),
    ]


def table() -> charts.Table:
    rows = [(_("The square"), 38, 12.5), (_("The station"), 21, 8.25), (_("The park"), 9, 3)]
    return charts.Table(
        _("Where people feel unsafe in the evening"),
        (_("Place"), _("Answers"), _("Per cent")),
        tuple((place, formats.number(n), formats.number(share, 1)) for place, n, share in rows),
    )


def pictures() -> list[charts.Chart]:
    return [_reports(), _compared(), _places(), _changes()]


def _reports() -> charts.Chart:
    counts = [
        (2014, 148),
        (2015, 171),
        (2016, 163),
        (2017, 192),
        (2018, 178),
        (2019, 185),
        (2020, 162),
    ]
    return charts.line(
        "reports",
        title=_("Reported violence in public places"),
        description=_("From 185 to 162: so small a change can be chance."),
        points=[
            charts.Point(
                str(year),
                n,
                n - 1.96 * n**0.5,
                n + 1.96 * n**0.5,
                _("the police changed how they count") * (year == 2016),
            )
            for year, n in counts
        ],
        unit=_("reports in a year"),
        aim=(150, _("promised: at most 150")),
        fmt=lambda value: formats.number(value, 0),
    )


def _compared() -> charts.Chart:
    ours, others = [31, 29, None, 27, 24], [27, 28, 28, 27, 28]
    return charts.line(
        "unsafe",
        title=_("Unsafe outdoors in the evening"),
        description=_("Fewer feel unsafe here; in towns like ours it stands still."),
        series=[
            charts.Series(
                _("Here"), tuple(charts.Point(str(2017 + i), v) for i, v in enumerate(ours))
            ),
            charts.Series(
                _("Towns like ours"),
                tuple(charts.Point(str(2017 + i), v) for i, v in enumerate(others)),
            ),
        ],
        unit=_("per cent of those who answered"),
        fmt=formats.percent,
    )


def _places() -> charts.Chart:
    return charts.bars(
        "places",
        title=_("What people ask us to do something about"),
        description=_("Most name drugs. The thin lines show how sure the shares are."),
        bars=[
            charts.Bar(_("Drug dealing in the open"), 41, 37, 45),
            charts.Bar(_("Dark paths and underpasses between home and school"), 28, 24, 32),
            charts.Bar(_("Speeding mopeds"), 17, 14, 20),
        ],
        unit=_("per cent"),
        whole=100,
        fmt=formats.percent,
    )


def _changes() -> charts.Chart:
    return charts.intervals(
        "changes",
        title=_("Is it less than the year before?"),
        description=_("1 means as many as before. Only vandalism has surely fallen."),
        rows=[
            charts.Interval(_("Violence in public places"), 0.8757, 0.7048, 1.0872),
            charts.Interval(_("Vandalism"), 0.71, 0.61, 0.83),
            charts.Interval(_("Threats"), 1.12, 0.88, 1.43),
        ],
        scale="ratio",
        unit=_("times the year before"),
        less=_("fewer reports"),
        same=_("as many"),
        more=_("more reports"),
        fmt=lambda value: formats.number(value, 2),
    )
