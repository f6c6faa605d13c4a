/* Waiting for a payment against the sandbox: how it ends, and which callbacks are called. */
#define _POSIX_C_SOURCE 200809L
#include "client.h"

struct watcher {
  qris_client *client;
  uint64_t invoice;
  uint32_t checks, failed, unpaid, paid, seconds;
  /* The calls at which each thing happens; 0 is never. */
  uint32_t pay_at_check, cancel_at_check, free_at_check, press_at_second;
  /* Creates and checks another invoice in the callback. */
  uint32_t create_at_check;
  int cancel_once_checked;
  int over;
};

static int on_check(void *user, const qris_check *check)
{
  struct watcher *watcher = user;
  watcher->checks++;
  CHECK(check->number == watcher->checks);
  CHECK(strlen(check->made_at) == 25 && strcmp(check->made_at + 19, "+07:00") == 0);
  CHECK((check->payment != NULL) == (check->status == QRIS_STATUS_OK));
  CHECK((check->error != NULL) == (check->status != QRIS_STATUS_OK));
  if (!check->payment) {
    watcher->failed++;
    CHECK(check->error && check->error->status == check->status);
  } else if (check->payment->state == QRIS_PAYMENT_STATE_PAID) {
    watcher->paid++;
  } else {
    watcher->unpaid++;
  }
  watcher->over = check->next_at[0] == '\0';
  if (watcher->checks == watcher->pay_at_check) {
    pay(watcher->invoice);
  }
  if (watcher->checks == watcher->create_at_check) {
    qris_invoice other = invoice_of(watcher->client, "INV-23");
    qris_payment payment;
    CHECK_STATUS(QRIS_STATUS_OK,
                 qris_check_invoice(watcher->client, &other, &payment, NULL));
  }
  if (watcher->checks == watcher->free_at_check) {
    qris_client_free(watcher->client);
  }
  return watcher->checks == watcher->cancel_at_check ? QRIS_WAIT_STEP_CANCEL
                                                     : QRIS_WAIT_STEP_CONTINUE;
}

static int on_second(void *user)
{
  struct watcher *watcher = user;
  watcher->seconds++;
  if (watcher->seconds == watcher->press_at_second) {
    return QRIS_WAIT_STEP_CHECK;
  }
  return watcher->cancel_once_checked && watcher->checks > 0 ? QRIS_WAIT_STEP_CANCEL
                                                             : QRIS_WAIT_STEP_CONTINUE;
}

static qris_wait_options watching(struct watcher *watcher)
{
  qris_wait_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.on_check = on_check;
  options.on_second = on_second;
  options.user = watcher;
  return options;
}

/* A client with this validity. */
static qris_client *hasty(uint32_t validity, uint32_t grace)
{
  qris_client_options options = settings();
  options.validity_seconds = validity;
  options.grace_seconds = grace;
  return client_of(options);
}

static void wait_for_it(void)
{
  qris_client *client = hasty(600, 60);
  qris_payment payment;
  qris_error error;

  /* A failed check does not end the wait; a payment after it does. */
  qris_invoice invoice = invoice_of(client, "INV-8");
  struct watcher watcher;
  memset(&watcher, 0, sizeof watcher);
  watcher.invoice = invoice.qris_invoiceid;
  watcher.pay_at_check = 1;
  qris_wait_options options = watching(&watcher);
  fault("html");
  CHECK_STATUS(QRIS_STATUS_OK, qris_wait_for_payment(client, &invoice, &options, &payment, &error));
  CHECK(payment.state == QRIS_PAYMENT_STATE_PAID && strlen(payment.customer_name) > 0);
  CHECK(watcher.checks == 2 && watcher.failed == 1 && watcher.paid == 1 && watcher.over);

  /* Either callback can end the wait, and a check is made if the cashier asks. */
  invoice = invoice_of(client, "INV-9");
  memset(&watcher, 0, sizeof watcher);
  watcher.cancel_at_check = 1;
  memset(&payment, 0x5a, sizeof payment);
  qris_payment before = payment;
  CHECK_STATUS(QRIS_STATUS_CANCELLED,
               qris_wait_for_payment(client, &invoice, &options, &payment, &error));
  CHECK(watcher.checks == 1 && !watcher.over && error.status == QRIS_STATUS_CANCELLED);
  CHECK(memcmp(&payment, &before, sizeof payment) == 0);
  qris_client_free(client);

  qris_client_options slow = settings();
  slow.try_gap_seconds = 300;
  client = client_of(slow);
  invoice = invoice_of(client, "INV-10");
  memset(&watcher, 0, sizeof watcher);
  watcher.press_at_second = 1;
  watcher.cancel_once_checked = 1;
  CHECK_STATUS(QRIS_STATUS_CANCELLED,
               qris_wait_for_payment(client, &invoice, &options, &payment, NULL));
  CHECK(watcher.checks == 1 && watcher.unpaid == 1 && watcher.seconds >= 2);
  qris_client_free(client);

  /* It ends unpaid after the validity, and a callback may free the client during the wait. */
  client = hasty(1, 1);
  invoice = invoice_of(client, "INV-11");
  memset(&watcher, 0, sizeof watcher);
  watcher.client = client;
  watcher.free_at_check = 1;
  CHECK_STATUS(QRIS_STATUS_OK, qris_wait_for_payment(client, &invoice, &options, &payment, NULL));
  CHECK(payment.state == QRIS_PAYMENT_STATE_UNPAID);
  CHECK(watcher.checks >= 1 && watcher.unpaid == watcher.checks && watcher.over);
  CHECK_STATUS(QRIS_STATUS_CLIENT_UNKNOWN,
               qris_wait_for_payment(client, &invoice, &options, &payment, NULL));

  /* The clock of this machine does not matter: it is two hours ahead of the provider's, and the
   * client has no answer from the provider yet. */
  ask("behind 7200");
  client = hasty(600, 60);
  invoice = invoice_of(client, "INV-21");
  qris_client_free(client);
  client = hasty(600, 60);
  memset(&watcher, 0, sizeof watcher);
  watcher.invoice = invoice.qris_invoiceid;
  watcher.pay_at_check = 1;
  CHECK_STATUS(QRIS_STATUS_OK, qris_wait_for_payment(client, &invoice, &options, &payment, NULL));
  CHECK(payment.state == QRIS_PAYMENT_STATE_PAID);
  CHECK(watcher.checks == 2 && watcher.unpaid == 1 && watcher.paid == 1);
  qris_client_free(client);

  /* A callback may use the client, too. */
  client = hasty(600, 60);
  invoice = invoice_of(client, "INV-22");
  memset(&watcher, 0, sizeof watcher);
  watcher.client = client;
  watcher.create_at_check = 1;
  watcher.cancel_at_check = 1;
  CHECK_STATUS(QRIS_STATUS_CANCELLED,
               qris_wait_for_payment(client, &invoice, &options, &payment, NULL));
  qris_client_free(client);

  /* Without options and callbacks. */
  client = hasty(1, 1);
  invoice = invoice_of(client, "INV-12");
  pay(invoice.qris_invoiceid);
  CHECK_STATUS(QRIS_STATUS_OK, qris_wait_for_payment(client, &invoice, NULL, &payment, NULL));
  CHECK(payment.state == QRIS_PAYMENT_STATE_PAID);
  options.size = 3;
  CHECK_STATUS(QRIS_STATUS_STRUCT_SIZE,
               qris_wait_for_payment(client, &invoice, &options, &payment, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_wait_for_payment(client, NULL, NULL, &payment, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_wait_for_payment(client, &invoice, NULL, NULL, NULL));
  qris_client_free(client);
}

int main(void)
{
  find_sandbox();
  wait_for_it();
  return finish("waiting works as the header says");
}
