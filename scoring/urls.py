from django.urls import URLPattern, URLResolver, path, register_converter

from scoring.converters import MonthConverter
from scoring.views import (
    assessments,
    duties,
    items,
    office,
    periods,
    rankings,
    report,
    reviews,
    rubrics,
    rulings,
    sign_offs,
)

register_converter(MonthConverter, "month")

app_name = "scoring"
urlpatterns: list[URLPattern | URLResolver] = [
    path("rubrics/", rubrics.rubrics, name="rubrics"),
    path("rubrics/import/", rubrics.rubric_import, name="rubric_import"),
    path("rubrics/<int:pk>/", rubrics.rubric, name="rubric"),
    path("rubrics/<int:pk>/publish/", rubrics.rubric_publish, name="rubric_publish"),
    path("rubrics/<int:pk>/discard/", rubrics.rubric_discard, name="rubric_discard"),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    path("duties/<slug:code>/", duties.duties, name="duties"),
    path("duties/<slug:code>/posts/", duties.duty_posts, name="duty_posts"),
    path("duties/<slug:code>/sheet/", duties.duty_sheet, name="duty_sheet"),
    path("items/<int:pk>/", items.item, name="item"),
    path("items/<int:pk>/draft/", report.draft, name="item_draft"),
    path("items/<int:pk>/withdraw/", report.withdraw, name="item_withdraw"),
    path("items/<int:pk>/appeal/", items.appeal, name="item_appeal"),
    path("periods/", periods.periods, name="periods"),
    path("periods/open/", office.open_next, name="open_period"),
    path("periods/<month:month>/", periods.period, name="period"),
    path("periods/<month:month>/join/", office.join, name="join_period"),
    path("periods/<month:month>/close/", office.close, name="close_period"),
    path("periods/<month:month>/reopen/", office.reopen, name="reopen_period"),
    path("periods/<month:month>/settle/", office.settle, name="settle_period"),
    path("periods/<month:month>/publish/", office.publish, name="publish_period"),
    path("periods/<month:month>/recompute/", office.recompute, name="recompute_period"),
    path("periods/<month:month>/rulings/", rulings.rulings, name="rulings"),
    path("periods/<month:month>/vetoes/", rulings.vetoes, name="vetoes"),
    path("periods/<month:month>/trial/", rankings.trial, name="trial"),
    path("periods/<month:month>/review/street/", reviews.street, name="review_street"),
    path("periods/<month:month>/review/street/sign-off/", sign_offs.sign_off, name="sign_off"),
    path("periods/<month:month>/review/stars/<slug:star_code>/", reviews.star, name="review_star"),
    path("review/bulk/", reviews.review_bulk, name="review_bulk"),
    path("items/<int:pk>/review/", reviews.review_item, name="review_item"),
    path("items/<int:pk>/rule/", rulings.rule, name="rule_item"),
    path("items/<int:pk>/unlock/", rulings.unlock, name="unlock_item"),
    path("rankings/", rankings.rankings, name="rankings"),
    path("rankings/<month:month>/", rankings.ranking, name="ranking"),
]
