from django.urls import URLPattern, URLResolver, path

from branches.views import accounts, acting, keeping, login, organisation

app_name = "branches"
urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", login.login, name="login"),
    path("acting/", acting.acting, name="acting"),
    path("organisations/", organisation.organisations, name="organisations"),
    path("organisations/<slug:code>/", organisation.organisation, name="organisation"),
    path("organisations/<slug:code>/contacts/<int:pk>/", organisation.contact, name="contact"),
    path("organisations/<slug:code>/found/", keeping.found, name="organisation_found"),
    path("organisations/<slug:code>/rename/", keeping.rename, name="organisation_rename"),
    path("organisations/<slug:code>/move/", keeping.move, name="organisation_move"),
    path("organisations/<slug:code>/class/", keeping.reclass, name="organisation_class"),
    path("organisations/<slug:code>/close/", keeping.close, name="organisation_close"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/active/", accounts.account_active, name="account_active"),
    path("accounts/<int:pk>/password/", accounts.account_password, name="account_password"),
    path("accounts/<int:pk>/open/", accounts.account_open, name="account_open"),
    path("accounts/<int:pk>/appoint/", accounts.appoint, name="appoint"),
    path("accounts/<int:pk>/posts/<int:appointment>/end/", accounts.appointment_end, name="appointment_end"),
]
