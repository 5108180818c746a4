from loftet.followup.models.outcome import Outcome, awaited, outcomes
from loftet.followup.models.result import Result

__all__ = ["Outcome", "Result", "awaited", "outcomes"]
