"""Two people at once: whoever comes second reads what the first one wrote."""

from django.db import models


def hold(row: models.Model, *fields: str) -> None:
    """Read these fields again and keep others from the row until this transaction ends.

    An action asks on what it was given, and that may be older than what another wrote meanwhile.
    SQLite's immediate transactions make writers take turns in any case.
    """
    rows = type(row)._default_manager.select_for_update()
    row.refresh_from_db(fields=fields or [row._meta.pk.attname], from_queryset=rows)
