# SPDX-License-Identifier: Apache-2.0
import json
import pytest, cast
from credentials import scenes

pytestmark = pytest.mark.django_db


def test_x():
    one = scenes.issued()
    print(json.dumps(json.loads(scenes.whole(one.ref)), indent=1))
