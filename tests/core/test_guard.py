import pytest

from loftet.core.errors import Refused
from loftet.core.guard import findings, refuse_personal_data
from loftet.core.rules.personal import Kind, luhn

PERSONAL = [
    ("Ring 811218-9876 om det.", Kind.PERSONAL_NUMBER, "811218-9876"),
    ("19811218-9876", Kind.PERSONAL_NUMBER, "19811218-9876"),
    ("198112189876", Kind.PERSONAL_NUMBER, "198112189876"),
    ("8112189876", Kind.PERSONAL_NUMBER, "8112189876"),
    ("811218+9876", Kind.PERSONAL_NUMBER, "811218+9876"),
    ("811218 – 9876", Kind.PERSONAL_NUMBER, "811218 – 9876"),
    ("811218-XXXX", Kind.PERSONAL_NUMBER, "811218-XXXX"),
    ("samordningsnummer 701063-2391", Kind.PERSONAL_NUMBER, "701063-2391"),
    ("070-123 45 67", Kind.PHONE, "070-123 45 67"),
    ("0701234567", Kind.PHONE, "0701234567"),
    ("tel. 0520-49 50 00.", Kind.PHONE, "0520-49 50 00"),
    ("08-123 456 78", Kind.PHONE, "08-123 456 78"),
    ("+46 70 123 45 67", Kind.PHONE, "+46 70 123 45 67"),
    ("0046701234567", Kind.PHONE, "0046701234567"),
    ("skriv till anna.b+x@example.org.", Kind.EMAIL, "anna.b+x@example.org"),
    ("en bil, ABC 123, står där", Kind.PLATE, "ABC 123"),
    ("mopeden abc12d", Kind.PLATE, "abc12d"),
]
INNOCENT = [
    "2019-2020",
    "2019–2020",
    "KS 2020/00123",
    "KS-2020-123",
    "dnr 2020/0520-12",
    "den 1 januari 2021",
    "2020-01-15 kl. 08-16",
    "2020-06-01 12:30",
    "01-02-2020",
    "20200101-20201231",
    "1 234 567 kr",
    "120 000 000 kronor",
    "SEK 500",
    "från 185 till 162 anmälningar",
    "0,70–1,09",
    "lag (2023:196), 6 §",
    "SFS 2023:196",
    "NTU 2020 och EST 200",
    "ring 114 14 eller 112",
    "E45 och väg 2011",
    "minst 200 tillfällen",
    "212000-0134",
    "556703-7485",
    "årskurs 8, 150 elever",
    "811218-9877",
    "58.2837, 12.2886",
]


@pytest.mark.parametrize(("text", "kind", "part"), PERSONAL)
def test_personal_data_is_found_where_it_stands(text: str, kind: Kind, part: str) -> None:
    [found] = findings(text)
    assert (found.kind, text[found.start : found.end]) == (kind, part)
    assert found.message
    assert part not in found.message


@pytest.mark.parametrize("text", INNOCENT)
def test_years_amounts_dates_and_registry_numbers_are_no_personal_data(text: str) -> None:
    assert findings(text) == []


def test_several_things_are_told_in_the_order_of_the_text() -> None:
    text = "ABC 123 hör till 811218-9876, a@b.se"
    assert [f.kind for f in findings(text)] == [Kind.PLATE, Kind.PERSONAL_NUMBER, Kind.EMAIL]


def test_the_refusal_names_the_field_and_does_not_repeat_the_number() -> None:
    with pytest.raises(Refused) as refusal:
        refuse_personal_data(title="Rent torg", note="Fråga 811218-9876", empty=None)
    assert refusal.value.field == "note"
    assert "9876" not in refusal.value.message


def test_clean_text_passes() -> None:
    refuse_personal_data(title="Fler lampor vid resecentrum 2021", note="")


def test_the_check_digit_is_that_of_the_tax_agency() -> None:
    assert luhn("8112189876")
    assert not any(luhn(f"811218987{digit}") for digit in "012345789")
