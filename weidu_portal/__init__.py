"""Wiring: settings, routes, API, jobs, pages that show several apps at once. Imported by nobody."""

from weidu_portal.celery import app as celery_app

__all__ = ["celery_app"]
