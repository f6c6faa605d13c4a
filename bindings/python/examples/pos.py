"""A point of sale in twenty lines: QRIS_API_KEY=… QRIS_MERCHANT_ID=… python pos.py INV-1 25578"""

import os
import sys

import qris

number, amount = sys.argv[1], int(sys.argv[2])
with qris.Client(
    os.environ["QRIS_API_KEY"],
    os.environ["QRIS_MERCHANT_ID"],
    base_url=os.environ.get("QRIS_BASE_URL"),
) as client:
    try:
        invoice = client.create_invoice(number, amount)
        print(qris.draw(invoice.qris_content, "terminal").decode())
        print(f"until {invoice.expires_at:%H:%M} WIB", flush=True)
        payment = client.wait_for_payment(invoice)
    except qris.QrisError as error:
        sys.exit(f"error: {error}")
print(f"paid with {payment.method}" if payment.is_paid else "not paid")
sys.exit(not payment.is_paid)
