"""All routes: the pages of the apps, the pages over several apps, the API."""

from django.urls import include, path

urlpatterns = [
    path("", include("weidu_portal.pages.urls")),
    path("", include("core.urls")),
    path("", include("branches.urls")),
    path("", include("grids.urls")),
    path("", include("scoring.urls")),
    path("", include("ledgers.urls")),
    path("api/", include("weidu_portal.api")),
]

handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.permission_denied"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"
