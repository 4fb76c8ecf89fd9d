# SPDX-License-Identifier: Apache-2.0
"""How this room says no."""

from cairn.achievements.facts import Finding
from cairn.foundation.errors import NotFound, Refusal


class NoSuchAchievement(NotFound):
    """There is no such achievement or version, or it is not open to the actor."""

    code = "achievements.not-found"


class NoDraft(Refusal):
    """Everything is published: a change needs a new version first."""

    code = "achievements.no-draft"


class DraftExists(Refusal):
    """A new version is already being written."""

    code = "achievements.draft-exists"


class Unfit(Refusal):
    """A part of a draft cannot be right. `findings` holds every fault, each with its field."""

    code = "achievements.unfit"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(" ".join(finding.message % dict(finding.values) for finding in findings))
        self.findings = findings


class NotReady(Unfit):
    """A draft cannot be published yet. `findings` names everything that is missing."""

    code = "achievements.not-ready"


class NotAnImage(Refusal):
    """An uploaded badge image is not what it claims to be, or cannot be read."""

    code = "achievements.not-an-image"


class UnsafeImage(Refusal):
    """An uploaded badge image would fetch, run or swell into something; it is not taken."""

    code = "achievements.unsafe-image"
