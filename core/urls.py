from django.urls import URLPattern, URLResolver, path

from core.views import audit, calendar, fonts, health, jobs, login, notifications

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("logout/", login.logout, name="logout"),
    path("password/", login.password, name="password"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("audit/", audit.audit, name="audit"),
    path("audit/verify/", audit.verify_audit, name="verify_audit"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/<int:pk>/read/", notifications.notification_read, name="notification_read"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/seed/", calendar.calendar_seed, name="calendar_seed"),
    path("fonts/", fonts.fonts, name="fonts"),
    path("fonts/draw/", fonts.draw_font_sample, name="draw_font_sample"),
    path("fonts/sample/", fonts.font_sample, name="font_sample"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/cancel/", jobs.cancel_job, name="cancel_job"),
    path("jobs/<int:pk>/retry/", jobs.retry_job, name="retry_job"),
]
