from django.urls import path

from . import feed_views, views

app_name = "deadlines"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("month/", views.month, name="month"),
    path("week/", views.week, name="week"),
    path("overdue/", views.overdue, name="overdue"),
    path("rows/", views.rows, name="rows"),
    path("history/<slug:code>/<int:pk>/", views.history, name="history"),
    path("subscription/", feed_views.subscription, name="subscription"),
    path("subscription/new/", feed_views.subscription_new, name="subscription-new"),
    path("subscription/end/", feed_views.subscription_end, name="subscription-end"),
    path("feed/<slug:token>.ics", feed_views.feed, name="feed"),  # audit.logs hides what follows feed/
]
