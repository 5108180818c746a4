"""What kind of file these bytes are, and how large each kind may be; the name is never believed."""

import zipfile
from io import BytesIO
from pathlib import PurePath

MEGABYTE = 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EXTENSIONS = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".docx": DOCX,
    ".xlsx": XLSX,
}
LIMITS = {
    "image": 15 * MEGABYTE,  # a photo from a telephone is 3 to 8
    "text": 5 * MEGABYTE,
    "application": 25 * MEGABYTE,  # a situation picture of 70 pages with maps
}
LARGEST = max(LIMITS.values())
PIXELS = 50_000_000  # a telephone's largest photo; more is a trap or a scan that belongs elsewhere


def sniff(content: bytes) -> str | None:
    """The media type by what the bytes say themselves; None for what is not accepted."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return "text/plain" if _is_text(content) else None


def extension(name: str) -> str:
    return PurePath(name).suffix.lower()


def agrees(name: str, sniffed: str) -> bool:
    """Whether the ending of the name says the same as the content; CSV is text to the eye."""
    said = EXTENSIONS.get(extension(name))
    return said == sniffed or (said == "text/csv" and sniffed == "text/plain")


def limit(media_type: str) -> int:
    return LIMITS[media_type.partition("/")[0]]


def _office(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in members or any(m.endswith("vbaProject.bin") for m in members):
        return None
    if "word/document.xml" in members:
        return DOCX
    return XLSX if "xl/workbook.xml" in members else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter.isspace() for letter in text)
