# SPDX-License-Identifier: Apache-2.0
"""Lets every test of laurel import `samples`, for pytest puts the folder of this file on the path.

Examples are the same in every run, so that a red build is red for everybody; LAUREL_EXPLORE=1 draws new ones.
No example has a deadline: a machine with other work is no fault of ours, and what must end soon is tested so.
"""

import os

from hypothesis import settings

settings.register_profile("repeat", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("LAUREL_EXPLORE") else "repeat")
