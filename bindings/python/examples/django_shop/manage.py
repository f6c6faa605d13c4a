#!/usr/bin/env python3
"""A Django shop over `qris.Orders`. Try it with the sandbox of the command `qris`, or your own account::

    pip install 'django>=5.2,<5.3'
    export QRIS_API_KEY=… QRIS_MERCHANT_ID=… QRIS_BASE_URL=…
    python manage.py migrate && python manage.py createsuperuser
    python manage.py runserver            # charges, and shows the orders in /admin/
    python manage.py watch_orders         # one of them: settles, mirrors, ships
"""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
