"""Reads what Usher exports with parsers that other people wrote: python-hcl2, shellcheck, icalendar.

Usage: export_checks.py FOLDER
FOLDER holds one folder a case, as tests/foreign/exported does. Says what is wrong and ends with 1, or prints "ok".
"""

import subprocess
import sys
from pathlib import Path

import hcl2
from icalendar import Calendar

# Holds everything that would break out of a string, a comment or a template; the samples named "hostile" have it for every name.
HOSTILE = "a\"b'c\\d\n# ${file(\"/etc/passwd\")} %{ if true } $(id) `id` $${x} {\u202e\r\n}"

wrong = []


def expect(condition, what):
    if not condition:
        wrong.append(what)


def first_labels(blocks):
    """The first label of each block: a resource's type, a variable's name."""
    return {label.strip('"') for block in blocks for label in block if not label.startswith("__")}


def terraform(folder):
    """Every file parses, and has the blocks it has to have and no others."""
    kinds = {}
    for path in sorted(folder.glob("*.tf")):
        try:
            parsed = hcl2.loads(path.read_text(encoding="utf-8"))
        except Exception as error:  # noqa: BLE001 - whatever the parser says is what is wrong
            wrong.append(f"{path}: {error}")
            continue
        for kind, found in parsed.items():
            if not kind.startswith("__"):
                kinds.setdefault(kind, []).extend(found)
    expect(
        set(kinds) <= {"terraform", "provider", "variable", "data", "resource", "locals", "import"},
        f"{folder}: unexpected blocks: {sorted(kinds)}",
    )
    resources = first_labels(kinds.get("resource", []))
    wanted = {
        "azuread_service_principal",
        "azuread_synchronization_secret",
        "azuread_synchronization_job",
        "azuread_app_role_assignment",
        "azuread_application_from_template",
    }
    expect(wanted <= resources, f"{folder}: resources are missing: {sorted(wanted - resources)}")
    variables = {name.strip('"'): body for block in kinds.get("variable", []) for name, body in block.items()}
    token = variables.get("scim_token", {})
    expect(token.get("sensitive") in (True, "true"), f"{folder}: the token's variable is not sensitive: {token}")
    expect("default" not in token, f"{folder}: the token's variable has a default")
    return kinds


def script(path):
    """A POSIX shell's parser and shellcheck have nothing to say."""
    parsed = subprocess.run(["sh", "-n", str(path)], capture_output=True, text=True, check=False)
    expect(parsed.returncode == 0, f"{path}: sh -n: {parsed.stderr}")
    shellcheck = Path(sys.executable).with_name("shellcheck.exe" if sys.platform == "win32" else "shellcheck")
    checked = subprocess.run(
        [str(shellcheck), "--shell=sh", "--severity=style", "--format=gcc", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    expect(checked.returncode == 0, f"{path}: shellcheck:\n{checked.stdout}{checked.stderr}")


def names_of(path):
    """The set-up part of a script, run by a shell: what its variables really hold."""
    # As it stands: reading it as text would turn its line ends.
    lines = path.read_bytes().decode("utf-8").split("\n# For a rehearsal", 1)[0]
    told = subprocess.run(
        ["sh", "-c", lines + "\nprintf '%s\\0' \"$APP_NAME\" \"$TENANT\" \"$SCIM_URL\""],
        capture_output=True,
        check=False,
    )
    return told.stdout.decode().split("\0")[:3], told.stderr.decode()


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
    cases = sorted(path for path in folder.iterdir() if path.is_dir())
    expect(cases, f"{folder} holds no case")
    for case in cases:
        kinds = terraform(case)
        script(case / "provision.sh")
        event = reminder(case / "token.ics")
        expect((case / "imports.tf").exists() == bool(kinds.get("import")), f"{case}: imports")
        if case.name == "hostile":
            held, said = names_of(case / "provision.sh")
            expect(held == [HOSTILE] * 3 and not said, f"{case}: the script's variables hold {held!r} {said}")
            plain = HOSTILE.replace("\r", " ")
            expect(plain in str(event["SUMMARY"]), f"{case}: {event['SUMMARY']!r}")
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print("ok")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
