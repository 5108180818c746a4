"""Letters, cards and forms as PDF, made by Typst in parts that fit in memory."""

import json
from collections.abc import Iterable
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from loftet.core import clock, jobs, vault
from loftet.core.errors import Refused
from loftet.core.models import Municipality, User
from loftet.listen.actions.letters import forget_letters, letters_made, to_ask
from loftet.listen.actions.sample import Recipient
from loftet.listen.models import Mailing
from loftet.listen.rules import codes
from loftet.listen.rules.form import Form, Kind, Question, direction
from loftet.ui import formats

HERE = Path(__file__).resolve().parent
PART = {Mailing.Kind.LETTER: 1000, Mailing.Kind.CARD: 1000, Mailing.Kind.FORM: 200}
TEXT_LINES = 5
OTHER_LANGUAGES = {  # so that those who read it see that they can answer
    "en": "You can answer in English: go to the address above.",
    "ar": "يمكنك الإجابة بالعربية: انتقل إلى العنوان أعلاه.",
}


def make(*, progress: jobs.Progress, by: User, mailing: int) -> dict[str, Any]:
    """A job: everybody who may still be asked, part by part, sealed under the address key."""
    found = Mailing.objects.select_related("wave__questionnaire").get(pk=mailing)
    people = list(to_ask(found.wave))
    if not people:
        raise Refused("nobody_left", _("Everybody has answered, or may not be asked again."))
    forget_letters(found)  # those of an earlier run may hold people who have answered since
    size, done = PART[Mailing.Kind(found.kind)], 0
    for number, some in enumerate(_cut(people, size), start=1):
        progress.tell(done, len(people))
        vault.put(found.wave.address_key, f"mailing-{found.pk}-{number:03}", pdf(found, some))
        done += len(some)
    letters_made(mailing=found, copies=done, by=by)
    progress.tell(done, done)
    return {"copies": done, "files": number}


def pdf(mailing: Mailing, people: Iterable[Recipient]) -> bytes:
    """Tagged and for the archive: PDF/A-2a and PDF/UA-1."""
    with override("sv"):
        run = json.dumps(_run(mailing) | {"people": [_person(one) for one in people]})
    made: bytes = typst.compile(
        str(HERE / "letter.typ"),
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"run": run},
        pdf_standards=["a-2a", "ua-1"],
    )
    return made


def _run(mailing: Mailing) -> dict[str, Any]:
    wave, here = mailing.wave, Municipality.here()
    form = wave.questionnaire.form if wave.questionnaire else None
    return {
        "kind": mailing.kind,
        "title": wave.title_sv,
        "sender": here.official_name if here else "",
        "police": here.police if here else "",
        "date": formats.date_long(mailing.planned_on or clock.today()),
        "purpose": wave.purpose_sv,
        "until": _("Answer no later than %(day)s.") % {"day": formats.date_long(wave.closes)},
        "address": f"{settings.ADDRESS.removeprefix('https://').removeprefix('http://')}/enkat",
        "law": wave.law_sv,
        "contact": wave.contact,
        "languages": _languages(form) if form else [],
        "form": _laid_out(form) if form and mailing.kind == Mailing.Kind.FORM else None,
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "how": _("How to answer"),
        "go": _("Go to"),
        "write": _("Write your code"),
        "scan": _("Or point the camera of your phone at the square."),
        "qr": _("Square with the address and the code"),
        "reminder": _("We have not had your answer yet. It matters: you stand for many others."),
        "voluntary": _("Answering is voluntary and takes about ten minutes."),
        "paper": _("Or fill in the form that comes with this letter and send it back."),
        "safe": _("How we protect your answer"),
        "safe_text": _(
            "The code shows only that somebody has answered. When the survey closes, all answers"
            " are mixed and the key is destroyed. After that nobody can find out who answered what."
            " Your name and address are removed after the last reminder."
        ),
        "ask": _("Do you have questions? Contact"),
        "code": _("Code"),
        "page": _("page"),
    }


def _languages(form: Form) -> list[dict[str, Any]]:
    return [
        {"lang": tag, "rtl": direction(tag) == "rtl", "text": line}
        for tag, line in OTHER_LANGUAGES.items()
        if tag in form.languages
    ]


def _laid_out(form: Form) -> list[dict[str, Any]]:
    return [
        {
            "title": page.title["sv"],
            "questions": [_question(question) for question in page.questions],
        }
        for page in form.pages
    ]


def _question(question: Question) -> dict[str, Any]:
    return {
        "label": question.label["sv"],
        "hint": question.hint.get("sv", ""),
        "choices": [choice.label["sv"] for choice in question.choices],
        "rows": [row.label["sv"] for row in question.rows],
        "lines": TEXT_LINES if question.kind in {Kind.TEXT, Kind.PLACE} else 1,
    }


def _person(one: Recipient) -> dict[str, Any]:
    return {
        "name": one.name,
        "address": list(one.address),
        "code": codes.shown(one.code),
        "qr": _qr(one.code),
    }


def _qr(code: str) -> str:
    """The code follows a `#`: what stands there is never sent to a server, so no log holds it."""
    svg = BytesIO()
    made = segno.make(f"{settings.ADDRESS}/enkat/#{code}", error="m")
    made.save(svg, kind="svg", xmldecl=False, border=0, scale=2)
    return svg.getvalue().decode()


def _cut(people: list[Recipient], size: int) -> Iterable[list[Recipient]]:
    rest = iter(people)
    while some := list(islice(rest, size)):
        yield some
