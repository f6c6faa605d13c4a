/* One of several programs that take the same twenty orders in one database at the same time. It ends
 * when all are paid, and says how many of them it was the first to acknowledge.
 *
 *   many DATABASE_URL */
#include "client.h"

enum { ORDERS = 20 };

static qris_order list[ORDERS + 1];

static size_t count_paid(qris_orders *orders)
{
  qris_order_filter filter;
  memset(&filter, 0, sizeof filter);
  filter.size = sizeof filter;
  filter.state = QRIS_ORDER_STATE_PAID;
  list[0].size = sizeof list[0];
  size_t count = 0;
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_orders_list(orders, &filter, list, ORDERS + 1, &count, NULL));
  return count;
}

int main(int argc, char **argv)
{
  find_sandbox();
  if (argc != 2) {
    return 2;
  }
  qris_client_options client = settings();
  qris_orders_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.client = &client;
  options.database = qris_text(argv[1]);
  qris_orders *orders = NULL;
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_open(&options, &orders, &error));
  if (!orders) {
    fprintf(stderr, "%s: %s\n", error.code, error.message);
    return 1;
  }
  for (int at = 1; at <= ORDERS; at++) {
    char number[16];
    snprintf(number, sizeof number, "INV-%d", at);
    qris_new_order asked;
    memset(&asked, 0, sizeof asked);
    asked.size = sizeof asked;
    asked.number = qris_text(number);
    asked.rupiah = 25578;
    list[0].size = sizeof list[0];
    CHECK_STATUS(QRIS_STATUS_OK, qris_orders_charge(orders, &asked, list, &error));
  }
  int tries = 0;
  while (count_paid(orders) < ORDERS && tries++ < 600) {
    CHECK_STATUS(QRIS_STATUS_OK, qris_orders_poll(orders, 200, NULL, NULL, NULL));
  }
  CHECK(count_paid(orders) == ORDERS);
  int firsts = 0;
  for (int at = 0; at < ORDERS; at++) {
    int32_t first = 0;
    CHECK_STATUS(QRIS_STATUS_OK, qris_orders_acknowledge(orders, list[at].number, &first, NULL));
    firsts += first;
  }
  qris_orders_close(orders);
  printf("%d\n", firsts);
  return failures != 0;
}
