from loftet.core.checks import policy_knows_the_roles, role_gaps


def test_the_policy_and_the_program_agree_on_the_roles() -> None:
    assert policy_knows_the_roles() == []


def test_a_role_that_nobody_decided_an_unknown_one_and_a_clock_without_are_told() -> None:
    found = role_gaps(["signer", "reporter"], ["signer", "king"], {"survey": "queen"})
    assert [problem.id for problem in found] == ["core.E001", "core.E002", "core.E003"]
    assert "reporter" in found[0].msg
    assert "king" in found[1].msg
    assert "queen" in found[2].msg
