"""Open answers: masked, read, coded by two who do not confer, settled, quoted with leave alone."""

from typing import Any

import pytest
from django.test import Client

from loftet.core.models import Event, User
from loftet.listen.actions import coding
from loftet.listen.models import Coding, Passage, Theme, Wave
from loftet.listen.rules import agreeing, masking, suggesting
from loftet.listen.rules.agreeing import Pair
from tests import make
from tests.listen import make as make_survey
from tests.listen.make import choices, texts
from tests.refusal import refused
from tests.visit import as_person, queries, read, words

pytestmark = pytest.mark.django_db

DOCUMENT: dict[str, Any] = {
    "title": texts("Fritt", "Free"),
    "languages": ["sv", "en"],
    "pages": [
        {
            "code": "one",
            "title": texts("Ett", "One"),
            "questions": [
                {"code": "more", "kind": "text", "label": texts("Något mer?", "Anything more?")},
                {
                    "code": "may_quote",
                    "kind": "single",
                    "label": texts("Får vi citera?", "May we quote?"),
                    "choices": choices("yes", "no"),
                },
            ],
        }
    ],
}
WROTE = [
    "Belysningen vid torget är dålig. Ring mig på 070-123 45 67.",
    "Belysning saknas. Kalle Karlsson kör för fort.",
    "De kör för fort med mopeder, säger anna@exempel.se",
    "Bra som det är.",
]


# --- The rules ------------------------------------------------------------------------------------


def test_only_whole_words_are_hidden_and_neighbours_become_one_mask() -> None:
    text = "Fråga Kalle Karlsson, inte Lisa. [telefonnummer]"
    words = {piece.text: piece.number for piece in masking.pieces(text)}
    assert "".join(piece.text for piece in masking.pieces(text)) == text
    assert words["[telefonnummer]"] is None
    hide = {number for word, number in words.items() if word in {"Kalle", "Karlsson", "Lisa"}}
    told = masking.hidden(text, {n for n in hide if n is not None}, "[namn]")
    assert told == "Fråga [namn], inte [namn]. [telefonnummer]"
    assert masking.hidden(text, set(), "[namn]") == text


def test_masks_stand_where_something_was_found() -> None:
    assert masking.masked("Ring 112 nu", [(5, 8, "phone")]) == "Ring [telefonnummer] nu"


def test_themes_are_suggested_by_beginnings_of_words_and_never_by_masks() -> None:
    themes = {"light": ["belys", " Lamp "], "speed": ["fort", ""], "none": []}
    assert suggesting.suggested("BELYSNINGEN och lampor", themes) == {"light"}
    assert suggesting.suggested("komfort", themes) == set()
    assert suggesting.suggested("[fort]", themes) == set()


def test_beginnings_that_many_texts_share_are_proposed_until_a_theme_has_them() -> None:
    found = suggesting.beginnings(["Belysning!", "belysningen", "Ny belysning", "mer buss"], [])
    assert [(f.letters, f.texts, f.words[0]) for f in found] == [("belys", 3, "belysning")]
    assert suggesting.beginnings(["belysning"] * 5, ["belys"]) == []


def test_agreement_is_told_theme_by_theme() -> None:
    light, speed = frozenset({"light"}), frozenset({"speed"})
    pairs = [Pair(n, light, light) for n in range(49)] + [Pair(49, light, speed)]
    pairs += [Pair(n, speed, speed) for n in range(50, 100)]
    told = agreeing.agreement(pairs, ["light", "speed", "never"])
    assert [(t.both, t.one) for t in told] == [(49, 1), (50, 1), (0, 0)]
    observed, expected = 2 / 200, 2 * 99 * 101 / (200 * 199)
    assert told[0].alpha == pytest.approx(1 - observed / expected)
    assert [t.grade for t in told] == ["good", "good", "unknown"]
    few = agreeing.agreement(pairs[:3] + pairs[-3:], ["light"])
    assert (few[0].alpha, few[0].grade) == (1, "unknown")


# --- The actions ----------------------------------------------------------------------------------


def coders() -> tuple[User, User]:
    return make.person("survey_assistant"), make.person("survey_assistant")


def opened(wrote: list[str] | None = None, leave: str = "yes") -> Wave:
    wrote = wrote or WROTE
    wave, given = make_survey.in_field(people=len(wrote), document=DOCUMENT)
    for code, text in zip(given, wrote, strict=True):
        make_survey.answered(wave, code, {"more": text, "may_quote": leave})
    return make_survey.counted(wave)


def taken_out(by: User, **values: Any) -> Wave:
    wave = opened(**values)
    coding.take_out_texts(wave=wave, by=by)
    return wave


def theme(wave: Wave, name: str, words: str = "", *, by: User) -> Theme:
    made = Theme(wave=wave, question="more", name_sv=name, words=words)
    return coding.add_theme(theme=made, by=by)


def all_read(by: User, **values: Any) -> Wave:
    wave = taken_out(by, **values)
    for passage in Passage.objects.filter(answer__wave=wave):
        coding.approve(passage=passage, hide=(), mask="name", by=by)
    return wave


def test_numbers_and_addresses_are_masked_before_anybody_reads() -> None:
    one, _two = coders()
    wave = opened()
    assert coding.take_out_texts(wave=wave, by=one) == 4
    told = " ".join(Passage.objects.values_list("masked", flat=True))
    assert "070" not in told
    assert "@" not in told
    assert "[telefonnummer]" in told
    assert "[e-postadress]" in told
    assert coding.take_out_texts(wave=wave, by=one) == 0
    assert Event.objects.filter(verb="took_out_texts").count() == 1


def test_texts_are_taken_out_once_the_answers_are_opened_and_by_coders_alone() -> None:
    wave, _codes = make_survey.in_field(document=DOCUMENT)
    with refused("not_opened"):
        coding.take_out_texts(wave=wave, by=make.coordinator())
    with refused("not_allowed"):
        coding.take_out_texts(wave=opened(), by=make.person("signer"))


def test_names_are_hidden_for_good_and_only_read_texts_are_coded() -> None:
    one, _two = coders()
    wave = taken_out(one)
    named = Passage.objects.get(masked__contains="Kalle")
    with refused("not_read"):
        coding.code_passage(passage=named, themes=[], by=one)
    with refused("no_mask"):
        coding.approve(passage=named, hide=(), mask="Kalle", by=one)
    coding.approve(passage=named, hide=[2, 3], mask="name", by=one)
    named.refresh_from_db()
    assert named.masked == "Belysning saknas. [namn] kör för fort."
    assert "Kalle" not in str(list(Event.objects.values_list("data", flat=True)))
    assert wave.themes.count() == 0


def test_two_code_without_conferring_and_a_third_cannot() -> None:
    one, two = coders()
    wave = all_read(one)
    light = theme(wave, "Belysning", by=one)
    passage = Passage.objects.get(masked__contains="torget")
    coding.code_passage(passage=passage, themes=[light], by=one)
    assert passage not in Passage.objects.of(wave, "more").to_code(one)
    assert Passage.objects.of(wave, "more").to_code(two).first() == passage
    coding.code_passage(passage=passage, themes=[], by=one)  # may change while alone
    coding.code_passage(passage=passage, themes=[light], by=two)
    for by in (one, make.coordinator()):
        with refused("coded_by_two"):
            coding.code_passage(passage=passage, themes=[light], by=by)
    assert coding.pairs(wave, "more")[0] == [Pair(passage.pk, frozenset(), frozenset({light.code}))]


def test_a_difference_is_settled_and_the_two_judgements_stay() -> None:
    one, two = coders()
    wave = all_read(one)
    light, speed = theme(wave, "Belysning", by=one), theme(wave, "Fart", by=one)
    passage = Passage.objects.get(masked__contains="torget")
    with refused("not_coded"):
        coding.settle(passage=passage, themes=[light], by=one)
    coding.code_passage(passage=passage, themes=[light], by=one)
    coding.code_passage(passage=passage, themes=[speed], by=two)
    coding.settle(passage=passage, themes=[light, speed], by=two)
    pairs, settled = coding.pairs(wave, "more")
    assert (len(pairs), settled) == (1, {passage.pk})
    assert Coding.objects.filter(passage=passage, settles=False).count() == 2


def test_the_codebook_takes_no_personal_data_no_twins_and_keeps_what_is_used() -> None:
    one, two = coders()
    wave = all_read(one)
    light = theme(wave, "Belysning", by=one)
    with refused("theme_twice"):
        theme(wave, "Belysning", by=two)
    with refused("personal_data"):
        theme(wave, "Annat", "070-123 45 67", by=one)
    with refused("no_text"):
        coding.add_theme(theme=Theme(wave=wave, question="may_quote", name_sv="X"), by=one)
    passage = Passage.objects.all()[0]
    coding.code_passage(passage=passage, themes=[light], by=one)
    with refused("in_use"):
        coding.remove_theme(theme=light, by=one)
    other = theme(all_read(one), "Fart", by=one)
    with refused("foreign_theme"):
        coding.code_passage(passage=passage, themes=[other], by=two)
    coding.remove_theme(theme=other, by=one)


def test_only_the_writer_gives_leave_to_quote() -> None:
    one, _two = coders()
    wave = taken_out(one)
    assert Passage.objects.of(wave, "more").quotable().count() == 0
    refusing = all_read(one, leave="no")
    assert Passage.objects.of(refusing, "more").quotable().count() == 0
    agreeing_ones = all_read(one, leave="yes")
    assert Passage.objects.of(agreeing_ones, "more").quotable().count() == 4


# --- The pages ------------------------------------------------------------------------------------


def url(wave: Wave, *rest: str) -> str:
    return "/".join([f"/arbete/fraga/{wave.code}/oppna-svar", *rest, ""])


def posts(client: Client, path: str, **values: Any) -> Any:
    return client.post(path, values, follow=True)


def test_the_pages_lead_from_taking_out_to_settled_without_javascript() -> None:
    one, two = coders()
    wave = opened()
    first, second = as_person(one), as_person(two)
    posts(first, url(wave, "ta-fram"))
    for _ in WROTE:
        page = first.get(url(wave, "more", "las"), follow=True)
        path = page.request["PATH_INFO"]
        hide = [2, 3] if "Kalle" in words(page) else []
        posts(first, path, hide=hide, mask="name")
    assert Passage.objects.unread().count() == 0
    posts(first, url(wave, "more", "teman"), name_sv="Belysning", words="belys\nlamp")
    book = Theme.objects.get()
    for client, chosen in ((first, [book.pk]), (second, [])):
        page = client.get(url(wave, "more", "koda"), follow=True)
        for _ in WROTE:
            assert "/koda/" in page.request["PATH_INFO"]
            assert "checked" not in words(page)
            page = posts(client, page.request["PATH_INFO"], themes=chosen)
    assert Coding.objects.count() == 8
    assert 'name="passage"' in read(second, url(wave, "more", "avgor"))
    for passage in Passage.objects.all():
        posts(second, url(wave, "more", "avgor"), passage=passage.pk, themes=[book.pk])
    assert Coding.objects.filter(settles=True).count() == 4
    assert "Belysning" in read(first, url(wave, "more"))
    assert "[namn]" in read(first, url(wave, "more", "citat"))


def test_a_suggestion_is_shown_but_not_chosen_and_the_other_coder_is_not_seen() -> None:
    one, two = coders()
    wave = all_read(one)
    light = theme(wave, "Belysning", "belys", by=one)
    passage = Passage.objects.get(masked__contains="torget")
    coding.code_passage(passage=passage, themes=[light], by=one)
    page = read(as_person(two), url(wave, "more", "koda", str(passage.pk)))
    assert 'class="suggested"' in page
    assert "checked" not in page
    assert "checked" in read(as_person(one), url(wave, "more", "koda", str(passage.pk)))


def test_texts_nobody_has_read_are_for_coders_alone() -> None:
    one, _two = coders()
    wave = taken_out(one)
    signer = as_person(make.person("signer"))
    passage = Passage.objects.all()[0]
    for closed in (f"more/las/{passage.pk}", f"more/koda/{passage.pk}", "more/avgor"):
        assert signer.get(url(wave, closed)).status_code == 403
    for open_one in ("", "more/", "more/teman/", "more/citat/"):
        page = read(signer, url(wave) + open_one)
        assert "torget" not in page
        assert "mopeder" not in page
    assert signer.get(url(wave, "may_quote")).status_code == 404


@pytest.mark.parametrize(
    "rest", [(), ("more",), ("more", "teman"), ("more", "citat"), ("more", "avgor")]
)
def test_more_texts_ask_the_database_no_more(rest: tuple[str, ...]) -> None:
    one, two = coders()
    counts = []
    for times in (1, 5):
        wave = all_read(one, wrote=WROTE * times)
        some = [theme(wave, f"Tema {n}", f"ord{n}", by=one) for n in range(times)]
        for passage in Passage.objects.filter(answer__wave=wave):
            coding.code_passage(passage=passage, themes=some, by=one)
            coding.code_passage(passage=passage, themes=[], by=two)
        counts.append(queries(as_person(one), url(wave, *rest)))
    assert counts[0] == counts[1]
