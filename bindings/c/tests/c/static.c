/* qris_to_static, and the path in a qris_error, as the header describes them. */
#include <stdlib.h>

#include "check.h"

static const char STICKER[] =
  "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
  "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
  "CONTOH6007JAKARTA61051011062070703A01630466DC";
enum { STICKER_LEN = sizeof STICKER - 1 };

static void back_to_the_sticker(void)
{
  qris_dynamic_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.amount = qris_text("25000");
  options.tip = QRIS_TIP_PROMPT;
  options.reference_label = qris_text("INV-1");
  options.bill_number = qris_text("B-7");
  char bill[512], fixed[512];
  size_t len = 0, written = 0;
  CHECK_STATUS(QRIS_STATUS_OK, qris_to_dynamic(STICKER, STICKER_LEN, &options, bill, sizeof bill,
                                               &len, NULL));
  CHECK_STATUS(QRIS_STATUS_OK, qris_to_static(bill, len, fixed, sizeof fixed, &written, NULL));
  CHECK(written == STICKER_LEN && memcmp(fixed, STICKER, written) == 0);
  /* A static payload stays the same. */
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_to_static(STICKER, STICKER_LEN, fixed, sizeof fixed, &written, NULL));
  CHECK(written == STICKER_LEN && memcmp(fixed, STICKER, written) == 0);
}

static void rooms(void)
{
  size_t needed = 0, written = 0;
  qris_error error;
  CHECK_STATUS(QRIS_STATUS_BUFFER_TOO_SMALL,
               qris_to_static(STICKER, STICKER_LEN, NULL, 0, &needed, &error));
  CHECK(needed == STICKER_LEN && error.status == QRIS_STATUS_BUFFER_TOO_SMALL);
  char *exact = malloc(needed);
  CHECK_STATUS(QRIS_STATUS_BUFFER_TOO_SMALL,
               qris_to_static(STICKER, STICKER_LEN, exact, needed - 1, &written, NULL));
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_to_static(STICKER, STICKER_LEN, exact, needed, &written, NULL));
  CHECK(written == needed);
  free(exact);
}

static void refusals(void)
{
  char buffer[512];
  size_t written = 7;
  qris_error error;
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT,
               qris_to_static(NULL, 0, buffer, sizeof buffer, &written, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT,
               qris_to_static(STICKER, STICKER_LEN, buffer, sizeof buffer, NULL, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT,
               qris_to_static(STICKER, STICKER_LEN, NULL, 9, &written, NULL));
  CHECK_STATUS(QRIS_STATUS_CHECKSUM_MISSING,
               qris_to_static("000201", 6, buffer, sizeof buffer, &written, &error));
  CHECK(written == 7);
  CHECK(strcmp(error.path, "63") == 0);
  CHECK(strcmp(error.code, "checksum-missing") == 0);
}

/* The path is a text: a root tag, an object inside a template, or empty. */
static void paths(void)
{
  qris_payload payload;
  qris_error error;
  CHECK_STATUS(QRIS_STATUS_TEXT_EMPTY, qris_parse("", 0, &payload, &error));
  CHECK(strcmp(error.path, "") == 0);
  CHECK_STATUS(QRIS_STATUS_OBJECT_TRUNCATED, qris_parse("0002015912WARUNG", 16, &payload, &error));
  CHECK(strcmp(error.path, "59") == 0);
  qris_dynamic_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.amount = qris_text("25000");
  options.reference_label = qris_text("12345678901234567890123456");
  char buffer[512];
  size_t written = 0;
  CHECK_STATUS(QRIS_STATUS_RULE_BROKEN, qris_to_dynamic(STICKER, STICKER_LEN, &options, buffer,
                                                        sizeof buffer, &written, &error));
  CHECK(strcmp(error.code, "additional-long") == 0);
  CHECK(strcmp(error.path, "62.05") == 0);
}

int main(void)
{
  back_to_the_sticker();
  rooms();
  refusals();
  paths();
  return finish("static copies and paths work as the header says");
}
