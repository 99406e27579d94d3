import django.db.models.deletion
from django.db import migrations, models

import marketdata.markets


class Migration(migrations.Migration):

    dependencies = [
        ("marketdata", "0004_refused_rows"),
    ]

    operations = [
        # Nothing has ever filled it: it is made anew, below a series instead of an
        # instrument.
        migrations.DeleteModel("CorporateAction"),
        migrations.CreateModel(
            name="CorporateAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("split", "split (new shares per old share)"),
                            ("dividend", "dividend (quote currency per share)"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "time",
                    models.DateTimeField(help_text="Open of the first bar without it."),
                ),
                ("value", models.FloatField()),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="marketdata.series",
                    ),
                ),
            ],
            options={
                "ordering": ("series", "time", "kind"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("series", "kind", "time"),
                        name="marketdata_corporateaction_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gt", 0)),
                        name="marketdata_corporateaction_positive",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="series",
            name="anchor_ms",
            field=models.PositiveIntegerField(
                default=0, help_text="How long after a full one its bars open."
            ),
        ),
        migrations.AlterField(
            model_name="instrument",
            name="calendar",
            field=models.CharField(
                choices=marketdata.markets.calendar_choices,
                default="24/7",
                max_length=10,
            ),
        ),
    ]
