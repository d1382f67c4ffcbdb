"""All that is written about a hazard, from finding it to striking it off."""

from decimal import Decimal


def hazard(category, fields, place, scene, summary, measure, done, back, *, days=15, funds="0", spot=False, **major):
    """A text in the voice of the manager or the inspector who writes the line, and of who answers.

    `fields` are the departments that hold a part of it, `days` its usual limit, `funds` in 万元. A major one names its
    `criterion` and the emergency `plan` that it needs before work begins.
    """
    return {
        "category": category,
        "fields": fields.split(),
        "place": place,
        "summary": summary,
        "measure": measure,
        "grade": "major" if major else "normal",
        "criterion": major.get("criterion"),
        "plan": major.get("plan", ""),
        "days": days,
        "funds": Decimal(funds),
        "fixable_on_spot": spot,
        "done_note": done,
        "send_back_note": back,
        "scene": scene,  # drawn before and after
    }
