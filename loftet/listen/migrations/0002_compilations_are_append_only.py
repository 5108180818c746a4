from django.db import migrations

from loftet.core import triggers
from loftet.listen.models.results import FROZEN


def put_up(_apps, schema_editor):
    triggers.put_up(schema_editor.connection, FROZEN)


def take_down(_apps, schema_editor):
    triggers.take_down(schema_editor.connection, FROZEN)


class Migration(migrations.Migration):
    dependencies = [("listen", "0001_initial")]

    operations = [migrations.RunPython(put_up, take_down)]
