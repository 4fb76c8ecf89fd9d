# SPDX-License-Identifier: Apache-2.0
"""Many assessors ask for work at the same moment. Run as a program it races on a SQLite file of its own."""

import json
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

LEARNERS, ASSESSORS = 3, 12


def race() -> dict[str, int]:
    """Let twelve assessors take from three pieces that need two each; return what came of it."""
    import cast
    from django.db import connection

    from assessment import pieces
    from cairn.assessment import services
    from cairn.assessment.errors import NothingToMark
    from cairn.assessment.models import Marking, Submission
    from cairn.people.facts import Role

    here = cast.fernhill()
    for n in range(LEARNERS):
        pieces.handed_in(cast.person(f"Learner {n}", f"learner{n}@example.org", here, Role.LEARNER))
    actors = [
        cast.person(f"Assessor {n}", f"assessor{n}@fernhill.example", here, Role.ASSESSOR).actor
        for n in range(ASSESSORS)
    ]
    start = Barrier(ASSESSORS)

    def take(number: int) -> object:
        start.wait()
        try:
            return services.take_next(by=actors[number], at=pieces.NOW)
        except NothingToMark:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(ASSESSORS) as pool:
        taken = list(pool.map(take, range(ASSESSORS)))
    counted = Counter(submission for submission in taken if submission is not None)
    return {
        "given": sum(counted.values()),
        "most": max(counted.values()),
        "pieces": len(counted),
        "seats": Marking.objects.filter(seat__isnull=False).count(),
        "taken": sum(Submission.objects.values_list("seats_taken", flat=True)),
    }


if __name__ == "__main__":
    os.environ |= {"DJANGO_SETTINGS_MODULE": "cairn.site.settings", "CAIRN_VAR": sys.argv[1]}
    os.environ.pop("CAIRN_DATABASE_URL", None)
    sys.path.insert(0, str(Path(__file__).parents[1]))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(race()))
