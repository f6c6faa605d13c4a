/* A till: takes one payment. If it is killed, the next start continues.
 *
 *   pos NUMBER RUPIAH
 *
 * Start it again with the same number and amount: it shows the same code, or prints the receipt if
 * the payer has paid. Everything that must not be lost is in the database.
 *
 * If several tills use one database, begin each number with the till and a hyphen: A-1 and A-2 at
 * till A, B-1 at till B. The part up to the last hyphen is the till: it prints only receipts of its
 * own numbers, also late ones of earlier orders.
 *
 * QRIS_API_KEY and QRIS_MERCHANT_ID are from the registration; QRIS_BASE_URL is only for a sandbox.
 * QRIS_DATABASE_URL is the database, by default sqlite://pos.db. QRIS_PRINTER is a receipt printer
 * of 58 mm that takes ESC/POS, such as /dev/usb/lp0 (on Windows a shared printer, such as
 * \\localhost\receipt), or a file; by default pos.escpos.
 *
 * The cashier presses a letter and Enter (on Windows the letter alone): c checks now, b cancels, u
 * requests a new code after the old one expired. Exit status: 0 paid, 1 not paid, 2 wrong arguments
 * or settings, 3 a person must look: for example, another program printed the receipt of this order
 * too, or the order was cancelled without an answer of the provider and may be paid. */
#ifdef _WIN32
#define _CRT_SECURE_NO_WARNINGS /* getenv and fopen are standard C */
#include <conio.h>
#else
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <unistd.h>
#endif
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qris.h"

enum { PAID = 0, NOT_PAID = 1, WRONG_USAGE = 2, CALL_A_PERSON = 3 };

/* Reads 1 to 12 digits and nothing else: strtoull alone would accept the 250 of "250.000". */
static int read_rupiah(const char *text, uint64_t *rupiah)
{
  size_t digits = strspn(text, "0123456789");
  if (digits < 1 || digits > 12 || text[digits] != '\0') {
    fprintf(stderr, "jumlah harus rupiah bulat, angka saja, misalnya 250000\n");
    return 1;
  }
  *rupiah = strtoull(text, NULL, 10);
  return 0;
}

static FILE *open_printer(void)
{
  const char *name = getenv("QRIS_PRINTER");
  FILE *printer = fopen(name ? name : "pos.escpos", "ab");
  if (!printer) {
    perror("printer");
    return NULL;
  }
  fputs("\x1b@", printer); /* resets the printer */
  return printer;
}

/* Feeds, cuts, and returns whether everything was written. */
static int close_printer(FILE *printer)
{
  fputs("\n\x1d" "VB\x03", printer);
  int broken = ferror(printer);
  return fclose(printer) != 0 || broken;
}

static int to_printer(void *user, const uint8_t *bytes, size_t len)
{
  return fwrite(bytes, 1, len, user) != len;
}

/* Receipt printers have no UTF-8. */
static void print_line(FILE *printer, const char *name, const char *value)
{
  fprintf(printer, "%s", name);
  for (; *value; value++) {
    fputc((unsigned char)*value < 0x80 ? *value : '?', printer);
  }
  fputc('\n', printer);
}

static int print_code(const qris_order *order)
{
  FILE *printer = open_printer();
  if (!printer) {
    return 1;
  }
  qris_error error;
  qris_status status = qris_draw(order->qris_content, strlen(order->qris_content),
                                 QRIS_FORMAT_ESCPOS_MM58, to_printer, printer, &error);
  if (status != QRIS_STATUS_OK) {
    fprintf(stderr, "%s\n", error.message);
  }
  return close_printer(printer) || status != QRIS_STATUS_OK;
}

/* Whether another order is of this till: its number begins like this one, up to the last hyphen. */
static int is_own(const char *other, const char *number)
{
  const char *hyphen = strrchr(number, '-'), *end = strrchr(other, '-');
  size_t len = hyphen ? (size_t)(hyphen - number) : 0;
  return hyphen && end && (size_t)(end - other) == len && strncmp(other, number, len) == 0;
}

/* Prints the receipt, and records that it is printed. If the program is killed between the two, it
 * is printed again: twice is better than never. Only one program is the first to record it. */
static int print_receipt(qris_orders *orders, const qris_order *order)
{
  FILE *printer = open_printer();
  if (!printer) {
    return 1;
  }
  fprintf(printer, "%s\nRp%" PRIu64 " LUNAS\n", order->number, order->rupiah);
  print_line(printer, "NMID ", order->qris_nmid);
  print_line(printer, "oleh ", order->customer_name);
  print_line(printer, "via ", order->method);
  print_line(printer, "", order->paid_at);
  if (close_printer(printer)) {
    return 1;
  }
  qris_error error;
  int32_t first;
  if (qris_orders_acknowledge(orders, order->number, &first, &error) != QRIS_STATUS_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  if (!first) {
    fprintf(stderr, "%s: struk juga dicetak program lain, serahkan barang sekali saja\n",
            order->number);
    return 1;
  }
  printf("lunas: %s, struk dicetak\n", order->number);
  fflush(stdout);
  return 0;
}

/* The receipts of this till's payments that came while no program ran, before a killed program
 * printed, or for an earlier order. The one with this number only if `also_this` is 1. */
static int print_missing_receipts(qris_orders *orders, const char *number, int also_this)
{
  enum { ROOM = 32 };
  static qris_order list[ROOM];
  size_t count, printed;
  qris_error error;
  do {
    list[0].size = sizeof list[0];
    if (qris_orders_unacknowledged(orders, list, ROOM, &count, &error) != QRIS_STATUS_OK) {
      fprintf(stderr, "%s\n", error.message);
      return 1;
    }
    printed = 0;
    for (size_t at = 0; at < count; at++) {
      int is_this = strcmp(list[at].number, number) == 0;
      if (is_this ? also_this : is_own(list[at].number, number)) {
        if (print_receipt(orders, &list[at])) {
          return 1;
        }
        printed++;
      }
    }
  } while (count == ROOM && printed > 0);
  if (count == ROOM) {
    fprintf(stderr, "kasir lain punya banyak struk yang belum dicetak: panggil supervisor\n");
  }
  return 0;
}

/* The newest other orders that are not ended, for example because the program was killed. */
static int print_unfinished(qris_orders *orders, const char *number)
{
  static qris_order list[8];
  qris_order_filter filter;
  memset(&filter, 0, sizeof filter);
  filter.size = sizeof filter;
  filter.state = QRIS_ORDER_STATE_UNFINISHED;
  size_t count;
  qris_error error;
  list[0].size = sizeof list[0];
  if (qris_orders_list(orders, &filter, list, 8, &count, &error) != QRIS_STATUS_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  for (size_t at = 0; at < count; at++) {
    if (strcmp(list[at].number, number) != 0) {
      printf("belum selesai: %s Rp%" PRIu64 "\n", list[at].number, list[at].rupiah);
    }
  }
  fflush(stdout);
  return 0;
}

struct news {
  const char *number; /* the order that is waited for */
  int is_changed;     /* it has to be read again */
  int is_paid;        /* another order of this till is paid */
};

/* Called on this thread, from qris_orders_poll, also for other orders of the shop. */
static int on_event(void *user, const qris_order_event *event)
{
  struct news *news = user;
  if (strcmp(event->number, news->number) == 0) {
    news->is_changed = 1;
  } else if (is_own(event->number, news->number) &&
             (event->event == QRIS_EVENT_TYPE_PAID || event->event == QRIS_EVENT_TYPE_PAID_LATE)) {
    news->is_paid = 1;
  }
  return 0;
}

/* The letter that the cashier typed, or 0. */
#ifdef _WIN32
static int key(void)
{
  return _kbhit() ? _getch() : 0;
}
#else
static int key(void)
{
  static int is_closed = 0;
  struct pollfd input = {STDIN_FILENO, POLLIN, 0};
  char line[16];
  if (is_closed || poll(&input, 1, 0) <= 0) {
    return 0;
  }
  ssize_t len = read(STDIN_FILENO, line, sizeof line);
  is_closed = len <= 0;
  return is_closed ? 0 : line[0];
}
#endif

static void say(qris_status status, const qris_error *error, const char *done)
{
  if (status == QRIS_STATUS_TOO_SOON) {
    printf("tunggu %u detik\n", (unsigned)error->retry_after_seconds);
  } else if (status == QRIS_STATUS_OK) {
    printf("%s\n", done);
  } else {
    printf("%s\n", error->message);
  }
  fflush(stdout);
}

/* Shows the code while it may be shown, until the order is paid or ended. */
static int wait_for_payment(qris_orders *orders, qris_order *order)
{
  uint64_t shown = 0;
  int is_over = 0;
  struct news news = {order->number, 0, 0};
  qris_error error;
  for (;;) {
    switch (order->state) {
    case QRIS_ORDER_STATE_PAID:
      if (order->is_acknowledged) {
        fprintf(stderr, "%s lunas, struk sudah dicetak program lain: panggil supervisor\n",
                order->number);
        return CALL_A_PERSON;
      }
      return print_receipt(orders, order) ? CALL_A_PERSON : PAID;
    case QRIS_ORDER_STATE_CANCELLED:
      if (order->is_unanswered) {
        printf("dibatalkan tanpa jawaban penyedia, mungkin sudah dibayar: panggil supervisor\n");
        return CALL_A_PERSON;
      }
      printf("dibatalkan\n");
      return NOT_PAID;
    case QRIS_ORDER_STATE_REQUESTED: /* another program requests a new code */
      break;
    case QRIS_ORDER_STATE_PENDING:
      if (order->may_be_shown && shown != order->qris_invoiceid) {
        if (print_code(order)) {
          return CALL_A_PERSON;
        }
        shown = order->qris_invoiceid;
        is_over = 0;
        printf("kode %" PRIu64 " sampai %s; c = cek, b = batal\n", shown, order->shown_until);
      }
      break;
    case QRIS_ORDER_STATE_EXPIRED:
      if (!is_over) {
        is_over = 1;
        printf("waktu kode habis; u = kode baru, c = cek, b = batal\n");
      }
      break;
    default:
      fprintf(stderr, "belum jelas apakah kode dibuat: panggil supervisor\n");
      return CALL_A_PERSON;
    }
    fflush(stdout);
    /* The checks are made here. A form calls it from a timer, with 10 milliseconds. */
    qris_status status = qris_orders_poll(orders, 200, on_event, &news, &error);
    if (status == QRIS_STATUS_OK && news.is_changed) {
      news.is_changed = 0;
      status = qris_orders_get(orders, order->number, order, &error);
    }
    if (status != QRIS_STATUS_OK) {
      fprintf(stderr, "%s\n", error.message);
      return CALL_A_PERSON;
    }
    if (order->state == QRIS_ORDER_STATE_PAID) {
      continue; /* no key changes this */
    }
    if (news.is_paid) {
      news.is_paid = 0;
      if (print_missing_receipts(orders, order->number, 0)) {
        return CALL_A_PERSON;
      }
    }
    switch (key()) {
    case 'c':
      status = qris_orders_check(orders, order->number, order, &error);
      say(status, &error, "cek diminta");
      break;
    case 'b':
      status = qris_orders_cancel(orders, order->number, order, &error);
      say(status, &error, "pembatalan dicatat");
      break;
    case 'u':
      status = qris_orders_renew(orders, order->number, order, &error);
      say(status, &error, "kode baru");
      break;
    default:
      break;
    }
  }
}

static int take(qris_orders *orders, const char *number, uint64_t rupiah)
{
  if (print_missing_receipts(orders, number, 1) || print_unfinished(orders, number)) {
    return CALL_A_PERSON;
  }
  qris_new_order asked;
  memset(&asked, 0, sizeof asked);
  asked.size = sizeof asked;
  asked.number = qris_text(number);
  asked.rupiah = rupiah;
  qris_order order;
  memset(&order, 0, sizeof order);
  order.size = sizeof order;
  qris_error error;
  switch (qris_orders_charge(orders, &asked, &order, &error)) {
  case QRIS_STATUS_OK:
    break;
  case QRIS_STATUS_OUTCOME_UNKNOWN:
  case QRIS_STATUS_CONTENT_MISMATCH:
  case QRIS_STATUS_INTERNAL:
    fprintf(stderr, "%s\n", error.message);
    return CALL_A_PERSON;
  case QRIS_STATUS_ORDER_CONFLICT:
  case QRIS_STATUS_VALUE_REFUSED:
    fprintf(stderr, "%s\n", error.message);
    return WRONG_USAGE;
  default:
    fprintf(stderr, "%s\n", error.message);
    return NOT_PAID;
  }
  if (order.state == QRIS_ORDER_STATE_PAID && order.is_acknowledged) {
    printf("lunas: %s sudah dibayar\n", order.number);
    return PAID;
  }
  return wait_for_payment(orders, &order);
}

int main(int argc, char **argv)
{
  const char *api_key = getenv("QRIS_API_KEY"), *merchant = getenv("QRIS_MERCHANT_ID");
  const char *database = getenv("QRIS_DATABASE_URL");
  if (argc != 3 || !api_key || !merchant) {
    fprintf(stderr, "usage: QRIS_API_KEY=... QRIS_MERCHANT_ID=... pos NUMBER RUPIAH\n");
    return WRONG_USAGE;
  }
  uint64_t rupiah;
  if (read_rupiah(argv[2], &rupiah)) {
    return WRONG_USAGE;
  }
  qris_client_options client;
  memset(&client, 0, sizeof client);
  client.size = sizeof client;
  client.api_key = qris_text(api_key);
  client.merchant_id = qris_text(merchant);
  client.base_url = qris_text(getenv("QRIS_BASE_URL"));
  qris_orders_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.client = &client;
  options.database = qris_text(database ? database : "sqlite://pos.db");
  options.actor = qris_text("pos");

  qris_orders *orders;
  qris_error error;
  if (qris_orders_open(&options, &orders, &error) != QRIS_STATUS_OK) {
    fprintf(stderr, "%s\n", error.message);
    return WRONG_USAGE;
  }
  int result = take(orders, argv[1], rupiah);
  qris_orders_close(orders);
  return result;
}
