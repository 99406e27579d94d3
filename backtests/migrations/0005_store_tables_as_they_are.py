"""Store the tables of results as they are: they are compressed already, and on
PostgreSQL to try again took longer than to write them."""

from django.db import migrations

TABLE = "backtests_backtestresult"
COLUMNS = ("equity", "trades", "fills", "plots")


def set_storage(schema_editor, storage):
    if schema_editor.connection.vendor == "postgresql":
        for column in COLUMNS:
            schema_editor.execute(
                f"ALTER TABLE {TABLE} ALTER COLUMN {column} SET STORAGE {storage}"
            )


def as_they_are(apps, schema_editor):
    set_storage(schema_editor, "EXTERNAL")


def compressed_again(apps, schema_editor):
    set_storage(schema_editor, "EXTENDED")


class Migration(migrations.Migration):

    dependencies = [
        ("backtests", "0004_finished_index"),
    ]

    operations = [
        migrations.RunPython(as_they_are, compressed_again),
    ]
