"""Write docs/eval/*.md, a page a benchmark, out of the modules.

python tools/write_eval_docs.py            write what differs, remove pages of benchmarks that are gone
python tools/write_eval_docs.py --check    change nothing; exit 1 when something differs
"""

from __future__ import annotations

import sys
from pathlib import Path

from macaronic.evaluate.benchmark import modules
from macaronic.evaluate.guide import page

FOLDER = Path(__file__).parents[1] / "docs" / "eval"


def main() -> int:
    """Write or check the pages."""
    wanted = {FOLDER / f"{module.BENCHMARK.name}.md": page(module) for module in modules()}
    held = {path: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    changed = sorted(path.name for path in {*wanted, *held} if wanted.get(path) != held.get(path))
    if "--check" in sys.argv[1:]:
        print("\n".join(changed))
        return bool(changed)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in held.keys() - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        if held.get(path) != text:
            path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
