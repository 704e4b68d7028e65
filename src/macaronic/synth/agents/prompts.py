"""What the agents are told: texts with blanks, shipped with the package, each replaceable by a file of one's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template

from macaronic.core.errors import FormatError, InputError, UnknownName

BLANKS = {
    "system": {"matrix", "embedded"},
    "generate": {"matrix", "embedded", "share", "scenario"},
    "fluency": {"matrix", "embedded", "text", "scenario"},
    "naturalness": {"matrix", "embedded", "text", "scenario"},
    "culture": {"matrix", "embedded", "text", "scenario"},
    "refine": {"matrix", "embedded", "share", "reached", "scenario", "text", "problems"},
}
"""The prompts, and the blanks that each may hold."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The texts of all prompts.

    >>> told = Prompts({"system": Template("Be brief."), "generate": Template("Mix $matrix.")})
    >>> told.messages("generate", {"matrix": "Hindi"})[1]
    {'role': 'user', 'content': 'Mix Hindi.'}
    """

    texts: Mapping[str, Template]

    def messages(self, name: str, blanks: Mapping[str, str]) -> list[dict[str, str]]:
        """The system message and one prompt, filled in; what is filled in is never read as a template itself."""
        return [
            {"role": role, "content": self.texts[text].substitute(blanks).strip()}
            for role, text in (("system", "system"), ("user", name))
        ]


def prompts(folder: str | os.PathLike[str] | None = None) -> Prompts:
    """The shipped prompts; a file `NAME.txt` in a folder of one's own takes the place of the shipped one.

    Args:
        folder: holds some or all of `system.txt`, `generate.txt`, `fluency.txt`, `naturalness.txt`, `culture.txt`,
            `refine.txt`; a blank is `$name`, a dollar sign `$$`.

    Raises:
        InputError: the folder or a file cannot be read.
        UnknownName: a text file there is no prompt.
        FormatError: a prompt holds a blank that it cannot be given.

    >>> sorted(prompts().texts)
    ['culture', 'fluency', 'generate', 'naturalness', 'refine', 'system']
    """
    shipped = resources.files("macaronic.synth.agents").joinpath("prompt_texts")
    texts = {name: shipped.joinpath(f"{name}.txt").read_text("utf-8") for name in BLANKS}
    paths = {name: f"{name}.txt" for name in BLANKS}
    if folder is not None:
        for path in _texts_in(Path(folder)):
            if path.stem not in BLANKS:
                raise UnknownName("prompt", path.stem, BLANKS, where=str(path))
            texts[path.stem], paths[path.stem] = _read(path), str(path)
    return Prompts({name: _template(name, text, paths[name]) for name, text in texts.items()})


def _texts_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InputError(f"no folder of prompts at {folder}.")
    return sorted(folder.glob("*.txt"))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the prompt {path}: {error}.") from error


def _template(name: str, text: str, path: str) -> Template:
    template = Template(text)
    unknown = sorted(set(template.get_identifiers()) - BLANKS[name])
    if not template.is_valid() or unknown:
        got = f"${unknown[0]}" if unknown else "a lone $ (write $$)"
        raise FormatError(f"expected only the blanks ${', $'.join(sorted(BLANKS[name]))}, got {got}", path)
    return template
