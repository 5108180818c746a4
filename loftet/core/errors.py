"""What an action says when it will not do what it was asked."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models


class Refused(Exception):  # noqa: N818 - the word that the whole house uses
    """The request was understood and will not be carried out; nothing was written."""

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = str(message)
        self.field = field


class NotAllowed(Refused):
    """The person lacks the permission; the page answers 403."""


def refuse_invalid(instance: models.Model) -> None:
    """Stop a row that its own model would not accept, naming the field."""
    try:
        instance.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        named = None if field == NON_FIELD_ERRORS else field
        raise Refused("invalid", messages[0], field=named) from error
