"""A task knows which request asked for it, so that the worker's log lines and events bear that request's id."""

from celery.contrib.django.task import DjangoTask

from .context import NO_REQUEST, RequestContext, current, during, new_id

HEADER = "portal_request_id"


class CarryingTask(DjangoTask):
    """Every task of the portal is one (campaign_portal/celery.py). One that no request asked for gets an id of its own."""

    abstract = True

    def apply_async(self, args=None, kwargs=None, **options):
        if current() is not NO_REQUEST:
            options["headers"] = {HEADER: current().id} | (options.get("headers") or {})
        return super().apply_async(args, kwargs, **options)

    def __call__(self, *args, **kwargs):
        if current() is not NO_REQUEST:  # called as a plain function
            return super().__call__(*args, **kwargs)
        with during(RequestContext(id=getattr(self.request, HEADER, None) or new_id(), address="")):
            return super().__call__(*args, **kwargs)
