from django.db import migrations

from loftet.core import triggers


def put_up(_apps, schema_editor):
    triggers.put_up(schema_editor.connection)


def take_down(_apps, schema_editor):
    triggers.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(put_up, take_down)]
