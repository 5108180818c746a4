"""The code on the letter: eight signs that can be read aloud, with a check on typing errors.

Thirty-one signs, without I, L, O, 0 and 1. As 31 is a prime and every place has a weight of its
own, one wrong sign, or any two that changed places, always shows.
"""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def new() -> str:
    """A code nobody can guess: 27 thousand million are possible."""
    signs = [secrets.randbelow(len(ALPHABET)) for _ in range(LENGTH - 1)]
    return "".join(ALPHABET[sign] for sign in [*signs, _check(signs)])


def normal(typed: str) -> str:
    """As it is kept: capitals, without the spaces and hyphens that people put in."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def shown(code: str) -> str:
    """As it is printed, in two groups of four."""
    return f"{code[:4]} {code[4:]}"


def wrong(typed: str) -> str | None:
    """Why this cannot be a code, as a word for the message; None if it can."""
    code = normal(typed)
    if not code:
        return "empty"
    if len(code) != LENGTH:
        return "length"
    if set(code) - set(ALPHABET):
        return "sign"
    signs = [ALPHABET.index(sign) for sign in code]
    return None if _check(signs[:-1]) == signs[-1] else "mistyped"


def _check(signs: list[int]) -> int:
    return -sum((place + 2) * sign for place, sign in enumerate(signs)) % len(ALPHABET)
