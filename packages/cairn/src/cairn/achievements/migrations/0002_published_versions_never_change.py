# SPDX-License-Identifier: Apache-2.0
"""Lets the database itself refuse a change of a published version.

SQLite rebuilds a table to alter it, which drops its triggers: a later migration of this table ends with
`guard` again. A test of the room fails where it was forgotten.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "achievements_achievementversion"
SQLITE = f"""
CREATE TRIGGER published_versions_never_change BEFORE UPDATE ON {TABLE}
WHEN OLD.published_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END
"""
POSTGRES = f"""
CREATE OR REPLACE FUNCTION refuse_change_of_published_version() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'a published version never changes' USING ERRCODE = 'integrity_constraint_violation'; END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER published_versions_never_change BEFORE UPDATE ON {TABLE}
FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION refuse_change_of_published_version();
"""


def guard(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES)


def unguard(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    on_table = "" if schema_editor.connection.vendor == "sqlite" else f" ON {TABLE}"
    schema_editor.execute(f"DROP TRIGGER IF EXISTS published_versions_never_change{on_table}")


class Migration(migrations.Migration):
    dependencies = [("achievements", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
