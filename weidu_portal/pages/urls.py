from django.urls import URLPattern, URLResolver, path

from weidu_portal.pages import design, home

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("design/", design.design, name="design"),
]
