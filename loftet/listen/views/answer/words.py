"""What the page says, in the language of whoever answers, and which language each text is in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf.locale import LANG_INFO
from django.utils import formats, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from loftet.core.errors import Refused
from loftet.listen.models import Wave
from loftet.listen.rules import form
from loftet.listen.sources import starter

OURS = ("sv", form.EASY, "en", "ar")  # languages that the page itself speaks
REFUSALS = {
    "wave_not_open": "not_open",
    "wave_closed": "closed",
    "code_used": "code_used",
    "code_needed": "code_needed",
    "answer_large": "answer_large",
}


@dataclass(frozen=True)
class Tongue:
    """A language as the pages need it."""

    tag: str

    @property
    def words(self) -> Mapping[str, str]:
        return starter.chrome(self.tag)

    @property
    def direction(self) -> str:
        return form.direction(self.tag)

    @property
    def own_words(self) -> SafeString | str:
        """Marks the page's own words where they are in another language than the questions."""
        return "" if self.tag in OURS else _marked("en")

    @property
    def name(self) -> str:
        if self.tag in OURS:
            return starter.chrome(self.tag)["language_name"]
        return str(LANG_INFO.get(self.tag, {}).get("name_local", self.tag))

    def said(self, texts: form.Texts) -> SafeString:
        """A text of the questionnaire; marked where it is there in another language only."""
        text = form.text(texts, self.tag)
        given = next((tag for tag, words in texts.items() if words == text), self.tag)
        if not text or self.tag in texts or given == self.tag:
            return format_html("{}", text)
        return format_html("<span{}>{}</span>", _marked(given), text)

    def of_wave(self, wave: Wave, field: str) -> dict[str, str]:
        """A text about the survey, which is there in Swedish and perhaps in English."""
        english = getattr(wave, f"{field}_en")
        swedish = self.tag.startswith("sv") or not english
        tag = "sv" if swedish else "en"
        same = self.tag.split("-", maxsplit=1)[0] == tag
        text = getattr(wave, f"{field}_sv") if swedish else english
        return {"text": text, "mark": "" if same else _marked(tag)}

    def day(self, day: date) -> str:
        with translation.override("sv" if self.tag == form.EASY else self.tag):
            return formats.date_format(day, "j F Y")

    def refusal(self, refusal: Refused, wave: Wave | None = None) -> str:
        key = REFUSALS.get(refusal.code)
        if key is None:
            return refusal.message
        return self.words[key].format_map({"day": self.day(wave.opens) if wave else ""})


def tongues(tags: Iterable[str]) -> list[Tongue]:
    return [Tongue(tag) for tag in tags]


def wished(asked: str, among: Iterable[str]) -> str:
    """The language asked for, if it is there; else the first."""
    offered = list(among)
    return asked if asked in offered else offered[0]


def _marked(tag: str) -> SafeString:
    return format_html(' lang="{}" dir="{}"', tag, form.direction(tag))
