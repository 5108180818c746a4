import struct
import zipfile
import zlib
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from loftet.core import actions, files
from loftet.core.errors import NotAllowed, Refused
from loftet.core.models import Attachment
from loftet.core.rules import filetypes
from tests import make

ROTATED = 6  # the camera was held upright: turn a quarter to the right


def photo(format_name: str) -> bytes:
    """Left half red, right half blue, with where and by whom it was taken."""
    image = Image.new("RGB", (40, 20), "blue")
    image.paste("red", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[Base.Orientation] = ROTATED
    exif[Base.Artist] = "Anna Andersson"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (58.0, 17.0, 2.0)
    written = BytesIO()
    extra = {"comment": b"Anna"} if format_name == "JPEG" else {}
    image.save(written, format_name, exif=exif.tobytes(), **extra)
    return written.getvalue()


def office(*members: str) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for member in ("[Content_Types].xml", *members):
            archive.writestr(member, "<x/>")
    return written.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def refused(content: bytes, name: str) -> str:
    with pytest.raises(Refused) as refusal:
        files.clean(BytesIO(content), name)
    assert refusal.value.field == "file"
    return refusal.value.code


@pytest.mark.parametrize(
    ("format_name", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")]
)
def test_a_photo_loses_what_it_tells_and_is_turned_upright(format_name: str, name: str) -> None:
    original = photo(format_name)
    assert Image.open(BytesIO(original)).getexif()[Base.Artist] == "Anna Andersson"
    cleaned = files.clean(BytesIO(original), name)
    image = Image.open(BytesIO(cleaned.content))
    assert dict(image.getexif()) == {}
    assert b"Anna" not in cleaned.content
    assert b"Exif" not in cleaned.content
    assert image.size == (20, 40)
    red, _green, blue = image.convert("RGB").getpixel((10, 4))  # type: ignore[misc]
    assert red > 200
    assert blue < 60


def test_transparency_is_kept() -> None:
    written = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(written, "PNG")
    cleaned = files.clean(BytesIO(written.getvalue()), "a.png")
    assert Image.open(BytesIO(cleaned.content)).getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize("size", [(9_000, 6_000), (12_000, 9_000), (60_000, 60_000)])
def test_an_image_that_would_fill_the_memory_is_refused(size: tuple[int, int]) -> None:
    assert refused(png_that_claims(*size), "a.png") in {"image_large", "image_broken"}


def test_a_damaged_image_is_refused() -> None:
    assert refused(photo("JPEG")[:300], "a.jpg") == "image_broken"
    assert refused(b"\x89PNG\r\n\x1a\n" + b"x" * 50, "a.png") == "image_broken"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.txt", "file_empty"),
        (b"MZ\x90\x00", "a.exe", "file_type"),
        (b"MZ\x90\x00", "a.pdf", "file_type"),
        (b"%PDF-1.7", "a.txt", "file_name"),
        (b"<html><script>alert(1)</script>", "a.html", "file_name"),
        (b"Klart.", "a", "file_name"),
        (office("word/document.xml", "word/vbaProject.bin"), "a.docx", "file_type"),
        (office("ppt/presentation.xml"), "a.docx", "file_type"),
        (office("xl/workbook.xml"), "a.docx", "file_name"),
        (b"a" * (filetypes.LIMITS["text"] + 1), "a.txt", "file_large"),
        (b"%PDF-" + b"a" * filetypes.LARGEST, "a.pdf", "file_large"),
    ],
)
def test_what_is_not_what_it_says_is_refused(content: bytes, name: str, code: str) -> None:
    assert refused(content, name) == code


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"%PDF-1.7", "Beslut.PDF", "application/pdf"),
        (b"a;b\n1;2\n", "antal.csv", "text/csv"),
        (office("word/document.xml"), "a.docx", filetypes.DOCX),
        (office("xl/workbook.xml"), "a.xlsx", filetypes.XLSX),
    ],
)
def test_documents_are_kept_as_they_are(content: bytes, name: str, media_type: str) -> None:
    cleaned = files.clean(BytesIO(content), name)
    assert (cleaned.content, cleaned.media_type) == (content, media_type)


@pytest.mark.django_db
def test_an_attachment_is_stored_under_a_name_that_nobody_can_guess() -> None:
    attachment = make.attachment("protokoll.txt", b"Klart.")
    assert "protokoll" not in str(attachment.file.name)
    assert attachment.name == "protokoll.txt"
    assert attachment.size == 6
    assert attachment.file.read() == b"Klart."
    attachment.file.close()
    assert attachment.sha256 == sha256(b"Klart.").hexdigest()


@pytest.mark.django_db
def test_a_download_is_saved_and_never_shown_by_the_site() -> None:
    response = files.download(make.attachment("Protokoll å.txt"))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content) == b"Klart."  # type: ignore[arg-type]
    response.close()


@pytest.mark.django_db
def test_an_attachment_that_is_refused_leaves_no_file() -> None:
    coordinator = make.coordinator()
    with pytest.raises(Refused):
        actions.attach(file=BytesIO(b"Klart."), name="å" * 300 + ".txt", by=coordinator)
    storage = Attachment._meta.get_field("file").storage
    assert storage.listdir("attachments")[1] == []


@pytest.mark.django_db
def test_only_those_who_take_part_may_attach() -> None:
    with pytest.raises(NotAllowed):
        make.attachment(by=make.administrator())


@pytest.mark.django_db
def test_a_name_with_personal_data_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        make.attachment("811218-9876.txt")
    assert (refusal.value.code, refusal.value.field) == ("personal_data", "name")
