"""代填: who enters for a community is named, the community stands by it, nothing waits for that. Rule 5."""

import pytest
from django.test import Client

from core.errors import Conflict, Forbidden
from core.models import AuditEntry
from scoring.choices import Axis
from scoring.models import Confirmation, Report
from scoring.selectors.work import community_work
from scoring.services.confirmation import confirm_reports
from scoring.services.report import save_draft, submit_items
from tests.scoring.month import Month, level, month, on, review

__all__ = ["month"]


@pytest.fixture
def helped(month: Month) -> Report:
    """周宁 of the street sends item 2 for 府后."""
    with on("2026-09", 28, 19, 3):
        save_draft(actor=month.town.zhou2, item=month.item(2), entry=level(1))
        return submit_items(actor=month.town.zhou2, assessment=month.assessment())[0]


def page_of(client: Client, month: Month, key: str = "lin") -> str:
    client.force_login(month.town.everybody[key].user)
    return client.get(f"/assessments/{month.assessment().pk}/").text


def test_the_helper_is_told_at_the_start_that_she_may_not_review_it(client: Client, month: Month) -> None:
    assert "代填：您本人将不能审核这些事项" in page_of(client, month, "zhou2")
    assert "代填：您本人将不能审核" not in page_of(client, month)


def test_the_community_sees_what_was_sent_for_it_and_confirms_all_at_once(
    client: Client, month: Month, helped: Report
) -> None:
    assert "代填，待社区确认" in page_of(client, month)
    assert "确认代填的 1 项" in page_of(client, month)
    assert community_work(month.town.fuhou)[0].to_confirm == 1
    answer = client.post(f"/assessments/{month.assessment().pk}/confirm/", {"report": [helped.pk]})
    assert answer.status_code == 302
    confirmation = Confirmation.objects.get()
    assert (confirmation.report, confirmation.by) == (helped, month.town.lin.person)
    assert AuditEntry.objects.latest("seq").verb == "scoring.confirm_reports"
    assert 'id="to-confirm"' not in page_of(client, month)
    assert f"{month.town.zhou2.person.name}代填，{month.town.lin.person.name}确认" in page_of(client, month)
    assert "社区确认代填" in client.get(f"/items/{month.item(2).pk}/").text
    assert community_work(month.town.fuhou)[0].to_confirm == 0


def test_review_does_not_wait_for_the_confirmation_and_the_helper_may_not_give_it(month: Month, helped: Report) -> None:
    review(month.town, month.item(2), Axis.STREET)
    confirm_reports(actor=month.town.lin, assessment=month.assessment(), report_ids=[helped.pk])
    for stranger in (month.town.zhou2, month.town.wang):
        with pytest.raises(Forbidden):
            confirm_reports(actor=stranger, assessment=month.assessment(), report_ids=[helped.pk])


def test_what_was_not_looked_at_or_is_confirmed_already_is_refused(month: Month, helped: Report) -> None:
    lin, assessment = month.town.lin, month.assessment()
    for ids in ([], [helped.pk, helped.pk + 1], [10**9]):
        with pytest.raises(Conflict):
            confirm_reports(actor=lin, assessment=assessment, report_ids=ids)
    confirm_reports(actor=lin, assessment=assessment, report_ids=[helped.pk])
    with pytest.raises(Conflict):
        confirm_reports(actor=lin, assessment=assessment, report_ids=[helped.pk])
    assert Confirmation.objects.count() == 1


def test_her_own_report_asks_for_no_confirmation(client: Client, month: Month) -> None:
    save_draft(actor=month.town.zhou2, item=month.item(2), entry=level(1))
    submit_items(actor=month.town.lin, assessment=month.assessment())
    assert 'id="to-confirm"' not in page_of(client, month)
    assert f"{month.town.zhou2.person.name}代填，{month.town.lin.person.name}确认" in page_of(client, month)
