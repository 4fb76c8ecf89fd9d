# SPDX-License-Identifier: Apache-2.0
"""`./cairn bench` tells the truth about failures: nobody drops out of the table, wrong bytes are not timed."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))

import bench
import bench_sides
from bench_sides import JCS, JOSERFC, JWT, LAUREL, NODE, PYLD, RDFC, Contender


@pytest.fixture(scope="module")
def samples() -> bench_sides.Samples:
    return bench_sides.Samples(distinct=False)


def side(name: str, deed: str = "issue", *, cpu: float = 0.002, fault: str = "") -> Contender:
    one = Contender(name, RDFC, deed, lambda count: (cpu * count, cpu * count), fault=fault)
    one.cpu, one.wall = ([], []) if fault else ([cpu] * 5, [cpu] * 5)
    return one


class TestTable:
    def test_shows_a_peer_that_is_not_there_with_the_reason(self) -> None:
        rows = bench.table([side(LAUREL), side(NODE, fault="node and npm are not installed")])

        assert [(row.name, row.cpu, row.ratio) for row in rows][1] == (
            NODE,
            "not measured",
            "node and npm are not installed",
        )

    def test_divides_the_peer_by_laurel(self) -> None:
        rows = bench.table([side(LAUREL, cpu=0.002), side(PYLD, cpu=0.006)])

        assert [row.ratio for row in rows] == ["1", "3.00 [3.00-3.00]"]

    def test_gives_no_ratio_where_laurel_itself_failed(self) -> None:
        rows = bench.table([side(LAUREL, fault="it broke"), side(PYLD)])

        assert [row.ratio for row in rows] == ["it broke", "laurel was not measured"]


class TestMeasure:
    def test_keeps_the_reason_of_a_side_that_fails_on_the_way(self) -> None:
        def run(count: int) -> tuple[float, float]:
            raise RuntimeError("node ended early")

        failing, well = Contender(NODE, RDFC, "issue", run), side(LAUREL)
        well.cpu.clear()

        bench.measure([failing, well], seconds=0.001, rounds=5)

        assert (failing.fault, failing.cpu) == ("node ended early", [])
        assert len(well.cpu) == 5


class TestBytes:
    def test_of_laurel_pyld_and_joserfc_agree(self, samples: bench_sides.Samples) -> None:
        sides = (bench_sides.Laurel(samples), bench_sides.PyLD(samples), bench_sides.Joserfc(samples))
        faults = {
            (one.name, suite): faults for one in sides for suite, (_, faults) in one.check_bytes().items()
        }

        assert faults == {
            **{(LAUREL, suite): [] for suite in (RDFC, JCS, JWT)},
            (PYLD, RDFC): ["same bytes, but takes a copy with an undefined term"],
            (JOSERFC, JWT): [],
        }

    def test_that_are_wrong_keep_a_side_from_being_timed(
        self, samples: bench_sides.Samples, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        careless = bench_sides.PyLD(samples)
        monkeypatch.setattr(careless, "verify", lambda text: None)

        timed, lines = bench.admit(careless)

        assert all(one.fault for one in timed)
        assert "WRONG: takes another learner" in lines[0]

    def test_of_every_side_come_with_what_it_checks(self, samples: bench_sides.Samples) -> None:
        sides = (
            bench_sides.Laurel(samples),
            bench_sides.Node(samples, None, "not there"),
            bench_sides.PyLD(samples),
            bench_sides.Joserfc(samples),
        )

        assert {(one.name, one.deed) for each in sides for one in each.contenders()} == set(bench.CHECKS)
