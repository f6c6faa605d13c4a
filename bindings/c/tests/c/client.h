/* Shared by the programs that test the client.
 *
 * QRIS_BASE_URL is the address of the sandbox. The program asks the test that started it to control
 * the sandbox: a line on standard output, answered with a line on standard input.
 *
 *   pay ID            the payer pays
 *   fault NAME        the next call fails in this way
 *   behind SECONDS    the provider's clock is set back */
#ifndef CLIENT_H
#define CLIENT_H

#include <inttypes.h>
#include <stdlib.h>

#include "check.h"

static const char *base_url;

static inline void ask(const char *wish)
{
  char answer[16];
  printf("%s\n", wish);
  fflush(stdout);
  CHECK(fgets(answer, sizeof answer, stdin) != NULL && strcmp(answer, "done\n") == 0);
}

static inline void pay(uint64_t id)
{
  char wish[32];
  snprintf(wish, sizeof wish, "pay %" PRIu64, id);
  ask(wish);
}

static inline void fault(const char *name)
{
  char wish[64];
  snprintf(wish, sizeof wish, "fault %s", name);
  ask(wish);
}

/* For the next create only: a check in the background does not get it. */
static inline void create_fault(const char *name)
{
  char wish[64];
  snprintf(wish, sizeof wish, "create-fault %s", name);
  ask(wish);
}

static inline qris_client_options settings(void)
{
  qris_client_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.api_key = qris_text("sandbox-key");
  options.merchant_id = qris_text("123456");
  options.base_url = qris_text(base_url);
  /* The gaps are short: the real provider would block the key. */
  options.try_gap_seconds = 1;
  options.check_gap_seconds = 1;
  return options;
}

static inline qris_client *client_of(qris_client_options options)
{
  qris_client *client = NULL;
  CHECK_STATUS(QRIS_STATUS_OK, qris_client_new(&options, &client, NULL));
  CHECK(client != NULL);
  return client;
}

static inline qris_invoice invoice_of(qris_client *client, const char *number)
{
  qris_invoice invoice;
  memset(&invoice, 0, sizeof invoice);
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(QRIS_STATUS_OK, qris_create_invoice(client, number, 25578, &invoice, &error));
  if (error.status != QRIS_STATUS_OK) {
    fprintf(stderr, "%s: %s\n", error.code, error.message);
  }
  return invoice;
}

/* Reads the address of the sandbox, or ends the program. */
static inline void find_sandbox(void)
{
  base_url = getenv("QRIS_BASE_URL");
  if (!base_url) {
    fprintf(stderr, "expected the sandbox's address in QRIS_BASE_URL\n");
    exit(2);
  }
}

#endif
