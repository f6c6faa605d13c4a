"""The shop's orders, opened once in each process, and their copies in Django's database."""

from __future__ import annotations

import functools

import qris
from django.conf import settings
from django.db import transaction

from .models import EventCursor, Order, Shipment


@functools.cache
def orders() -> qris.Orders:
    """A forked worker opens its own connections."""
    merchant = qris.Merchant(
        settings.QRIS_API_KEY, settings.QRIS_MERCHANT_ID, base_url=settings.QRIS_BASE_URL
    )
    return qris.Orders(settings.QRIS_DATABASE, merchant, actor="django")


def mirror(event: qris.OrderEvent) -> None:
    """Writes the order of an event and the cursor in one transaction: after a crash the next run
    continues with the first event that is not written."""
    order = event.order
    with transaction.atomic():
        Order.objects.update_or_create(
            number=order.number,
            defaults={
                "amount": order.amount,
                "state": order.state,
                "created_at": order.created_at,
                "paid_at": order.paid_at,
                "method": order.method or "",
                "overpaid": order.overpaid,
            },
        )
        EventCursor.objects.update_or_create(pk=1, defaults={"cursor": event.cursor})


def ship(order: qris.Order) -> None:
    """Ships an order once, also after a crash between this and `acknowledge`."""
    _, is_new = Shipment.objects.get_or_create(number=order.number)
    if is_new:
        print("ship", order.number, flush=True)


def ship_what_is_paid() -> None:
    """Ships paid orders that are not acknowledged."""
    for order in orders().unacknowledged():
        ship(order)
        orders().acknowledge(order.number)
