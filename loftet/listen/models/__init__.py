from loftet.listen.models.answering import (
    AccessCode,
    Addressee,
    Answer,
    Envelope,
    Keying,
    Mailing,
    Mode,
)
from loftet.listen.models.coding import Coding, Passage, Theme
from loftet.listen.models.paper import KeyingTally
from loftet.listen.models.questionnaire import Questionnaire
from loftet.listen.models.results import Compilation, Priority
from loftet.listen.models.wave import Draw, Margin, Stratum, Wave

__all__ = [
    "AccessCode",
    "Addressee",
    "Answer",
    "Coding",
    "Compilation",
    "Draw",
    "Envelope",
    "Keying",
    "KeyingTally",
    "Mailing",
    "Margin",
    "Mode",
    "Passage",
    "Priority",
    "Questionnaire",
    "Stratum",
    "Theme",
    "Wave",
]
