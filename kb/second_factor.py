"""The second factor of a login: a code of an authenticator app, or one of the recovery codes (django-otp).

On with SECOND_FACTOR=1, which needs the extra `secure`. Whoever has no app set up yet is led to do so after the first
login by password, and reaches nothing else until then. The admin lists the apps of all accounts to superusers, who
delete a lost one; `manage.py addstatictoken NAME` of django-otp gives an account one more recovery code.
"""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

#: Recovery codes that are made with an app; each can be used once.
RECOVERY_CODES = 10


def is_on() -> bool:
    """Whether the admin asks for a second factor."""
    return settings.SECOND_FACTOR


def has_app(user: Any) -> bool:
    """Whether an account has an app set up; one query."""
    from django_otp.plugins.otp_totp.models import TOTPDevice  # an extra, so not at the top

    return TOTPDevice.objects.filter(user=user.pk, confirmed=True).exists()


def is_verified(request: HttpRequest) -> bool:
    """Whether the session of a request was begun with a second factor, or none is asked for."""
    return not is_on() or request.user.is_verified()  # type: ignore[union-attr]


def device_of(user: Any, code: str) -> Any:
    """The device of an account that gave this code; None if none did. A recovery code is used up.

    Digits are a code of the app, anything else is a recovery code, so that a mistake counts for one of them only.
    """
    from django_otp.plugins.otp_static.models import StaticDevice
    from django_otp.plugins.otp_totp.models import TOTPDevice

    code = code.replace(" ", "").lower()
    model = TOTPDevice if code.isascii() and code.isdigit() else StaticDevice
    with transaction.atomic():
        for device in model.objects.select_for_update().filter(user=user.pk, confirmed=True):
            if code and device.verify_token(code):
                return device
    return None


def app_to_confirm(user: Any) -> Any:
    """The app that an account has begun to set up, made if there is none."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    begun = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("pk")
    if not begun.exists():
        TOTPDevice.objects.create(user=user, confirmed=False, name="app")
    return begun.first()  # two requests at once may each have made one: both show the first


def confirm(device: Any, code: str) -> list[str]:
    """Take an app into use if it gave this code, and return the recovery codes that go with it; [] if it did not."""
    from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

    code = code.replace(" ", "")
    with transaction.atomic():
        locked = type(device).objects.select_for_update().get(pk=device.pk)
        if not (code.isascii() and code.isdigit() and locked.verify_token(code)):
            return []
        locked.confirmed = True
        locked.save(update_fields=["confirmed"])
        type(device).objects.filter(user=locked.user_id, confirmed=False).delete()
        StaticDevice.objects.filter(user=locked.user_id).delete()
        recovery = StaticDevice.objects.create(user=locked.user, name="recovery codes")
        codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=recovery, token=one) for one in codes)
    return codes


def key_of(device: Any) -> str:
    """The key of an app as it is typed in, in groups of four."""
    text = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture_of(device: Any) -> str:
    """A QR code of the key as the address of a picture, black on white so that every camera reads it."""
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    drawn = qrcode.make(device.config_url, image_factory=SvgPathFillImage, box_size=10, border=4)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.to_string()).decode()
