// qris.hpp without a network: values, exceptions, and exceptions thrown in a callback.
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "check.h"
#include "qris.hpp"

static const char STICKER[] =
  "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
  "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
  "CONTOH6007JAKARTA61051011062070703A01630466DC";

static_assert(!std::is_copy_constructible_v<qris::Client>, "a client is freed once");
static_assert(!std::is_copy_constructible_v<qris::Orders>, "orders are closed once");
static_assert(std::is_nothrow_move_constructible_v<qris::Client>, "a client can be moved");

static void payloads()
{
  std::vector<qris::Payload> copies;
  {
    const qris::Payload payload{STICKER};
    for (int copy = 0; copy < 20; copy++) {
      copies.push_back(payload);
    }
  }
  CHECK(copies.back().get("59") == "TOKO CONTOH");
  CHECK(copies.front().get("54") == std::nullopt);
  CHECK(copies.front().str() == STICKER);
  try {
    copies.front().get("fifty");
    CHECK(!"a wrong path was accepted");
  } catch (const std::invalid_argument &) {
  }
  try {
    qris::Payload("0002015912WARUNG");
    CHECK(!"half a payload was accepted");
  } catch (const qris::Error &error) {
    CHECK(error.status() == QRIS_STATUS_OBJECT_TRUNCATED);
    CHECK(error.offset() == 10);
    CHECK(error.code() == "object-truncated");
    CHECK(error.path() == "59");
  }
}

static void writing()
{
  auto options = qris::options<qris_dynamic_options>();
  options.amount = qris::text("25000");
  const std::string dynamic = qris::to_dynamic(STICKER, options);
  CHECK(qris::Payload(dynamic).get("54") == "25000");
  CHECK(qris::inspect(dynamic) == QRIS_VERDICT_VALID);
  CHECK(qris::to_static(dynamic) == STICKER);
  const std::string masked = qris::anonymize(STICKER);
  CHECK(masked.size() == sizeof STICKER - 1);
  CHECK(qris::Payload(masked).get("59") == "XXXX XXXXXX");
  CHECK(qris::anonymize("SITI 12") == "XXXX 00");
  options.amount = qris::text("0");
  try {
    qris::to_dynamic(STICKER, options);
    CHECK(!"a missing amount was accepted");
  } catch (const qris::Error &error) {
    CHECK(error.code() == "amount-zero");
    CHECK(error.path() == "54");
  }
  try {
    qris::encode(qris::options<qris_fields>());
    CHECK(!"an empty payload was written");
  } catch (const qris::Error &error) {
    CHECK(error.status() == QRIS_STATUS_RULE_BROKEN);
  }
  CHECK(qris::draw(STICKER, QRIS_FORMAT_SVG).compare(0, 4, "<svg") == 0);
  // A default string_view is an empty text, not a NULL pointer.
  try {
    qris::draw({}, QRIS_FORMAT_SVG);
    CHECK(!"an empty text was drawn");
  } catch (const qris::Error &error) {
    CHECK(error.status() == QRIS_STATUS_TEXT_EMPTY);
    CHECK(error.path().empty());
  }
  try {
    qris::to_dynamic({}, options);
    CHECK(!"an empty text became dynamic");
  } catch (const qris::Error &error) {
    CHECK(error.status() == QRIS_STATUS_TEXT_EMPTY);
  }
}

static void webhooks()
{
  const qris_webhook webhook = qris::read_webhook("{\"invoice\":7,\"qris_status\":\"success\"}");
  CHECK(webhook.qris_invoiceid == 7 && webhook.status == QRIS_WEBHOOK_STATUS_PAID);
  try {
    qris::read_webhook({});
    CHECK(!"an empty body was a webhook");
  } catch (const qris::Error &error) {
    CHECK(error.status() == QRIS_STATUS_WEBHOOK_MALFORMED);
  }
}

static void judging()
{
  CHECK(qris::inspect(std::string_view()) == QRIS_VERDICT_MALFORMED);
  int told = 0;
  CHECK(qris::inspect("000201", QRIS_RULES_EMV, [&](const qris_finding &) { told++; }) ==
        QRIS_VERDICT_MALFORMED);
  CHECK(told == 1);
  try {
    qris::inspect("000201", QRIS_RULES_EMV,
                  [](const qris_finding &) { throw std::out_of_range("from inside"); });
    CHECK(!"the exception of the callback was lost");
  } catch (const std::out_of_range &) {
  }
}

static void clients()
{
  try {
    qris::Client client(qris::options<qris_client_options>());
    CHECK(!"a client without a key was created");
  } catch (const qris::Error &error) {
    CHECK(error.code() == "api-key");
  }
  auto options = qris::options<qris_client_options>();
  options.api_key = qris::text("key");
  options.merchant_id = qris::text("123456");
  options.base_url = qris::text("http://127.0.0.1:1/");
  qris::Client client(options);
  qris::Client moved(std::move(client));
  try {
    moved.create_invoice("INV-1", 25578);
    CHECK(!"an invoice was created without a provider");
  } catch (const qris::Error &error) {
    CHECK(error.status() == QRIS_STATUS_UNREACHABLE && error.code() == "no-connection");
    CHECK(error.retry_after().count() == 0);
  }
}

// No provider answers at this address: nothing is sent.
static qris_client_options nowhere()
{
  auto options = qris::options<qris_client_options>();
  options.api_key = qris::text("key");
  options.merchant_id = qris::text("123456");
  options.base_url = qris::text("http://127.0.0.1:1/");
  return options;
}

static void orders(const std::string &folder)
{
  const auto client = nowhere();
  auto options = qris::options<qris_orders_options>();
  options.client = &client;
  const std::string database = "sqlite://" + folder + "/orders.db";
  options.database = qris::text("");
  try {
    qris::Orders orders(options);
    CHECK(!"orders without a database were opened");
  } catch (const qris::Error &error) {
    CHECK(error.status() == QRIS_STATUS_DATABASE_REFUSED && error.code() == "database-url");
  }
  options.database = qris::text(database);
  qris::Orders opened(options);
  qris::Orders orders(std::move(opened));

  auto asked = qris::options<qris_new_order>();
  asked.number = qris::text("INV-1");
  asked.rupiah = 25578;
  try {
    orders.charge(asked);
    CHECK(!"a code was created without a provider");
  } catch (const qris::Error &error) {
    CHECK(error.status() == QRIS_STATUS_UNREACHABLE && error.code() == "no-connection");
  }
  asked.number = qris::text("INV-2");
  asked.without_code = 1;
  CHECK(orders.charge(asked).state == QRIS_ORDER_STATE_OPEN);
  CHECK(orders.get("INV-1")->state == QRIS_ORDER_STATE_REJECTED);
  CHECK(!orders.get("INV-3"));
  CHECK(orders.list(1).size() == 1 && orders.list(9).size() == 2 && orders.list(0).empty());
  CHECK(orders.codes("INV-2").empty());
  const std::vector<qris_order_code> codes = orders.codes("INV-1");
  CHECK(codes.size() == 1 && codes.front().state == QRIS_CODE_STATE_REJECTED);
  auto unfinished = qris::options<qris_order_filter>();
  unfinished.state = QRIS_ORDER_STATE_UNFINISHED;
  const std::vector<qris_order> left = orders.list(9, &unfinished);
  CHECK(left.size() == 1 && std::string(left.front().number) == "INV-2");
  CHECK(orders.unacknowledged(9).empty());
  CHECK(!orders.webhook("{\"invoice\":7,\"qris_status\":\"success\"}"));
  CHECK(orders.cancel("INV-2").state == QRIS_ORDER_STATE_CANCELLED);
  CHECK(orders.cancel("INV-2").state == QRIS_ORDER_STATE_CANCELLED);
  const std::function<void()> refused[] = {
    [&] { orders.renew("INV-2"); },
    [&] { orders.check("INV-2"); },
    [&] { orders.resolve("INV-2", 7); },
    [&] { orders.resolve_not_made("INV-2", "not in the portal"); },
    [&] { orders.acknowledge("INV-2"); },
  };
  for (const auto &step : refused) {
    try {
      step();
      CHECK(!"a step was accepted in a state that does not allow it");
    } catch (const qris::Error &error) {
      CHECK(error.status() == QRIS_STATUS_ORDER_STATE);
    }
  }

  // The exception of the callback is thrown again, and the event comes again.
  const std::uint64_t before = orders.cursor();
  bool thrown = false;
  for (int tries = 0; tries < 600 && !thrown; tries++) {
    try {
      orders.poll(std::chrono::milliseconds(100),
                  [](const qris_order_event &) { throw std::out_of_range("from inside"); });
    } catch (const std::out_of_range &) {
      thrown = true;
    }
  }
  CHECK(thrown && orders.cursor() == before);
  std::vector<std::string> told;
  for (int tries = 0; tries < 600 && told.size() < 3; tries++) {
    orders.poll(std::chrono::milliseconds(100), [&](const qris_order_event &event) {
      told.push_back(event.number);
    });
  }
  CHECK((told == std::vector<std::string>{"INV-1", "INV-2", "INV-2"}));
  CHECK(orders.cursor() == before + 3);
  orders.poll(std::chrono::milliseconds(0));
}

int main(int argc, char **argv)
{
  if (argc != 2) {
    return 2;
  }
  payloads();
  writing();
  webhooks();
  judging();
  clients();
  orders(argv[1]);
  return finish("C++ throws exceptions");
}
