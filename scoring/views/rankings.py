"""The trial ranking for the office alone, and published rankings as far as each reader may see them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from core.policy import policy
from core.templatetags.portal import fixed
from scoring.calc.explain import explain_total
from scoring.choices import Visibility
from scoring.models import Publication
from scoring.page_links import links_for
from scoring.permissions import can_direct, get_publication_for, sees_whole_ranking
from scoring.selectors.changes import ChangeRow, change_rows, changes_between, sentence_of
from scoring.selectors.charts import level_bars, total_bars
from scoring.selectors.notice import PARTS
from scoring.selectors.ranking import ranking_content, ranking_table
from scoring.selectors.trial import Row, Table, highest_first, standings_tables
from scoring.selectors.trial import trial as trial_of
from scoring.templatetags.stars import level_word
from scoring.views.asked import acting_officer, asked_period, whole

Chips = dict[tuple[str, bool | None], SafeString]


@require_GET
@policy("can_direct")
def trial(request: HttpRequest, month: date) -> HttpResponse:
    """The month as it would be published now."""
    period = asked_period(request, month)
    can_direct(acting_officer(request)).require()
    found = trial_of(period)
    context = {
        "period": period,
        "trial": found,
        "changes": change_rows(found.changes),
        "tables": _lines(found.tables, set(), found.content, shows_all=True),
        "links": links_for(request.user, period, "trial"),  # type: ignore[arg-type]
        "trail": _trail(str(period), reverse("scoring:period", args=[period.code]), "试排名"),
    }
    return render(request, "scoring/trial.html", context)


@require_GET
@policy("visible_publications")
def rankings(request: HttpRequest) -> HttpResponse:
    """Published months, newest first, corrections and what they superseded beside each other."""
    rows = (
        Publication.objects.visible_to(request.user)  # type: ignore[arg-type]
        .select_related("period__programme", "published_by", "superseded_by")
        .defer("content", "superseded_by__content")
    )
    return render(request, "scoring/rankings.html", {"rows": rows, "trail": [("排名", "")]})


@require_GET
@policy("get_publication_for")
def ranking(request: HttpRequest, month: date) -> HttpResponse:
    """One publication; the visibility fixed in it applies to everybody but the district."""
    period = asked_period(request, month)
    user = request.user
    publication = get_publication_for(user, period, whole(request.GET.get("number")))  # type: ignore[arg-type]
    table = ranking_table(publication, user)  # type: ignore[arg-type]
    content = ranking_content(publication)
    shows_all = table["visibility"] == Visibility.WITH_POINTS
    own: set[str] = set() if sees_whole_ranking(user) else table["own"]  # type: ignore[arg-type]
    previous, notice = content.get("previous"), content.get("notice")
    seen = Visibility.WITH_POINTS if sees_whole_ranking(user) else table["visibility"]  # type: ignore[arg-type]
    later = Publication.objects.filter(supersedes=publication).values_list("number", flat=True).first()
    tables = _lines(standings_tables(content, table["standings"]), own, content, shows_all=shows_all)
    levels = highest_first(table["star_levels"] or {})
    marked = [row for one in tables for row in one["rows"] if row["is_own"]]
    context = {
        "period": period,
        "publication": publication,
        "content": content,
        "tables": tables,
        "notice": notice,
        "notice_parts": [notice[part] for part in PARTS if part != "title"] if notice else (),
        "changes": _changes(previous, publication.sha256, seen, own),
        "previous": previous,
        "corrected": _corrected(publication, seen, own),
        "sentence": sentence_of(publication) if sees_whole_ranking(user) else "",  # type: ignore[arg-type]
        "own_row": marked[0] if len(marked) == 1 else None,
        "own_word": _own_word(table["standings"], own),
        "incomplete": table["incomplete"],
        "visibility": table["visibility"],
        "star_levels": levels,
        "level_bars": level_bars(levels, {int(level): level_word(int(level)) for level, _ in levels}),
        "level_top": max([1, *(count for _, count in levels)]),
        "superseded_by": later,
        "links": links_for(user, period, "ranking"),  # type: ignore[arg-type]
        "trail": _trail("排名", reverse("scoring:rankings"), str(period)),
    }
    return render(request, "scoring/ranking.html", context)


def _changes(before: Row | None, sha256: str, visibility: str, own: set[str]) -> list[ChangeRow]:
    """What moved against last month's publication of then, as far as the reader may see it."""
    moved = changes_between(before["sha256"], sha256) if before else ()
    return change_rows([change for change in moved if change.is_complete], visibility, own)


def _corrected(publication: Publication, visibility: str, own: set[str]) -> list[ChangeRow] | None:
    """What a correction changed against the publication it superseded; None for a first publication."""
    if publication.supersedes is None:
        return None
    return change_rows(changes_between(publication.supersedes.sha256, publication.sha256), visibility, own)


def _own_word(standings: list[Row], own: set[str]) -> str:
    """What the marked rows are to the reader; the district, which owns all, has none marked."""
    return "本街道" if sum(row["organisation"] in own for row in standings) > 1 else "本社区"


def _lines(tables: list[Table], own: set[str], content: Row, *, shows_all: bool) -> list[dict[str, Any]]:
    """Ready-made words for the hot table; stars only where points are shown."""
    chips: Chips = {}
    places = content["rules"]["total_decimals"]
    return [
        {
            "title": table.title,
            "rows": [_line(row, own, shows_all, places, chips) for row in table.rows],
            "bars": total_bars(table.rows, own or {row["organisation"] for row in table.rows}),
        }
        for table in tables
    ]


def _line(row: Row, own: set[str], shows_all: bool, places: int, chips: Chips) -> dict[str, Any]:
    is_own = row["organisation"] in own
    stars = row["assessment"]["stars"] if shows_all or is_own else ()
    return {
        "place": "—" if row["place"] is None else f"{'并列 ' if row['is_tied'] else ''}{row['place']}",
        "code": row["organisation"],
        "name": row["name"],
        "street": row["street_name"],
        "out_of": row["out_of"],
        "total": fixed(row["total"], places),
        "level": level_word(row["star_level"]),
        "stars": mark_safe("".join(_chip(star, chips) for star in stars)),  # noqa: S308 - chips are escaped
        "is_own": is_own,
        "explanation": row.get("explanation"),
        "of_total": explain_total(row["assessment"], places) if is_own else "",
        "provisional": row["assessment"]["provisional_items"],
    }


def _chip(star: Row, chips: Chips) -> SafeString:
    """A won star with its colour and name; others as words."""
    key = (star["code"], star["won"])
    if key not in chips:
        if star["won"]:
            chips[key] = format_html('<span class="star-name star-{}">{}</span> ', star["colour"], star["name"])
        elif not star["is_rated"]:
            chips[key] = format_html('<span class="muted small">{}不评</span> ', star["name"])
        else:
            chips[key] = SafeString("")
    return chips[key]


def _trail(label: str, url: str, here: str) -> list[tuple[str, str]]:
    return [(label, url), (here, "")]
