"""manage.py open_county: from an empty database to an administrator who signs in and makes the other accounts."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from campaign_portal.accounts.models import Area, Office, User

from .builders import browser
from .test_compose import DEPLOY

pytestmark = pytest.mark.django_db

EXAMPLE = DEPLOY / "county.example.toml"


def opened(path=EXAMPLE):
    said = io.StringIO()
    call_command("open_county", str(path), stdout=said)
    return said.getvalue()


def counts():
    return Area.objects.count(), Office.objects.count(), User.objects.count()


def test_the_first_administrator_signs_in_changes_the_password_and_sees_his_offices():
    password = re.search("初始密码 (\\S+?)（", opened())[1]
    assert [str(office) for office in Office.objects.order_by("pk")] == [
        "永兴县民政局",
        "永兴县消防救援大队",
        "柏林镇民政办",
    ]
    client = browser()
    signed = client.post("/accounts/sign-in/", {"username": "admin", "password": password}, follow=True)
    assert signed.redirect_chain[-1][0] == "/accounts/password/"
    sent = {"old_password": password, "new_password1": "Kpmw-7423-hd", "new_password2": "Kpmw-7423-hd"}
    assert client.post("/accounts/password/", sent).status_code == 302
    page = client.get("/accounts/users/").content.decode()
    assert "柏林镇民政办" in page and "永兴县消防救援大队" in page


def change(tmp_path, old, new):
    path = tmp_path / "county.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "old, new, sentence",
    [
        ("431023101000", "431099101000", "柏林镇.*与上级 永兴县 不相符"),
        ('code = "431023000000"', 'code = "4310230"', "不是 12 位数字|不相符"),
        ('number_code = "BL"', 'number_code = "XJ"', "编号代码"),
        ('field = "fire"', 'field = "police"', "police"),
        ('username = "admin"\n', "", "username"),
        ("[bureau]", "[office]", "不认识或缺少"),
        ("[county]", "[county", "不是正确的 TOML"),
    ],
)
def test_a_wrong_description_makes_nothing(tmp_path, old, new, sentence):
    with pytest.raises(CommandError, match=sentence):
        opened(change(tmp_path, old, new))
    assert counts() == (0, 0, 0)


def test_a_county_is_opened_once_and_its_neighbour_shares_the_city(tmp_path):
    opened()
    before = counts()
    with pytest.raises(CommandError, match="永兴县.*已经建立"):
        opened()
    assert counts() == before
    text = (
        EXAMPLE.read_text(encoding="utf-8")
        .replace("431023", "431021")
        .replace("永兴县", "桂阳县")
        .replace('"admin"', '"gy"')
    )
    (tmp_path / "next.toml").write_text(text, encoding="utf-8")
    opened(tmp_path / "next.toml")
    assert Area.objects.filter(level="city").count() == 1
    assert Area.objects.filter(level="county").count() == 2
