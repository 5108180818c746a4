"""Languages as XLSForm writes them, "Svenska (sv)", and as people write them without the tag."""

import re

from loftet.listen.rules.shape import LANGUAGE, LONGEST_LANGUAGE

NAMES = {
    "sv": "Svenska",
    "sv-x-easy": "Lättläst svenska",
    "en": "English",
    "ar": "العربية",
    "fi": "Suomi",
    "so": "Soomaali",
    "fa": "فارسی",
    "prs": "دری",
    "ckb": "کوردیی ناوەندی",
    "kmr": "Kurmancî",
    "ti": "ትግርኛ",
    "pl": "Polski",
    "uk": "Українська",
    "ru": "Русский",
    "tr": "Türkçe",
    "bs": "Bosanski",
    "hr": "Hrvatski",
    "sr": "Srpski",
    "sq": "Shqip",
    "es": "Español",
    "fr": "Français",
    "de": "Deutsch",
    "se": "Davvisámegiella",
    "th": "ไทย",
}
OTHER_NAMES = {
    "swedish": "sv", "svensk": "sv", "engelska": "en", "finnish": "fi", "finska": "fi",
    "arabic": "ar", "arabiska": "ar", "somali": "so", "somaliska": "so", "persian": "fa",
    "farsi": "fa", "dari": "prs", "tigrinya": "ti", "polish": "pl", "polska": "pl",
    "ukrainian": "uk", "ukrainska": "uk", "russian": "ru", "ryska": "ru", "turkish": "tr",
    "turkiska": "tr", "spanish": "es", "spanska": "es", "french": "fr", "franska": "fr",
    "german": "de", "tyska": "de", "bosnian": "bs", "bosniska": "bs", "albanian": "sq",
    "albanska": "sq", "thai": "th", "thailändska": "th", "italian": "it", "chinese": "zh",
    "japanese": "ja", "macedonian": "mk", "portuguese": "pt", "swahili": "sw",
}  # fmt: skip
KNOWN = {name.casefold(): tag for tag, name in NAMES.items()} | OTHER_NAMES
TAGGED = re.compile(r".*\(\s*([^()]+?)\s*\)\s*")


def column(tag: str) -> str:
    return f"{NAMES.get(tag, tag)} ({tag})"


def tag(written: str) -> str | None:
    """The tag of a language as it stands in a file, or None."""
    if (tagged := TAGGED.fullmatch(written)) and _is_tag(tagged[1]):
        return tagged[1]
    name = written.strip()
    return KNOWN.get(name.casefold()) or (name if _is_tag(name) else None)


def _is_tag(text: str) -> bool:
    return len(text) <= LONGEST_LANGUAGE and bool(LANGUAGE.fullmatch(text))
