# SPDX-License-Identifier: Apache-2.0
"""A programme is written part by part, published for good, and changed only by a new version."""

import cast
import pytest

from cairn.site import samples

pytestmark = pytest.mark.django_db


class TestPublishing:
    def test_gives_back_every_word_that_was_put_in(self):
        published = cast.data_cleaning()

        for part in samples.DATA_CLEANING:
            for name in part.__slots__:
                assert getattr(published, name) == getattr(part, name), name
        assert published.version == 1
