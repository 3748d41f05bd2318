"""The API's router: read-only resources of every app, the schema and its reader."""

from typing import Any

from django.urls import include, path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated
from rest_framework.routers import SimpleRouter

from branches.api import OrganisationViewSet
from grids.api.figures import IndicatorViewSet, StatisticViewSet
from grids.api.places import CentreViewSet, CompanyViewSet, CourtyardViewSet, GridViewSet
from grids.api.registers import resources
from ledgers.api import LedgerViewSet
from scoring.api.assessments import AssessmentViewSet
from scoring.api.items import ItemViewSet
from scoring.api.periods import PeriodViewSet
from scoring.api.publications import PublicationViewSet
from scoring.api.ratings import RatingViewSet
from scoring.api.rubrics import RubricViewSet

router = SimpleRouter()
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("rubrics", RubricViewSet, basename="rubric")
router.register("periods", PeriodViewSet, basename="period")
router.register("assessments", AssessmentViewSet, basename="assessment")
router.register("items", ItemViewSet, basename="item")
router.register("ratings", RatingViewSet, basename="rating")
router.register("publications", PublicationViewSet, basename="publication")
router.register("ledgers", LedgerViewSet, basename="ledger")
router.register("grids", GridViewSet, basename="grid")
router.register("courtyards", CourtyardViewSet, basename="courtyard")
router.register("property-companies", CompanyViewSet, basename="property-company")
router.register("service-centres", CentreViewSet, basename="service-centre")
router.register("statistics", StatisticViewSet, basename="statistic")
for name, viewset in resources():
    router.register(name, viewset, basename=name)

LOGGED_IN = [IsAuthenticated]
DOCS = "api/docs.html"


class TokenScheme(OpenApiAuthenticationExtension):
    """Tells the schema how a token is sent."""

    target_class = "core.authentication.Tokens"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        explained = "Token and a space before the token: Authorization: Token 8f3a…"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": explained}


urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/indicators/", IndicatorViewSet.as_view({"get": "list"}), name="indicator-list"),
    path("schema/", SpectacularAPIView.as_view(permission_classes=LOGGED_IN), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(permission_classes=LOGGED_IN, template_name=DOCS),
        name="docs",
    ),
]
