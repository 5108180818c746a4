from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from loftet.listen.rules import codes

signs = st.text(codes.ALPHABET, min_size=codes.LENGTH - 1, max_size=codes.LENGTH - 1)


def with_check(signs: str) -> str:
    return next(signs + sign for sign in codes.ALPHABET if codes.wrong(signs + sign) is None)


def test_new_codes_are_right_and_never_the_same() -> None:
    made = {codes.new() for _ in range(2000)}
    assert len(made) == 2000
    assert {codes.wrong(code) for code in made} == {None}


@given(signs)
def test_every_single_wrong_sign_shows(signs: str) -> None:
    code = with_check(signs)
    for place in range(codes.LENGTH):
        for sign in set(codes.ALPHABET) - {code[place]}:
            assert codes.wrong(code[:place] + sign + code[place + 1 :]) == "mistyped"


@given(signs)
def test_any_two_signs_that_changed_places_show(signs: str) -> None:
    code = with_check(signs)
    for one, other in combinations(range(codes.LENGTH), 2):
        swapped = list(code)
        swapped[one], swapped[other] = code[other], code[one]
        expected = None if code[one] == code[other] else "mistyped"
        assert codes.wrong("".join(swapped)) == expected


def test_spaces_hyphens_and_small_letters_do_not_matter() -> None:
    code = codes.new()
    assert codes.normal(f" {code[:4].lower()}-{code[4:]} ") == code
    assert codes.normal(codes.shown(code)) == code


def test_what_cannot_be_a_code_says_why() -> None:
    assert codes.wrong("  ") == "empty"
    assert codes.wrong("ABC") == "length"
    assert codes.wrong("ABCDEFG0") == "sign"
