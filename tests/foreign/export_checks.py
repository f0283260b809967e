"""Reads what Usher exports with parsers that other people wrote: python-hcl2 and shellcheck.

Usage: export_checks.py FOLDER
FOLDER holds one folder a case; "existing" has what is there already, and "hostile" has HOSTILE for every name. Says what is wrong and ends with 1, or prints "ok".
"""

import subprocess
import sys
from pathlib import Path

import hcl2

from expectations import end, expect, wrong

# Holds everything that would break out of a string, a comment or a template.
HOSTILE = Path(__file__).with_name("hostile.txt").read_bytes().decode("utf-8")


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


def name_of(path):
    """The set-up part of a script, run by a shell: what the application's name really is there."""
    # As it stands: reading it as text would turn its line ends.
    lines = path.read_bytes().decode("utf-8").split("\n# For a rehearsal", 1)[0]
    told = subprocess.run(["sh", "-c", lines + "\nprintf %s \"$APP_NAME\""], capture_output=True, check=False)
    return told.stdout.decode(), told.stderr.decode()


def main(folder):
    cases = sorted(path for path in folder.iterdir() if path.is_dir())
    expect(cases, f"{folder} holds no case")
    for case in cases:
        kinds = terraform(case)
        script(case / "provision.sh")
        imports = {"existing": True}.get(case.name, False)
        expect((case / "imports.tf").exists() == bool(kinds.get("import")) == imports, f"{case}: imports")
        if case.name == "hostile":
            held, said = name_of(case / "provision.sh")
            expect(held == HOSTILE and not said, f"{case}: the script's variable holds {held!r} {said}")
    return end()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
