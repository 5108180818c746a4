from loftet.core.models.clocks import Deadline
from loftet.core.models.files import Attachment
from loftet.core.models.geography import Area, Place
from loftet.core.models.jobs import Job
from loftet.core.models.log import Event
from loftet.core.models.people import Membership, Municipality, Organisation, User
from loftet.core.models.year import Cycle

__all__ = [
    "Area",
    "Attachment",
    "Cycle",
    "Deadline",
    "Event",
    "Job",
    "Membership",
    "Municipality",
    "Organisation",
    "Place",
    "User",
]
