"""Everything that apprise knows, through the library, to a real server on this machine."""

from __future__ import annotations

import logging

import pytest

from coopgov.notify import send
from notify.notices import NOW, notice, one_channel
from notify.servers import KEY, answer, service

pytest.importorskip("apprise", reason="needs apprise: pip install coopgov[apprise]")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.mark.parametrize(("status", "state"), [(200, "delivered"), (500, "again")])
def test_what_the_library_says_is_the_outcome(
    status: int, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It sends the title and the text; when it says no, it is tried again; and its log names no address."""
    caplog.set_level(logging.DEBUG)
    with service(answer({}, status)) as running:
        address = f"json://127.0.0.1:{running.port}/{KEY}"
        (receipt,) = send([notice()], one_channel("apprise"), now=NOW, environment={"URL": address})
        assert receipt.state == state
        assert running.seen[0].json["title"] == "coopgov: 1 major"
        assert "Core projects is late by 37 days" in running.seen[0].json["message"]
    assert KEY not in caplog.text + str(receipt)


def test_an_address_that_apprise_does_not_know() -> None:
    """Nothing is sent, and the address is not repeated."""
    (receipt,) = send([notice()], one_channel("apprise"), now=NOW, environment={"URL": f"nothing://{KEY}"})
    assert (receipt.state, KEY in str(receipt)) == ("unsent", False)
