"""Reads a checklist that Usher saved with parsers that other people wrote: html5lib in its strict mode, Python's csv and json.

Usage: checklist_checks.py FOLDER
FOLDER holds checklist.html, checklist.csv and checklist.json of one set-up. Says what is wrong and ends with 1, or prints "ok".
"""

import csv
import json
import sys
from pathlib import Path

import html5lib

from expectations import end, expect, wrong

# What makes a browser ask for something.
ASKING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest"}


def words(element):
    return " ".join("".join(element.itertext()).split())


def page(path, titles):
    """The page follows the HTML standard to the letter, stands alone, and is laid out for those who hear it."""
    text = path.read_text(encoding="utf-8")
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        root = parser.parse(text)
    except html5lib.html5parser.ParseError as error:
        wrong.append(f"{path}: no valid HTML: {error}")
        return
    expect(root.get("lang"), f"{path}: no language")
    expect(words(root.find("head/title")), f"{path}: no title")
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    expect(not any(element.tag in {"script", "link", "iframe", "object", "embed", "base"} for element in elements), f"{path}: more than a page")
    for element in elements:
        asking = ASKING & set(element.attrib)
        expect(not asking, f"{path}: <{element.tag}> asks for {asking}")
        expect(not any(name.startswith("on") for name in element.attrib), f"{path}: <{element.tag}> runs a script")
        expect(element.tag != "style" or "url(" not in words(element), f"{path}: the style asks for something")
    ids = [element.get("id") for element in elements if element.get("id")]
    expect(len(ids) == len(set(ids)), f"{path}: an id stands twice")
    levels = [int(element.tag[1]) for element in elements if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    expect(levels.count(1) == 1 and levels[:1] == [1], f"{path}: headings begin {levels[:3]}")
    expect(all(after <= before + 1 for before, after in zip(levels, levels[1:])), f"{path}: a heading's level is left out")
    expect(len(list(root.iter("main"))) == 1, f"{path}: no main part")
    for table in root.iter("table"):
        expect(list(table.iter("th")), f"{path}: a table without headings")
    shown = words(root)
    for title in titles:
        expect(title in shown, f"{path}: {title!r} is missing")


def table(path, findings):
    """Every row has the heading's columns, and there is one for each finding."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, strict=True) if row]
    heading = rows[0]
    checks = {row[heading.index("check")] for row in rows[1:] if len(row) == len(heading)}
    expect(checks == {finding["check"] for finding in findings}, f"{path}: {sorted(checks)}")
    # What is below the table (who made it, the digest) has two columns.
    expect(all(len(row) in (len(heading), 2) for row in rows), f"{path}: rows of other lengths")
    formulas = [cell for row in rows for cell in row if cell[:1] in ("=", "@", "\t", "\r")]
    expect(not formulas, f"{path}: a spreadsheet would compute {formulas}")


def main(folder):
    document = json.loads((folder / "checklist.json").read_text(encoding="utf-8"))
    findings = document["findings"]
    expect(findings, f"{folder}: no findings")
    shown = [finding["title"] for finding in findings if finding["status"] != "not-applicable"]
    page(folder / "checklist.html", shown)
    table(folder / "checklist.csv", findings)
    return end()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
