"""Questionnaires of every sort, for hypothesis: all that the checks let through."""

from typing import Any

from hypothesis import strategies as st

from loftet.listen.rules import checking
from loftet.listen.rules.form import Kind

OTHERS = ["en", "ar", "sv-x-easy", "fi"]

words = st.one_of(
    st.sampled_from(["Trygg?", "=1+1", "12", "TRUE", "Ja – nej", "x" * 300, "مرحبا", "rad\nrad"]),
    st.text(
        st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
        min_size=1,
        max_size=12,
    ),
).filter(lambda text: text.strip() and "${" not in text)
starts = st.sampled_from("abcXYZ")
rest = st.text(st.sampled_from("abcXYZ019_-"), max_size=8)
codes = st.builds(str.__add__, starts, rest)
choice_codes = st.text(st.sampled_from("abcXYZ019_-"), min_size=1, max_size=8)
numbers = st.one_of(
    st.integers(-(10**12), 10**12),
    st.floats(-1e12, 1e12).filter(lambda value: not value.is_integer()),
)


@st.composite
def texts(draw: st.DrawFn, languages: list[str]) -> dict[str, str]:
    given = {"sv": draw(words)}
    for language in languages:
        if language != "sv" and draw(st.booleans()):
            given[language] = draw(words)
    return {language: given[language] for language in languages if language in given}


@st.composite
def choices(draw: st.DrawFn, languages: list[str], of: st.SearchStrategy[str], least: int) -> Any:
    drawn = draw(st.lists(of, min_size=least, max_size=4, unique_by=str.casefold))
    return [{"code": code, "label": draw(texts(languages))} for code in drawn]


def _rules(earlier: list[dict[str, Any]]) -> st.SearchStrategy[str]:
    asked = []
    for question in earlier:
        code = question["code"]
        asked += [f"${{{code}}} != ''", f"string-length(${{{code}}}) > 2"]
        for row in question.get("rows", [])[:1]:
            asked.append(f"${{{code}.{row['code']}}} = '{question['choices'][0]['code']}'")
        if question["kind"] == "several":
            asked.append(f"not(selected(${{{code}}}, '{question['choices'][0]['code']}'))")
    return st.sampled_from(["", *asked, *(f"({one}) and true()" for one in asked)])


OWN = {
    "number": [". >= 3", ". mod 2 = 0"],
    "text": ["string-length(.) <= 100"],
    "several": ["count-selected(.) <= 2"],
}


@st.composite
def questions(draw: st.DrawFn, code: str, languages: list[str], earlier: list[Any]) -> Any:
    kind = draw(st.sampled_from(sorted(Kind)))
    made: dict[str, Any] = {"code": code, "kind": str(kind), "label": draw(texts(languages))}
    if draw(st.booleans()):
        made |= {"hint": draw(texts(languages)), "required": True}
    made |= draw(_particulars(kind, languages))
    made["relevant"] = draw(_rules(earlier))
    if "constraint" in checking.COUNTS[kind]:
        made["constraint"] = draw(st.sampled_from(["", *OWN.get(str(kind), [])]))
        if made["constraint"] and draw(st.booleans()):
            made["constraint_message"] = draw(texts(languages))
    return {name: value for name, value in made.items() if value not in ("", [])}


@st.composite
def _particulars(draw: st.DrawFn, kind: Kind, languages: list[str]) -> dict[str, Any]:
    counts = checking.COUNTS[kind]
    made: dict[str, Any] = {}
    if "choices" in counts:
        made["choices"] = draw(choices(languages, choice_codes, 2))
    if "rows" in counts:
        made["rows"] = draw(choices(languages, codes, 1))
    if kind is Kind.PRIORITIES or ("most" in counts and draw(st.booleans())):
        made["most"] = draw(st.integers(1, min(3, len(made.get("choices", "abc")))))
    if kind is Kind.NUMBER:
        lowest, highest = sorted(draw(st.tuples(numbers, numbers)))
        both = {"lowest": lowest, "highest": highest}
        one = st.sampled_from([{}, {"lowest": lowest}, {"highest": highest}])
        made |= draw(st.one_of(one, st.just(both | {"whole": True})))
    if "longest" in counts and draw(st.booleans()):
        made["longest"] = draw(st.integers(1, 1000))
    return made


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    others = draw(st.lists(st.sampled_from(OTHERS), unique=True, max_size=3))
    languages = draw(st.permutations(["sv", *others]))
    names = st.lists(codes, min_size=1, max_size=9, unique_by=str.casefold)
    drawn = [code for code in draw(names) if code.casefold() not in checking.RESERVED]
    earlier: list[Any] = []
    pages: list[Any] = []
    for code in drawn:
        if not pages or draw(st.integers(0, 3)) == 0:
            page = {"code": code, "title": draw(texts(languages)), "questions": []}
            if rule := draw(_rules(earlier)):
                page["relevant"] = rule
            if draw(st.booleans()):
                page["introduction"] = draw(texts(languages))
            pages.append(page)
        else:
            made = draw(questions(code, languages, earlier))
            pages[-1]["questions"].append(made)
            earlier.append(made)
    whole = {"title": draw(texts(languages)), "languages": languages, "pages": pages}
    for name in ("introduction", "thanks"):
        if draw(st.booleans()):
            whole[name] = draw(texts(languages))
    return whole
