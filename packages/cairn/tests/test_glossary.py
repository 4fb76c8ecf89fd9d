# SPDX-License-Identifier: Apache-2.0
"""The glossary names what the code has, and the code has no table or term that the glossary leaves out."""

import dataclasses
import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps

import laurel.model

GLOSSARY = (Path(__file__).resolve().parents[3] / "GLOSSARY.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`((?:laurel|cairn)\.[\w.]+)`", GLOSSARY)


@pytest.mark.parametrize("name", sorted({name for name in NAMED if name.count(".") > 1}))
def test_every_name_in_the_glossary_exists(name: str) -> None:
    module, _, attribute = name.rpartition(".")

    assert hasattr(importlib.import_module(module), attribute)


def test_every_table_stands_in_the_glossary() -> None:
    tables = {
        f"{model.__module__}.{model.__name__}"
        for model in apps.get_models()
        if model.__module__.startswith("cairn.")
    }

    assert len(tables) >= 20
    assert tables - set(NAMED) == set()


def test_every_term_of_the_library_stands_in_the_glossary() -> None:
    terms = {
        f"laurel.model.{name}"
        for name, value in vars(laurel.model).items()
        if dataclasses.is_dataclass(value) and isinstance(value, type)
    }

    assert len(terms) >= 15
    assert terms - set(NAMED) == set()


def test_no_word_stands_twice() -> None:
    words = re.findall(r"^\| \*\*([^*]+)\*\*", GLOSSARY, flags=re.MULTILINE)

    assert len(words) == len(set(words))
