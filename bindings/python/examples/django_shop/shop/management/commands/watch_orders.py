import signal

import qris
from django.core.management.base import BaseCommand
from django.db import OperationalError

from ...models import EventCursor
from ...payments import mirror, orders, ship_what_is_paid


class Command(BaseCommand):
    help = "Watches the shop's orders: records payments, copies the orders, ships paid orders."

    def handle(self, *args, **options):
        # systemd and Docker end a service with SIGTERM; it ends the wait below like Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        row = EventCursor.objects.first()
        cursor = row.cursor if row else 0
        with orders() as opened, opened.watch():
            self.stdout.write("watching", ending="\n")
            self.stdout.flush()
            while True:
                try:
                    for event in opened.events(cursor, wait=1):
                        mirror(event)
                        cursor = event.cursor
                    ship_what_is_paid()
                except (OperationalError, qris.LedgerUnavailable) as error:
                    # A database is busy or unavailable: nothing is lost, and the next try begins here.
                    self.stderr.write(f"trying again: {error}")
                except KeyboardInterrupt:
                    break
