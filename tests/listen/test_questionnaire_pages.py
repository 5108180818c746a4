"""A questionnaire begun, changed, moved about, exported and locked, from its pages."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from loftet.core.models import User
from loftet.listen import actions
from loftet.listen.models import Questionnaire
from loftet.listen.sources import read_document
from tests import make
from tests.listen import make as make_survey
from tests.visit import as_person, queries, read, went_to, words

pytestmark = pytest.mark.django_db
HERE = "/arbete/fraga/formular/"


@pytest.fixture
def by() -> User:
    return make.coordinator()


@pytest.fixture
def client(by: User) -> Client:
    return as_person(by)


@pytest.fixture
def form(by: User) -> str:
    """The address of a questionnaire with two pages of two questions."""
    made = make_survey.questionnaire(by=by)
    return f"{HERE}{made.code}/1/"


def now() -> Any:
    return Questionnaire.objects.latest("pk").form


def codes() -> list[list[str]]:
    return [[question.code for question in page.questions] for page in now().pages]


def posted(client: Client, path: str) -> dict[str, Any]:
    """What the browser would post from the page's form as it stands."""
    fields = client.get(path).context["form"]
    given = {field.html_name: field.value() for field in fields}
    return {name: value for name, value in given.items() if value not in (None, False, "")}


def test_one_begins_with_the_one_that_comes_with_the_system(client: Client) -> None:
    assert "There is none yet" in read(client, f"/en{HERE}")
    assert went_to(client.post(HERE, {"code": "trygghet"})) == f"{HERE}trygghet/1/"
    page = read(client, f"/en{HERE}trygghet/1/?sprak=ar")
    assert 'lang="ar" dir="rtl"' in page


def test_a_file_is_read_and_a_code_that_is_taken_is_said_beside_its_field(client: Client) -> None:
    client.post(HERE, {"code": "trygghet"})
    file = BytesIO(client.get(f"{HERE}trygghet/1/fil.xlsx").content)
    file.name = "form.xlsx"
    page = words(client.post(f"/en{HERE}", {"code": "trygghet", "file": file}))
    assert "Code – There is a questionnaire with this code" in page
    file.seek(0)
    assert went_to(client.post(HERE, {"code": "kopia", "file": file})) == f"{HERE}kopia/1/"
    first, second = (Questionnaire.objects.get(code=code) for code in ("trygghet", "kopia"))
    assert first.content == second.content


def test_a_file_of_another_kind_is_refused_in_words(client: Client) -> None:
    file = BytesIO(b"%PDF-1.7")
    file.name = "form.pdf"
    page = words(client.post(f"/en{HERE}", {"code": "trygghet", "file": file}))
    assert "Something needs to be put right" in page
    assert not Questionnaire.objects.exists()


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_what_is_fetched_reads_as_the_same(client: Client, form: str, kind: str) -> None:
    response = client.get(f"{form}fil.{kind}")
    document = read_document(response.content, f"form.{kind}")
    actions.add_questionnaire(code="again", document=document, by=make.coordinator())
    kept = Questionnaire.objects.order_by("pk")
    assert kept[0].content == kept[1].content
    assert client.get(f"{form}fil.exe").status_code == 404


def test_a_question_is_changed_in_every_language_and_its_choices_by_lines(
    client: Client, form: str
) -> None:
    path = f"{form}fraga/age/"
    changed = posted(client, path) | {
        "label:en": "Your age?",
        "choices:sv": "young | Ung\nold | Gammal",
        "choices:en": "young | Young\nold | Old",
        "required": "on",
    }
    assert went_to(client.post(path, changed)) == f"{form}#you"
    question = next(iter(now().questions))
    assert question.required
    assert question.label["en"] == "Your age?"
    assert [choice.label["sv"] for choice in question.choices] == ["Ung", "Gammal"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"choices:sv": "young Ung"}, "Line 1 has no | between code and text"),
        ({"choices:en": "ancient | Ancient"}, "is not among the Swedish ones"),
        ({"code": "evening"}, "evening"),
        ({"relevant": "${nothing} = 'x'"}, "nothing"),
        ({"label:sv": ""}, "Something needs to be put right"),
    ],
)
def test_a_faulty_change_is_said_and_nothing_is_kept(
    client: Client, form: str, change: dict[str, str], said: str
) -> None:
    path = f"{form}fraga/age/"
    before = Questionnaire.objects.get().content
    page = words(client.post(f"/en{path}", posted(client, path) | change))
    assert "Something needs to be put right" in page
    assert said in page
    assert Questionnaire.objects.get().content == before


def test_an_unchanged_form_is_kept_as_it_was(client: Client, form: str) -> None:
    before = Questionnaire.objects.get().content
    for path in ("fraga/age/", "fraga/priorities/", "fraga/more/", "sida/you/"):
        client.post(form + path, posted(client, form + path))
    assert Questionnaire.objects.get().content == before


def test_questions_and_pages_move_and_go(client: Client, form: str) -> None:
    assert codes() == [["age", "evening"], ["priorities", "more"]]
    client.post(f"{form}fraga/evening/upp/")
    client.post(f"{form}sida/work/upp/")
    assert codes() == [["priorities", "more"], ["evening", "age"]]
    client.post(f"{form}fraga/more/bort/")
    client.post(f"{form}sida/you/bort/")
    assert codes() == [["priorities"]]
    assert client.post(f"{form}fraga/priorities/snett/").status_code == 404
    assert client.get(f"{form}fraga/priorities/bort/").status_code == 405


def test_a_question_that_others_depend_on_is_not_removed_silently(
    client: Client, form: str
) -> None:
    path = f"{form}fraga/more/"
    client.post(path, posted(client, path) | {"relevant": "${age} = 'old'"})
    response = client.post(f"/en{form}fraga/age/bort/")
    assert response.status_code == 409
    assert "age" in words(response)
    assert codes()[0] == ["age", "evening"]


def test_a_new_page_and_a_new_question_of_every_kind(client: Client, form: str) -> None:
    sent = {"code": "extra", "title": "Mer"}
    assert went_to(client.post(f"{form}ny-sida/", sent)) == f"{form}sida/extra/"
    kinds = ["single", "scale", "several", "priorities", "grid", "number", "text", "place"]
    for kind in kinds:
        sent = {"kind": kind, "code": f"q-{kind}", "label": "Vad?"}
        response = client.post(f"{form}sida/extra/ny-fraga/", sent)
        assert went_to(response) == f"{form}fraga/q-{kind}/"
        page = read(client, f"/en{form}fraga/q-{kind}/")
        assert ("Choices (Svenska)" in page) == (kind not in {"number", "text", "place"})
        assert ("Lowest number" in page) == (kind == "number")
    assert [question.kind for question in now().pages[2].questions] == kinds


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("sida/you/ny-fraga/", {"kind": "text", "code": "age", "label": "Mitt eget ord"}),
        ("sida/you/ny-fraga/", {"kind": "text", "code": "", "label": "Mitt eget ord"}),
        ("sida/you/ny-fraga/", {"kind": "text", "code": "två ord", "label": "Mitt eget ord"}),
        ("ny-sida/", {"code": "you", "title": "Mitt eget ord"}),
    ],
)
def test_what_cannot_be_added_is_said_with_what_was_typed_still_there(
    client: Client, form: str, path: str, sent: dict[str, str]
) -> None:
    page = words(client.post(f"/en{form}{path}", sent))
    assert "Something needs to be put right" in page
    assert "Mitt eget ord" in page
    assert codes() == [["age", "evening"], ["priorities", "more"]]


def test_when_people_have_been_asked_only_a_new_version_changes(client: Client, by: User) -> None:
    wave, _codes = make_survey.in_field(by=by)
    assert wave.questionnaire
    form = f"{HERE}{wave.questionnaire.code}/1/"
    page = read(client, f"/en{form}")
    assert "people have been asked" in page
    assert "One more page" not in page
    refused = client.post(f"/en{form}fraga/age/bort/")
    assert refused.status_code == 409
    changed = posted(client, f"{form}fraga/age/") | {"label:sv": "Ny text"}
    assert "Something needs to be put right" in words(client.post(f"/en{form}fraga/age/", changed))
    newer = form.replace("/1/", "/2/")
    assert went_to(client.post(f"{form}ny-version/")) == newer
    client.post(f"{newer}fraga/age/", changed)
    kept = [version.form for version in Questionnaire.objects.order_by("version")]
    first = [next(iter(form.questions)).label["sv"] for form in kept]
    assert first == ["Hur gammal är du?", "Ny text"]
    assert "Version 2" in read(client, f"/en{form}")
    assert client.post(f"{form}ny-version/").status_code == 409
    assert client.post(f"{form}ta-bort/").status_code == 409
    assert went_to(client.post(f"{newer}ta-bort/")) == HERE


def test_who_may_not_write_reads_and_is_refused(form: str) -> None:
    signer = as_person(make.person("signer"))
    page = read(signer, f"/en{form}")
    assert "Change this page" not in page
    assert "Make a new version" not in page
    for path in ("ta-bort/", "fraga/age/upp/", "sida/you/bort/"):
        assert signer.post(form + path).status_code == 403
    sent = {"kind": "text", "code": "new", "label": "Vad?"}
    assert signer.post(f"{form}sida/you/ny-fraga/", sent).status_code == 403
    assert signer.post(HERE, {"code": "other"}).status_code == 403


def test_what_is_not_there_is_not_found(client: Client, form: str) -> None:
    for path in ("fraga/none/", "sida/none/", "sida/none/ny-fraga/"):
        assert client.get(form + path).status_code == 404
    assert client.get(f"{HERE}none/1/").status_code == 404


def test_more_questionnaires_ask_no_more(client: Client, form: str, by: User) -> None:
    few = [queries(client, path) for path in (HERE, form)]
    for _ in range(3):
        make_survey.questionnaire(by=by)
    assert [queries(client, path) for path in (HERE, form)] == few
