"""Group robots of WeCom and DingTalk: a JSON message to the robot's secret address, answered with an error code."""

import base64
import hashlib
import hmac
import json
from urllib.parse import quote

from campaign_portal import clock

from .. import wanted
from ..models import Robot
from . import safe_http, wording
from .errors import Failed, Unanswered

# What both platforms document as wrong for good: the key, the signature, the group, the words of the message.
WECOM_FOR_GOOD = {93000, 40001, 40008, 40014, 40058, 44004}
DINGTALK_FOR_GOOD = {300001, 310000, 400013, 400101, 400102, 400105, 400106, 430101, 430102, 430103, 430104}


def send(attempt):
    robot = attempt.delivery.robot
    text = wording.for_group(attempt, wanted.lines_of(attempt.delivery.message))
    url = signed(robot) if robot.kind == Robot.Kind.DINGTALK else robot.url
    for_good = DINGTALK_FOR_GOOD if robot.kind == Robot.Kind.DINGTALK else WECOM_FOR_GOOD
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    said = safe_http.call("POST", url, headers={"Content-Type": "application/json"}, body=body).json()
    if "errcode" not in said:
        raise Unanswered("群机器人的回答读不懂。")
    if said["errcode"] != 0:
        sentence = f"群机器人拒收：{said['errcode']} {said.get('errmsg', '')}"[:300]
        raise Failed(sentence, is_permanent=said["errcode"] in for_good)
    return "群机器人已接收"


def signed(robot):
    """A DingTalk address with the moment and its signature, where the robot has a secret."""
    if not robot.secret:
        return robot.url
    moment = round(clock.now().timestamp() * 1000)
    digest = hmac.new(robot.secret.encode(), f"{moment}\n{robot.secret}".encode(), hashlib.sha256).digest()
    return f"{robot.url}&timestamp={moment}&sign={quote(base64.b64encode(digest), safe='')}"
