/* The C program. Each line on standard input lets it take the next step; each step ends with a line on
 * standard output.
 *
 *   program DATABASE_URL BASE_URL STATE_DIR CHECKS_PER_MINUTE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "qris.h"

enum { ORDERS = 20, RUPIAH = 25578 };

static void expect(int holds, const char *what, qris_status status)
{
  if (!holds) {
    fprintf(stderr, "%s: found %s\n", what, qris_status_message(status));
    exit(1);
  }
}

static void step(void)
{
  char line[16];
  fflush(stdout);
  if (!fgets(line, sizeof line, stdin)) {
    exit(1);
  }
}

static void name(char number[16], int at)
{
  snprintf(number, 16, "INV-%d", at);
}

static size_t count_paid(qris_orders *orders)
{
  static qris_order list[ORDERS + 1];
  qris_order_filter filter;
  memset(&filter, 0, sizeof filter);
  filter.size = sizeof filter;
  filter.state = QRIS_ORDER_STATE_PAID;
  list[0].size = sizeof list[0];
  size_t count = 0;
  qris_status status = qris_orders_list(orders, &filter, list, ORDERS + 1, &count, NULL);
  expect(status == QRIS_STATUS_OK, "list", status);
  return count;
}

int main(int argc, char **argv)
{
  if (argc != 5) {
    return 2;
  }
  qris_client_options provider;
  memset(&provider, 0, sizeof provider);
  provider.size = sizeof provider;
  provider.api_key = qris_text("sandbox-key");
  provider.merchant_id = qris_text("123456");
  provider.base_url = qris_text(argv[2]);
  provider.state_dir = qris_text(argv[3]);
  provider.checks_per_minute = (uint32_t)strtoul(argv[4], NULL, 10);
  provider.timeout_seconds = 10;
  provider.try_gap_seconds = 1;
  provider.check_gap_seconds = 1;
  qris_orders_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.client = &provider;
  options.database = qris_text(argv[1]);
  options.actor = qris_text("c");
  qris_orders *orders = NULL;
  qris_status status = qris_orders_open(&options, &orders, NULL);
  expect(status == QRIS_STATUS_OK, "open", status);
  printf("ready\n");
  step();

  char number[16];
  qris_order order;
  memset(&order, 0, sizeof order);
  order.size = sizeof order;
  for (int at = 1; at <= ORDERS; at++) {
    name(number, at);
    qris_new_order asked;
    memset(&asked, 0, sizeof asked);
    asked.size = sizeof asked;
    asked.number = qris_text(number);
    asked.rupiah = RUPIAH;
    status = qris_orders_charge(orders, &asked, &order, NULL);
    expect(status == QRIS_STATUS_OK, "charge", status);
  }
  printf("charged\n");
  step();

  for (int at = 1; at <= ORDERS; at++) {
    name(number, at);
    status = qris_orders_check(orders, number, &order, NULL);
    /* Another program may have pressed. */
    expect(status == QRIS_STATUS_OK || status == QRIS_STATUS_TOO_SOON, "check", status);
  }
  const time_t until = time(NULL) + 150;
  while (count_paid(orders) < ORDERS && time(NULL) < until) {
    status = qris_orders_poll(orders, 200, NULL, NULL, NULL);
    expect(status == QRIS_STATUS_OK, "poll", status);
  }
  printf("paid %zu\n", count_paid(orders));
  step();

  int firsts = 0;
  for (int at = 1; at <= ORDERS; at++) {
    name(number, at);
    int32_t first = 0;
    status = qris_orders_acknowledge(orders, number, &first, NULL);
    expect(status == QRIS_STATUS_OK, "acknowledge", status);
    firsts += first;
  }
  printf("first %d\n", firsts);
  fflush(stdout);
  qris_orders_close(orders);
  return 0;
}
