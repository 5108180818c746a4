import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("listen", "0001_initial"),
        ("promise", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="priority",
            field=models.ForeignKey(
                blank=True,
                help_text="From a survey whose results are frozen. Readers see its place.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="commitments",
                to="listen.priority",
                verbose_name="what the inhabitants want that this answers",
            ),
        ),
    ]
