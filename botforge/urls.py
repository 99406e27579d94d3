"""The URL map: the API, the admin, and a door."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

admin.site.site_header = admin.site.site_title = "BotForge"
admin.site.index_title = "Operations"
admin.site.index_template = "backtests/admin/index.html"

urlpatterns = [
    path("", RedirectView.as_view(url="/api/v1/docs/")),
    path("admin/backtests/", include("backtests.admin.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("botforge.api.urls")),
]

handler400 = "botforge.api.problems.bad_request"
handler403 = "botforge.api.problems.permission_denied"
handler404 = "botforge.api.problems.page_not_found"
handler500 = "botforge.api.problems.server_error"
