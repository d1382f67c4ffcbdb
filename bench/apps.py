from django.contrib.admin.apps import SimpleAdminConfig


class BenchConfig(SimpleAdminConfig):
    """Django admin, without finding any admin modules: bench.urls registers what is measured."""
