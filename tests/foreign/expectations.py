"""What the checks of saved files share: what is wrong is gathered, then said at the end."""

import sys

wrong = []


def expect(condition, what):
    if not condition:
        wrong.append(what)


def end():
    """Says what is wrong, or "ok"; the exit code."""
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print("ok")
    return 1 if wrong else 0
