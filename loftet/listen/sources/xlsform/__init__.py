"""Questionnaires as XLSForm, the Excel format that ODK, Kobo and others share."""

from loftet.listen.sources.xlsform.reading import read_xlsform
from loftet.listen.sources.xlsform.writing import write_xlsform

__all__ = ["read_xlsform", "write_xlsform"]
