"""The 简报: a month on one page. Levels, stars, what moved and why, as far as the publication lets everybody see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ledgers.calc import words
from ledgers.calc.chain import published_link
from ledgers.calc.frame import Body, Content, Previous, frame
from scoring.calc.change_words import star_words
from scoring.calc.changes import Change
from scoring.calc.frozen_changes import thaw

BRIEF = "brief"
MOVERS, CAUSES = 5, 2


def brief_body(content: Content, organisation_code: str, previous: Previous) -> Body:
    """What the 简报 prints; `organisation_code` is the district's. The sentence says why."""
    changes = thaw(content["changes"])
    return {
        **frame(content, BRIEF, organisation_code, previous),
        "title": f"{words.month_words(content['month'])}{content['title']}考评简报",
        "label": content["label"],
        "organisation": {"code": organisation_code, "name": words.WHOLE_DISTRICT},
        "sentence": content["sentence"],
        "visibility": content["rules"]["visibility"],
        "communities": len(content["assessments"]),
        "compared": words.month_words(content["previous"]["month"]) if content["previous"] else "",
        "levels": _levels(content),
        "stars": _stars(content, changes),
        "movers": _movers(content, changes),
        "incomplete": len(content["incomplete"]),
        "signatures": [published_link(content)],
        "issuer": content["notice"]["issuer"],
    }


def _levels(content: Content) -> list[dict[str, Any]]:
    """How many hold each level, the highest first."""
    counts = sorted(content["star_levels"].items(), key=lambda one: -int(one[0]))
    return [{"level_words": words.level_words(int(level)), "count": count} for level, count in counts]


def _stars(content: Content, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Each star: how many won it of how many that are rated, how many are new to it and how many lost it."""
    names = dict.fromkeys(star["name"] for rubric in content["rubrics"] for star in rubric["stars"])
    stars = [star for one in content["assessments"] for star in one["stars"]]
    won = Counter(star["name"] for star in stars if star["is_rated"] and star["won"])
    rated = Counter(star["name"] for star in stars if star["is_rated"])
    turned = Counter((star.name, star.step) for change in changes for star in change.turned)
    return [
        {"name": name, "won": won[name], "rated": rated[name], "gained": turned[name, 1], "lost": turned[name, -1]}
        for name in names
    ]


def _movers(content: Content, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Who moved most, up and down, a few each: by places where places are shown, by levels where only these are."""
    visibility = content["rules"]["visibility"]
    if visibility == "off":
        return []
    steps = _levels_up if visibility == "bands" else _places_up
    moved = [(steps(change), change) for change in changes]
    up = sorted((one for one in moved if one[0] > 0), key=lambda one: (-one[0], one[1].organisation))
    down = sorted((one for one in moved if one[0] < 0), key=lambda one: (one[0], one[1].organisation))
    streets = {one["organisation"]: one["street"]["name"] for one in content["assessments"]}
    return [_mover(change, streets, visibility) for _, change in [*up[:MOVERS], *down[:MOVERS]]]


def _places_up(change: Change) -> int:
    return change.places_up or 0


def _levels_up(change: Change) -> int:
    return change.levels[1] - change.levels[0]


def _mover(change: Change, streets: dict[str, str], visibility: str) -> dict[str, str]:
    before, now = change.levels
    level = words.level_words(now)
    shows_places = visibility in ("order", "with_points")
    return {
        "organisation": change.organisation,
        "name": change.name,
        "street_name": streets[change.organisation],
        "moved": _moved(change) if shows_places else "",
        "level": level if before == now else f"{words.level_words(before)}→{level}",
        "why": _why(change) if visibility == "with_points" else "",
    }


def _moved(change: Change) -> str:
    before, now = change.places
    up = change.places_up or 0
    return f"第{before}→第{now}（{'升' if up > 0 else '降'}{abs(up)}位）"


def _why(change: Change) -> str:
    """The stars won or lost, else those that moved most, each with the items behind it."""
    stars = change.turned or tuple(sorted(change.stars, key=lambda star: (-abs(star.points), star.code)))
    return "；".join(star_words(star, CAUSES) for star in stars[:CAUSES]) or "本身未变"
