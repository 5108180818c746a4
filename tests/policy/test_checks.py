from pathlib import Path

import pytest
import yaml

from loftet.policy import checks, read
from loftet.policy.entries import PolicyError


def test_every_table_has_a_rule() -> None:
    assert checks.policy_can_be_read() == []
    assert checks.every_table_has_a_rule() == []


def test_a_table_without_a_rule_fails_and_prints_what_to_paste(tmp_path: Path) -> None:
    [found] = checks.retention_gaps(["core_user", "act_round"], ["core_user"])
    assert found.id == "policy.E002"
    assert "act_round" in found.msg
    pasted = str(found.hint).partition("\n\n")[2]
    assert yaml.safe_load(pasted).keys() == {"act_round"}
    filled = pasted.replace("sv:", "sv: därför").replace("en:", "en: because")
    (tmp_path / "retention.yaml").write_text(filled)
    assert read.retention(tmp_path)["act_round"].keep is not None


def test_a_rule_without_a_table_fails_too() -> None:
    [found] = checks.retention_gaps(["core_user"], ["core_user", "core_usr"])
    assert found.id == "policy.E003"
    assert "core_usr" in found.msg


def test_tables_without_a_model_of_their_own_count() -> None:
    assert {"django_migrations", "auth_group_permissions", "core_event"} <= checks.tables()


def test_a_broken_file_is_told_by_one_check_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise PolicyError("retention.yaml", "core_user.keep", "is missing; write it")

    monkeypatch.setattr(read, "FILES", (broken,))
    monkeypatch.setattr(read, "retention", broken)
    [found] = checks.policy_can_be_read()
    assert "core_user.keep" in found.msg
    assert checks.every_table_has_a_rule() == []
