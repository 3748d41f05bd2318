from django.apps import AppConfig


class WeiduPortalConfig(AppConfig):
    name = "weidu_portal"
    verbose_name = "门户"
