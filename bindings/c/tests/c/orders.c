/* Orders against the sandbox: each function does what the header says, and events come. */
#include "orders.h"

static qris_error open_refused(qris_status expected, const char *code,
                               const qris_orders_options *options)
{
  qris_orders *const before = (qris_orders *)&failures;
  qris_orders *orders = before;
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(expected, qris_orders_open(options, &orders, &error));
  CHECK(orders == before);
  CHECK(strcmp(error.code, code) == 0);
  return error;
}

struct seen_events {
  uint64_t cursor;
  int events;
  int wanted_seen;
  qris_event_type wanted;
  const char *number;
  int refusals;
  qris_order order;
};

static int on_event(void *user, const qris_order_event *event)
{
  struct seen_events *seen = user;
  if (seen->refusals > 0 && strcmp(event->number, seen->number) == 0) {
    seen->refusals--;
    return 1;
  }
  CHECK(event->cursor == seen->cursor + 1 || seen->cursor == 0);
  seen->cursor = event->cursor;
  seen->events++;
  CHECK(strlen(event->at) == 25);
  CHECK(event->order && strcmp(event->order->number, event->number) == 0);
  CHECK(event->order && event->order->size == sizeof(qris_order));
  if (event->event == seen->wanted && strcmp(event->number, seen->number) == 0) {
    seen->wanted_seen++;
    seen->order = *event->order;
  }
  return 0;
}

/* How long each call polls, in milliseconds. */
static uint32_t poll_time = 100;

/* Polls until an event comes, for 60 seconds at least. */
static qris_order await_event(qris_orders *orders, struct seen_events *seen, qris_event_type wanted,
                              const char *number)
{
  seen->wanted = wanted;
  seen->number = number;
  seen->wanted_seen = 0;
  seen->order = empty_order();
  for (int tries = 0; tries < 6000 && !seen->wanted_seen; tries++) {
    CHECK_STATUS(QRIS_STATUS_OK, qris_orders_poll(orders, poll_time, on_event, seen, NULL));
  }
  CHECK(seen->wanted_seen == 1);
  return seen->order;
}

static void opening(void)
{
  qris_orders_options options = orders_options();
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_open(&options, NULL, NULL));
  open_refused(QRIS_STATUS_NULL_ARGUMENT, "null-argument", NULL);
  options.client = NULL;
  open_refused(QRIS_STATUS_NULL_ARGUMENT, "null-argument", &options);
  options = orders_options();
  options.size = 8;
  qris_error error = open_refused(QRIS_STATUS_STRUCT_SIZE, "struct-size", &options);
  CHECK(strstr(error.message, "size = sizeof(qris_orders_options)") != NULL);
  options = orders_options();
  options.database = qris_text(NULL);
  error = open_refused(QRIS_STATUS_DATABASE_REFUSED, "database-url", &options);
  CHECK(strstr(error.message, "found none") != NULL);
  options.database = qris_text("shop.db");
  error = open_refused(QRIS_STATUS_DATABASE_REFUSED, "database-url", &options);
  CHECK(strstr(error.message, "such as sqlite://shop.db") != NULL);
  options.database = qris_text("sqlite:///no/such/folder/shop.db");
  error = open_refused(QRIS_STATUS_DATABASE_REFUSED, "no-folder", &options);
  CHECK(strstr(error.message, "make the folder") != NULL);
  options = orders_options();
  options.merchant = qris_text("Kios 2");
  open_refused(QRIS_STATUS_VALUE_REFUSED, "merchant", &options);
  options = orders_options();
  provider.api_key = qris_text(NULL);
  error = open_refused(QRIS_STATUS_VALUE_REFUSED, "api-key", &options);
  CHECK(strstr(error.message, "api_key in qris_client_options") != NULL);
  options = orders_options();
  provider.budget_place = QRIS_BUDGET_PLACE_MEMORY;
  error = open_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &options);
  CHECK(strstr(error.message, "QRIS_BUDGET_PLACE_FILE") != NULL);
}

static void charging(qris_orders *orders)
{
  qris_new_order asked = new_order("INV-1", 25578);
  asked.description = qris_text("dua kopi");
  asked.reference = qris_text("receipt 1");
  asked.due_at = qris_text("2099-11-30T12:00:00+07:00");
  qris_order order = charge(orders, &asked);
  CHECK(order.size == sizeof order);
  CHECK(order.state == QRIS_ORDER_STATE_PENDING && order.may_be_shown == 1);
  CHECK(order.rupiah == 25578 && order.qris_invoiceid > 0 && order.codes == 1);
  CHECK(order.shown_seconds_left > 1700 && order.shown_seconds_left <= 1800);
  CHECK(strcmp(order.merchant, "main") == 0 && strcmp(order.number, "INV-1") == 0);
  CHECK(strcmp(order.description, "dua kopi") == 0 && strcmp(order.reference, "receipt 1") == 0);
  CHECK(strcmp(order.due_at, "2099-11-30T12:00:00+07:00") == 0);
  CHECK(order.channel == QRIS_CHANNEL_POS && order.has_tip == 0);
  CHECK(order.paid_at[0] == '\0' && order.customer_name[0] == '\0' && order.is_acknowledged == 0);
  CHECK(strlen(order.shown_until) == 25 && strcmp(order.shown_until, order.expires_at) < 0);
  qris_payload payload;
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_parse(order.qris_content, strlen(order.qris_content), &payload, NULL));

  /* The same number and amount are the same order; another amount is not. */
  qris_order again = charge(orders, &asked);
  CHECK(again.qris_invoiceid == order.qris_invoiceid);
  asked.rupiah = 30000;
  qris_order before = empty_order(), refused = before;
  qris_error error;
  CHECK_STATUS(QRIS_STATUS_ORDER_CONFLICT, qris_orders_charge(orders, &asked, &refused, &error));
  CHECK(strcmp(error.code, "conflict") == 0);
  CHECK(memcmp(&refused, &before, sizeof refused) == 0);

  const struct {
    qris_status status;
    const char *code;
    qris_new_order order;
  } wrong[] = {
    {QRIS_STATUS_VALUE_REFUSED, "transaction-number", new_order("", 25578)},
    {QRIS_STATUS_VALUE_REFUSED, "amount", new_order("INV-99", 1)},
  };
  for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
    CHECK_STATUS(wrong[at].status, qris_orders_charge(orders, &wrong[at].order, &refused, &error));
    CHECK(strcmp(error.code, wrong[at].code) == 0);
  }
  /* Nothing was recorded, so the number can be charged with the right amount. */
  CHECK_STATUS(QRIS_STATUS_ABSENT, qris_orders_get(orders, "INV-99", &refused, NULL));
  asked = new_order("INV-98", 25578);
  asked.due_at = qris_text("tomorrow");
  CHECK_STATUS(QRIS_STATUS_VALUE_REFUSED, qris_orders_charge(orders, &asked, &refused, &error));
  CHECK(strcmp(error.code, "due_at") == 0);
  const char *const metadata[] = {"kasir 2", "[1]", "{\"kasir\":2"};
  for (size_t at = 0; at < sizeof metadata / sizeof *metadata; at++) {
    asked = new_order("INV-98", 25578);
    asked.metadata = qris_text(metadata[at]);
    CHECK_STATUS(QRIS_STATUS_VALUE_REFUSED, qris_orders_charge(orders, &asked, &refused, &error));
    CHECK(strcmp(error.code, "metadata") == 0);
    CHECK(strstr(error.message, "a JSON object") && !strstr(error.message, "kasir"));
  }
  asked = new_order("INV-98", 25578);
  asked.channel = 9;
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE, qris_orders_charge(orders, &asked, &refused, NULL));
  asked = new_order("INV-98", 25578);
  asked.without_code = 2;
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE, qris_orders_charge(orders, &asked, &refused, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_charge(orders, NULL, &refused, NULL));
  asked = new_order("INV-98", 25578);
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_charge(orders, &asked, NULL, NULL));
  /* The size is checked before any request. */
  refused.size = sizeof refused - 8;
  CHECK_STATUS(QRIS_STATUS_STRUCT_SIZE, qris_orders_charge(orders, &asked, &refused, NULL));
  refused.size = sizeof refused;
  CHECK_STATUS(QRIS_STATUS_ABSENT, qris_orders_get(orders, "INV-98", &refused, &error));
  CHECK(strcmp(error.code, "not-found") == 0);
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_get(orders, NULL, &refused, NULL));

  asked.without_code = 1;
  asked.metadata = qris_text("{\"kasir\":2}");
  order = charge(orders, &asked);
  CHECK(order.state == QRIS_ORDER_STATE_OPEN && order.codes == 0 && order.qris_invoiceid == 0);
  CHECK(order.may_be_shown == 0 && order.qris_content[0] == '\0');
}

/* A caller with a larger, newer struct gets zeros in the fields that this library does not know. */
static void newer_callers(qris_orders *orders)
{
  struct {
    qris_order known;
    uint64_t later;
  } newer;
  memset(&newer, 0x5a, sizeof newer);
  newer.known.size = sizeof newer;
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_get(orders, "INV-1", &newer.known, NULL));
  CHECK(newer.known.size == sizeof newer && newer.later == 0);
  CHECK(strcmp(newer.known.number, "INV-1") == 0);
}

static void paying(qris_orders *orders, struct seen_events *seen)
{
  /* An event that the callback refuses comes again. */
  seen->refusals = 2;
  await_event(orders, seen, QRIS_EVENT_TYPE_CREATED, "INV-1");
  uint64_t cursor = 0;
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_cursor(orders, &cursor, NULL));
  CHECK(cursor == seen->cursor && cursor > 0);

  pay(order_of(orders, "INV-1").qris_invoiceid);
  qris_order order = empty_order();
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_check(orders, "INV-1", &order, NULL));
  order = await_event(orders, seen, QRIS_EVENT_TYPE_PAID, "INV-1");
  CHECK(order.state == QRIS_ORDER_STATE_PAID && order.may_be_shown == 0);
  CHECK(strlen(order.paid_at) == 25 && order.method[0] && order.customer_name[0]);
  CHECK(order.overpaid_rupiah == 0 && order.is_acknowledged == 0);
  /* A check of a paid order is not a failure. */
  order = empty_order();
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_check(orders, "INV-1", &order, NULL));
  CHECK(order.state == QRIS_ORDER_STATE_PAID);

  /* Who paid which code. */
  qris_order_code codes[2];
  CHECK(codes_of(orders, "INV-1", codes, 2) == 1 && codes[0].size == sizeof codes[0]);
  CHECK(codes[0].state == QRIS_CODE_STATE_PAID && codes[0].qris_invoiceid == order.qris_invoiceid);
  CHECK(strcmp(codes[0].method, order.method) == 0 && strcmp(codes[0].rrn, order.rrn) == 0);
  CHECK(strcmp(codes[0].customer_name, order.customer_name) == 0);
  CHECK(strcmp(codes[0].paid_at, order.paid_at) == 0 && codes[0].is_unanswered == 0);

  qris_order list[3];
  size_t count = 9;
  memset(list, 0, sizeof list);
  list[0].size = sizeof list[0];
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_unacknowledged(orders, list, 3, &count, NULL));
  CHECK(count == 1 && strcmp(list[0].number, "INV-1") == 0);
  int32_t first = 9;
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_acknowledge(orders, "INV-1", &first, NULL));
  CHECK(first == 1);
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_acknowledge(orders, "INV-1", &first, NULL));
  CHECK(first == 0);
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_acknowledge(orders, "INV-1", NULL, NULL));
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_unacknowledged(orders, list, 3, &count, NULL));
  CHECK(count == 0);
  CHECK(order_of(orders, "INV-1").is_acknowledged == 1);
  CHECK_STATUS(QRIS_STATUS_ORDER_STATE, qris_orders_acknowledge(orders, "INV-98", NULL, NULL));
  CHECK_STATUS(QRIS_STATUS_ABSENT, qris_orders_acknowledge(orders, "INV-0", NULL, NULL));
}

static void expiring(qris_orders *orders, struct seen_events *seen)
{
  qris_new_order asked = new_order("INV-2", 10000);
  asked.shown_seconds = 2;
  qris_order first = charge(orders, &asked);
  qris_order order = empty_order();
  qris_error error;
  CHECK_STATUS(QRIS_STATUS_ORDER_STATE, qris_orders_renew(orders, "INV-2", &order, &error));
  order = await_event(orders, seen, QRIS_EVENT_TYPE_EXPIRED, "INV-2");
  CHECK(order.state == QRIS_ORDER_STATE_EXPIRED && order.may_be_shown == 0);
  CHECK(order.shown_seconds_left == 0);
  order = empty_order();
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_renew(orders, "INV-2", &order, &error));
  CHECK(order.state == QRIS_ORDER_STATE_PENDING && order.codes == 2);
  CHECK(order.qris_invoiceid != first.qris_invoiceid);

  /* The oldest first, and no more than there is room for. */
  qris_order_code codes[3];
  CHECK(codes_of(orders, "INV-2", codes, 3) == 2 && codes[0].state == QRIS_CODE_STATE_EXPIRED);
  CHECK(codes[1].state == QRIS_CODE_STATE_PENDING && codes[1].size == sizeof codes[1]);
  CHECK(codes[0].qris_invoiceid == first.qris_invoiceid && codes[0].method[0] == '\0');
  CHECK(codes[1].qris_invoiceid == order.qris_invoiceid && strlen(codes[1].shown_until) == 25);
  CHECK(codes_of(orders, "INV-2", codes, 1) == 1);
  CHECK(codes[0].qris_invoiceid == first.qris_invoiceid);
  size_t count = 9;
  CHECK_STATUS(QRIS_STATUS_ABSENT, qris_orders_codes(orders, "INV-0", codes, 3, &count, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_codes(orders, NULL, codes, 3, &count, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_codes(orders, "INV-2", NULL, 3, &count, NULL));
  codes[0].size = 8;
  CHECK_STATUS(QRIS_STATUS_STRUCT_SIZE, qris_orders_codes(orders, "INV-2", codes, 3, &count, NULL));
  CHECK(count == 9);

  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_cancel(orders, "INV-2", &order, NULL));
  CHECK(order.state == QRIS_ORDER_STATE_CANCELLED);
  await_event(orders, seen, QRIS_EVENT_TYPE_CANCELLED, "INV-2");
  order = empty_order();
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_cancel(orders, "INV-2", &order, NULL));
  CHECK(order.state == QRIS_ORDER_STATE_CANCELLED);
  CHECK_STATUS(QRIS_STATUS_ORDER_STATE, qris_orders_renew(orders, "INV-2", &order, &error));
  CHECK(error.status == QRIS_STATUS_ORDER_STATE && strcmp(error.code, "wrong-state") == 0);
  CHECK(strlen(error.message) > 0);
}

static void unknowns(qris_orders *orders, struct seen_events *seen)
{
  qris_new_order asked = new_order("INV-3", 10000);
  qris_order order = empty_order();
  qris_error error;
  create_fault("drop-after-accepting");
  CHECK_STATUS(QRIS_STATUS_OUTCOME_UNKNOWN, qris_orders_charge(orders, &asked, &order, &error));
  CHECK(strcmp(error.code, "interrupted") == 0);
  CHECK(order_of(orders, "INV-3").state == QRIS_ORDER_STATE_UNKNOWN);
  await_event(orders, seen, QRIS_EVENT_TYPE_UNKNOWN, "INV-3");
  /* Charging again requests no other code. */
  CHECK_STATUS(QRIS_STATUS_OUTCOME_UNKNOWN, qris_orders_charge(orders, &asked, &order, &error));
  CHECK(strcmp(error.code, "outcome-unknown") == 0);
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT,
               qris_orders_resolve(orders, "INV-3", 0, NULL, &order, NULL));
  CHECK_STATUS(QRIS_STATUS_VALUE_REFUSED,
               qris_orders_resolve(orders, "INV-3", 0, " ", &order, &error));
  CHECK(strcmp(error.code, "reason") == 0);
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_orders_resolve(orders, "INV-3", 0, "not in the portal", &order, NULL));
  CHECK(order.state == QRIS_ORDER_STATE_REJECTED);
  await_event(orders, seen, QRIS_EVENT_TYPE_RESOLVED, "INV-3");
  CHECK(charge(orders, &asked).state == QRIS_ORDER_STATE_PENDING);
  CHECK_STATUS(QRIS_STATUS_ORDER_STATE,
               qris_orders_resolve(orders, "INV-3", 0, "again", &order, NULL));

  create_fault("refuse");
  asked = new_order("INV-4", 10000);
  CHECK_STATUS(QRIS_STATUS_REJECTED, qris_orders_charge(orders, &asked, &order, NULL));
  CHECK(order_of(orders, "INV-4").state == QRIS_ORDER_STATE_REJECTED);
}

static void webhooks(qris_orders *orders, struct seen_events *seen)
{
  qris_new_order asked = new_order("INV-5", 10000);
  qris_order order = charge(orders, &asked);
  char body[128];
  pay(order.qris_invoiceid);
  snprintf(body, sizeof body, "{\"invoice\":%" PRIu64 ",\"qris_status\":\"success\"}",
           order.qris_invoiceid);
  order = empty_order();
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_webhook(orders, body, strlen(body), &order, NULL));
  CHECK(strcmp(order.number, "INV-5") == 0 && order.state == QRIS_ORDER_STATE_PENDING);
  /* As a form does from a timer: the check takes longer than one call. */
  poll_time = 0;
  await_event(orders, seen, QRIS_EVENT_TYPE_PAID, "INV-5");
  poll_time = 100;

  const char *const stranger = "{\"invoice\":99,\"qris_status\":\"success\"}";
  CHECK_STATUS(QRIS_STATUS_ABSENT,
               qris_orders_webhook(orders, stranger, strlen(stranger), &order, NULL));
  CHECK_STATUS(QRIS_STATUS_WEBHOOK_MALFORMED, qris_orders_webhook(orders, "{}", 2, &order, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_webhook(orders, NULL, 2, &order, NULL));
}

static void lists(qris_orders *orders)
{
  qris_order list[8];
  qris_error error;
  size_t count = 9;
  memset(list, 0, sizeof list);
  list[0].size = sizeof list[0];
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_list(orders, NULL, list, 8, &count, NULL));
  CHECK(count == 6 && list[5].size == sizeof list[5]);
  CHECK(strcmp(list[0].number, "INV-5") == 0);

  /* INV-99, whose amount was refused, is not in the list. The pages together are the same list. */
  qris_order_filter filter;
  memset(&filter, 0, sizeof filter);
  filter.size = sizeof filter;
  qris_order page[2];
  char at[26], number[65];
  size_t listed = 0;
  for (;;) {
    memset(page, 0, sizeof page);
    page[0].size = sizeof page[0];
    CHECK_STATUS(QRIS_STATUS_OK, qris_orders_list(orders, &filter, page, 2, &count, NULL));
    for (size_t place = 0; place < count && listed < 8; place++, listed++) {
      CHECK(strcmp(page[place].number, list[listed].number) == 0);
    }
    if (count < 2) {
      break;
    }
    strcpy(at, page[1].created_at);
    strcpy(number, page[1].number);
    filter.after_created_at = qris_text(at);
    filter.after_number = qris_text(number);
  }
  CHECK(listed == 6);

  memset(&filter, 0, sizeof filter);
  filter.size = sizeof filter;
  filter.state = QRIS_ORDER_STATE_PAID;
  filter.search = qris_text("kopi");
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_list(orders, &filter, list, 8, &count, NULL));
  CHECK(count == 1 && strcmp(list[0].number, "INV-1") == 0);
  filter.from = qris_text("2099-01-01");
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_list(orders, &filter, list, 8, &count, NULL));
  CHECK(count == 0);
  filter.from = qris_text("1 January");
  CHECK_STATUS(QRIS_STATUS_VALUE_REFUSED,
               qris_orders_list(orders, &filter, list, 8, &count, &error));
  CHECK(strcmp(error.code, "from") == 0);
  /* What a program lists when it starts again: INV-1 is paid, INV-2 cancelled, INV-4 rejected. */
  memset(&filter, 0, sizeof filter);
  filter.size = sizeof filter;
  filter.state = QRIS_ORDER_STATE_UNFINISHED;
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_list(orders, &filter, list, 8, &count, NULL));
  CHECK(count == 2 && strcmp(list[0].number, "INV-3") == 0 && strcmp(list[1].number, "INV-98") == 0);
  CHECK(list[0].state == QRIS_ORDER_STATE_PENDING && list[1].state == QRIS_ORDER_STATE_OPEN);
  filter.state = 99;
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE,
               qris_orders_list(orders, &filter, list, 8, &count, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_list(orders, NULL, NULL, 8, &count, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_list(orders, NULL, list, 8, NULL, NULL));
  list[0].size = 0;
  CHECK_STATUS(QRIS_STATUS_STRUCT_SIZE, qris_orders_list(orders, NULL, list, 8, &count, NULL));
}

/* Events of another program are reported, also those recorded while this one was closed. */
static void two_programs(qris_orders *orders, struct seen_events *seen)
{
  uint64_t cursor = 0;
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_cursor(orders, &cursor, NULL));
  qris_orders_options options = orders_options();
  options.actor = qris_text("till 2");
  qris_orders *others = open_orders(&options);
  qris_new_order asked = new_order("INV-6", 10000);
  charge(others, &asked);
  qris_order order = await_event(orders, seen, QRIS_EVENT_TYPE_CREATED, "INV-6");
  CHECK(order.state == QRIS_ORDER_STATE_PENDING);
  qris_orders_close(others);

  options.events_after = cursor;
  others = open_orders(&options);
  struct seen_events again = {cursor, 0, 0, QRIS_EVENT_TYPE_OTHER, NULL, 0, {0}};
  await_event(others, &again, QRIS_EVENT_TYPE_CREATED, "INV-6");
  CHECK(again.events == 1);
  qris_orders_close(others);
}

/* An event that is delivered again has the order as it is then. */
static void orders_of_events(qris_orders *orders, struct seen_events *seen)
{
  qris_new_order asked = new_order("INV-9", 10000);
  asked.without_code = 1;
  CHECK(charge(orders, &asked).state == QRIS_ORDER_STATE_OPEN);
  seen->number = "INV-9";
  seen->refusals = 1;
  for (int tries = 0; tries < 600 && seen->refusals; tries++) {
    CHECK_STATUS(QRIS_STATUS_OK, qris_orders_poll(orders, 100, on_event, seen, NULL));
  }
  CHECK(seen->refusals == 0);
  asked.without_code = 0;
  CHECK(charge(orders, &asked).state == QRIS_ORDER_STATE_PENDING);
  qris_order order = await_event(orders, seen, QRIS_EVENT_TYPE_CREATED, "INV-9");
  CHECK(order.state == QRIS_ORDER_STATE_PENDING && order.may_be_shown == 1);
}

/* A cancellation without a check says that the order may be paid. */
static void cancelled_without_a_check(void)
{
  qris_orders_options options = orders_options();
  provider.try_gap_seconds = 60;
  qris_orders *orders = open_orders(&options);
  qris_new_order asked = new_order("INV-10", 10000);
  charge(orders, &asked);
  qris_order order = empty_order();
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_check(orders, "INV-10", &order, NULL));
  char requested[26];
  strcpy(requested, order.next_check_at);
  for (int tries = 0; tries < 600 && strcmp(order.next_check_at, requested) == 0; tries++) {
    CHECK_STATUS(QRIS_STATUS_OK, qris_orders_poll(orders, 100, NULL, NULL, NULL));
    order = order_of(orders, "INV-10");
  }
  CHECK(order.state == QRIS_ORDER_STATE_PENDING && order.is_unanswered == 0);
  /* An answer of the last second still counts. */
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_poll(orders, 3000, NULL, NULL, NULL));
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_cancel(orders, "INV-10", &order, NULL));
  CHECK(order.state == QRIS_ORDER_STATE_CANCELLED && order.is_unanswered == 1);
  qris_orders_close(orders);
}

static int polls_again(void *user, const qris_order_event *event)
{
  (void)event;
  CHECK_STATUS(QRIS_STATUS_POLL_BUSY, qris_orders_poll(user, 10, polls_again, user, NULL));
  /* Any other function may be called. */
  qris_order order = empty_order();
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_get(user, "INV-1", &order, NULL));
  qris_orders_close(user);
  return 0;
}

static void closing(qris_orders *orders)
{
  qris_new_order asked = new_order("INV-7", 10000);
  charge(orders, &asked);
  /* Without a callback the event stays. */
  CHECK_STATUS(QRIS_STATUS_OK, qris_orders_poll(orders, 0, NULL, NULL, NULL));
  qris_status status = QRIS_STATUS_OK;
  for (int tries = 0; tries < 600 && status == QRIS_STATUS_OK; tries++) {
    status = qris_orders_poll(orders, 100, polls_again, orders, NULL);
  }
  CHECK(status == QRIS_STATUS_ORDERS_UNKNOWN);
  qris_order order = empty_order();
  uint64_t cursor = 0;
  CHECK_STATUS(QRIS_STATUS_ORDERS_UNKNOWN, qris_orders_get(orders, "INV-1", &order, NULL));
  CHECK_STATUS(QRIS_STATUS_ORDERS_UNKNOWN, qris_orders_cursor(orders, &cursor, NULL));
  qris_orders_close(orders);
  qris_orders_close(NULL);
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_get(NULL, "INV-1", &order, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_orders_poll(NULL, 0, NULL, NULL, NULL));

  /* A client pointer is not an orders pointer. */
  qris_client *client = client_of(settings());
  CHECK_STATUS(QRIS_STATUS_ORDERS_UNKNOWN,
               qris_orders_get((qris_orders *)client, "INV-1", &order, NULL));
  qris_client_free(client);
}

/* The clock of this machine does not matter: it is two hours ahead of the provider's, and a
 * restarted program still shows the code. */
static void wrong_clock(void)
{
  ask("behind 7200");
  qris_orders_options options = orders_options();
  qris_new_order asked = new_order("INV-8", 10000);
  for (int start = 0; start < 2; start++) {
    qris_orders *orders = open_orders(&options);
    qris_order order = charge(orders, &asked);
    CHECK(order.state == QRIS_ORDER_STATE_PENDING && order.may_be_shown == 1);
    CHECK(order.shown_seconds_left > 1700 && order.shown_seconds_left <= 1800);
    qris_orders_close(orders);
  }
}

/* A sandbox's invoices must not get into a shop's database. */
static void another_account(void)
{
  qris_orders_options options = orders_options();
  provider.merchant_id = qris_text("654321");
  open_refused(QRIS_STATUS_DATABASE_REFUSED, "other-account", &options);
}

int main(void)
{
  find_sandbox();
  opening();
  qris_orders_options options = orders_options();
  qris_orders *orders = open_orders(&options);
  struct seen_events seen;
  memset(&seen, 0, sizeof seen);
  charging(orders);
  newer_callers(orders);
  paying(orders, &seen);
  expiring(orders, &seen);
  unknowns(orders, &seen);
  webhooks(orders, &seen);
  lists(orders);
  two_programs(orders, &seen);
  orders_of_events(orders, &seen);
  closing(orders);
  cancelled_without_a_check();
  wrong_clock();
  another_account();
  return finish("orders work as the header says");
}
