"""Made-up inhabitants and what they answer: nobody here exists, and no figure is anyone's result.

Levels differ between districts, ages and genders in the ways that surveys of this kind usually
find, so that pages, weights and small numbers have something to show. All follows from the seed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

AGES = {"16-24": 0.14, "25-44": 0.31, "45-64": 0.31, "65-74": 0.14, "75-plus": 0.10}
ANSWERS = {"16-24": 0.31, "25-44": 0.37, "45-64": 0.50, "65-74": 0.64, "75-plus": 0.60}
GENDERS = {"woman": 0.49, "man": 0.495, "other": 0.005, "no_answer": 0.01}
FIRST = (
    "Alva", "Bo", "Cilla", "Danai", "Elsa", "Farid", "Greta", "Hodan", "Ines", "Jonas", "Karim",
    "Lova", "Mira", "Nils", "Olle", "Petra", "Rania", "Sven", "Tuva", "Ylva",
)  # fmt: skip
LAST = (
    "Exempelsson", "Påhittad", "Testberg", "Provén", "Demolund", "Fiktiv", "Skenström",
    "Modellqvist", "Låtsas", "Uppdikt",
)  # fmt: skip
STREETS = ("Påhittsgatan", "Exempelvägen", "Låtsasstigen", "Provgränd", "Demogatan")
LARGE = 0.3  # of those who see a problem, how many call it large
WISHES = {  # how often it is among the three, where there is an average of trouble
    "drugs": 0.52, "young": 0.38, "gangs": 0.36, "presence": 0.34, "violence": 0.24,
    "traffic": 0.22, "lighting": 0.18, "burglary": 0.12, "damage": 0.11, "litter": 0.10,
    "harassment": 0.10, "domestic": 0.08, "fraud": 0.08, "alcohol": 0.06,
}  # fmt: skip
COMMENTS = (
    "Det säljs narkotika vid torget på kvällarna, där barnen går hem från träningen.",
    "Mopeder kör fort på gångvägen bakom skolan. Bommen är trasig sedan i våras.",
    "Lamporna på gångvägen mellan centrum och stationen lyser inte.",
    "Fler poliser som går till fots. Det märks när de är här.",
    "Fritidsgården borde ha öppet på lördagar.",
    "Det har blivit lugnare sedan nattvandrarna började.",
    "Bilar brinner på parkeringen. Sätt upp kameror.",
    "Klottret vid tunneln får sitta kvar för länge.",
)
PLACES = ("parken", "torget", "gångtunneln", "parkeringen", "stationen")


@dataclass(frozen=True)
class District:
    """What is made up about a part of town: people of 16 to 85, and how troubled (1 = as most)."""

    name: str
    people: int
    trouble: float
    spots: tuple[tuple[float, float], ...] = ()  # latitude and longitude of places people name


@dataclass(frozen=True)
class Inhabitant:
    """A row of the made-up register."""

    name: str
    street: str
    district: District
    age: str
    gender: str

    @property
    def likelihood(self) -> float:
        """How likely the person is to answer."""
        return ANSWERS[self.age] * (1.04 if self.gender == "woman" else 0.96)


Maker = Callable[[Inhabitant, Mapping[str, Any], Random], Any]


def register(districts: Sequence[District], random: Random) -> list[Inhabitant]:
    homes = [district for district in districts for _ in range(district.people)]
    return [_inhabitant(number, district, random) for number, district in enumerate(homes)]


def answers(person: Inhabitant, document: Mapping[str, Any], random: Random) -> dict[str, Any]:
    """A filled-in form; one question in thirty is left out."""
    asked = {q["code"]: q for page in document["pages"] for q in page["questions"]}
    given = {
        code: _answer(person, question, random)
        for code, question in asked.items()
        if random.random() > 1 / 30
    }
    _follow(given, random)
    return {code: answer for code, answer in given.items() if answer not in (None, [], {}, "")}


def _inhabitant(number: int, district: District, random: Random) -> Inhabitant:
    return Inhabitant(
        name=f"{random.choice(FIRST)} {random.choice(LAST)}",
        street=f"{STREETS[number % len(STREETS)]} {number // len(STREETS) + 1}",
        district=district,
        age=_chosen(AGES, random),
        gender=_chosen(GENDERS, random),
    )


def _answer(person: Inhabitant, question: Mapping[str, Any], random: Random) -> Any:
    make = MAKERS.get(question["code"])
    return make(person, question, random) if make else _any(question, random)


def _exposed(person: Inhabitant, question: Mapping[str, Any], random: Random) -> list[str]:
    events = [choice["code"] for choice in question["choices"][:-1]]
    return [event for event in events if random.random() < _risk(person)] or ["none"]


def _safe_here(person: Inhabitant, _question: Mapping[str, Any], random: Random) -> str:
    return str(min(5, max(1, round(random.gauss(4.4 - 0.7 * person.district.trouble, 0.9)))))


def _comment(_person: Inhabitant, _question: Mapping[str, Any], random: Random) -> str | None:
    return random.choice(COMMENTS) if random.random() < 0.14 else None


def _row_by_row(make: Callable[[Inhabitant, Random], str]) -> Maker:
    return lambda person, question, random: {
        row["code"]: make(person, random) for row in question["rows"]
    }


def _follow(given: dict[str, Any], random: Random) -> None:
    """Questions that are only asked after some answers."""
    if given.get("exposed", ["none"]) == ["none"]:
        given.pop("reported", None)
    if given.get("alone_late") != "stays_in":
        given.pop("stays_in_because", None)
    if "avoided" in given:
        given["avoided"] = (
            [random.choice(["evening", "place"])] if random.random() < 0.3 else ["none"]
        )


def _problem(person: Inhabitant, random: Random) -> str:
    if random.random() < 0.07:
        return "unknown"
    if random.random() > min(0.9, 0.42 * person.district.trouble):
        return "none"
    large = random.random() < LARGE * person.district.trouble
    return random.choice(["large", "large", "very_large"]) if large else "small"


def _risk(person: Inhabitant) -> float:
    return 0.03 * person.district.trouble * (1.5 if person.age == "16-24" else 1.0)


def _worry(person: Inhabitant, random: Random) -> str:
    level = random.gauss(0.9 * person.district.trouble, 0.9)
    level += 0.4 if person.gender == "woman" else 0.0
    return ("never", "seldom", "sometimes", "often")[min(3, max(0, round(level)))]


def _alone(person: Inhabitant, random: Random) -> str:
    level = random.gauss(0.75 * person.district.trouble, 0.8)
    level += 0.55 if person.gender == "woman" else 0.0
    if person.age == "75-plus" and random.random() < 0.3:
        return "stays_in"
    words = ("very_safe", "fairly_safe", "fairly_unsafe", "very_unsafe")
    return words[min(3, max(0, round(level)))]


def _wishes(person: Inhabitant, random: Random) -> list[str]:
    """Three without repetition, each as often as its weight says."""
    left = dict(WISHES)
    if person.age in {"65-74", "75-plus"}:
        left["fraud"] *= 2.5
    left["drugs"] *= person.district.trouble
    chosen: list[str] = []
    for _ in range(random.choice((2, 3, 3, 3))):
        wish = _chosen(left, random)
        chosen.append(wish)
        del left[wish]
    return chosen


def _marks(person: Inhabitant, random: Random) -> list[dict[str, Any]] | None:
    if random.random() > 0.12 * person.district.trouble:
        return None
    mark: dict[str, Any] = {"feeling": "unsafe", "when": [random.choice(["evening", "night"])]}
    if not person.district.spots or random.random() < 0.3:
        return [mark | {"described": f"{random.choice(PLACES)}, {person.district.name}"}]
    latitude, longitude = random.choice(person.district.spots)
    near = {
        "lat": round(random.gauss(latitude, 0.0006), 5),
        "lon": round(random.gauss(longitude, 0.0011), 5),
    }
    return [mark | near]


def _any(question: Mapping[str, Any], random: Random) -> Any:
    """Middle answers are commoner than those at the ends."""
    codes = [choice["code"] for choice in question.get("choices", ())]
    if question["kind"] == "grid":
        return {row["code"]: random.choice(codes) for row in question["rows"]}
    return random.choice(codes) if codes and question["kind"] != "several" else codes[:1] or None


def _chosen(shares: Mapping[str, float], random: Random) -> str:
    return random.choices(list(shares), weights=list(shares.values()))[0]


MAKERS: dict[str, Maker] = {
    "age": lambda person, _question, _random: person.age,
    "gender": lambda person, _question, _random: person.gender,
    "outdoors": _row_by_row(_problem),
    "disturbances": _row_by_row(_problem),
    "worried": _row_by_row(_worry),
    "exposed": _exposed,
    "alone_late": lambda person, _question, random: _alone(person, random),
    "safe_here": _safe_here,
    "priorities": lambda person, _question, random: _wishes(person, random),
    "comment": _comment,
    "places": lambda person, _question, random: _marks(person, random),
}
