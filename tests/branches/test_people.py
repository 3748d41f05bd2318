"""The town itself: everybody stands where the other tests think she does."""

from branches.choices import Right
from branches.models import Ancestry, Organisation
from core import clock
from tests.people import PASSWORD, Town


def test_everybody_has_the_rights_of_her_post(town: Town) -> None:
    assert town.lin.rights == {Right.REPORT, Right.KEEP_GROUND, Right.READ}
    assert town.zhou.rights == {Right.REPORT, Right.REVIEW_PLACE, Right.KEEP_GROUND, Right.READ}
    assert town.wang.rights == {Right.DIRECT, Right.KEEP_CHAIN, Right.KEEP_GROUND, Right.READ}
    assert {officer.rights for officer in town.zheng} == {frozenset({Right.REVIEW_THEME})}
    assert town.secadmin.rights == {Right.ADMINISTER_ACCOUNTS}
    assert len(town.everybody) == 18


def test_everybody_knows_the_password(town: Town) -> None:
    assert town.lin.user.check_password(PASSWORD)


def test_communities_stand_under_their_streets(town: Town) -> None:
    today = clock.today()
    under_xida = Organisation.objects.below(town.xida, today)
    assert set(under_xida) == {town.xida, town.jindi, town.fuhou}
    assert set(Organisation.objects.below(town.district, today)) == set(Organisation.objects.all())
    assert Ancestry.objects.filter(descendant=town.fuhou).count() == 3
