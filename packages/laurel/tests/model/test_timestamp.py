# SPDX-License-Identifier: Apache-2.0
"""Moments are read strictly and written one way."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurel.model.timestamp import format_timestamp, parse_timestamp


class TestParseTimestamp:
    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2026-11-22T09:30:00Z", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
            ("2026-11-22T10:30:00+01:00", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
            ("2026-11-22T09:30:00.5Z", datetime(2026, 11, 22, 9, 30, 0, 500_000, tzinfo=UTC)),
            ("2026-11-22T09:30:00.123456789Z", datetime(2026, 11, 22, 9, 30, 0, 123_456, tzinfo=UTC)),
            ("2024-02-29T00:00:00-00:00", datetime(2024, 2, 29, tzinfo=UTC)),
            ("2038-01-19T03:14:08Z", datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)),
        ],
    )
    def test_reads_a_moment_with_an_offset(self, text: str, moment: datetime) -> None:
        assert parse_timestamp(text) == moment

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "2026-11-22",
            "2026-11-22T09:30:00",
            "2026-11-22 09:30:00Z",
            "2026-11-22t09:30:00z",
            "2026-11-22T09:30Z",
            "2026-11-22T09:30:00+0100",
            "2026-11-22T09:30:60Z",
            "2026-11-22T24:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-22T09:30:00+24:00",
            "2026-11-22T09:30:00.Z",
            "2026-11-22T09:30:00,5Z",
            "10000-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2026-W47-7T09:30:00Z",
            "20261122T093000Z",
            "2026-11-22T09:30:00Z\n",
            "٢٠٢٦-11-22T09:30:00Z",
        ],
    )
    def test_refuses_everything_else(self, text: str) -> None:
        with pytest.raises(ValueError):
            parse_timestamp(text)


class TestFormatTimestamp:
    @given(
        moment=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001
        minutes=st.integers(-14 * 60, 14 * 60),
    )
    def test_is_read_back_as_the_same_moment(self, moment: datetime, minutes: int) -> None:
        aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))

        assert parse_timestamp(format_timestamp(aware)) == aware

    def test_writes_utc_with_a_z(self) -> None:
        amsterdam = timezone(timedelta(hours=2))

        assert format_timestamp(datetime(2026, 10, 14, 11, 30, tzinfo=amsterdam)) == "2026-10-14T09:30:00Z"

    def test_refuses_a_moment_without_a_zone(self) -> None:
        with pytest.raises(ValueError):
            format_timestamp(datetime(2026, 10, 14))  # noqa: DTZ001
