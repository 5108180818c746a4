"""Inside the product, in a process of its own: a wave in the field, and what it has received."""

import json
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command

from loftet.core import actions as core_actions
from loftet.core import clock
from loftet.core.roles import SYSTEM
from loftet.listen import actions
from loftet.listen.actions import envelopes
from loftet.listen.models import AccessCode, Envelope, Wave
from loftet.listen.rules import codes
from loftet.listen.sources import starter


def tell(task: str, argument: str) -> None:
    """On the last line, as JSON."""
    if task == "prepare":
        print(json.dumps(prepared(int(argument))))
    else:
        print(json.dumps(missing(json.loads(Path(argument).read_text()))))


def prepared(people: int) -> list[str]:
    """The codes of a wave with the starter questionnaire."""
    call_command("migrate", verbosity=0)
    unit = core_actions.add_organisation(name="Enhet", kind="municipality", parent=None, by=SYSTEM)
    by = core_actions.add_person(email="a@example.org", name="A", password=None, by=SYSTEM)
    today = clock.today()
    core_actions.grant_role(
        person=by, role="coordinator", organisation=unit, valid_from=today, valid_to=None, by=SYSTEM
    )
    form = actions.add_questionnaire(code="trygghet", document=starter.document(), by=by)
    wave = actions.add_wave(
        wave=Wave(
            code="matning", title_sv="Mätning", design="probability", questionnaire=form,
            population_sv="Påhittade", opens=today, closes=today + timedelta(days=30),
            purpose_sv="Att mäta.", law_sv="Ingen.", contact="Ingen",
        ),
        by=by,
    )  # fmt: skip
    actions.make_keys(wave)
    made = [codes.new() for _ in range(people)]
    AccessCode.objects.bulk_create(
        AccessCode(wave=wave, digest=envelopes.digest(wave, code)) for code in made
    )
    actions.open_field(wave=wave, by=by)
    return made


def missing(accepted: list[str]) -> list[str]:
    """Codes that are not marked as used, or whose envelope does not hold most of the answers."""
    wave = Wave.objects.select_related("questionnaire").get()
    asked = len(list(envelopes.form_of(wave).questions))
    finished = Envelope.objects.exclude(finished_on=None).exclude(code__used_on=None)
    whole = set()
    for envelope in finished.select_related("code"):
        draft = envelopes.opened(wave, envelope.code_id, envelope.sealed)
        if len(draft.answers) >= asked // 2:
            whole.add(envelope.code.digest)
    return [code for code in accepted if envelopes.digest(wave, code) not in whole]
