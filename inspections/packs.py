"""One home's ledger with its photos as a ZIP, for an inspector's folder or a home's own archive."""

import csv
import io
import zipfile

from campaign_portal.files.services import store_bytes
from campaign_portal.jobs.services import CannotFinish, job
from facilities.models import Facility

from .models import Hazard
from .sheets import COLUMNS


@job("hazards.pack")
def pack_home(job, progress):
    """params: {"facility": pk}. Packs what the job's owner may see at the time it runs."""
    facility = Facility.objects.visible_to(job.owner).filter(pk=job.params["facility"]).first()
    if facility is None:
        raise CannotFinish("这家机构已不在您的管理范围内，不能打包。")
    hazards = list(
        Hazard.objects.visible_to(job.owner)
        .filter(facility=facility)
        .for_ledger()
        .select_related("found_by", "criterion")
        .prefetch_related("photos__file")
        .order_by("code")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("隐患台账.csv", ledger_csv(hazards))
        for done, hazard in enumerate(hazards, start=1):
            _add_photos(archive, hazard)
            progress(done, len(hazards))
    return store_bytes(out.getvalue(), name=f"{facility}隐患台账.zip", content_type="application/zip", by=job.owner)


def ledger_csv(hazards):
    """The ledger as CSV with a byte order mark, which Excel and WPS need to read Chinese."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(column.label for column in COLUMNS)
    writer.writerows([safe_cell(column.value(hazard)) for column in COLUMNS] for hazard in hazards)
    return text.getvalue().encode("utf-8-sig")


def safe_cell(value):
    """A cell that a spreadsheet will not take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _add_photos(archive, hazard):
    for number, photo in enumerate(hazard.photos.all(), start=1):
        with photo.file.open() as picture:
            name = f"照片/{hazard.code}_{number:02d}_{photo.get_stage_display()}.jpg"
            archive.writestr(name, picture.read(), compress_type=zipfile.ZIP_STORED)  # JPEG does not shrink further
