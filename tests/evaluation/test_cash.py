"""Net present values and rates of return: known figures, and what they mean."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coopgov.evaluation import irr, npv
from coopgov.evaluation.cash import sign_changes

FLOWS = st.lists(st.integers(-10_000, 10_000).map(float), min_size=2, max_size=12)


def test_a_known_net_present_value() -> None:
    """The example of numpy-financial, which spreadsheets give, too, for flows that begin in year 0."""
    assert npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000]) == pytest.approx(3_065.22, abs=0.005)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-100, 39, 59, 55, 20], 0.28095),
        ([-100, 0, 0, 74], -0.0955),
        ([-100, 100, 0, -7], None),
        ([-5, 10.5, 1, -8, 1], None),
        ([-100, 100], 0.0),
        ([100, -110], 0.1),
        ([-1, 1e-9], -0.999999999),
    ],
)
def test_known_rates_of_return(flows: list[float], rate: float | None) -> None:
    """The examples of numpy-financial; where the sign changes more than once, no rate is the rate."""
    found = irr(flows)
    assert found == (None if rate is None else pytest.approx(rate, abs=5e-5))


@pytest.mark.parametrize("flows", [[-100.0, 230.0, -132.0], [1.0, 2.0], [-1.0], [], [0.0, 0.0]])
def test_no_rate_where_not_exactly_one_fits(flows: list[float]) -> None:
    """Two rates fit the first, none the others."""
    assert irr(flows) is None


@given(FLOWS)
def test_at_the_rate_of_return_the_value_is_nothing(flows: list[float]) -> None:
    """Compared with the sum of all flows, regardless of their signs."""
    assume(sign_changes(flows) == 1)
    rate = irr(flows)
    assert rate is not None
    assert rate > -1
    size = sum(abs(flow) / (1 + rate) ** year for year, flow in enumerate(flows))
    assert abs(npv(rate, flows)) <= 1e-9 * size


@given(FLOWS, st.floats(-0.5, 2))
def test_twice_the_flows_are_twice_the_value(flows: list[float], rate: float) -> None:
    """The value is linear in the flows."""
    assert npv(rate, [2 * flow for flow in flows]) == pytest.approx(2 * npv(rate, flows))


@given(FLOWS)
def test_without_a_discount_the_value_is_the_sum(flows: list[float]) -> None:
    """A rate of 0 makes no year worth less."""
    assert npv(0, flows) == sum(flows)
