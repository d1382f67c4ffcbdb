"""Who has read, who has replied, who has not: said by themselves, by phone, or nudged at most once a day."""

import io

import openpyxl
import pytest

from campaign_portal.circulars import receipts
from campaign_portal.circulars.models import Recipient
from campaign_portal.edges import NotYours, Refused
from campaign_portal.reminders.models import Delivery, Message

from . import builders, hazards
from .builders import browser, in_days
from .circulars import Cast, in_time, read, receipt, reply, sent

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def cast():
    return Cast()


def nudged(user=None):
    return Message.objects.filter(kind="nudge", user=user)


def test_looking_at_the_page_is_no_receipt_and_pressing_is(cast):
    circular = sent(cast.clerk)
    client = browser(cast.manager)
    assert "我已阅读" in client.get(circular.get_absolute_url()).content.decode()
    assert receipt(circular, cast.home).read_at is None
    client.post(f"{circular.get_absolute_url()}read/")
    row = receipt(circular, cast.home)
    assert (row.read_by, row.status, row.is_waiting) == (cast.manager, "read", False)


def test_a_colleague_who_reads_later_changes_nothing(cast):
    circular, colleague = sent(cast.clerk), builders.make_home_user(cast.home)
    first = read(circular, cast.manager)
    read(circular, colleague)
    assert receipt(circular, cast.home).read_at == first.read_at
    assert receipt(circular, cast.home).read_by == cast.manager


def test_a_reply_says_that_it_was_read_and_comes_with_its_photo(cast):
    circular = sent(cast.clerk, reply_by=in_days(3))
    row = reply(circular, cast.manager, files=[hazards.picture(cast.manager)])
    assert (row.read_by, row.replied_by, row.status) == (cast.manager, cast.manager, "replied")
    photo = row.files.get()
    address = f"{circular.get_absolute_url()}files/{photo.pk}/"
    for reader in (cast.clerk, cast.manager):
        assert b"".join(browser(reader).get(address))[:2] == b"\xff\xd8"
    assert browser(cast.neighbour).get(address).status_code == 404  # has been sent it too, but not this reply


def test_there_is_one_reply(cast):
    circular = sent(cast.clerk, reply_by=in_days(3))
    reply(circular, cast.manager, "没有")
    reply(circular, cast.manager, "没有")  # a double press
    response = browser(cast.manager).post(f"{circular.get_absolute_url()}reply/", {"text": "又有了"})
    assert response.status_code == 409
    assert "又有了" in response.content.decode() and "当前为“已回复”，不能回复" in response.content.decode()
    assert receipt(circular, cast.home).reply == "没有"


def test_nobody_replies_where_no_reply_is_asked_for(cast):
    circular = sent(cast.clerk)
    with pytest.raises(Refused, match="不要求回复"):
        reply(circular, cast.manager)


def test_nobody_reads_for_another_office(cast):
    circular = sent(cast.clerk, only=[cast.home.office])
    assert browser(cast.neighbour).post(f"{circular.get_absolute_url()}read/").status_code == 404
    with pytest.raises(NotYours):
        receipts.confirm_read(receipt(circular, cast.home), by=cast.neighbour)


def test_an_empty_reply_is_told_so(cast):
    circular = sent(cast.clerk, reply_by=in_days(3))
    response = browser(cast.manager).post(f"{circular.get_absolute_url()}reply/", {"text": " "})
    assert response.status_code == 422
    assert "请填写“回复内容”。" in response.content.decode()


def test_only_those_who_have_not_replied_are_nudged_and_once_a_day(cast):
    circular = sent(cast.clerk, reply_by=in_days(3))
    reply(circular, cast.manager)
    read(circular, cast.neighbour)
    assert receipts.nudge(circular, by=cast.clerk) == 2  # who has read and not replied, and who has no account
    assert (nudged(cast.manager).count(), nudged(cast.neighbour).count(), nudged().count()) == (0, 1, 1)
    with pytest.raises(Refused, match="今天已经催过"):
        receipts.nudge(circular, by=cast.clerk)
    with in_time(1):
        assert receipts.nudge(circular, by=cast.clerk) == 2
    assert nudged(cast.neighbour).count() == 2
    assert set(Recipient.objects.filter(nudges=2).values_list("label", flat=True)) == {"马田镇幸福院", "柏林镇敬老院"}


def test_when_all_have_done_it_nobody_can_be_nudged(cast):
    circular = sent(cast.clerk, only=[cast.home.office])
    read(circular, cast.manager)
    response = browser(cast.clerk).post(f"{circular.get_absolute_url()}nudge/")
    assert response.status_code == 409
    assert "都已阅读，不用再催" in response.content.decode()
    assert not nudged(cast.manager).exists()


def test_only_the_sender_nudges(cast):
    circular = sent(cast.officer)
    assert browser(cast.clerk).get(circular.get_absolute_url()).status_code == 200  # the bureau may look on
    assert browser(cast.clerk).post(f"{circular.get_absolute_url()}nudge/").status_code == 403


def test_a_call_is_registered_as_one_and_who_has_answered_needs_none(cast):
    circular = sent(cast.clerk, reply_by=in_days(3))
    row = receipt(circular, cast.empty_home)
    address = f"{circular.get_absolute_url()}recipients/{row.pk}/phone/"
    assert "13800000042" in browser(cast.clerk).get(address).content.decode()
    call = Delivery.objects.get(message__name="李院长", channel="call")
    assert browser(cast.clerk).post(address, {"text": ""}).status_code == 422
    browser(cast.clerk).post(address, {"text": "已排查"})
    row = receipt(circular, cast.empty_home)
    assert (row.by_phone, row.reply, row.replied_by, row.is_waiting) == (True, "已排查", cast.clerk, False)
    assert browser(cast.clerk).get(address).status_code == 409
    call.refresh_from_db()
    assert (call.status, call.ended_by) == ("sent", cast.clerk)
    assert browser(cast.officer).get(address).status_code == 404


def test_the_list_says_who_has_not_and_how_to_reach_them(cast):
    circular = sent(cast.clerk)
    read(circular, cast.manager)
    page = browser(cast.clerk).get(f"{circular.get_absolute_url()}?state=unread")
    assert [row.label for row in page.context["oversight"]["page"].rows] == ["马田镇幸福院", "柏林镇敬老院"]
    assert "李院长" in page.content.decode() and "13800000042" in page.content.decode()


def test_an_association_sees_no_telephone_in_full(cast):
    circular = sent(cast.secretary)
    text = browser(cast.secretary).get(circular.get_absolute_url()).content.decode()
    assert "138****0001" in text and "13800000001" not in text


def test_the_receipts_leave_as_excel_filtered_as_on_the_page(cast):
    circular = sent(cast.clerk, reply_by=in_days(3))
    reply(circular, cast.manager, "=cmd|' /C calc'!A0")
    export = f"{circular.get_absolute_url()}export/"
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(browser(cast.clerk).post(export)))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows] == ["单位", "马田镇敬老院", "马田镇幸福院", "柏林镇敬老院"]
    assert (rows[1][2], rows[2][3]) == ("已回复", "李院长 13800000042")
    assert rows[1][7] == "=cmd|' /C calc'!A0" and sheet.cell(2, 8).data_type == "s"
    answer = browser(cast.clerk).post(f"{export}?state=unread")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).worksheets[0]
    assert sheet.max_row == 3
