# SPDX-License-Identifier: Apache-2.0
"""Lets the database itself refuse to change what was signed, a status entry, and what happened to a status.

Who did it may still be forgotten, and rows may still be emptied of a person or dropped. SQLite rebuilds a table to alter it, which
drops its triggers: a later migration of these tables ends with `guard` again. A test of the room fails where
it was forgotten.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: Name of the trigger -> its table, and the columns that never change.
GUARDED = {
    "signed_documents_never_change": (
        "credentials_signeddocument",
        "credential_id, has_evidence, has_marks, document, jwt, signed_at",
    ),
    "status_changes_are_only_added": ("credentials_statuschange", "credential_id, kind, reason, at"),
    "status_entries_never_change": (
        "credentials_issuedcredential",
        "ref, award_id, status_list_id, status_index",
    ),
}
SQLITE = """
CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table}
BEGIN SELECT RAISE(ABORT, '{name}'); END
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change_of_credential() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'integrity_constraint_violation'; END;
$$ LANGUAGE plpgsql;
"""
POSTGRES = """
CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_credential();
"""


def guard(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    if not is_sqlite:
        # Without parameters, so that the percent sign stays one.
        schema_editor.execute(FUNCTION, params=None)
    for name, (table, columns) in GUARDED.items():
        trigger = (SQLITE if is_sqlite else POSTGRES).format(name=name, table=table, columns=columns)
        schema_editor.execute(trigger, params=None)


def unguard(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, (table, _columns) in GUARDED.items():
        on_table = "" if schema_editor.connection.vendor == "sqlite" else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
