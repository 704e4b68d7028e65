"""Put the real output of commands between markers in README.md and docs/*.md.

<!-- begin: $ macaronic papers -->          a console block: the command and what it prints
<!-- begin: table $ macaronic papers -->    its tab-separated output as a Markdown table
...
<!-- end: papers -->                        any name; everything between the two lines is replaced

python tools/write_docs.py            rewrite what differs
python tools/write_docs.py --check    change nothing; exit 1 when something differs
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(
    r"^(?P<begin><!-- begin: (?P<table>table )?\$ (?P<command>.+?) -->\n)(?P<body>.*?)(?P<end>^<!-- end: .+? -->)$",
    re.M | re.S,
)


@cache
def output(command: str) -> str:
    """What a command prints on stdout, run in an empty folder, 100 columns wide and without colour.

    Raises:
        SystemExit: it is no macaronic command, or it ended with anything but 0.
    """
    program, *words = shlex.split(command)
    if program not in ("macaronic", "python"):
        raise SystemExit(f"only macaronic commands and this repository's scripts are run; got {command!r}")
    env = {key: value for key, value in os.environ.items() if not key.startswith("MACARONIC_")}
    source = os.pathsep.join(filter(None, [str(ROOT / "src"), env.get("PYTHONPATH")]))
    if program == "python":
        source = os.pathsep.join([str(ROOT), source])
    env |= {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": source}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, *(["-m", "macaronic"] if program == "macaronic" else []), *words],
            capture_output=True,
            text=True,
            cwd=folder,
            env=env,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"$ {command}\nended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout.rstrip("\n")


def markdown_table(tsv: str) -> str:
    """Tab-separated lines with a header as a Markdown table.

    >>> print(markdown_table("a\\tb\\n1\\tx|y"))
    | a | b |
    | --- | --- |
    | 1 | x\\|y |
    """
    rows = [[cell.replace("|", "\\|") for cell in line.split("\t")] for line in tsv.splitlines()]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"| {' | '.join('---' for _ in rows[0])} |", *lines[1:]])


def filled(text: str) -> str:
    """The text with fresh output between its markers; a begin without an end is an error."""

    def fresh(block: re.Match[str]) -> str:
        said = output(block["command"])
        body = markdown_table(said) if block["table"] else f"```console\n$ {block['command']}\n{said}\n```"
        gap = "\n" if block["table"] else ""
        return f"{block['begin']}{gap}{body}\n{gap}{block['end']}"

    done = BLOCK.sub(fresh, text)
    if text.count("<!-- begin: ") != len(BLOCK.findall(text)):
        raise SystemExit("a '<!-- begin: [table ]$ COMMAND -->' line has no '<!-- end: NAME -->' line of its own")
    return done


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite or check the pages; 1 when a check finds a difference."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something differs")
    parser.add_argument("pages", nargs="*", type=Path, help="README.md and docs/*.md when left out")
    asked = parser.parse_args(arguments)
    stale = 0
    for page in asked.pages or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        old = page.read_text("utf-8")
        new = filled(old)
        if new == old:
            continue
        stale += 1
        if asked.check:
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), str(page), "now"))
        else:
            page.write_text(new, "utf-8")
            print(f"rewrote {page}")
    return int(bool(stale) and asked.check)


if __name__ == "__main__":
    sys.exit(main())
