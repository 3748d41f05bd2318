"""The 通报 is written before it is signed: one draft a month, kept for the office, used up by publishing."""

from __future__ import annotations

import pytest

from branches.acting import Officer
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from scoring.choices import Visibility
from scoring.models import NoticeDraft, Period, Publication
from scoring.selectors.publication_content import trial_content
from scoring.selectors.trial import trial
from scoring.services.notice import discard_notice_draft, save_notice_draft
from scoring.services.publication import publish_ranking
from tests.people import Town
from tests.scoring.month import close_month, open_month, report_all, review_all, settle_month

TEXT = {"title": "关于9月的通报", "addressees": "各街道党工委：", "closing": "请补齐短板。", "issuer": "区创建办"}


@pytest.fixture
def closed(town: Town) -> Period:
    period = open_month(town)
    report_all(town, period)
    review_all(town, period)
    settle_month(town, period)
    return close_month(town, period)


def save(actor: Officer, period: Period, version: int = 0, **parts: str) -> NoticeDraft:
    return save_notice_draft(
        actor=actor, period=period, text={**TEXT, **parts}, visibility=Visibility.ORDER, version=version
    )


def test_without_a_draft_the_portal_proposes_one_signed_by_the_office(town: Town, closed: Period) -> None:
    proposed = trial(closed).content["notice"]
    assert (proposed["title"], proposed["issuer"], proposed["addressees"][:2]) == (
        "关于2026年9月“五星”支部创建考评排名的通报",
        "区创建办",
        "各街",
    )


def test_a_draft_is_what_the_trial_and_the_next_reader_see(town: Town, closed: Period) -> None:
    entries = AuditEntry.objects.count()
    save(town.wang, closed)
    for content in (trial(closed).content, trial_content(closed)):
        assert (content["notice"]["closing"], content["rules"]["visibility"]) == ("请补齐短板。", "order")
    assert AuditEntry.objects.count() == entries


def test_publishing_takes_the_draft_and_uses_it_up(town: Town, closed: Period) -> None:
    save(town.wang, closed)
    content = publish_ranking(actor=town.wang, period=closed).data
    assert (content["notice"]["title"], content["rules"]["visibility"]) == ("关于9月的通报", "order")
    assert not NoticeDraft.objects.exists()


def test_two_persons_do_not_overwrite_each_other(town: Town, closed: Period) -> None:
    first = save(town.wang, closed)
    with pytest.raises(Conflict, match="刚刚保存了通报草稿"):
        save(town.wang2, closed, closing="另一稿。")
    assert save(town.wang2, closed, first.version, closing="第二稿。").version == 2
    assert NoticeDraft.objects.get().text["closing"] == "第二稿。"


def test_a_draft_that_was_dropped_is_not_saved_over(town: Town, closed: Period) -> None:
    first = save(town.wang, closed)
    discard_notice_draft(actor=town.wang2, period=closed)
    with pytest.raises(Conflict, match="已被放弃"):
        save(town.wang, closed, first.version)
    assert trial(closed).content["notice"]["title"] == "关于2026年9月“五星”支部创建考评排名的通报"


def test_only_the_office_writes_and_not_after_publishing(town: Town, closed: Period) -> None:
    for act in (lambda: save(town.zhou, closed), lambda: discard_notice_draft(actor=town.zheng[0], period=closed)):
        with pytest.raises(Forbidden):
            act()
    publish_ranking(actor=town.wang, period=closed)
    with pytest.raises(Conflict, match="已公布"):
        save(town.wang, closed)
    assert (NoticeDraft.objects.count(), Publication.objects.count()) == (0, 1)


@pytest.mark.parametrize("part", ["title", "addressees", "issuer"])
def test_every_part_is_checked(town: Town, closed: Period, part: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(town.wang, closed, **{part: "坏\x00"})
    assert list(refused.value.errors) == [part]
    assert not NoticeDraft.objects.exists()
