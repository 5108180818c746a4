from django.core.files.base import ContentFile
from django.utils import timezone

from loftet.core import files, log
from loftet.core.access import require_any
from loftet.core.errors import refuse_invalid
from loftet.core.guard import refuse_personal_data
from loftet.core.models import Attachment, User
from loftet.core.roles import TAKES_PART
from loftet.core.turn import action


@action
def attach(*, file: files.Readable, name: str, by: User) -> Attachment:
    """Keep a checked copy under a random name; what it was called is only shown."""
    require_any(by, TAKES_PART)
    refuse_personal_data(name=name)
    cleaned = files.clean(file, name)
    attachment = Attachment(
        name=name,
        media_type=cleaned.media_type,
        size=len(cleaned.content),
        sha256=cleaned.sha256,
        uploaded_by=by,
        at=timezone.now(),
    )
    attachment.file.save(cleaned.stored_name, ContentFile(cleaned.content), save=False)
    try:
        refuse_invalid(attachment)
        attachment.save(force_insert=True)
        log.record(by, "attached", attachment, sha256=attachment.sha256)
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment
