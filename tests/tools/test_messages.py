"""The catalogue's guard: it finds every text, and what is not translated as it should be."""

from pathlib import Path
from types import SimpleNamespace

import polib
import pytest

from tools import messages

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext_lazy

A = _("Kept")
B = gettext_lazy("Lazy %(name)s")
C = ngettext("%(n)d round", "%(n)d rounds", 2)
D = pgettext_lazy("year wheel", "Ask")
E = _("Two " "halves")
"""
TEMPLATE = """
{% load i18n %}{% translate "Heading" %}
{% translate "May" context "month" %}
{% blocktranslate trimmed with name=who %}
  Signed by
  {{ name }}
{% endblocktranslate %}
{% blocktranslate trimmed count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
<p title="{{ x|default:_("Nothing") }}">{% trans "Don't “quote”" %}</p>
"""


@pytest.fixture
def product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small house with one module, one template and a migration."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "page.py").write_text(PYTHON)
    (tmp_path / "page.html").write_text(TEMPLATE)
    (tmp_path / "migrations" / "0001.py").write_text('from x import _\nA = _("Not this")\n')
    for name, path in {
        "ROOT": tmp_path, "PRODUCT": tmp_path, "CATALOGUE": tmp_path / "sv" / "django.po",
    }.items():  # fmt: skip
        monkeypatch.setattr(messages, name, path)
    monkeypatch.setattr(messages, "settings", SimpleNamespace(configure=lambda: None))
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["messages", *arguments])
    return messages.main()


def translate_all(catalogue: Path) -> polib.POFile:
    file = polib.pofile(str(catalogue))
    for entry in file:
        entry.msgstr = "" if entry.msgid_plural else entry.msgid
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
    file.save()
    return file


@pytest.mark.usefixtures("product")
def test_texts_are_found_in_python_and_in_templates() -> None:
    found = {key: plural for key, (plural, _where) in messages.texts().items()}
    assert found == {
        (None, "Kept"): None,
        (None, "Lazy %(name)s"): None,
        (None, "%(n)d round"): "%(n)d rounds",
        ("year wheel", "Ask"): None,
        (None, "Two halves"): None,
        (None, "Heading"): None,
        ("month", "May"): None,
        (None, "Signed by %(name)s"): None,
        (None, "%(n)s row"): "%(n)s rows",
        (None, "Nothing"): None,
        (None, "Don't “quote”"): None,
    }


def test_what_is_not_translated_fails_and_is_named(
    product: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 1
    said = capsys.readouterr().out
    assert "not translated (page.py): 'Kept'" in said
    assert "not translated (page.html): 'Heading'" in said
    translate_all(product / "sv" / "django.po")
    assert run(monkeypatch) == 0
    assert run(monkeypatch, "--check") == 0


def test_a_new_text_a_removed_one_and_a_fuzzy_one_fail_the_check(
    product: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = product / "sv" / "django.po"
    run(monkeypatch)
    file = translate_all(catalogue)
    run(monkeypatch)
    page = product / "page.html"
    whole = page.read_text()
    page.write_text(whole + '{% translate "New" %}')
    assert run(monkeypatch, "--check") == 1
    assert "not translated (page.html): 'New'" in capsys.readouterr().out
    page.write_text(whole.replace('{% translate "Heading" %}', ""))
    assert run(monkeypatch, "--check") == 1
    assert "not in step" in capsys.readouterr().out
    page.write_text(whole)
    assert run(monkeypatch, "--check") == 0
    next(iter(file)).flags.append("fuzzy")
    file.save()
    assert run(monkeypatch, "--check") == 1


def test_a_translation_that_loses_a_value_is_found(
    product: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = product / "sv" / "django.po"
    run(monkeypatch)
    file = translate_all(catalogue)
    entry = file.find("Lazy %(name)s")
    assert entry
    entry.msgstr = "Lat %(namn)s"
    file.save()
    assert run(monkeypatch, "--check") == 1
    assert "other placeholders" in capsys.readouterr().out


def test_a_catalogue_that_is_not_compiled_is_found(
    product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = product / "sv" / "django.po"
    run(monkeypatch)
    translate_all(catalogue)
    run(monkeypatch)
    catalogue.with_suffix(".mo").write_bytes(b"")
    assert run(monkeypatch, "--check") == 1
