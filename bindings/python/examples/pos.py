"""A small point of sale: QRIS_API_KEY=… QRIS_MERCHANT_ID=… python pos.py INV-1 25578"""

import os
import sys
import threading

import qris

try:
    _, number, amount = sys.argv
    key, merchant = os.environ["QRIS_API_KEY"], os.environ["QRIS_MERCHANT_ID"]
    with qris.Client(key, merchant, base_url=os.environ.get("QRIS_BASE_URL")) as client:
        invoice = client.create_invoice(number, int(amount))
        print(qris.draw(invoice.qris_content, "terminal").decode())
        print(f"until {invoice.shown_until:%H:%M} WIB", flush=True)
        # A started payment may still come after that, but no new one may begin.
        shown = (invoice.shown_until - invoice.qris_request_date).total_seconds()
        hide = threading.Timer(shown, print, ["\x1b[2J\x1b[Hthe time to pay is over"])
        hide.daemon = True
        hide.start()
        payment = client.wait_for_payment(invoice)
except qris.ApiError as error:
    sys.exit(f"error: {error}")
except (KeyError, ValueError) as error:
    print(f"error: {error}\n{__doc__}", file=sys.stderr)
    sys.exit(2)
print(f"paid with {payment.method}" if payment.is_paid else "not paid")
sys.exit(not payment.is_paid)
