"""Every rule of OWL 2 RL has a case: what follows by it, what does not, what it clashes with. Each engine runs each.

A case is a file of `entailments/rl`, named as the rule is in tables 4 to 9 of OWL 2 Profiles, section 4.3. It
holds Turtle: from `axioms` and `facts` all of `follows` and nothing of `does_not_follow` is inferred, and they
do not clash; with the facts of `clashes_with` they do. `misses` names engines that fail, with the reason; one
that does not fail any more is told. A rule whose conclusions no closure holds says so in `unseen`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from candidates import CANDIDATES, leaves_out
from ontologies import triples

FOLDER = Path(__file__).parent.parent / "entailments" / "rl"
RULES = {
    4: "eq-ref eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o eq-diff1 eq-diff2 eq-diff3",
    5: "prp-ap prp-dom prp-rng prp-fp prp-ifp prp-irp prp-symp prp-asyp prp-trp prp-spo1 prp-spo2 prp-eqp1 prp-eqp2 "
    "prp-pdw prp-adp prp-inv1 prp-inv2 prp-key prp-npa1 prp-npa2",
    6: "cls-thing cls-nothing1 cls-nothing2 cls-int1 cls-int2 cls-uni cls-com cls-svf1 cls-svf2 cls-avf cls-hv1 "
    "cls-hv2 cls-maxc1 cls-maxc2 cls-maxqc1 cls-maxqc2 cls-maxqc3 cls-maxqc4 cls-oo",
    7: "cax-sco cax-eqc1 cax-eqc2 cax-dw cax-adc",
    8: "dt-type1 dt-type2 dt-eq dt-diff dt-not-type",
    9: "scm-cls scm-sco scm-eqc1 scm-eqc2 scm-op scm-dp scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2 scm-rng1 scm-rng2 "
    "scm-hv scm-svf1 scm-svf2 scm-avf1 scm-avf2 scm-int scm-uni",
}
"""The rules by table."""
_KEYS = {"says", "axioms", "facts", "follows", "does_not_follow", "clashes_with", "misses", "unseen"}


@cache
def case(rule: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / f"{rule}.yaml").read_text(encoding="utf-8")))


SHOWN = [p.stem for p in sorted(FOLDER.glob("*.yaml")) if "unseen" not in case(p.stem)]


def failures(engine: str, rule: str) -> list[str]:
    """Return what an engine gets wrong of a case."""
    told, close = case(rule), CANDIDATES[engine]
    axioms, facts = triples(told.get("axioms", "")), triples(told["facts"])
    found = close(axioms, facts)
    wrong = [f"clash: {c}" for c in found.clashes]
    wrong += [f"missing: {t}" for t in triples(told.get("follows", "")) if t not in found.inferred]
    wrong += [f"extra: {t}" for t in triples(told.get("does_not_follow", "")) if t in found.inferred]
    if "clashes_with" in told and not close(axioms, [*facts, *triples(told["clashes_with"])]).clashes:
        wrong.append("no clash")
    return wrong


def test_every_rule_has_its_file_and_no_other() -> None:
    rules = [rule for text in RULES.values() for rule in text.split()]
    assert len(rules) == 78
    assert sorted(p.name for p in FOLDER.iterdir()) == sorted(f"{rule}.yaml" for rule in rules)


def test_a_case_says_what_it_shows() -> None:
    assert len(SHOWN) > 60
    for path in sorted(FOLDER.glob("*.yaml")):
        told = case(path.stem)
        assert set(told) <= _KEYS, path.name
        assert told["says"].endswith(".")
        if path.stem in SHOWN:
            assert told["facts"]
            assert {"follows", "does_not_follow", "clashes_with"} & set(told), path.name
            if "follows" in told:
                given = triples(told["axioms"] + told["facts"])
                assert not set(triples(told["follows"])) & set(given), f"{path.name}: it is given"
                assert "does_not_follow" in told, path.name
        else:
            assert set(told) == {"says", "unseen"}, path.name


@pytest.mark.parametrize("rule", SHOWN)
@pytest.mark.parametrize("engine", CANDIDATES)
def test_a_rule(engine: str, rule: str) -> None:
    if leaves_out(engine, triples(case(rule).get("axioms", ""))):
        assert engine not in case(rule).get("misses", {}), "it says that it leaves the axioms out"
        return
    wrong = failures(engine, rule)
    if engine in case(rule).get("misses", {}):
        assert wrong, f"{engine} does not miss {rule} any more"
    else:
        assert wrong == []


def test_engines_that_leave_out_are_asked_enough() -> None:
    asked = {e: sum(not leaves_out(e, triples(case(r).get("axioms", ""))) for r in SHOWN) for e in CANDIDATES}
    assert asked["reference"] == len(SHOWN)
    assert all(number > 20 for number in asked.values()), asked
