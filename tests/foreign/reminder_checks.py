"""Reads the calendar files that remind of a token's end with a parser that other people wrote: icalendar.

Usage: reminder_checks.py FOLDER
FOLDER holds calendar files; "hostile.ics" has HOSTILE for the set-up's name. Says what is wrong and ends with 1, or prints "ok".
"""

import sys
from pathlib import Path

from icalendar import Calendar

from expectations import end, expect

# Holds everything that would break out of a line or a text.
HOSTILE = Path(__file__).with_name("hostile.txt").read_bytes().decode("utf-8")


def reminder(path):
    """The calendar has one event with three alarms, and no line is too long."""
    raw = path.read_bytes()
    expect(raw.endswith(b"\r\n") and b"\n" not in raw.replace(b"\r\n", b""), f"{path}: line ends")
    expect(all(len(line) <= 75 for line in raw.split(b"\r\n")), f"{path}: a line is longer than 75 octets")
    calendar = Calendar.from_ical(raw)
    events = list(calendar.walk("VEVENT"))
    expect(len(events) == 1, f"{path}: {len(events)} events")
    event = events[0]
    expect(not event.errors and not calendar.errors, f"{path}: {event.errors} {calendar.errors}")
    alarms = sorted(alarm["TRIGGER"].dt.days for alarm in event.walk("VALARM"))
    expect(alarms == [-90, -30, -7], f"{path}: alarms at {alarms}")
    expect(event["UID"] and event["DTSTAMP"].dt.tzinfo, f"{path}: UID or DTSTAMP")
    return event


def main(folder):
    paths = sorted(folder.glob("*.ics"))
    expect(paths, f"{folder} holds no calendar file")
    for path in paths:
        event = reminder(path)
        if path.name == "hostile.ics":
            expect(HOSTILE.replace("\r", " ") in str(event["SUMMARY"]), f"{path}: {event['SUMMARY']!r}")
    return end()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
