# SPDX-License-Identifier: Apache-2.0
"""What a rule found wrong with a document, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken rule.

    `code` is stable once released. `pointer` is a JSON Pointer (RFC 6901) into the document that was checked.
    `message` is a sentence for a person. `spec` names who demands the rule, such as "OB 3.0 #criteria".
    """

    code: str
    pointer: str
    message: str
    spec: str = ""

    def __str__(self) -> str:
        """Return the place and the sentence, as a list of findings shows them."""
        return f"{self.pointer or '/'}: {self.message}"
