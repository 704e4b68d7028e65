"""`[mix]` by evidence: the same bytes by every way, within its limits, and honest about what it rests on."""

from pathlib import Path

import numpy as np
import pytest
from tests.build.conftest import contents

from macaronic.build import recipe, run
from macaronic.build.forecast import forecast
from macaronic.core.errors import FormatError, InputError, UnknownName, UsageError

WORDS = {"aa": "ba bada dab abba", "bb": "kol loko oko kolo", "cc": "xu uxu xyx yux"}
HEAD = '[run]\nout = "out"\nseed = 2\nengine = "{engine}"\nworkers = 2\n'
SOURCE = '[[source]]\nname = "{name}"\npath = "{name}.txt"\nlanguage = "{tag}"\nlicence = "CC0-1.0"\n'
CHOOSE = 'method = "choose"\nproxies = 20\nchecks = 2\nbudget = 1500\n'


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals out of few resamples: they are what takes the time."""
    monkeypatch.setattr("macaronic.mix.choose._SAMPLES", 4)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three sources in made-up languages, and a target of which a quarter is `bb`."""
    rng = np.random.default_rng(0)
    for name, count in (("aa", 400), ("bb", 150), ("cc", 100)):
        words = WORDS[name].split()
        lines = (" ".join([*rng.choice(words, rng.integers(1, 10)), f"{name}{i}"]) for i in range(count))
        (tmp_path / f"{name}.txt").write_text("\n".join(lines) + "\n")
    kinds = ("bb" if rng.random() < 0.25 else "aa" for _ in range(120))
    (tmp_path / "target.txt").write_text("".join(" ".join(rng.choice(WORDS[k].split(), 6)) + "\n" for k in kinds))
    return tmp_path


def written(folder: Path, mix: str, *, engine: str = "serial", sources: tuple[str, ...] = ("aa", "bb", "cc")) -> Path:
    tags = {"aa": "es", "bb": "tr", "cc": "fi", "empty": "en"}
    tables = "".join(SOURCE.format(name=name, tag=tags[name]) for name in sources)
    place = folder / "my.toml"
    place.write_text(HEAD.format(engine=engine) + tables + "[mix]\n" + mix)
    return place


def build(place: Path) -> run.Built:
    return run.build(recipe.load(place), place.parent)


def shares(built: run.Built) -> dict[str, float]:
    return {b["name"]: b["achieved"] for b in built.mixture["buckets"]}


def test_choose_gives_the_same_bytes_by_every_engine_and_is_kept(project: Path, monkeypatch) -> None:
    build(written(project, CHOOSE))
    serial = contents(project / "out")
    (project / "out").rename(project / "serial")
    built = build(written(project, CHOOSE, engine="processes"))
    assert contents(project / "out") == serial
    told = built.mixture["evidence"]
    assert [check["name"] for check in told["checks"]] == ["chosen", "uniform", "proportional"]
    assert "With fresh seeds" in told["summary"]
    assert built.mixture["achieved"] == 1500
    assert "Why these shares" in serial["report.html"].decode()
    monkeypatch.setattr("macaronic.build.judge.choose", lambda *_, **__: pytest.fail("chosen again"))
    assert build(written(project, CHOOSE)).reused
    build(written(project, CHOOSE + '[output]\nformat = "jsonl"\n'))


def test_finished_proxies_are_not_run_again(project: Path, monkeypatch) -> None:
    from macaronic.mix.in_units import InUnits

    place, plain, done = written(project, CHOOSE), InUnits.__call__, []

    def killed(self: InUnits, weights, *, seed: int):
        if len(done) == 7:
            raise KeyboardInterrupt
        done.append(seed)
        return plain(self, weights, seed=seed)

    monkeypatch.setattr(InUnits, "__call__", killed)
    with pytest.raises(KeyboardInterrupt):
        build(place)
    done.clear()
    monkeypatch.setattr(InUnits, "__call__", lambda self, w, *, seed: done.append(seed) or plain(self, w, seed=seed))
    build(place)
    resumed = contents(project / "out")
    assert len(done) == 20 + 3 * 2 - 7
    (project / "out").rename(project / "resumed")
    build(place)
    assert contents(project / "out") == resumed


def test_caps_and_floors_hold_for_every_method(project: Path) -> None:
    limits = "budget = 1500\ncaps = {aa = 0.3}\nfloors = {cc = 0.35}\n"
    for method in ('method = "proportional"\n', 'method = "unimax"\n', CHOOSE.replace("budget = 1500\n", "")):
        found = shares(build(written(project, method + limits)))
        assert found["aa"] <= 0.3 + 1e-3, method
        assert found["cc"] >= 0.35 - 1e-3, method
        assert sum(found.values()) == pytest.approx(1)


def test_max_epochs_limit_buckets(project: Path) -> None:
    built = build(written(project, 'method = "given"\nweights = {aa = 1, cc = 1}\nbudget = 2400\nmax_epochs = 1.5\n'))
    epochs = {b["name"]: b["epochs"] for b in built.mixture["buckets"]}
    assert epochs["cc"] == pytest.approx(1.5, abs=0.01)
    assert any(line.startswith("cc: asked 50.00%") for line in built.mixture["unmet"])


def test_minimise_finds_what_the_target_is_made_of(project: Path) -> None:
    built = build(written(project, 'method = "minimise"\ntarget = "target.txt"\nbudget = 900\n'))
    found = shares(built)
    assert found["bb"] == pytest.approx(0.25, abs=0.1)
    assert found["cc"] < 0.05
    assert built.mixture["evidence"]["intervals"]["bb"][0] < found["bb"] + 0.01


def test_a_changed_target_is_looked_at_again(project: Path) -> None:
    (project / "targets").mkdir()
    (project / "target.txt").rename(project / "targets/a.txt")
    place = written(project, 'method = "minimise"\ntarget = "targets"\nbudget = 900\n')
    before = shares(build(place))
    (project / "targets/a.txt").write_text("xu uxu xyx yux\n" * 60)
    assert shares(build(place))["cc"] > 0.6 > before["cc"]


def test_a_file_of_shares(project: Path) -> None:
    (project / "m.json").write_text('{"mixture": {"aa": 0.6, "bb": 0.4}, "intervals": {"bb": [0.3, 0.5]}}')
    built = build(written(project, 'method = "file"\nfile = "m.json"\nbudget = 1000\n'))
    assert shares(built) == {"aa": 0.6, "bb": 0.4, "cc": 0.0}
    assert built.mixture["evidence"]["intervals"] == {"bb": [0.3, 0.5]}
    assert "not in m.json, so nothing is taken of: cc" in built.mixture["evidence"]["notes"]


def test_discovered_buckets_and_small_ones(project: Path) -> None:
    (project / "cc.txt").write_text("xu uxu\nxyx yux\n")
    built = build(written(project, 'by = ["language"]\nmin_share = 0.0\n' + CHOOSE))
    found = {b["name"]: b for b in built.mixture["buckets"]}
    assert set(found) == {"es", "tr", "fi"}
    assert any("too few rows to judge" in n and "fi" in n for n in built.mixture["evidence"]["notes"])
    assert found["fi"]["asked"] == pytest.approx(0.0012, abs=1e-3)
    folded = build(written(project, 'by = ["language"]\nmin_share = 0.05\n' + CHOOSE))
    assert {b["name"] for b in folded.mixture["buckets"]} == {"es", "tr", "rest"}


def test_a_sample_is_looked_at_and_its_size_is_said(project: Path) -> None:
    long = ("ba bada dab " * 8).strip()
    (project / "aa.txt").write_text("".join(f"{long} {i}\n" for i in range(3000)))
    built = build(written(project, CHOOSE + "proxy_text = 60_000\n"))
    looked = built.mixture["evidence"]["settings"]["looked at"]
    assert float(looked.partition("%")[0]) < 35
    texts = (project / "out/.work/evidence/texts.bin").stat().st_size
    assert texts < 60_000 * 8 * 1.5


def test_the_forecast_says_what_proxies_cost_and_runs_none(project: Path, monkeypatch) -> None:
    monkeypatch.setattr("macaronic.build.judge.choose", lambda *_, **__: pytest.fail("chosen"))
    told = forecast(recipe.load(written(project, CHOOSE)), project, 0.5)
    assert told["proxy_seconds"] > 0
    assert told["seconds"] >= told["proxy_seconds"]
    assert "come out of 26 proxies" in told["notes"][0]


@pytest.mark.parametrize(
    ("mix", "message", "kind"),
    [
        ('method = "file"\n', 'needs file = "mixture.json"', UsageError),
        ('method = "file"\nfile = "none.json"\n', "cannot read the mixture", InputError),
        ('method = "file"\nfile = "aa.txt"\n', "this is no JSON", FormatError),
        ('method = "file"\nfile = "x.json"\n', "x.json: unknown bucket 'xx'", UnknownName),
        ('method = "file"\nfile = "n.json"\n', "must be a number", UsageError),
        ('method = "minimise"\n', "needs target = PATH", UsageError),
        ('method = "minimise"\ntarget = "none.txt"\n', "none.txt", InputError),
        ('method = "minimise"\ntarget = "empty.txt"\n', "no text to judge on", UsageError),
        ("proxies = 50\n", 'proxies is for method = "choose"', UsageError),
        ('method = "chose"\n', "my.toml", UsageError),
        ("caps = {xx = 0.5}\n", "mix.caps names the unknown source 'xx'", UsageError),
        ('by = ["language"]\ncaps = {xx = 0.5}\n', "unknown domain of a cap 'xx'", UnknownName),
        ("caps = {aa = 0.2, bb = 0.2, cc = 0.2}\n", "the caps sum to 0.6", UsageError),
        ("floors = {aa = 0.7, bb = 0.7}\n", "the floors sum to 1.4", UsageError),
        ("caps = {aa = nan}\n", "mix.caps.aa", UsageError),
        ('method = "choose"\nproxies = 3\n', "mix.proxies", UsageError),
        ('unit = "tokens"\n', "needs [run] tokenizer", UsageError),
    ],
)
def test_bad_tables_are_named(project: Path, mix: str, message: str, kind: type[Exception]) -> None:
    (project / "x.json").write_text('{"mixture": {"xx": 1}}')
    (project / "n.json").write_text('{"mixture": {"aa": NaN}}')
    (project / "empty.txt").write_text("")
    with pytest.raises(kind) as caught:
        build(written(project, mix))
    assert message in str(caught.value)


def test_an_empty_source_and_too_little_text(project: Path) -> None:
    (project / "empty.txt").write_text("")
    built = build(written(project, CHOOSE, sources=("aa", "bb", "empty")))
    assert shares(built)["empty"] == 0
    (project / "bb.txt").write_text("kol loko\n")
    with pytest.raises(UsageError, match="fewer than two buckets have 40 rows"):
        build(written(project, CHOOSE.replace("1500", "900"), sources=("aa", "bb")))


def test_a_budget_above_all_there_is_needs_no_proxies(project: Path) -> None:
    built = build(written(project, CHOOSE.replace("1500", "90_000")))
    assert built.mixture["reachable"] == 4 * sum(b["available"] for b in built.mixture["buckets"])
    assert "nothing to choose" in built.mixture["evidence"]["notes"][0]
