"""What the file names: found in the database or in the file, or else a problem."""

from datetime import date

from django.utils.translation import gettext as _

from loftet.core.models import Area, Organisation
from loftet.followup.sources.pledge_file.areas import Areas
from loftet.followup.sources.pledge_file.document import Entry
from loftet.followup.sources.pledge_file.parse import Names
from loftet.followup.sources.pledge_file.values import nearest
from loftet.followup.sources.pledge_file.where import Problems
from loftet.map.models import Indicator
from loftet.promise.models import Commitment


class References:
    """Everything that can be named, by its name; grows as the file is brought in."""

    def __init__(self, names: Names, problems: Problems) -> None:
        self.names, self.problems = names, problems
        self.organisations = {o.name: o for o in Organisation.objects.select_related("parent")}
        self.indicators = {i.code: i for i in Indicator.objects.select_related("owner")}
        self.commitments: dict[str, Commitment] = {}
        self.areas = Areas()

    def organisation(self, name: str, entry: Entry, column: str) -> Organisation | None:
        found = self.organisations.get(name)
        declared = self.names.declared["organisation"]
        if name and found is None and name not in declared:
            what = _("There is no organisation called “%(name)s”, here or in the file.")
            known = sorted(self.organisations.keys() | declared)
            self._complain(entry, column, what % {"name": name[:60]}, nearest(name, known))
        return found

    def indicator(self, code: str, entry: Entry, column: str = "indicator") -> Indicator | None:
        found = self.indicators.get(code)
        declared = self.names.declared["indicator"]
        if code and found is None and code not in declared:
            what = _("There is no indicator with the code “%(code)s”, here or in the file.")
            known = sorted(self.indicators.keys() | declared)
            self._complain(entry, column, what % {"code": code}, nearest(code, known))
        return found

    def commitment(self, code: str, entry: Entry) -> Commitment | None:
        found = self.commitments.get(code)
        declared = self.names.declared["commitment"]
        if found is None and code not in declared:
            what = _("There is no commitment with the code “%(code)s” in the file.")
            remedy = nearest(code, sorted(declared))
            self._complain(entry, "commitment", what % {"code": code}, remedy)
        return found

    def area(self, code: str, day: date, entry: Entry, column: str) -> Area | None:
        found = self.areas.find(code, day) if code else None
        if code and found is None:
            what = _("There is no area with the code “%(code)s” on %(day)s.")
            remedy = nearest(code, sorted(self.areas.versions))
            self._complain(entry, column, what % {"code": code, "day": day}, remedy)
        return found

    def _complain(self, entry: Entry, column: str, what: str, remedy: str) -> None:
        self.problems.at(entry.where, column, what, remedy)
