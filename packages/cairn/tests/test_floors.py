# SPDX-License-Identifier: Apache-2.0
"""What import contracts cannot see: foreign keys between rooms, the list of the contracts itself, `urllib`."""

import ast
import configparser
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, Model
from django.db.models.fields.related import RelatedField

PROJECT = Path(__file__).parents[3]
ROOMS = PROJECT / "packages/cairn/src/cairn"
#: What only the room itself may import.
INNER = ("models", "rules", "keys", "forms", "schemas", "pages")
#: From low to high; rooms of one floor may not know each other.
FLOOR = {
    "foundation": 1,
    "people": 2,
    "achievements": 3,
    "credentials": 4,
    "assessment": 5,
    "wallet": 5,
    "verification": 6,
    "cairn_messages": 9,
    "site": 10,
}
#: Django's and allauth's own tables about accounts: `people` stands on them.
BELOW = frozenset({"auth", "contenttypes", "account"})


def relations() -> Iterator[tuple[type[Model], RelatedField]]:  # type: ignore[type-arg]  # any target
    """Yield every foreign key, one-to-one and many-to-many field of our rooms."""
    for model in apps.get_models():
        if model._meta.app_label in FLOOR:
            own: list[Field] = [*model._meta.local_fields, *model._meta.local_many_to_many]  # type: ignore[type-arg]  # any value
            yield from ((model, field) for field in own if isinstance(field, RelatedField))


def contracts() -> configparser.ConfigParser:
    """Return the import contracts as they are written down."""
    parser = configparser.ConfigParser()
    parser.read(PROJECT / ".importlinter", encoding="utf-8")
    return parser


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of everything that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


class TestForeignKeys:
    def test_leave_a_room_only_downward(self) -> None:
        upward = [
            f"{model.__name__}.{field.name} -> {target}"
            for model, field in relations()
            if (target := field.related_model._meta.app_label) != model._meta.app_label
            and target not in BELOW
            and FLOOR[target] >= FLOOR[model._meta.app_label]
        ]

        assert not upward

    def test_tell_the_room_below_nothing(self) -> None:
        # Without "+" a row of a lower room would grow an attribute that leads up into a higher one.
        leading_up = [
            f"{model.__name__}.{field.name}"
            for model, field in relations()
            if field.related_model._meta.app_label != model._meta.app_label
            and field.related_model._meta.app_label not in BELOW
            and not field.remote_field.hidden
        ]

        assert not leading_up

    def test_name_a_room_that_has_a_floor(self) -> None:
        ours = {config.label for config in apps.get_app_configs() if config.name.startswith("cairn.")}

        assert ours <= set(FLOOR)


class TestContracts:
    @pytest.mark.parametrize(
        "room",
        sorted(
            path.name
            for path in ROOMS.iterdir()
            if (path / "apps.py").is_file() and path.name not in {"foundation", "site"}
        ),
    )
    def test_guard_the_inside_of_every_room(self, room: str) -> None:
        written = contracts()
        guarded = set(written[f"importlinter:contract:doors-of-{room}"]["protected_modules"].split())
        inside = {
            f"cairn.{room}.{name}"
            for name in INNER
            if (ROOMS / room / f"{name}.py").is_file() or (ROOMS / room / name / "__init__.py").is_file()
        }

        assert guarded == inside
        assert f"cairn.{room}" in written["importlinter:contract:floors-of-a-room"]["containers"].split()

    def test_are_exhaustive_about_floors(self) -> None:
        written = contracts()
        layered = [name for name in written.sections() if written[name].get("type") == "layers"]

        assert len(layered) == 3
        assert all(written[name].getboolean("exhaustive") for name in layered)


class TestLaurel:
    def test_opens_urls_only_in_fetch(self) -> None:
        # Import contracts see `urllib` as one; its parsing half is harmless.
        library = PROJECT / "packages/laurel/src/laurel"
        opening = [
            f"{path.relative_to(library)}: {name}"
            for path in library.rglob("*.py")
            if path.relative_to(library).parts[0] not in {"fetch.py", "fetch"}
            for name in imported(path)
            if name.startswith(("urllib.request", "urllib.error", "urllib3"))
        ]

        assert not opening
