# SPDX-License-Identifier: Apache-2.0
"""What can be done to work that is handed in. Each function is one transaction, but for `keep`."""

from cairn.assessment.services.agreeing import confirm, propose
from cairn.assessment.services.marking import finish, give_back, save_marks, take_next
from cairn.assessment.services.submissions import begin_again, hand_in, keep, put_back, remove

__all__ = [
    "begin_again",
    "confirm",
    "finish",
    "give_back",
    "hand_in",
    "keep",
    "propose",
    "put_back",
    "remove",
    "save_marks",
    "take_next",
]
