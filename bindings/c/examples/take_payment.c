/* Takes one payment: creates an invoice, writes its QR for the screen and the receipt printer,
 * waits until it is paid, and prints the receipt. It removes the QR when its time is over.
 *
 *   take_payment NUMBER RUPIAH
 *
 * QRIS_API_KEY and QRIS_MERCHANT_ID are from the registration; QRIS_BASE_URL is only for a sandbox.
 * Exit status: 0 paid, 1 not paid, 2 wrong arguments or settings, 3 a person must look, because
 * an invoice may exist that somebody can pay. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qris.h"

/* How long the QR is shown. A payment that was already started may still come later. */
#ifndef SHOWN_SECONDS
#define SHOWN_SECONDS 1800
#endif

/* Reads 1 to 12 digits and nothing else: strtoull alone would accept the 250 of "250.000". */
static int read_rupiah(const char *text, uint64_t *rupiah)
{
  size_t digits = strspn(text, "0123456789");
  if (digits < 1 || digits > 12 || text[digits] != '\0') {
    fprintf(stderr, "expected whole rupiah as digits alone, such as 250000\n");
    return 1;
  }
  *rupiah = strtoull(text, NULL, 10);
  return 0;
}

static int to_file(void *user, const uint8_t *bytes, size_t len)
{
  return fwrite(bytes, 1, len, user) != len;
}

static int draw(const char *content, int32_t format, const char *name)
{
  FILE *file = fopen(name, "wb");
  if (!file) {
    perror(name);
    return 1;
  }
  qris_error error;
  qris_status status = qris_draw(content, strlen(content), format, to_file, file, &error);
  int broken = fclose(file) != 0;
  if (status != QRIS_STATUS_OK) {
    fprintf(stderr, "%s: %s\n", name, error.message);
  }
  return broken || status != QRIS_STATUS_OK;
}

/* Called on this thread after each check. QRIS_WAIT_STEP_CANCEL would end the wait. */
static int on_check(void *user, const qris_check *check)
{
  (void)user;
  if (check->status != QRIS_STATUS_OK) {
    printf("check %u: %s\n", (unsigned)check->number, check->error->message);
  } else if (check->payment->state == QRIS_PAYMENT_STATE_UNPAID) {
    printf("check %u: not paid yet\n", (unsigned)check->number);
  }
  fflush(stdout);
  return QRIS_WAIT_STEP_CONTINUE;
}

/* Called on this thread about once a second. A till shows a countdown here. */
static int on_second(void *user)
{
  uint32_t *seconds_left = user;
  if (*seconds_left > 0 && --*seconds_left == 0) {
    remove("qr.svg");
    printf("qr.svg is removed: the time to pay is over\n");
    fflush(stdout);
  }
  return QRIS_WAIT_STEP_CONTINUE;
}

static int take(qris_client *client, const char *number, uint64_t rupiah)
{
  qris_invoice invoice;
  qris_error error;
  switch (qris_create_invoice(client, number, rupiah, &invoice, &error)) {
  case QRIS_STATUS_OK:
    break;
  case QRIS_STATUS_OUTCOME_UNKNOWN:
  case QRIS_STATUS_CONTENT_MISMATCH:
  case QRIS_STATUS_INTERNAL:
    fprintf(stderr, "%s\n", error.message);
    return 3;
  default:
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  /* From here on somebody can pay, so print the number first. */
  printf("invoice %" PRIu64 "\n", invoice.qris_invoiceid);
  fflush(stdout);
  if (draw(invoice.qris_content, QRIS_FORMAT_SVG, "qr.svg") ||
      draw(invoice.qris_content, QRIS_FORMAT_ESCPOS_MM58, "qr.escpos")) {
    return 3;
  }
  printf("show qr.svg and qr.escpos until %s\n", invoice.shown_until);
  fflush(stdout);

  qris_wait_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.on_check = on_check;
  options.on_second = on_second;
  uint32_t seconds_left = SHOWN_SECONDS;
  options.user = &seconds_left;
  qris_payment payment;
  if (qris_wait_for_payment(client, &invoice, &options, &payment, &error) != QRIS_STATUS_OK) {
    /* A failure never means "unpaid". */
    fprintf(stderr, "%s\n", error.message);
    return 3;
  }
  if (payment.state != QRIS_PAYMENT_STATE_PAID) {
    printf("not paid\n");
    return 1;
  }
  printf("-------------------------------\n");
  printf("%s  Rp%" PRIu64 "\n", invoice.number, invoice.rupiah);
  printf("NMID %s\n", invoice.qris_nmid);
  printf("paid by %s with %s %s\n", payment.customer_name, payment.method, payment.paid_at);
  return 0;
}

int main(int argc, char **argv)
{
  const char *key = getenv("QRIS_API_KEY"), *merchant = getenv("QRIS_MERCHANT_ID");
  if (argc != 3 || !key || !merchant) {
    fprintf(stderr, "usage: QRIS_API_KEY=... QRIS_MERCHANT_ID=... take_payment NUMBER RUPIAH\n");
    return 2;
  }
  uint64_t rupiah;
  if (read_rupiah(argv[2], &rupiah)) {
    return 2;
  }
  qris_client_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.api_key = qris_text(key);
  options.merchant_id = qris_text(merchant);
  options.base_url = qris_text(getenv("QRIS_BASE_URL"));
  options.shown_seconds = SHOWN_SECONDS;

  qris_client *client;
  qris_error error;
  if (qris_client_new(&options, &client, &error) != QRIS_STATUS_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 2;
  }
  int result = take(client, argv[1], rupiah);
  qris_client_free(client);
  return result;
}
