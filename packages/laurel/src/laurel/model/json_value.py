# SPDX-License-Identifier: Apache-2.0
"""The shape of any JSON value, for what a document says beyond the terms we know."""

from typing import TypeAlias, Union

JsonValue: TypeAlias = Union[bool, int, float, str, "list[JsonValue]", "dict[str, JsonValue]", None]
