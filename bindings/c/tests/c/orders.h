/* Shared by the programs that test orders. */
#ifndef ORDERS_H
#define ORDERS_H

#include "client.h"

static qris_client_options provider;

static inline qris_orders_options orders_options(void)
{
  provider = settings();
  provider.timeout_seconds = 10;
  qris_orders_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.client = &provider;
  options.database = qris_text("sqlite://orders.db");
  options.actor = qris_text("till 1");
  return options;
}

static inline qris_orders *open_orders(const qris_orders_options *options)
{
  qris_orders *orders = NULL;
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_open(options, &orders, &error));
  if (error.status != QRIS_STATUS_OK) {
    fprintf(stderr, "%s: %s\n", error.code, error.message);
  }
  return orders;
}

static inline qris_order empty_order(void)
{
  qris_order order;
  memset(&order, 0x5a, sizeof order);
  order.size = sizeof order;
  return order;
}

static inline qris_new_order new_order(const char *number, uint64_t rupiah)
{
  qris_new_order new_order;
  memset(&new_order, 0, sizeof new_order);
  new_order.size = sizeof new_order;
  new_order.number = qris_text(number);
  new_order.rupiah = rupiah;
  return new_order;
}

static inline qris_order charge(qris_orders *orders, const qris_new_order *asked)
{
  qris_order order = empty_order();
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_charge(orders, asked, &order, &error));
  if (error.status != QRIS_STATUS_OK) {
    fprintf(stderr, "%s: %s\n", error.code, error.message);
  }
  return order;
}

static inline qris_order order_of(qris_orders *orders, const char *number)
{
  qris_order order = empty_order();
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_get(orders, number, &order, NULL));
  return order;
}

/* Fills in the codes of an order, and returns how many it has, or the room if that is less. */
static inline size_t codes_of(qris_orders *orders, const char *number, qris_order_code *codes,
                              size_t room)
{
  size_t count = 0;
  memset(codes, 0x5a, room * sizeof *codes);
  codes[0].size = sizeof codes[0];
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_codes(orders, number, codes, room, &count, NULL));
  return count;
}

#endif
