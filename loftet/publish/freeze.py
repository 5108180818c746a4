"""From the working tables to what an edition holds: plain values, sentences in both languages."""

from collections import Counter
from datetime import date
from typing import Any

from loftet.core.models import Municipality
from loftet.core.texts import both
from loftet.followup.models import outcomes, telling
from loftet.promise.models import Pledge
from loftet.ui import verdicts
from loftet.ui.bilingual import bilingual

PLEDGE_FORMAT = "loftet-pledge/1"
FOLLOWUP_FORMAT = "loftet-followup/1"


def pledge(found: Pledge) -> dict[str, Any]:
    """The promise as it is signed."""
    commitments = [
        commitment.as_published() | {"ends": commitment.until.isoformat()}
        for commitment in found.commitments.in_full()
    ]
    return {"format": PLEDGE_FORMAT, **_heading(found), "commitments": commitments}


def followup(found: Pledge, *, on: date) -> dict[str, Any]:
    """How each promise went, judged on a day."""
    told = [telling.tell(outcome) for outcome in outcomes(found, on=on)]
    counts = Counter("late" if one["late"] else one["verdict"] for one in told)
    return {
        "format": FOLLOWUP_FORMAT,
        **_heading(found),
        "judged_on": on.isoformat(),
        "summary": bilingual(lambda: verdicts.summary(counts)),
        "counts": dict(sorted(counts.items())),
        "commitments": told,
    }


def _heading(found: Pledge) -> dict[str, Any]:
    here = Municipality.here()
    cycle = found.cycle
    return {
        "municipality": {
            "name": here.name if here else "",
            "official_name": here.official_name if here else "",
            "code": here.code if here else "",
            "police": here.police if here else "",
        },
        "period": found.period,
        "starts": cycle.starts.isoformat(),
        "ends": cycle.ends.isoformat(),
        "prolonged_by": cycle.prolonged_by,
        "title": both(found, "title"),
        "place": found.place,
        "background": both(found, "background"),
        "registry_number": found.registry_number,
        "source": found.source,
        "signatures": [
            {
                "party": signature.party,
                "name": signature.name,
                "title": signature.title,
                "signed_on": signature.signed_on.isoformat() if signature.signed_on else None,
            }
            for signature in found.signatures.all()
        ],
    }
