/* qris_read_webhook as the header describes it. */
#include <inttypes.h>

#include "check.h"

static qris_webhook read(const char *body)
{
  qris_webhook webhook;
  memset(&webhook, 0x5a, sizeof webhook);
  CHECK_STATUS(QRIS_STATUS_OK, qris_read_webhook(body, strlen(body), &webhook, NULL));
  return webhook;
}

static void refuse(qris_status expected, const char *body, size_t len)
{
  qris_webhook webhook, before;
  memset(&webhook, 0x5a, sizeof webhook);
  before = webhook;
  qris_error error;
  CHECK_STATUS(expected, qris_read_webhook(body, len, &webhook, &error));
  CHECK(error.status == expected);
  CHECK(strlen(error.message) > 0);
  CHECK(memcmp(&webhook, &before, sizeof webhook) == 0);
}

int main(void)
{
  qris_webhook webhook =
    read("{\"rrn\":\"000380970875\",\"note\":\"1 PAY-1 10200\",\"invoice\":\"41325511100\","
         "\"qris_status\":\"success\",\"qris_paid_date\":\"2024-02-27 11:15:00\","
         "\"qris_payment_methodby\":\"BCA\",\"qris_payment_customername\":\"SITI\"}");
  CHECK(webhook.qris_invoiceid == UINT64_C(41325511100));
  CHECK(webhook.status == QRIS_WEBHOOK_STATUS_PAID);
  CHECK(strcmp(webhook.customer_name, "SITI") == 0);
  CHECK(strcmp(webhook.method, "BCA") == 0);
  CHECK(strcmp(webhook.paid_at, "2024-02-27T11:15:00+07:00") == 0);
  CHECK(strcmp(webhook.rrn, "000380970875") == 0);
  CHECK(strcmp(webhook.note, "1 PAY-1 10200") == 0);

  webhook = read("{\"invoice\":7,\"qris_status\":\"pending\"}");
  CHECK(webhook.qris_invoiceid == 7 && webhook.status == QRIS_WEBHOOK_STATUS_PENDING);
  CHECK(webhook.customer_name[0] == '\0' && webhook.paid_at[0] == '\0' && webhook.rrn[0] == '\0');
  CHECK(read("{\"invoice\":7,\"qris_status\":\"refunded\"}").status == QRIS_WEBHOOK_STATUS_OTHER);

  refuse(QRIS_STATUS_WEBHOOK_MALFORMED, "", 0);
  refuse(QRIS_STATUS_WEBHOOK_MALFORMED, "{\"invoice\":7}", 13);
  refuse(QRIS_STATUS_WEBHOOK_MALFORMED, "{\"qris_status\":\"success\"}", 25);
  refuse(QRIS_STATUS_WEBHOOK_MALFORMED, "\xff\xfe\0", 3);
  refuse(QRIS_STATUS_NULL_ARGUMENT, NULL, 3);
  refuse(QRIS_STATUS_TEXT_TOO_LONG, "{}", SIZE_MAX);
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_read_webhook("{}", 2, NULL, NULL));
  return finish("a webhook is read as the header says");
}
