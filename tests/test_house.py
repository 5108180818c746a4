"""What holds for the house as a whole."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ROOT / "loftet"


def test_every_setting_is_documented() -> None:
    read = r'(?:environ\.get|flag|words)\(\s*"([A-Z_]+)"'
    names = set(re.findall(read, (PRODUCT / "settings.py").read_text())) | {"DATABASE_URL"}
    guide = (ROOT / "docs" / "operate" / "install.md").read_text()
    assert len(names) > 8
    assert [name for name in sorted(names) if f"`{name}`" not in guide] == []


def test_no_municipality_is_named_outside_its_data() -> None:
    named = re.compile("trollhättan|strängnäs|kungälv|fyrbodal", re.IGNORECASE)
    code = [*PRODUCT.rglob("*.py"), *PRODUCT.rglob("*.html"), *PRODUCT.rglob("*.css")]
    guilty = [
        str(path.relative_to(ROOT))
        for path in code
        if (PRODUCT / "demo") not in path.parents and named.search(path.read_text())
    ]
    assert guilty == []


def test_a_web_process_loads_nothing_heavy() -> None:
    script = (
        "import sys, loftet.wsgi; from django.urls import get_resolver as r; r().url_patterns;"
        "print([m for m in ('scipy', 'numba', 'pandas') if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert told.strip() == "[]"


def test_the_lock_names_no_host_and_every_package_has_its_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-uv.txt"):
        text = (ROOT / lock).read_text()
        assert "http" not in text
        packages = re.findall(r"^[a-z0-9][^\s=]*==", text, flags=re.MULTILINE)
        assert len(packages) > 0
        assert text.count("--hash=sha256:") >= len(packages)


def test_each_dependency_stands_with_its_reason() -> None:
    named = r'^  "[a-z][\w.\[\]-]*(?:[><=][^"]*)?",(.*)$'
    whole = (ROOT / "pyproject.toml").read_text()
    sections = re.findall(r"^(?:dependencies|dev) = \[(.*?)^\]", whole, re.MULTILINE | re.DOTALL)
    rows = re.findall(named, "\n".join(sections), re.MULTILINE)
    assert len(rows) > 20
    assert [row for row in rows if "#" not in row] == []


@pytest.mark.django_db
def test_every_answer_carries_the_strict_policies(client: Client) -> None:
    response = client.get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/arbete/",
        "/arbete/lagesbild/",
        "/arbete/loften/",
        "/arbete/uppfoljning/",
        "/arbete/publicering/",
    ],
)
def test_staff_pages_send_strangers_to_the_login(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/konto/login/?next={path}")
