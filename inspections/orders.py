"""The orders in which the hazard ledger can be read.

An order earns its place by being asked for and by costing little. Rows of one county (a few thousand) can be put in
any order; the two that a bureau reads daily besides the due date, found and closed, have an index there, and the code
has its unique one. Above the county the only order is that by due date: half a million rows in another one would need
an index for each level, and every index is written again with every step of every hazard. Who looks at a province
picks a county first, and then has all of them.
"""

from campaign_portal.lists.paging import Order

DUE = Order("due", "整改期限", ("due_on",))
ORDERS = {
    order.key: order
    for order in (
        DUE,
        Order("found", "排查日期", ("found_on",)),
        Order("code", "隐患编号", ("code",)),
        Order("home", "乡镇和机构", ("town_code", "facility_id", "due_on")),
        Order("grade", "重大在前，再按整改期限", ("grade", "due_on")),
        Order("closed", "销号日期", ("closed_at",), has_gaps=True),
        Order("recheck", "复查期限", ("recheck_due_on",), has_gaps=True),
    )
}


def order_named(token, *, is_bounded):
    """The order that the query string asks for ("found", "-found"); by due date if there is none such here."""
    key = token.removeprefix("-")
    if key not in ORDERS or (key != DUE.key and not is_bounded):
        key = DUE.key
        token = token if token == DUE.turned.token else key
    return ORDERS[key].turned if token.startswith("-") else ORDERS[key]
