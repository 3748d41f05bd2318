from django.urls import URLPattern, URLResolver, path

from grids.views import indicators, mine, people, registers, row_grid, rows, statistics, workbooks

app_name = "grids"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ground/mine/", mine.mine, name="mine"),
    path("ground/mine/found/", mine.found, name="mine_found"),
    path("ground/mine/mended/<int:pk>/", mine.mended, name="mine_mended"),
    path("ground/communities/<slug:code>/people/", people.people, name="people"),
    path("ground/communities/<slug:code>/indicators/", indicators.indicators, name="indicators"),
    path("ground/statistics/", statistics.statistics, name="statistics"),
    path("ground/statistics/seed/", statistics.statistics_seed, name="statistics_seed"),
    path("ground/statistics/<slug:code>/", statistics.measure, name="measure"),
    path("ground/registers/", registers.registers, name="registers"),
    path("ground/registers/<slug:slug>/", registers.register, name="register"),
    path("ground/registers/<slug:slug>/new/", rows.row_new, name="row_new"),
    path("ground/registers/<slug:slug>/grid/", row_grid.row_grid, name="row_grid"),
    path("ground/registers/<slug:slug>/file/", workbooks.register_file, name="register_file"),
    path("ground/registers/<slug:slug>/load/", workbooks.register_load, name="register_load"),
    path("ground/workbook/", workbooks.registers_file, name="registers_file"),
    path("ground/workbook/load/", workbooks.registers_load, name="registers_load"),
    path("ground/registers/<slug:slug>/confirm/", registers.rows_confirm, name="rows_confirm"),
    path("ground/registers/<slug:slug>/<int:pk>/", rows.row, name="row"),
    path("ground/registers/<slug:slug>/<int:pk>/edit/", rows.row_edit, name="row_edit"),
    path("ground/registers/<slug:slug>/<int:pk>/void/", rows.row_void, name="row_void"),
    path("ground/registers/<slug:slug>/<int:pk>/mark/", rows.row_mark, name="row_mark"),
    path("ground/contacts/<int:pk>/phone/", rows.contact_phone, name="contact_phone"),
    path("ground/documents/<int:pk>/file/", rows.document_file, name="document_file"),
]
