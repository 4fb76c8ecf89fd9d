# SPDX-License-Identifier: Apache-2.0
"""How a room says no.

A `Refusal` is an answer, not an accident: the request was understood and the rules of the platform
forbid it. Pages show its message beside the form or as a page of its own, a command prints it and stops.
Whatever is not a `Refusal` is a bug or an outage, and nobody catches it on the way up.
"""

from typing import ClassVar


class Refusal(Exception):
    """The rules forbid what was asked. Subclasses set `code` and `status`.

    The message is an English sentence for a person, with `%(name)s` places for the values, translated at
    the door by `foundation.words.say`. Being given to a refusal marks it for the translators.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, message: str = "", **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class NotFound(Refusal):
    """Nothing of that name is here for this person; a foreign object and an unknown one look the same."""

    code = "not-found"
    status = 404


class NotAllowed(Refusal):
    """The person belongs here, but their roles do not reach this far."""

    code = "not-allowed"
    status = 403


class Gone(Refusal):
    """It was here and was switched off or ended on purpose."""

    code = "gone"
    status = 410


class FileTooLarge(Refusal):
    """A file is larger than this door takes."""

    code = "file-too-large"
    status = 413


class FileEmpty(Refusal):
    """A file holds no bytes."""

    code = "file-empty"
