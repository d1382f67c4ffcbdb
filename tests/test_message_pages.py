"""The pages of channels: what is set up, the office's robots, what was sent, and the dead letters."""

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.reminders.models import Address, Delivery, Message, Robot

from . import builders, messaging
from .builders import browser, count_queries
from .messaging import WECOM, S

pytestmark = pytest.mark.django_db

CHANNELS, SENT = "/deliveries/channels/", "/deliveries/"
DINGTALK = "https://oapi.dingtalk.com/robot/send"
NEW = "/deliveries/channels/robots/new/"


@pytest.fixture
def county():
    return builders.make_county()


@pytest.fixture
def keeper(county):
    return builders.make_user(county.bureau, is_administrator=True)


def given(**columns):
    return {"kind": "wecom", "name": "工作群", "url": f"{WECOM}0a1b2c3d", "secret": ""} | columns


@pytest.mark.sqlite
def test_a_robot_is_added_and_its_address_is_shown_and_logged_nowhere(keeper):
    client = browser(keeper)
    page = client.post(NEW, given(), follow=True).content.decode()
    robot = Robot.objects.get()
    assert (robot.office, robot.url) == (keeper.office, f"{WECOM}0a1b2c3d")
    pages = page + client.get(f"/deliveries/channels/robots/{robot.pk}/").content.decode()
    assert "qyapi.weixin.qq.com/…2c3d" in pages and "0a1b2c3d" not in pages
    client.post(f"/deliveries/channels/robots/{robot.pk}/", given(url=f"{WECOM}ffff", name="新群", version=1))
    robot.refresh_from_db()
    assert (robot.name, robot.url) == ("新群", f"{WECOM}ffff")
    logged = str(list(Event.objects.filter(target_model="reminders.robot").values_list("verb", "changes")))
    assert "robot.edited" in logged and "已更换" in logged
    assert "0a1b2c3d" not in logged and "ffff" not in logged


def test_left_empty_an_address_and_a_secret_stay_as_they_are(keeper):
    client, url = browser(keeper), f"{DINGTALK}?access_token=t"
    client.post(NEW, given(kind="dingtalk", url=url, secret="SEC1"))
    robot = Robot.objects.get()
    client.post(f"/deliveries/channels/robots/{robot.pk}/", given(kind="dingtalk", url="", name="新名", version=1))
    robot.refresh_from_db()
    assert (robot.name, robot.url, robot.secret, robot.version) == ("新名", url, "SEC1", 2)


@pytest.mark.parametrize(
    "columns, sentence",
    [
        ({"url": "https://evil.example/send?key=1"}, "evil.example 不在允许发送消息的地址之列。"),
        ({"url": "http://qyapi.weixin.qq.com/send?key=1"}, "地址要以 https:// 开头"),
        ({"url": "https://127.0.0.1/"}, "不在允许"),
        ({"url": "写错了"}, "地址要以 https:// 开头"),
        ({"url": ""}, "请填写“机器人地址”。"),
        ({"kind": "dingtalk"}, "这是企业微信群机器人的地址，请核对类别。"),
        ({"url": "https://qyapi.weixin.qq.com/"}, "地址不完整，里面应有“key=”，请从群里重新复制。"),
        ({"kind": "dingtalk", "url": f"{DINGTALK}?access_token=t"}, "钉钉群机器人请选“加签”，把密钥填在这里。"),
        ({"name": "已有的群"}, "本单位已有同名的群机器人。"),
        ({"url": f"{WECOM}taken"}, "这个机器人地址已经登记过。"),
    ],
)
def test_what_cannot_be_a_robot_is_refused_with_a_sentence_and_kept(keeper, columns, sentence):
    messaging.robot(keeper.office, f"{WECOM}taken", name="已有的群")
    answer = browser(keeper).post(NEW, given(**columns))
    page = answer.content.decode()
    assert (answer.status_code, Robot.objects.count()) == (422, 1)
    assert sentence in page
    assert given(**columns)["name"] in page


def test_who_edits_a_robot_that_a_colleague_has_just_changed_is_told(keeper):
    robot = messaging.robot(keeper.office, f"{WECOM}1")
    path, client = f"/deliveries/channels/robots/{robot.pk}/", browser(keeper)
    client.post(path, given(url="", name="第一次", version=1))
    late = client.post(path, given(url="", name="第二次", version=1))
    assert late.status_code == 409
    assert "刚被同事改过" in late.content.decode() and "第二次" in late.content.decode()
    assert Robot.objects.get().name == "第一次"


def test_a_robot_is_tried_turned_off_and_on(keeper):
    robot = messaging.robot(keeper.office, f"{WECOM}1")
    client, path = browser(keeper), f"/deliveries/channels/robots/{robot.pk}/"
    assert "测试消息已交给" in client.post(f"{path}try/", follow=True).content.decode()
    delivery = Delivery.objects.get()
    assert (delivery.robot, delivery.message.is_urgent, delivery.message.office) == (robot, True, keeper.office)
    assert "已停用" in client.post(f"{path}switch/", {"on": "0"}, follow=True).content.decode()
    assert "请先启用" in client.post(f"{path}try/", follow=True).content.decode()
    assert Delivery.objects.count() == 1
    client.post(f"{path}switch/", {"on": "1"})
    robot.refresh_from_db()
    assert robot.is_on


def test_a_trial_letter_needs_a_mail_server_and_an_address(keeper, settings):
    client = browser(keeper)
    assert "给我发一封测试邮件" not in client.get(CHANNELS).content.decode()
    messaging.set_mail(settings, None)
    assert "给我发一封测试邮件" in client.get(CHANNELS).content.decode()
    assert "还没有填写邮箱" in client.post(f"{CHANNELS}mail/", follow=True).content.decode()
    Address.objects.create(user=keeper, email="a@example.gov.cn")
    client.post(f"{CHANNELS}mail/")
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.address) == ("email", "a@example.gov.cn")
    assert Message.objects.get(user=keeper).read_at  # the inbox has nothing new to tell


def sent_by(office, number, status=S.DEAD):
    told = messaging.message(
        key=f"{office.pk}-{number}", office=office, person=messaging.person(), title=f"第{number}封"
    )
    ended = None if status == S.WAITING else told.made_at
    return Delivery.objects.create(message=told, channel="sms", address="1380000", status=status, ended_at=ended)


def test_an_office_sees_what_it_and_those_below_it_sent_and_filters_by_state(county, keeper):
    home = builders.make_facility(supervisor=county.township).office
    for number, office in enumerate([county.bureau, county.township, home, builders.make_county().bureau]):
        sent_by(office, number)
    sent_by(county.bureau, 9, S.SENT)
    page = browser(keeper).get(SENT, {"status": "dead"}).content.decode()
    assert [number for number in (0, 1, 2, 3, 9) if f"第{number}封" in page] == [0, 1, 2]
    leader = builders.make_user(county.township, is_administrator=True)
    page = browser(leader).get(SENT).content.decode()
    assert [number for number in (0, 1, 2, 3, 9) if f"第{number}封" in page] == [1, 2]


def test_a_dead_letter_is_sent_again_with_one_click(county, keeper):
    letter = sent_by(county.township, 1)
    client = browser(keeper)
    answer = client.post(f"/deliveries/{letter.pk}/resend/", follow=True)
    assert "已重新排队" in answer.content.decode()
    letter.refresh_from_db()
    assert letter.status == S.WAITING
    assert "不能重新发送" in client.post(f"/deliveries/{letter.pk}/resend/", follow=True).content.decode()


def test_pages_without_anything_say_what_to_do_next(keeper):
    assert "还没有群机器人" in browser(keeper).get(CHANNELS).content.decode()
    assert "还没有发送过" in browser(keeper).get(SENT).content.decode()
    assert "没有这种状态的记录" in browser(keeper).get(SENT, {"status": "dead"}).content.decode()


def test_the_list_costs_the_same_for_one_letter_and_for_fifty(county, keeper):
    client = browser(keeper)
    sent_by(county.bureau, 0)
    client.get(SENT)
    one = count_queries(lambda: client.get(SENT))
    for number in range(1, 60):
        sent_by(county.bureau, number)
    assert count_queries(lambda: client.get(SENT)) == one
    page = client.get(SENT).content.decode()
    assert "第59封" in page and "第9封" not in page
    older = client.get(SENT, {"before": Delivery.objects.order_by("-pk").values_list("pk", flat=True)[49 * 2]})
    assert "‹ 最新" in older.content.decode()
