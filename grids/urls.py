from django.urls import URLPattern, URLResolver, path

from grids.views import mine, people, statistics

app_name = "grids"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ground/mine/", mine.mine, name="mine"),
    path("ground/mine/found/", mine.found, name="mine_found"),
    path("ground/mine/mended/<int:pk>/", mine.mended, name="mine_mended"),
    path("ground/communities/<slug:code>/people/", people.people, name="people"),
    path("ground/statistics/", statistics.statistics, name="statistics"),
    path("ground/statistics/seed/", statistics.statistics_seed, name="statistics_seed"),
    path("ground/statistics/<slug:code>/", statistics.measure, name="measure"),
]
