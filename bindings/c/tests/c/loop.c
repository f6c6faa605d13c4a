/* Checks invoices without a pause, as a careless program does: loop FIRST COUNT TIMES
 *
 * It checks COUNT invoices, numbered from FIRST, one after the other, TIMES times. QRIS_BASE_URL is
 * the address of the sandbox. The gaps between the checks of one invoice are one second. */
#include <stdlib.h>
#include <time.h>

#include "check.h"

int main(int argc, char **argv)
{
  if (argc != 4) {
    fprintf(stderr, "expected FIRST COUNT TIMES\n");
    return 2;
  }
  uint64_t first = strtoull(argv[1], NULL, 10), count = strtoull(argv[2], NULL, 10);
  unsigned long times = strtoul(argv[3], NULL, 10);
  qris_client_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.api_key = qris_text("sandbox-key");
  options.merchant_id = qris_text("123456");
  options.base_url = qris_text(getenv("QRIS_BASE_URL"));
  options.try_gap_seconds = 1;
  options.check_gap_seconds = 1;
  qris_client *client = NULL;
  CHECK_STATUS(QRIS_STATUS_OK, qris_client_new(&options, &client, NULL));
  qris_invoice invoice;
  memset(&invoice, 0, sizeof invoice);
  strcpy(invoice.number, "INV-1");
  /* Today in WIB: a check after midnight asks for each day since. */
  time_t now = time(NULL) + 7 * 3600;
  strftime(invoice.qris_request_date, sizeof invoice.qris_request_date, "%Y-%m-%dT%H:%M:%S+07:00",
           gmtime(&now));
  invoice.rupiah = 25578;
  for (unsigned long time = 0; time < times; time++) {
    for (uint64_t at = 0; at < count; at++) {
      invoice.qris_invoiceid = first + at;
      qris_payment payment;
      CHECK_STATUS(QRIS_STATUS_OK, qris_check_invoice(client, &invoice, &payment, NULL));
    }
  }
  qris_client_free(client);
  return finish("checked");
}
