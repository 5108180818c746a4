"""Areas as files name them: by code, with the first day of their borders where they changed."""

from collections import defaultdict
from datetime import date

from loftet.core.models import Area


class Areas:
    """Every version of every area, read once."""

    def __init__(self) -> None:
        self.versions: dict[str, list[Area]] = defaultdict(list)
        for area in Area.objects.order_by("valid_from"):
            self.versions[area.code].append(area)

    def find(self, name: str, day: date) -> Area | None:
        """Give the version that held on the day; an area that has only one is meant whenever."""
        code, _at, version = name.rpartition("@")
        for area in self.versions.get(code, []):
            if area.valid_from.isoformat() == version:
                return area
        versions = self.versions.get(name, [])
        held = [a for a in versions if a.valid_from <= day and (a.valid_to or date.max) >= day]
        return held[0] if held else versions[0] if len(versions) == 1 else None

    def name(self, area: Area | None, day: date) -> str:
        if area is None:
            return ""
        return area.code if self.find(area.code, day) == area else f"{area.code}@{area.valid_from}"
