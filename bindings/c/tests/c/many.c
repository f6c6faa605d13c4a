/* One of several programs that take the same twenty orders in one database at the same time. It ends
 * when all are paid, and prints how many of them it was the first to acknowledge.
 *
 *   many DATABASE_URL */
#include "orders.h"

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
  qris_orders_options options = orders_options();
  options.database = qris_text(argv[1]);
  qris_orders *orders = open_orders(&options);
  if (!orders) {
    return 1;
  }
  for (int at = 1; at <= ORDERS; at++) {
    char number[16];
    snprintf(number, sizeof number, "INV-%d", at);
    qris_new_order asked = new_order(number, 25578);
    charge(orders, &asked);
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
