import hmac
import json

import qris
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from .payments import orders


# A real shop checks its form's token here, and uses the amount of its own basket.
@csrf_exempt
@require_POST
def place(request):
    try:
        asked = json.loads(request.body)
        # One cart, one number: the same request again, also after a crash, is the same order.
        order = orders().charge(f"CART-{int(asked['cart'])}", asked["amount"], channel="ecommerce")
    except (KeyError, TypeError, ValueError):
        return HttpResponse(status=400)
    except qris.Conflict:
        return HttpResponse(status=409)
    except qris.OutcomeUnknown:
        # A payable code may exist that nobody has seen. A person must check.
        return HttpResponse(status=504)
    except (qris.ApiError, qris.LedgerUnavailable):
        return HttpResponse(status=502)
    return JsonResponse(
        {"number": order.number, "qris_invoiceid": order.qris_invoiceid}, status=201
    )


@require_GET
def page(request, number):
    try:
        order = orders().order(number)
    except (qris.NotFound, ValueError):
        raise Http404 from None
    if request.headers.get("accept") == "application/json":
        return JsonResponse({"state": order.state})
    if order.state != "pending" or order.qris_content is None:
        words = {"paid": "Paid.", "expired": "The time to pay is over."}.get(
            order.state, "Please ask us before you pay."
        )
        return HttpResponse(f"<!doctype html><title>{order.number}</title><p>{words}")
    svg = qris.draw(order.qris_content).decode()
    return HttpResponse(
        f"<!doctype html><title>{order.number}</title><main style='max-width: 24em'>{svg}"
        f"<p>Pay until {order.shown_until:%H:%M} WIB.</main>"
    )


@csrf_exempt
@require_POST
def webhook(request, token):
    if not hmac.compare_digest(token.encode(), settings.QRIS_WEBHOOK_TOKEN.encode()):
        raise Http404
    try:
        # It is not signed, so it is only a hint: the code is checked at once.
        orders().on_webhook(request.body)
    except qris.DecodeError:
        return HttpResponse(status=400)
    except qris.LedgerUnavailable:
        return HttpResponse(status=503)  # the provider sends it again until the answer is 200
    return HttpResponse()
