"""The first day of an installation: a county with its offices, and one administrator who makes all other accounts."""

import tomllib

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Area, Level
from campaign_portal.accounts.services import create_office, create_user


class CannotOpen(Exception):
    """The description of the county does not hold. Nothing has been made."""


def open_county(path):
    """Make what the TOML file describes (deploy/county.example.toml). Returns (administrator, password)."""
    try:
        described = tomllib.loads(path.read_text(encoding="utf-8"))
        with transaction.atomic():
            return _open(**described)
    except KeyError as error:
        raise CannotOpen(f"{path} 里缺少 {error}。") from error
    except TypeError as error:
        raise CannotOpen(f"{path} 里有不认识或缺少的内容：{error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CannotOpen(f"{path} 不是正确的 TOML 文件：{error}") from error
    except ValidationError as error:
        raise CannotOpen("；".join(error.messages)) from error
    except IntegrityError as error:
        raise CannotOpen(f"区划代码不是 12 位数字，或名称、编号代码重复：{error}") from error


def _open(*, county, bureau, administrator, townships=(), departments=()):
    if Area.objects.filter(code=county["code"]).exists():
        raise CannotOpen(f"{county['name']}（{county['code']}）已经建立。")
    province = _area(Level.PROVINCE, None, **county["province"])
    city = _area(Level.CITY, province, **county["city"])
    area = _area(Level.COUNTY, city, code=county["code"], name=county["name"])
    head = _office(Role.BUREAU, area, field="civil", **bureau)
    for row in departments:
        _office(Role.DEPARTMENT, area, parent=head, **row)
    for row in townships:
        town = _area(Level.TOWN, area, code=row["code"], name=row["area"])
        rest = {name: value for name, value in row.items() if name not in {"code", "area"}}
        _office(Role.TOWNSHIP, town, parent=head, **rest)
    return create_user(office=head, is_clerk=False, is_administrator=True, **administrator)


def _area(level, parent, *, code, name):
    """The area, which an earlier county of the same city may have made."""
    area, _ = Area.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent": parent})
    above = {column: value for column, value in area.codes().items() if value} if parent else {}
    if area.level != level or (parent and above[parent.column] != parent.code):
        raise CannotOpen(f"{name}（{code}）的代码与上级 {parent or ''} 不相符。")
    return area


def _office(kind, area, **columns):
    office = create_office(kind=kind, area=area, **columns)
    office.full_clean(exclude=["group"])
    access.grant(office, "oversee_area", area)
    return office
