from django.urls import URLPattern, URLResolver, path

from weidu_portal.pages import about_me, design, home

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("me/", about_me.about_me, name="about_me"),
    path("design/", design.design, name="design"),
]
