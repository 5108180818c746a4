"""Find the texts to translate, keep the Swedish catalogue in step, and compile it.

`make messages` after texts have changed, then fill in what is empty in django.po and run it again.
With --check nothing is written and anything missing, fuzzy, left over or not compiled fails.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ROOT / "loftet"
CATALOGUE = PRODUCT / "locale" / "sv" / "LC_MESSAGES" / "django.po"
LAZY = {
    f"{name}_lazy": DEFAULT_KEYWORDS[name]
    for name in ("gettext", "ngettext", "pgettext", "npgettext")
}
LAZY |= {"gettext_noop": None}
LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(
    rf"\b(gettext|ngettext|pgettext|npgettext|_)\(((?:{LITERAL}(?:,\s*)?)+)", re.DOTALL
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")

Key = tuple[str | None, str]  # context, text
Found = dict[Key, tuple[str | None, str]]  # plural, where


def texts() -> Found:
    found: Found = {}
    for path in sorted(PRODUCT.rglob("*.py")):
        if "migrations" not in path.parts:
            for name, message in _in_python(path):
                _add(found, name, message, path)
    for path in sorted(PRODUCT.rglob("*.html")) + sorted(PRODUCT.rglob("*.txt")):
        for name, message in _in_template(path):
            _add(found, name, message, path)
    return found


def _in_python(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    rows = extract_from_file("python", path, keywords=DEFAULT_KEYWORDS | LAZY)
    for _line, message, _comments, context in rows:
        parts = message if isinstance(message, tuple) else (message,)
        yield (
            ("p" if context else "") + ("n" if len(parts) > 1 else ""),
            (*([context] if context else []), *parts),
        )


def _in_template(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for call in CALL.finditer(templatize(path.read_text())):
        parts = [ast.literal_eval(part) for part in re.findall(LITERAL, call[2])]
        yield call[1].removesuffix("gettext").strip("_"), tuple(parts)


def _add(found: Found, name: str, message: tuple[str, ...], path: Path) -> None:
    context = message[0] if "p" in name else None
    rest = message[1:] if "p" in name else message
    plural = rest[1] if "n" in name else None
    if rest and rest[0]:
        found.setdefault((context, rest[0]), (plural, str(path.relative_to(ROOT))))


def merged(found: Found, old: polib.POFile) -> polib.POFile:
    kept = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=100)
    new.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "sv",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for (context, text), (plural, where) in sorted(
        found.items(), key=lambda item: (item[1][1], item[0][1])
    ):
        entry = polib.POEntry(
            msgctxt=context, msgid=text, msgid_plural=plural or "", occurrences=[(where, "")]
        )
        before = kept.get((context, text))
        if before:
            entry.msgstr, entry.msgstr_plural = before.msgstr, before.msgstr_plural
            entry.flags = before.flags
        if plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        new.append(entry)
    return new


def faults(catalogue: polib.POFile) -> Iterator[str]:
    for entry in catalogue:
        if entry.fuzzy or not entry.translated():
            yield f"not translated ({entry.occurrences[0][0]}): {entry.msgid!r}"
            continue
        sources = [
            set(PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text
        ]
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text and set(PLACEHOLDER.findall(text)) not in sources:
                yield f"other placeholders than the source: {entry.msgid!r} -> {text!r}"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    checking = options.parse_args().check
    settings.configure()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    old = polib.pofile(str(CATALOGUE), wrapwidth=100) if CATALOGUE.exists() else polib.POFile()
    new = merged(texts(), old)
    compiled = CATALOGUE.with_suffix(".mo")
    wrong = list(faults(new))
    if not checking:
        new.save(str(CATALOGUE))
        new.save_as_mofile(str(compiled))
    elif str(new) != str(old) or not compiled.exists() or compiled.read_bytes() != new.to_binary():
        wrong.append("the catalogue is not in step with the texts: run `make messages`")
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
