"""A form for a new row that comes twice (a double press, the back button) makes one row."""

from campaign_portal.edges import Refused


def sent_before(row, among, columns):
    """The row that the same form has made before, or None. Refused where something else was typed under its key since.

    `among` are the rows where it would stand, locked against others who add; `columns` those that the form fills.
    """
    if row.sent_key is None:
        return None
    twin = among.filter(sent_key=row.sent_key).first()
    names = [row._meta.get_field(name).attname for name in columns]
    if twin and any(getattr(twin, name) != getattr(row, name) for name in names):
        raise Refused(f"这份表单已经存为“{twin}”。要另添一条，请再点一次保存；要改那一条，请到它的页面修改。")
    return twin
