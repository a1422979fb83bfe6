"""Which channels take a notice, and which notices wait: pure decisions, from the channels file and a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from coopgov.cases.notice import Notice
    from coopgov.model import WorkingCalendar
    from coopgov.notify.channels import ChannelsFile, Digest, RouteEntry

__all__ = ["due", "quiet", "routed"]


def routed(file: ChannelsFile, notice: Notice) -> tuple[str, ...] | None:
    """Return the channels that take a notice, in file order; None where no route does.

    Routes without channels take a notice so that nobody is notified. They never do for a critical one.
    """
    matching = [route for route in file.routes if _matches(route, notice)]
    to = {name for route in matching for name in route.to}
    if not matching or (notice.severity == "critical" and not to):
        return None
    return tuple(channel.id for channel in file.channels if channel.id in to)


def _matches(route: RouteEntry, notice: Notice) -> bool:
    severe = route.severity is None or SEVERITIES.index(notice.severity) >= SEVERITIES.index(route.severity)
    return severe and (not route.kinds or notice.kind in route.kinds)


def quiet(file: ChannelsFile, calendar: WorkingCalendar, day: date) -> bool:
    """Whether notices that are not critical wait on a day: a weekend or holiday, if the file holds them then."""
    if calendar.is_working(day):
        return False
    weekend = day.weekday() in calendar.weekend
    return (file.quiet.weekend if weekend else file.quiet.holidays) == "hold"


def due(digest: Digest, day: date, formed: Collection[date]) -> bool:
    """Whether a channel may have a message on a day, given the days on which its messages were formed.

    >>> from datetime import date
    >>> due("weekly", date(2026, 11, 6), [date(2026, 11, 2)]), due("weekly", date(2026, 11, 9), [date(2026, 11, 2)])
    (False, True)
    """
    match digest:
        case "daily":
            return day not in formed
        case "weekly":
            return all(day.isocalendar()[:2] != each.isocalendar()[:2] for each in formed)
    return True
