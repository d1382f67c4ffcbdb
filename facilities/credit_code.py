"""The unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters, the last one a check character."""

from django.core.exceptions import ValidationError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
WEIGHTS = [3**i % 31 for i in range(17)]


def check_character(body):
    """The check character of the first 17 characters. Raises ValueError for a character outside the alphabet."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def validate_credit_code(code):
    """Refuse a code with a wrong length, character or check character, saying which."""
    if len(code) != 18:
        raise ValidationError(f"统一社会信用代码应为 18 位，现在是 {len(code)} 位。")
    if wrong := sorted(set(code) - set(ALPHABET)):
        raise ValidationError(
            f"统一社会信用代码中不会出现“{'、'.join(wrong)}”（不用小写字母和 I、O、S、V、Z），请核对。"
        )
    if check_character(code[:17]) != code[17]:
        raise ValidationError("统一社会信用代码的校验位不符，很可能抄错了一位，请对照证书核对。")
