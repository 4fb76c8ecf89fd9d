# SPDX-License-Identifier: Apache-2.0
"""Every address × every role × own, foreign and unknown object. The rows are in `tests/<room>/matrix.py`.

How to write rows: see the head of `tests/matrix.py`. An address that is in no room's matrix fails here.
"""

import importlib.util
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cast
import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from matrix import ROLES, Row

HERE = Path(__file__).parent
#: Django's admin is one group: superusers only, tried in `TestAdmin`.
OUTSIDE = frozenset({"admin"})
#: Of the admin's addresses: the way in and out, words for everyone, and what is of no use alone.
OPEN_IN_ADMIN = frozenset({"login", "logout", "jsi18n", "autocomplete"})
#: Addresses that take a POST without a CSRF token, each with its reason. Empty, and meant to stay so.
CSRF_EXEMPT: Mapping[str, str] = {}


def matrix_of_every_room() -> dict[str, tuple[Row, ...]]:
    """Return all rows, keyed by URL name."""
    found: dict[str, tuple[Row, ...]] = {}
    for path in sorted(HERE.glob("*/matrix.py")):
        spec = importlib.util.spec_from_file_location(f"matrix_of_{path.parent.name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, rows in module.MATRIX.items():
            assert name not in found, f"{name} is in two matrices"
            found[name] = (rows,) if isinstance(rows, Row) else tuple(rows)
    return found


def url_names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Yield the namespaced name of every address but those of `OUTSIDE`."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace in OUTSIDE:
                continue
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from url_names(pattern.url_patterns, inner)
        else:
            yield f"{prefix}{pattern.name or f'(no name) {pattern.pattern}'}"


MATRIX = matrix_of_every_room()
NAMES = sorted(set(url_names(get_resolver().url_patterns)))
CASES = [
    pytest.param(name, row, role, id=f"{name}-{row.method}-{role}")
    for name, rows in MATRIX.items()
    for row in rows
    for role in ROLES
]


def names_an_object(case: Any) -> bool:
    """Tell whether a case's address can lead to something foreign or unknown."""
    return case.values[1].unknown is not None


def client_of(role: str) -> Client:
    """Return a browser in which somebody of this role is signed in."""
    players = {
        "learner": cast.amara,
        "other-learner": cast.lukas,
        "assessor": cast.tomas,
        "editor": cast.noor,
        "issuer": cast.mei_ling,
        "admin": cast.wanda,
        "foreign-admin": cast.sven,
    }
    client = Client()
    if role == "superuser":
        client.force_login(
            get_user_model().objects.create_superuser(
                "root@cairn.example", "a long enough password", name="Root"
            )
        )
    elif role != "anonymous":
        client.force_login(players[role]().row)
    return client


def ask(client: Client, name: str, row: Row, kwargs: Mapping[str, object]) -> tuple[HttpResponse, str]:
    """Send the row's request and return the reply and its address."""
    url = reverse(name, kwargs=dict(kwargs))
    return getattr(client, row.method)(url, dict(row.data)), url


def body(reply: HttpResponse, url: str) -> bytes:
    """Return a page without what may differ: its own address and CSRF tokens."""
    content = b"".join(reply) if reply.streaming else reply.content
    content = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", content)
    return content.replace(url.encode(), b"(here)")


class TestMatrix:
    def test_knows_every_address(self) -> None:
        missing = [name for name in NAMES if name not in MATRIX]

        assert not missing, f"no row in any tests/<room>/matrix.py for: {', '.join(missing)}"

    def test_knows_no_address_that_is_gone(self) -> None:
        assert not [name for name in MATRIX if name not in NAMES]


@pytest.mark.django_db
class TestEveryAddress:
    @pytest.mark.parametrize(("name", "row", "role"), CASES)
    def test_answers_each_role_as_the_matrix_says(self, name: str, row: Row, role: str) -> None:
        kwargs = row.own()

        reply, url = ask(client_of(role), name, row, kwargs)

        assert reply.status_code == row.expected(role), f"{row.method.upper()} {url} as {role}"
        if reply.status_code == 302 and role == "anonymous" and role not in row.may:
            assert reply["Location"].startswith(reverse("people:sign-in"))

    @pytest.mark.parametrize(("name", "row", "role"), [case for case in CASES if names_an_object(case)])
    def test_tells_nobody_what_exists_elsewhere(self, name: str, row: Row, role: str) -> None:
        client = client_of(role)
        assert row.unknown is not None

        nothing, nowhere = ask(client, name, row, row.unknown)

        assert nothing.status_code in row.elsewhere(role), f"{row.method.upper()} {nowhere} as {role}"
        if row.foreign is not None and role != "foreign-admin":
            theirs, there = ask(client, name, row, row.foreign())
            assert theirs.status_code == nothing.status_code, f"{row.method.upper()} {there} as {role}"
            if role != "anonymous":
                assert body(theirs, there) == body(nothing, nowhere)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in MATRIX if name not in CSRF_EXEMPT])
class TestForgery:
    def test_is_refused_at_every_address(self, name: str) -> None:
        row = MATRIX[name][0]
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.wanda().row)

        reply = client.post(reverse(name, kwargs=dict(row.own())))

        assert reply.status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
class TestAdmin:
    def test_lets_only_superusers_in(self, role: str) -> None:
        client = client_of(role)
        for pattern in admin.site.get_urls():
            if (
                isinstance(pattern, URLResolver)
                or pattern.pattern.regex.groups
                or pattern.name in OPEN_IN_ADMIN
            ):
                continue
            url = reverse(f"admin:{pattern.name}")

            reply = client.get(url)

            assert (reply.status_code not in (302, 403, 404)) == (role == "superuser"), url
