# SPDX-License-Identifier: Apache-2.0
"""However many assessors ask at the same moment, no piece of work gets more of them than it needs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection  # noqa: F401 - the condition below reads it

from assessment.race import ASSESSORS, LEARNERS, race

SEATS = 2 * LEARNERS
FAIR = {"given": SEATS, "most": 2, "pieces": LEARNERS, "seats": SEATS, "taken": SEATS}
assert ASSESSORS > SEATS


@pytest.mark.django_db(transaction=True)
class TestTakingOnPostgres:
    @pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite races in a file of its own, below")
    def test_gives_every_seat_once(self):
        assert race() == FAIR


class TestTakingOnSQLite:
    @pytest.mark.slow
    def test_gives_every_seat_once(self, tmp_path):
        program = Path(__file__).with_name("race.py")
        environment = {name: value for name, value in os.environ.items() if name != "CAIRN_DATABASE_URL"}

        done = subprocess.run(
            [sys.executable, str(program), str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=300,
            env=environment,
            check=False,
        )

        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout.splitlines()[-1]) == FAIR
