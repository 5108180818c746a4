"""Texts that people write in Swedish and, where they can, in English."""

from django.db import models
from django.utils.translation import get_language


class Bilingual:
    """Reads `<name>_sv` and `<name>_en` as one text, Swedish where the English is lacking.

    On a model, beside its two columns: `name = Bilingual()`.
    """

    def __set_name__(self, owner: type[models.Model], name: str) -> None:
        self.name = name

    def __get__(
        self, instance: models.Model | None, owner: type[models.Model] | None = None
    ) -> str:
        if instance is None:
            return self.name
        swedish: str = getattr(instance, f"{self.name}_sv")
        english: str = getattr(instance, f"{self.name}_en")
        return english if get_language() == "en" and english else swedish


def both(instance: models.Model, name: str) -> dict[str, str]:
    """Freeze a text in both languages, for an edition or a file."""
    return {code: getattr(instance, f"{name}_{code}") for code in ("sv", "en")}
