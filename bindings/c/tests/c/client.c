/* The client against the sandbox: create, check, every failure, misuse, two threads. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "client.h"

static void one_payment(qris_client *client)
{
  qris_invoice invoice = invoice_of(client, "INV-1");
  CHECK(strcmp(invoice.number, "INV-1") == 0);
  CHECK(invoice.rupiah == 25578);
  CHECK(invoice.qris_invoiceid > 0);
  CHECK(strncmp(invoice.qris_nmid, "ID", 2) == 0);
  CHECK(strlen(invoice.qris_request_date) == 25 && strlen(invoice.shown_until) == 25);
  CHECK(strlen(invoice.expires_at) == 25);
  CHECK(strcmp(invoice.qris_request_date + 19, "+07:00") == 0);
  CHECK(strcmp(invoice.qris_request_date, invoice.shown_until) < 0);
  CHECK(strcmp(invoice.shown_until, invoice.expires_at) < 0);
  qris_payload payload;
  qris_str amount = {NULL, 0}, reference = {NULL, 0};
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_parse(invoice.qris_content, strlen(invoice.qris_content), &payload, NULL));
  CHECK_STATUS(QRIS_STATUS_OK, qris_get(&payload, "54", &amount));
  CHECK(amount.len >= 5 && memcmp(amount.ptr, "25578", 5) == 0);
  char id[24];
  snprintf(id, sizeof id, "%" PRIu64, invoice.qris_invoiceid);
  CHECK_STATUS(QRIS_STATUS_OK, qris_get(&payload, "62.05", &reference));
  CHECK(is(reference, id));

  qris_payment payment;
  memset(&payment, 0x5a, sizeof payment);
  CHECK_STATUS(QRIS_STATUS_OK, qris_check_invoice(client, &invoice, &payment, NULL));
  CHECK(payment.state == QRIS_PAYMENT_STATE_UNPAID);
  CHECK(payment.customer_name[0] == '\0' && payment.paid_at[0] == '\0');
  pay(invoice.qris_invoiceid);
  /* A database has only the four fields that a check needs. */
  qris_invoice kept;
  memset(&kept, 0, sizeof kept);
  strcpy(kept.number, invoice.number);
  strcpy(kept.qris_request_date, invoice.qris_request_date);
  kept.rupiah = invoice.rupiah;
  kept.qris_invoiceid = invoice.qris_invoiceid;
  CHECK_STATUS(QRIS_STATUS_OK, qris_check_invoice(client, &kept, &payment, NULL));
  CHECK(payment.state == QRIS_PAYMENT_STATE_PAID);
  CHECK(strlen(payment.customer_name) > 0);
  CHECK(strlen(payment.method) > 0 && strlen(payment.paid_at) == 25);
}

/* The longest possible number, with the characters that order systems print. */
static void long_number(qris_client *client)
{
  const char *const number = "Order #00012-003-0004/2026 (A) INV/2026/00001 #1001 INV_7 & more";
  CHECK(strlen(number) == 64);
  qris_invoice invoice = invoice_of(client, number);
  CHECK(strcmp(invoice.number, number) == 0);
  qris_payment payment;
  CHECK_STATUS(QRIS_STATUS_OK, qris_check_invoice(client, &invoice, &payment, NULL));
  CHECK(payment.state == QRIS_PAYMENT_STATE_UNPAID);
}

static void create_refused(qris_client *client, qris_status expected, const char *code,
                           const char *number, uint64_t rupiah)
{
  qris_invoice invoice;
  memset(&invoice, 0, sizeof invoice);
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(expected, qris_create_invoice(client, number, rupiah, &invoice, &error));
  CHECK(error.status == expected);
  CHECK(invoice.qris_invoiceid == 0 && invoice.qris_content[0] == '\0');
  CHECK(strstr(error.message, "sandbox-key") == NULL);
  CHECK(strstr(error.message, "127.0.0.1") == NULL);
  if (strcmp(error.code, code) != 0) {
    fprintf(stderr, "expected code %s, found %s: %s\n", code, error.code, error.message);
    failures++;
  }
}

static void create_failures(qris_client *client)
{
  create_refused(client, QRIS_STATUS_VALUE_REFUSED, "transaction-number", "", 25578);
  create_refused(client, QRIS_STATUS_VALUE_REFUSED, "transaction-number", "INV\t1", 25578);
  create_refused(client, QRIS_STATUS_VALUE_REFUSED, "transaction-number", "INV-1 ", 25578);
  create_refused(client, QRIS_STATUS_VALUE_REFUSED, "transaction-number",
                 "12345678901234567890123456789012345678901234567890123456789012345", 25578);
  create_refused(client, QRIS_STATUS_VALUE_REFUSED, "amount", "INV-2", 0);
  create_refused(client, QRIS_STATUS_VALUE_REFUSED, "amount", "INV-2", UINT64_MAX);
  create_refused(client, QRIS_STATUS_TEXT_NOT_UTF8, "text-not-utf8", "\xff", 25578);
  create_refused(client, QRIS_STATUS_NULL_ARGUMENT, "null-argument", NULL, 25578);
  create_refused(NULL, QRIS_STATUS_NULL_ARGUMENT, "null-argument", "INV-2", 25578);
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_create_invoice(client, "INV-2", 25578, NULL, NULL));

  const struct {
    const char *fault;
    qris_status status;
    const char *code;
  } faults[] = {
    {"refuse", QRIS_STATUS_REJECTED, "other"},
    {"drop-after-accepting", QRIS_STATUS_OUTCOME_UNKNOWN, "interrupted"},
    {"html", QRIS_STATUS_OUTCOME_UNKNOWN, "malformed-reply"},
    {"cut-json", QRIS_STATUS_OUTCOME_UNKNOWN, "malformed-reply"},
    {"wrong-amount", QRIS_STATUS_CONTENT_MISMATCH, "amount"},
    {"wrong-currency", QRIS_STATUS_CONTENT_MISMATCH, "currency"},
    {"wrong-nmid", QRIS_STATUS_CONTENT_MISMATCH, "nmid"},
    {"wrong-tip", QRIS_STATUS_CONTENT_MISMATCH, "tip"},
    {"bad-checksum", QRIS_STATUS_CONTENT_MISMATCH, "payload"},
  };
  for (size_t at = 0; at < sizeof faults / sizeof *faults; at++) {
    fault(faults[at].fault);
    create_refused(client, faults[at].status, faults[at].code, "INV-3", 25578);
  }

  qris_client_options options = settings();
  options.api_key = qris_text("another-key");
  qris_client *stranger = client_of(options);
  create_refused(stranger, QRIS_STATUS_REJECTED, "invalid-api-key", "INV-4", 25578);
  qris_client_free(stranger);

  options = settings();
  options.base_url = qris_text("http://127.0.0.1:1/");
  qris_client *lonely = client_of(options);
  create_refused(lonely, QRIS_STATUS_UNREACHABLE, "no-connection", "INV-5", 25578);
  qris_client_free(lonely);

  options = settings();
  options.tip = QRIS_TIP_PROMPT;
  qris_client *generous = client_of(options);
  qris_invoice invoice = invoice_of(generous, "INV-6");
  qris_payload payload;
  qris_str tip = {NULL, 0};
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_parse(invoice.qris_content, strlen(invoice.qris_content), &payload, NULL));
  CHECK_STATUS(QRIS_STATUS_OK, qris_get(&payload, "55", &tip));
  CHECK(is(tip, "01"));
  qris_client_free(generous);
}

static void check_failures(qris_client *client)
{
  qris_invoice invoice = invoice_of(client, "INV-7"), broken = invoice;
  qris_payment payment, before;
  memset(&payment, 0x5a, sizeof payment);
  before = payment;
  qris_error error;
  fault("html");
  CHECK_STATUS(QRIS_STATUS_MALFORMED_REPLY, qris_check_invoice(client, &invoice, &payment, &error));
  fault("refuse");
  CHECK_STATUS(QRIS_STATUS_REJECTED, qris_check_invoice(client, &invoice, &payment, &error));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_check_invoice(NULL, &invoice, &payment, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_check_invoice(client, NULL, &payment, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_check_invoice(client, &invoice, NULL, NULL));

  memset(broken.number, 'x', sizeof broken.number);
  CHECK_STATUS(QRIS_STATUS_INVOICE_INVALID, qris_check_invoice(client, &broken, &payment, &error));
  CHECK(strstr(error.message, "number") != NULL);
  const char *const dates[] = {"", "2020-08-07 11:13:42", "2020-08-07T11:13:42Z",
                               "2020-13-07T11:13:42+07:00", "\xff"};
  for (size_t at = 0; at < sizeof dates / sizeof *dates; at++) {
    broken = invoice;
    strcpy(broken.qris_request_date, dates[at]);
    CHECK_STATUS(QRIS_STATUS_INVOICE_INVALID,
                 qris_check_invoice(client, &broken, &payment, &error));
    CHECK(strstr(error.message, "qris_request_date") != NULL);
  }
  /* The provider would report them as unpaid for ever. */
  broken = invoice;
  broken.qris_invoiceid = 0;
  CHECK_STATUS(QRIS_STATUS_INVOICE_INVALID, qris_check_invoice(client, &broken, &payment, &error));
  CHECK(strstr(error.message, "qris_invoiceid") != NULL);
  const uint64_t amounts[] = {0, 10000000000000, UINT64_MAX};
  for (size_t at = 0; at < sizeof amounts / sizeof *amounts; at++) {
    broken = invoice;
    broken.rupiah = amounts[at];
    CHECK_STATUS(QRIS_STATUS_INVOICE_INVALID,
                 qris_check_invoice(client, &broken, &payment, &error));
    CHECK(strstr(error.message, "rupiah") != NULL);
  }
  memset(&broken, 0xff, sizeof broken);
  CHECK_STATUS(QRIS_STATUS_INVOICE_INVALID, qris_check_invoice(client, &broken, &payment, NULL));
  CHECK(memcmp(&payment, &before, sizeof payment) == 0);
}

static void new_refused(qris_status expected, const char *code, const qris_client_options *options)
{
  qris_client *const before = (qris_client *)&failures;
  qris_client *client = before;
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(expected, qris_client_new(options, &client, &error));
  CHECK(client == before);
  CHECK(strcmp(error.code, code) == 0);
}

static void clients(void)
{
  qris_client_options options = settings();
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_client_new(&options, NULL, NULL));
  new_refused(QRIS_STATUS_NULL_ARGUMENT, "null-argument", NULL);
  options.api_key = qris_text(NULL);
  new_refused(QRIS_STATUS_VALUE_REFUSED, "api-key", &options);
  options = settings();
  options.merchant_id = qris_text("12 34");
  new_refused(QRIS_STATUS_VALUE_REFUSED, "merchant-id", &options);
  options = settings();
  options.base_url = qris_text("http://example.com/");
  new_refused(QRIS_STATUS_VALUE_REFUSED, "base-url", &options);
  options = settings();
  options.tip = QRIS_TIP_FIXED;
  new_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &options);
  options = settings();
  options.reserved = 1;
  new_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &options);
  options = settings();
  options.budget_place = 3;
  new_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &options);
  options = settings();
  options.state_dir = qris_text("\xff");
  new_refused(QRIS_STATUS_TEXT_NOT_UTF8, "text-not-utf8", &options);
  options = settings();
  options.lowest_rupiah = 10000001;
  new_refused(QRIS_STATUS_VALUE_REFUSED, "amount", &options);
  options = settings();
  options.size = 0;
  new_refused(QRIS_STATUS_STRUCT_SIZE, "struct-size", &options);
  /* No header ever had such a short struct. */
  options.size = offsetof(qris_client_options, timeout_seconds);
  new_refused(QRIS_STATUS_STRUCT_SIZE, "struct-size", &options);

  qris_client *old = client_of(settings());
  invoice_of(old, "INV-13");

  /* A client that was freed, even twice, or never created is detected. */
  qris_client_free(old);
  qris_client_free(old);
  qris_client_free(NULL);
  create_refused(old, QRIS_STATUS_CLIENT_UNKNOWN, "client-unknown", "INV-14", 25578);
  create_refused((qris_client *)&failures, QRIS_STATUS_CLIENT_UNKNOWN, "client-unknown", "INV-14",
                 25578);
  qris_client *fresh = client_of(settings());
  CHECK(fresh != old);
  create_refused(old, QRIS_STATUS_CLIENT_UNKNOWN, "client-unknown", "INV-14", 25578);
  qris_client_free(fresh);
}

/* The number of seconds between two times of one day or of two days in a row. */
static long seconds_between(const char *from, const char *to)
{
  int hours[2], minutes[2], seconds[2];
  CHECK(sscanf(from + 11, "%d:%d:%d", &hours[0], &minutes[0], &seconds[0]) == 3);
  CHECK(sscanf(to + 11, "%d:%d:%d", &hours[1], &minutes[1], &seconds[1]) == 3);
  long between = (hours[1] - hours[0]) * 3600L + (minutes[1] - minutes[0]) * 60L +
                 (seconds[1] - seconds[0]);
  return between < 0 ? between + 86400 : between;
}

/* The client's settings: how long to show a QR, how long it is valid, and which amounts. */
static void settings_are_used(void)
{
  qris_client *usual = client_of(settings());
  qris_invoice invoice = invoice_of(usual, "INV-15");
  CHECK(seconds_between(invoice.qris_request_date, invoice.shown_until) == 1800);
  CHECK(seconds_between(invoice.qris_request_date, invoice.expires_at) == 3600);
  create_refused(usual, QRIS_STATUS_VALUE_REFUSED, "amount", "INV-16", 50);
  create_refused(usual, QRIS_STATUS_VALUE_REFUSED, "amount", "INV-16", 10000001);

  qris_client_options options = settings();
  options.shown_seconds = 180;
  options.validity_seconds = 1800;
  options.lowest_rupiah = 50;
  options.highest_rupiah = 20000000;
  qris_client *kiosk = client_of(options);
  CHECK_STATUS(QRIS_STATUS_OK, qris_create_invoice(kiosk, "INV-17", 50, &invoice, NULL));
  CHECK(seconds_between(invoice.qris_request_date, invoice.shown_until) == 180);
  CHECK(seconds_between(invoice.qris_request_date, invoice.expires_at) == 1800);
  qris_payment payment;
  CHECK_STATUS(QRIS_STATUS_OK, qris_check_invoice(kiosk, &invoice, &payment, NULL));
  /* An invoice outside the new limits can still be checked. */
  CHECK_STATUS(QRIS_STATUS_OK, qris_check_invoice(usual, &invoice, &payment, NULL));
  /* The sandbox refuses it, so it was sent. */
  create_refused(kiosk, QRIS_STATUS_REJECTED, "invalid-amount", "INV-18", 10000001);
  create_refused(kiosk, QRIS_STATUS_VALUE_REFUSED, "amount", "INV-18", 49);
  create_refused(kiosk, QRIS_STATUS_VALUE_REFUSED, "amount", "INV-18", 20000001);
  qris_client_free(kiosk);
  qris_client_free(usual);

  options = settings();
  options.nmid = qris_text("ID1020021181745");
  qris_client *other = client_of(options);
  create_refused(other, QRIS_STATUS_CONTENT_MISMATCH, "nmid", "INV-19", 25578);
  qris_client_free(other);
}

static void check_paused(const qris_client *client, qris_status expected, const char *code)
{
  qris_invoice invoice;
  memset(&invoice, 0, sizeof invoice);
  strcpy(invoice.number, "INV-20");
  strcpy(invoice.qris_request_date, "2026-11-22T10:00:00+07:00");
  invoice.rupiah = 25578;
  invoice.qris_invoiceid = 20;
  qris_payment payment;
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(expected, qris_check_invoice(client, &invoice, &payment, &error));
  CHECK(strcmp(error.code, code) == 0);
  /* A refused key is tried again after 15 minutes. */
  CHECK(expected == QRIS_STATUS_PAUSED
          ? error.retry_after_seconds > 800 && error.retry_after_seconds <= 900
          : error.retry_after_seconds == 0);
}

/* A refused key is paused in every client; a client that keeps its budget in memory does not know
 * about the others. */
static void paused(void)
{
  qris_client_options options = settings();
  options.api_key = qris_text("a-key-that-is-refused");
  qris_client *first = client_of(options), *second = client_of(options);
  check_paused(first, QRIS_STATUS_REJECTED, "invalid-api-key");
  check_paused(first, QRIS_STATUS_PAUSED, "invalid-api-key");
  check_paused(second, QRIS_STATUS_PAUSED, "invalid-api-key");
  options.budget_place = QRIS_BUDGET_PLACE_MEMORY;
  qris_client *alone = client_of(options);
  check_paused(alone, QRIS_STATUS_REJECTED, "invalid-api-key");
  check_paused(alone, QRIS_STATUS_PAUSED, "invalid-api-key");
  /* The same holds for a client with another state_dir. */
  options.budget_place = QRIS_BUDGET_PLACE_FILE;
  options.state_dir = qris_text("another-folder");
  qris_client *elsewhere = client_of(options);
  check_paused(elsewhere, QRIS_STATUS_REJECTED, "invalid-api-key");
  qris_client_free(first);
  qris_client_free(second);
  qris_client_free(alone);
  qris_client_free(elsewhere);
}

struct job {
  qris_client *client;
  int number, made, unpaid;
};

static void *work(void *argument)
{
  struct job *job = argument;
  for (int round = 0; round < 5; round++) {
    char number[65];
    snprintf(number, sizeof number, "THREAD-%d-%d", job->number, round);
    qris_invoice invoice;
    qris_payment payment;
    if (qris_create_invoice(job->client, number, 1000, &invoice, NULL) == QRIS_STATUS_OK) {
      job->made += strcmp(invoice.number, number) == 0;
      if (qris_check_invoice(job->client, &invoice, &payment, NULL) == QRIS_STATUS_OK) {
        job->unpaid += payment.state == QRIS_PAYMENT_STATE_UNPAID;
      }
    }
  }
  return NULL;
}

static void threads(void)
{
  qris_client *client = client_of(settings());
  struct job jobs[2] = {{client, 1, 0, 0}, {client, 2, 0, 0}};
  pthread_t running[2];
  for (int at = 0; at < 2; at++) {
    CHECK(pthread_create(&running[at], NULL, work, &jobs[at]) == 0);
  }
  for (int at = 0; at < 2; at++) {
    CHECK(pthread_join(running[at], NULL) == 0);
    CHECK(jobs[at].made == 5 && jobs[at].unpaid == 5);
  }
  qris_client_free(client);
}

int main(void)
{
  find_sandbox();
  qris_client *client = client_of(settings());
  one_payment(client);
  long_number(client);
  create_failures(client);
  check_failures(client);
  qris_client_free(client);
  clients();
  settings_are_used();
  paused();
  threads();
  return finish("the client works as the header says");
}
