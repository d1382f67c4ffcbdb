"""The one way to call another server: who may be called, and that nobody leads it elsewhere."""

import socket
import subprocess

import pytest

from campaign_portal.reminders.channels import Failed, Unanswered, safe_http

from . import messaging
from .services import free_ports
from .web_servers import WebServer

INNER = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.8", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "198.18.0.1", "192.0.2.7", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:c0a8:101::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "123.125.114.144", "2408:8756:f50::5", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.text
@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_not_public(address):
    assert not safe_http.is_public(address)


@pytest.mark.text
@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is(address):
    assert safe_http.is_public(address)


REFUSED_URLS = [
    "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
    "https://qyapi.weixin.qq.com.evil.example/send?key=1",
    "https://evil.example/?u=https://qyapi.weixin.qq.com/",
    "https://qyapi.weixin.qq.com@evil.example/",
    "https://user:pass@qyapi.weixin.qq.com/",
    "https://qyapi.weixin.qq.com:8443/",
    "https://qyapi.weixin.qq.com\\@evil.example/",
    "https://qyapi.weixin.qq.com/\r\nHost: evil.example",
    "https://qyapi.weixin.qq.com/ 空格",
    "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/",
    "file:///etc/passwd", "ftp://qyapi.weixin.qq.com/", "//qyapi.weixin.qq.com/", "qyapi.weixin.qq.com", "",
    "https://", "https://qyapi.weixin.qq.com:port/", "https://[qyapi",
]  # fmt: skip


@pytest.mark.text
@pytest.mark.parametrize("url", REFUSED_URLS)
def test_only_named_hosts_are_called_and_only_by_https(url):
    with pytest.raises(Failed) as refused:
        safe_http.check(url)
    assert refused.value.is_permanent and str(refused.value).endswith("。")


@pytest.mark.text
def test_the_two_platforms_may_be_called_from_the_start():
    assert safe_http.check("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1").port == 443
    assert safe_http.check("https://oapi.dingtalk.com/robot/send?access_token=1").path == "/robot/send?access_token=1"


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
def test_a_named_host_that_leads_inside_is_not_called(settings, host):
    with WebServer() as server:
        named = f"{host}:{server.port}"
        settings.MESSAGE_HOSTS, settings.PLAIN_HOSTS = [named], [named]
        with pytest.raises(Failed, match="内部地址"):
            safe_http.call("POST", f"http://{named}/")
        assert server.calls == []
        settings.PRIVATE_HOSTS = [named]
        assert safe_http.call("POST", f"http://{named}/").status == 200


def test_one_inner_address_among_those_of_a_name_is_enough_to_refuse(settings, monkeypatch):
    settings.MESSAGE_HOSTS = ["robots.example"]
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    with pytest.raises(Failed, match="内部地址"):
        safe_http.call("POST", "https://robots.example/")


@pytest.fixture
def server(settings):
    with WebServer() as running:
        messaging.let_in(settings, running)
        yield running


def test_a_name_is_resolved_once_and_that_address_is_called(settings, monkeypatch):
    """A second answer of the name server, after the first was checked, changes nothing."""
    with WebServer() as server:
        named = f"robots.example:{server.port}"
        settings.MESSAGE_HOSTS = settings.PLAIN_HOSTS = settings.PRIVATE_HOSTS = [named]
        asked, really = [], socket.getaddrinfo

        def answer(host, *args, **options):
            asked.append(host)
            return really("127.0.0.1" if host == "robots.example" and asked == [host] else host, *args, **options)

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        assert safe_http.call("POST", f"http://{named}/").status == 200
        assert asked.count("robots.example") == 1
        assert server.calls[0].headers["Host"] == named


def test_a_redirect_is_not_followed(server, settings):
    with WebServer() as elsewhere:
        messaging.let_in(settings, elsewhere)
        server.status, server.headers = 302, {"Location": f"{elsewhere.url}/"}
        with pytest.raises(Failed, match="转到别处") as refused:
            safe_http.call("POST", f"{server.url}/")
        assert refused.value.is_permanent and elsewhere.calls == []


def test_an_endless_answer_is_not_read(server):
    server.answer = "x" * (safe_http.MOST_BYTES + 1)
    with pytest.raises(Unanswered, match="太长"):
        safe_http.call("POST", f"{server.url}/")


def test_a_slow_answer_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(safe_http, "READ", 0.2)
    server.is_slow = True
    with pytest.raises(Unanswered, match="没有答完"):
        safe_http.call("POST", f"{server.url}/")
    assert len(server.calls) == 1


def test_an_error_of_the_server_is_temporary_and_a_refusal_is_not(server):
    for status, is_permanent in ((500, False), (503, False), (429, False), (401, True), (404, True)):
        server.status = status
        with pytest.raises(Failed) as refused:
            safe_http.call("POST", f"{server.url}/")
        assert refused.value.is_permanent is is_permanent


def test_nobody_there_is_a_failure_not_a_lost_answer(settings):
    nobody = f"127.0.0.1:{free_ports(1)[0]}"
    settings.MESSAGE_HOSTS = settings.PLAIN_HOSTS = settings.PRIVATE_HOSTS = [nobody]
    with pytest.raises(Failed, match="连不上") as down:
        safe_http.call("POST", f"http://{nobody}/")
    assert down.value.is_down


def certificate(folder, name):
    """A certificate of its own authority for one name."""
    files = (str(folder / "cert.pem"), str(folder / "key.pem"))
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-days", "2"]
    subprocess.run([*command, *names, "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    return files


def test_the_certificate_has_to_be_that_of_the_name_and_trusted(settings, monkeypatch, tmp_path):
    with WebServer(certificate=certificate(tmp_path, "localhost")) as server:
        urls = {name: f"https://{name}:{server.port}/" for name in ("localhost", "127.0.0.1")}
        settings.MESSAGE_HOSTS = settings.PRIVATE_HOSTS = [f"{name}:{server.port}" for name in urls]
        with pytest.raises(Failed, match="证书"):
            safe_http.call("POST", urls["localhost"])
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert safe_http.call("POST", urls["localhost"]).status == 200
        with pytest.raises(Failed, match="证书"):
            safe_http.call("POST", urls["127.0.0.1"])
        assert len(server.calls) == 1
