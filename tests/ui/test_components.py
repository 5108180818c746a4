import re
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

import loftet.ui
from loftet.ui import samples

STATIC = Path(loftet.ui.__file__).parent / "static" / "ui"
TEMPLATES = Path(loftet.ui.__file__).parent / "templates"
CSS = (STATIC / "loftet.css").read_text()
SWEDISH = "åäöÅÄÖé–”’»§%€−×±\u00a0"


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.seen if tag in tags]


def html(source: str, **values: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


@pytest.fixture(params=["", "/en"])
def living(request: pytest.FixtureRequest, client: Client, db: None) -> str:
    answer = client.get(f"{request.param}/komponenter/")
    assert answer.status_code == 200
    return answer.content.decode()


# --- The living page ----------------------------------------------------------------------------


def test_the_page_of_components_is_valid_html(living: str) -> None:
    parser = html5lib.HTMLParser()
    parser.parse(living)
    assert parser.errors == []


def test_nothing_in_the_page_needs_a_looser_policy(living: str) -> None:
    tags = Tags(living)
    assert not tags.named("style")
    assert [s for s in tags.named("script") if "src" not in s] == []
    for _tag, attributes in tags.seen:
        assert not [n for n in attributes if n == "style" or n.startswith("on")]


def test_every_id_is_used_once_and_every_reference_has_one(living: str) -> None:
    tags = Tags(living)
    ids = [a["id"] for _tag, a in tags.seen if "id" in a]
    assert len(ids) == len(set(ids))
    for _tag, attributes in tags.seen:
        for name in ("for", "aria-describedby", "aria-labelledby"):
            assert set(attributes.get(name, "").split()) <= set(ids)
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids


def test_every_heading_is_at_most_one_level_below_the_one_before(living: str) -> None:
    levels = [int(tag[1]) for tag, _attributes in Tags(living).seen if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_the_page_says_its_language_and_links_to_the_other(living: str) -> None:
    tags = Tags(living)
    here = tags.named("html")[0]["lang"]
    other = next(a["hreflang"] for a in tags.named("a") if "hreflang" in a)
    assert {here, other} == {"sv", "en"}


# --- Budgets ------------------------------------------------------------------------------------


def test_the_stylesheet_the_typeface_and_the_page_are_small(living: str) -> None:
    assert len(CSS.encode()) < 24_000
    assert sum(font.stat().st_size for font in STATIC.rglob("*.woff2")) < 60_000
    assert len(living.encode()) < 60_000


def test_the_typeface_has_every_letter_that_swedish_needs() -> None:
    tt_font = pytest.importorskip("fontTools.ttLib").TTFont
    letters = tt_font(STATIC / "fonts" / "source-sans-3.woff2").getBestCmap()
    assert [letter for letter in SWEDISH if ord(letter) not in letters] == []


def test_the_typeface_is_the_one_that_is_written_down() -> None:
    digest = sha256((STATIC / "fonts" / "source-sans-3.woff2").read_bytes()).hexdigest()
    assert digest in (STATIC / "fonts" / "VENDORED.md").read_text()


def test_templates_are_short_and_hold_no_style_or_script() -> None:
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text()
        assert source.count("\n") < 120, path
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*src=)", source), path


# --- Colours ------------------------------------------------------------------------------------


def tokens(scheme: str) -> dict[str, str]:
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    )
    return light if scheme == "light" else light | dark


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


VERDICTS = ["kept", "partly", "not-kept", "cannot-tell", "ongoing"]
TEXT = [
    *product(["ink", "soft", "primary", "primary-strong"], ["paper", "mist"]),
    *((v, f"{v}-tint") for v in VERDICTS),
    *(("ink", f"{v}-tint") for v in [*VERDICTS, "primary"]),
    *product(VERDICTS, ["paper", "mist"]),
    ("primary", "primary-tint"),
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("on-band", "band"),
    ("on-foot", "foot"),
    ("on-foot-soft", "foot"),
]
PARTS = [
    *product(["edge", "one", "two", "three"], ["paper", "mist"]),
    ("one", "band"),
    ("primary", "band"),
    ("halo", "ink"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 7), (PARTS, 3)])
def test_every_pair_of_colours_keeps_its_contrast(
    scheme: str, pairs: list[tuple[str, str]], least: float
) -> None:
    colours = tokens(scheme)
    weak = {
        f"{a} on {b}": round(contrast(colours[a], colours[b]), 2)
        for a, b in pairs
        if contrast(colours[a], colours[b]) < least and (scheme, a) != ("dark", "halo")
    }
    assert weak == {}


def test_every_colour_that_is_used_is_a_token() -> None:
    body = CSS.split("/* --- Base")[1]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])", body) == []
    used, defined = (set(re.findall(p, CSS)) for p in (r"var\(--([\w-]+)", r"--([\w-]+):"))
    assert used == defined


# --- Pieces -------------------------------------------------------------------------------------


def test_each_verdict_has_its_own_sign_and_its_word() -> None:
    signs = set()
    for key, word in samples.words():
        shown = html("{% verdict key word %}", key=key, word=word)
        assert word in shown
        assert f'class="verdict {key}"' in shown
        signs.add(re.findall(r' d="(.*?)"', shown)[0])
    assert len(signs) == 5


def test_a_notice_keeps_its_markup_and_escapes_what_people_wrote() -> None:
    shown = html('{% notice "warn" %}<p>{{ name }}</p>{% endnotice %}', name="<b>x</b>")
    assert 'class="notice warn"' in shown
    assert "<p>&lt;b&gt;x&lt;/b&gt;</p>" in shown


def test_crumbs_link_all_but_the_page_itself() -> None:
    tags = Tags(html('{% crumbs "Pledges" "/a/" "2021" "/b/" "P2" %}'))
    assert [a["href"] for a in tags.named("a")] == ["/a/", "/b/"]
    assert [a.get("aria-current") for a in tags.named("li")] == [None, None, "page"]


def test_pages_keep_the_rest_of_the_question() -> None:
    question = RequestFactory().get("/?q=torg&page=2")
    shown = html("{% pages page %}", page=Paginator(range(9), 3).page(2), request=question)
    assert re.findall(r'href="(.*?)"', shown) == ["?q=torg&amp;page=1", "?q=torg&amp;page=3"]


def test_a_table_that_scrolls_can_be_reached_and_has_a_name() -> None:
    region = Tags(html("{% table table %}", table=samples.table())).named("div")[0]
    assert (region["role"], region["tabindex"]) == ("region", "0")
    assert region["aria-label"] == samples.table().caption


# --- Forms --------------------------------------------------------------------------------------


class Report(forms.Form):
    place = forms.CharField(
        help_text="As people say it.", widget=forms.TextInput({"placeholder": "x"})
    )
    note = forms.CharField(required=False)
    when = forms.ChoiceField(choices=[("d", "day"), ("n", "night")], widget=forms.RadioSelect)
    answer = forms.BooleanField(required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def test_a_field_has_a_label_and_its_hint_is_tied_to_it() -> None:
    tags = Tags(str(Report()))
    place = next(a for a in tags.named("input") if a.get("name") == "place")
    assert place["id"] in [a["for"] for a in tags.named("label")]
    assert place["aria-describedby"] == "id_place_helptext"
    assert "placeholder" not in place


def test_what_is_optional_is_said_in_words_and_nothing_is_starred() -> None:
    with override("en"):
        shown = str(Report())
    assert shown.count("(optional)") == 1
    assert "*" not in shown


def test_an_error_is_told_on_top_with_a_link_and_at_the_field() -> None:
    with override("en"):
        tags = Tags(str(Report({"when": "d", "token": "t"})))
    field = next(a for a in tags.named("input") if a.get("name") == "place")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "id_place_helptext id_place_error"
    assert "#id_place" in [a.get("href") for a in tags.named("a")]
    assert any(a.get("id") == "id_place_error" for a in tags.named("ul"))


def test_a_group_of_choices_is_a_fieldset_that_its_error_link_finds() -> None:
    tags = Tags(str(Report({"place": "x", "token": "t"})))
    target = next(a["href"] for a in tags.named("a"))[1:]
    assert any(a.get("id") == target for _tag, a in tags.seen)
    assert len(tags.named("fieldset")) == len(tags.named("legend")) == 1


# --- Around the pages ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_nothing_but_themselves(name: str) -> None:
    shown = render_to_string(f"{name}.html")
    parser = html5lib.HTMLParser()
    parser.parse(shown)
    assert parser.errors == []
    assert "<h1>" in shown


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/konto/login/", "/konto/password/reset/"])
def test_login_pages_are_ours(client: Client, path: str) -> None:
    tags = Tags(client.get(path).content.decode())
    assert len(tags.named("main")) == len(tags.named("h1")) == 1
    assert any("button" in a.get("class", "").split() for a in tags.named("button"))
    labelled = {a["for"] for a in tags.named("label")}
    assert {
        a["id"] for a in tags.named("input") if a.get("type") in {"email", "password"}
    } <= labelled


def test_the_summary_also_stands_alone_above_a_form_in_groups() -> None:
    shown = html('{% include "ui/error_summary.html" %}', form=Report({"when": "d"}))
    assert re.findall(r'href="(.*?)"', shown) == ["#id_place"]
    assert "Token" in shown
