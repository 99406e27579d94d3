"""Pages of the admin that belong to no model."""

from django.contrib import admin
from django.urls import path

from backtests.admin.overview import overview

urlpatterns = [
    path("overview/", admin.site.admin_view(overview), name="backtests_overview"),
]
