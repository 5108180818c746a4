"""What people attach: believed only by its content, stripped of what a photo tells about its maker.

Images are written anew, without position, camera, time and owner. PDF and Office files keep what
their programs wrote into them: whoever publishes one must look first.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol
from uuid import uuid4

from django.http import FileResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from loftet.core.errors import Refused
from loftet.core.models import Attachment
from loftet.core.rules import filetypes

BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, Image.DecompressionBombError)
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class Readable(Protocol):
    """An uploaded or opened file."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class Cleaned:
    """A file that may be stored."""

    content: bytes
    media_type: str
    stored_name: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def clean(file: Readable, name: str) -> Cleaned:
    """Check and strip a file; refuse one that is not what it says, or too large."""
    content = file.read(filetypes.LARGEST + 1)
    if not content:
        raise _refused("file_empty", _("The file is empty."))
    media_type = _media_type(content, name)
    _refuse_larger(content, filetypes.limit(media_type))
    if media_type in FORMATS:
        content = _without_metadata(content, FORMATS[media_type])
    return Cleaned(content, media_type, f"{uuid4().hex}{filetypes.extension(name)}")


def download(attachment: Attachment) -> FileResponse:
    """Always saved by the reader's browser, never opened inside the site."""
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _media_type(content: bytes, name: str) -> str:
    sniffed = filetypes.sniff(content)
    if len(content) > filetypes.LARGEST:
        _refuse_larger(content, filetypes.LARGEST)
    if sniffed is None:
        raise _refused(
            "file_type",
            _(
                "This kind of file is not accepted. "
                "Use PDF, PNG, JPEG, WebP, DOCX, XLSX, TXT or CSV (UTF-8)."
            ),
        )
    if not filetypes.agrees(name, sniffed):
        raise _refused(
            "file_name",
            _(
                "The name ends in “%(ending)s”, but the content is of another kind. "
                "Save it again under the right kind."
            )
            % {"ending": filetypes.extension(name)},
        )
    return filetypes.EXTENSIONS[filetypes.extension(name)]


def _refuse_larger(content: bytes, limit: int) -> None:
    if len(content) > limit:
        raise _refused(
            "file_large",
            _("The file is larger than %(limit)d MB, the most that is accepted of this kind.")
            % {"limit": limit // filetypes.MEGABYTE},
        )


def _without_metadata(content: bytes, format_name: str) -> bytes:
    image = _decoded(content, format_name)
    image.info.clear()
    written = BytesIO()
    image.save(written, format_name, **({"quality": 90} if format_name != "PNG" else {}))
    return written.getvalue()


def _decoded(content: bytes, format_name: str) -> Image.Image:
    """The picture alone, turned upright, in a plain colour mode."""
    image = _tried(lambda: Image.open(BytesIO(content), formats=[format_name]))
    width, height = image.size
    if width * height > filetypes.PIXELS:
        raise _refused(
            "image_large",
            _("The image has more than %(limit)d million pixels. Make it smaller first.")
            % {"limit": filetypes.PIXELS // 1_000_000},
        )
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return _tried(lambda: ImageOps.exif_transpose(image).convert(mode))


def _tried(read: Callable[[], Image.Image]) -> Image.Image:
    try:
        return read()
    except (*BROKEN, Image.DecompressionBombWarning) as error:
        raise _refused("image_broken", _("The image cannot be read; it may be damaged.")) from error


def _refused(code: str, message: str) -> Refused:
    return Refused(code, message, field="file")
