/* NULL, zero lengths, wrong numbers, wrong bytes and small buffers, as the header describes them.
 * The codec half; hints.c, client.c, wait.c and draw.c have the rest. */
#include <stdlib.h>

#include "check.h"

static const char STICKER[] =
  "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
  "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
  "CONTOH6007JAKARTA61051011062070703A01630466DC";
enum { STICKER_LEN = sizeof STICKER - 1 };

static qris_payload parsed(const char *text)
{
  qris_payload payload;
  memset(&payload, 0, sizeof payload);
  CHECK_STATUS(QRIS_STATUS_OK, qris_parse(text, strlen(text), &payload, NULL));
  return payload;
}

static void refuse(qris_status expected, uint32_t offset, const char *code, const char *text,
                   size_t len)
{
  qris_payload payload, before;
  memset(&payload, 0x5a, sizeof payload);
  before = payload;
  qris_error error;
  memset(&error, 0x5a, sizeof error);
  CHECK_STATUS(expected, qris_parse(text, len, &payload, &error));
  CHECK(memcmp(&payload, &before, sizeof payload) == 0);
  CHECK(error.status == expected);
  CHECK(error.offset == offset);
  CHECK(strcmp(error.code, code) == 0);
  CHECK(strlen(error.message) > 0);
  CHECK_STATUS(expected, qris_parse(text, len, &payload, NULL));
}

static void parse(void)
{
  qris_payload payload;
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_parse(NULL, 0, &payload, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_parse(NULL, 7, &payload, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_parse(STICKER, STICKER_LEN, NULL, NULL));
  refuse(QRIS_STATUS_NULL_ARGUMENT, 0, "null-argument", NULL, 0);
  refuse(QRIS_STATUS_TEXT_EMPTY, 0, "text-empty", "", 0);
  refuse(QRIS_STATUS_TEXT_EMPTY, 0, "text-empty", " \r\n", 3);
  refuse(QRIS_STATUS_TEXT_TOO_LONG, 0, "text-too-long", STICKER, SIZE_MAX);
  refuse(QRIS_STATUS_TEXT_NOT_UTF8, 6, "text-not-utf8", "000201\xff\xfe", 8);
  refuse(QRIS_STATUS_OBJECT_HEADER_SHORT, 6, "object-header-short", "000201590", 9);
  refuse(QRIS_STATUS_OBJECT_HEADER_NOT_DIGITS, 6, "object-header-not-digits", "000201xx04", 10);
  refuse(QRIS_STATUS_OBJECT_TRUNCATED, 10, "object-truncated", "0002015912WARUNG", 16);
  refuse(QRIS_STATUS_FORMAT_NOT_FIRST, 0, "format-not-first", "01021100020163040000", 20);
  refuse(QRIS_STATUS_CHECKSUM_MISSING, 6, "checksum-missing", "000201", 6);
  refuse(QRIS_STATUS_CHECKSUM_NOT_LAST, 14, "checksum-not-last", "00020163040000010211", 20);
  refuse(QRIS_STATUS_CHECKSUM_LENGTH, 10, "checksum-length", "0002016303000", 13);
  refuse(QRIS_STATUS_OBJECT_DUPLICATE, 6, "object-duplicate", "00020100020163040000", 20);
  refuse(QRIS_STATUS_CHECKSUM_NOT_HEXADECIMAL, 10, "checksum-not-hexadecimal", "0002016304ZZZZ", 14);
  refuse(QRIS_STATUS_CHECKSUM_MISMATCH, 10, "checksum-mismatch", "00020163040000", 14);
  /* A NUL is a byte like any other: the length says where the text ends. */
  refuse(QRIS_STATUS_OBJECT_HEADER_NOT_DIGITS, 6, "object-header-not-digits", "000201\0\0\0\0", 10);

  static char huge[65536];
  memset(huge, '0', sizeof huge);
  refuse(QRIS_STATUS_TEXT_TOO_LONG, 65535, "text-too-long", huge, sizeof huge);
}

static void get(void)
{
  qris_payload payload = parsed(STICKER);
  qris_str value = {STICKER, 3};
  CHECK_STATUS(QRIS_STATUS_OK, qris_get(&payload, "51.02", &value));
  CHECK(is(value, "ID1020038431489"));
  CHECK(value.ptr > STICKER && value.ptr < STICKER + STICKER_LEN);
  /* A copy works too. */
  qris_payload copy = payload;
  CHECK_STATUS(QRIS_STATUS_OK, qris_get(&copy, "59", &value));
  CHECK(is(value, "TOKO CONTOH"));

  CHECK_STATUS(QRIS_STATUS_ABSENT, qris_get(&payload, "54", &value));
  CHECK_STATUS(QRIS_STATUS_ABSENT, qris_get(&payload, "59.01", &value));
  CHECK(is(value, "TOKO CONTOH"));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_get(NULL, "59", &value));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_get(&payload, NULL, &value));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_get(&payload, "59", NULL));
  const char *const wrong[] = {"", "5", "590", "59.", ".59", "5a", "59,02", "26.01.02.03", "\xff\xff"};
  for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
    CHECK_STATUS(QRIS_STATUS_PATH_SYNTAX, qris_get(&payload, wrong[at], &value));
  }
  qris_payload never;
  memset(&never, 0, sizeof never);
  CHECK_STATUS(QRIS_STATUS_NOT_PARSED, qris_get(&never, "59", &value));
  memset(&never, 0xa5, sizeof never);
  CHECK_STATUS(QRIS_STATUS_NOT_PARSED, qris_get(&never, "59", &value));
}

static void next(void)
{
  qris_payload payload = parsed(STICKER), never;
  memset(&never, 0, sizeof never);
  qris_cursor cursor = {0};
  qris_object object;
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_next(NULL, &cursor, &object));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_next(&payload, NULL, &object));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_next(&payload, &cursor, NULL));
  CHECK_STATUS(QRIS_STATUS_NOT_PARSED, qris_next(&never, &cursor, &object));

  const char *const paths[] = {"00", "01", "26", "26.00", "26.01", "26.02", "26.03", "51", "51.00",
                               "51.02", "51.03", "52", "53", "58", "59", "60", "61", "62", "62.07",
                               "63"};
  for (size_t at = 0; at < sizeof paths / sizeof *paths; at++) {
    CHECK_STATUS(QRIS_STATUS_OK, qris_next(&payload, &cursor, &object));
    qris_str value = {NULL, 0};
    CHECK_STATUS(QRIS_STATUS_OK, qris_get(&payload, paths[at], &value));
    CHECK(value.ptr == object.value.ptr && value.len == object.value.len);
    CHECK(object.tags[0] == atoi(paths[at]));
    CHECK(object.depth == (strlen(paths[at]) > 2 ? 2 : 1));
    CHECK(object.tags[1] == (object.depth == 2 ? atoi(paths[at] + 3) : 0));
  }
  CHECK_STATUS(QRIS_STATUS_ABSENT, qris_next(&payload, &cursor, &object));
  CHECK_STATUS(QRIS_STATUS_ABSENT, qris_next(&payload, &cursor, &object));

  /* Any bytes in a cursor are refused or lead to an object of the payload. */
  unsigned seed = 1;
  for (int round = 0; round < 20000; round++) {
    unsigned char *bytes = (unsigned char *)&cursor;
    for (size_t at = 0; at < sizeof cursor; at++) {
      seed = seed * 1103515245u + 12345u;
      bytes[at] = (unsigned char)(seed >> 16);
    }
    if (round % 2) {
      cursor.next %= STICKER_LEN + 2;
      cursor.depth %= 4;
      cursor.ends[0] %= STICKER_LEN + 2;
      cursor.ends[1] %= STICKER_LEN + 2;
    }
    qris_status status = qris_next(&payload, &cursor, &object);
    CHECK(status == QRIS_STATUS_OK || status == QRIS_STATUS_ABSENT ||
          status == QRIS_STATUS_CURSOR_INVALID);
    if (status == QRIS_STATUS_OK) {
      CHECK(object.value.ptr >= STICKER);
      CHECK(object.value.ptr + object.value.len <= STICKER + STICKER_LEN);
    }
  }
}

static void count(void *user, const qris_finding *finding)
{
  int *counted = user;
  (*counted)++;
  CHECK(strcmp(finding->code, "text-not-utf8") == 0);
  CHECK(finding->severity == QRIS_SEVERITY_ERROR);
  CHECK(finding->offset == 6 && finding->depth == 0);
}

static void inspect(void)
{
  qris_verdict verdict = QRIS_VERDICT_WARN;
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT,
               qris_inspect(NULL, 0, QRIS_RULES_QRIS, NULL, NULL, &verdict));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT,
               qris_inspect(STICKER, STICKER_LEN, QRIS_RULES_QRIS, NULL, NULL, NULL));
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE, qris_inspect(STICKER, STICKER_LEN, 2, NULL, NULL, &verdict));
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE,
               qris_inspect(STICKER, STICKER_LEN, -1, NULL, NULL, &verdict));
  CHECK(verdict == QRIS_VERDICT_WARN);
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_inspect(STICKER, STICKER_LEN, QRIS_RULES_QRIS, NULL, NULL, &verdict));
  CHECK(verdict == QRIS_VERDICT_VALID);
  CHECK_STATUS(QRIS_STATUS_OK, qris_inspect("", 0, QRIS_RULES_EMV, NULL, NULL, &verdict));
  CHECK(verdict == QRIS_VERDICT_MALFORMED);
  int counted = 0;
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_inspect("000201\xff", 7, QRIS_RULES_EMV, count, &counted, &verdict));
  CHECK(verdict == QRIS_VERDICT_MALFORMED && counted == 1);
}

static qris_dynamic_options dynamic_options(const char *amount)
{
  qris_dynamic_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.amount = qris_text(amount);
  return options;
}

static void dynamic_refused(qris_status expected, const char *code, const qris_dynamic_options *options)
{
  char buffer[512];
  size_t written = 77;
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(expected, qris_to_dynamic(STICKER, STICKER_LEN, options, buffer, sizeof buffer,
                                         &written, &error));
  CHECK(written == 77);
  CHECK(strcmp(error.code, code) == 0);
}

static void to_dynamic(void)
{
  qris_dynamic_options options = dynamic_options("25000");
  options.tip = QRIS_TIP_PERCENT;
  options.fee = qris_text("2.50");
  options.reference_label = qris_text("INV-1");
  options.bill_number = qris_text("B7");
  char buffer[512];
  size_t written = 0;
  CHECK_STATUS(QRIS_STATUS_OK, qris_to_dynamic(STICKER, STICKER_LEN, &options, buffer,
                                               sizeof buffer, &written, NULL));
  qris_payload payload;
  CHECK_STATUS(QRIS_STATUS_OK, qris_parse(buffer, written, &payload, NULL));
  const char *const expected[][2] = {{"01", "12"},      {"54", "25000"}, {"55", "03"},
                                     {"57", "02.50"},   {"62.01", "B7"}, {"62.05", "INV-1"},
                                     {"62.07", "A01"}, {"59", "TOKO CONTOH"}};
  for (size_t at = 0; at < sizeof expected / sizeof *expected; at++) {
    qris_str value = {NULL, 0};
    CHECK_STATUS(QRIS_STATUS_OK, qris_get(&payload, expected[at][0], &value));
    CHECK(is(value, expected[at][1]));
  }

  /* A call without a buffer returns the needed capacity, and one byte less is too small. */
  size_t needed = 0;
  qris_error error;
  CHECK_STATUS(QRIS_STATUS_BUFFER_TOO_SMALL,
               qris_to_dynamic(STICKER, STICKER_LEN, &options, NULL, 0, &needed, &error));
  CHECK(needed == written);
  CHECK(strcmp(error.code, "buffer-too-small") == 0);
  char *exact = malloc(needed);
  CHECK(exact != NULL);
  if (exact) {
    size_t again = 0;
    CHECK_STATUS(QRIS_STATUS_BUFFER_TOO_SMALL,
                 qris_to_dynamic(STICKER, STICKER_LEN, &options, exact, needed - 1, &again, NULL));
    CHECK(again == needed);
    CHECK_STATUS(QRIS_STATUS_OK,
                 qris_to_dynamic(STICKER, STICKER_LEN, &options, exact, needed, &again, NULL));
    CHECK(again == needed && memcmp(exact, buffer, needed) == 0);
    free(exact);
  }

  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_to_dynamic(STICKER, STICKER_LEN, &options, NULL, 9,
                                                          &needed, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_to_dynamic(STICKER, STICKER_LEN, &options, buffer,
                                                          sizeof buffer, NULL, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT,
               qris_to_dynamic(NULL, 0, &options, buffer, sizeof buffer, &needed, NULL));
  CHECK_STATUS(QRIS_STATUS_CHECKSUM_MISSING,
               qris_to_dynamic("000201", 6, &options, buffer, sizeof buffer, &needed, NULL));
  dynamic_refused(QRIS_STATUS_NULL_ARGUMENT, "null-argument", NULL);

  options = dynamic_options(NULL);
  dynamic_refused(QRIS_STATUS_AMOUNT_SYNTAX, "amount-syntax", &options);
  options = dynamic_options("1,000");
  dynamic_refused(QRIS_STATUS_AMOUNT_SYNTAX, "amount-syntax", &options);
  options = dynamic_options("0");
  dynamic_refused(QRIS_STATUS_RULE_BROKEN, "amount-zero", &options);
  options = dynamic_options("10000001");
  dynamic_refused(QRIS_STATUS_RULE_BROKEN, "amount-over-ceiling", &options);
  options = dynamic_options("25000");
  options.tip = 5;
  dynamic_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &options);
  options.tip = 0;
  options.reserved = 1;
  dynamic_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &options);
  options.reserved = 0;
  options.tip = QRIS_TIP_FIXED;
  dynamic_refused(QRIS_STATUS_AMOUNT_SYNTAX, "amount-syntax", &options);
  /* A fee without a tip that uses it is refused, not left out. */
  options.fee = qris_text("500");
  const int32_t feeless[] = {QRIS_TIP_UNSPECIFIED, QRIS_TIP_NONE, QRIS_TIP_PROMPT};
  for (size_t at = 0; at < sizeof feeless / sizeof *feeless; at++) {
    options.tip = feeless[at];
    dynamic_refused(QRIS_STATUS_RULE_BROKEN, "fee-fixed-unexpected", &options);
  }
  options = dynamic_options("25000");
  options.reference_label = qris_text("\xc3\x28");
  dynamic_refused(QRIS_STATUS_TEXT_NOT_UTF8, "text-not-utf8", &options);
  options.reference_label.ptr = NULL;
  dynamic_refused(QRIS_STATUS_NULL_ARGUMENT, "null-argument", &options);
  char long_label[101];
  memset(long_label, 'x', 100);
  long_label[100] = '\0';
  options.reference_label = qris_text(long_label);
  dynamic_refused(QRIS_STATUS_VALUE_TOO_LONG, "value-too-long", &options);
  options.reference_label.len = 26;
  dynamic_refused(QRIS_STATUS_RULE_BROKEN, "additional-long", &options);

  /* The size shows whether a caller is older or newer. */
  options = dynamic_options("25000");
  const size_t wrong[] = {0, 1, sizeof(size_t), sizeof(size_t) + 1, sizeof &options + 8,
                          sizeof options - sizeof(size_t), 100000, SIZE_MAX};
  for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
    options.size = wrong[at];
    dynamic_refused(QRIS_STATUS_STRUCT_SIZE, "struct-size", &options);
  }
  /* A newer caller is accepted as long as it sets no new field. */
  struct {
    qris_dynamic_options known;
    size_t unknown;
  } newer = {dynamic_options("25000"), 0};
  newer.known.size = sizeof newer;
  CHECK_STATUS(QRIS_STATUS_OK, qris_to_dynamic(STICKER, STICKER_LEN, &newer.known, buffer,
                                               sizeof buffer, &written, NULL));
  newer.unknown = 1;
  dynamic_refused(QRIS_STATUS_STRUCT_SIZE, "struct-size", &newer.known);
}

static qris_fields shop(const qris_account *accounts, size_t len)
{
  qris_fields fields;
  memset(&fields, 0, sizeof fields);
  fields.size = sizeof fields;
  fields.initiation = QRIS_INITIATION_STATIC;
  fields.merchant_name = qris_text("TOKO CONTOH");
  fields.merchant_city = qris_text("JAKARTA");
  fields.category_code = qris_text("5812");
  fields.postal_code = qris_text("10110");
  fields.terminal_label = qris_text("A01");
  fields.accounts = accounts;
  fields.accounts_len = len;
  return fields;
}

static void encode_refused(qris_status expected, const char *code, const qris_fields *fields)
{
  char buffer[512];
  size_t written = 77;
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(expected, qris_encode(fields, buffer, sizeof buffer, &written, &error));
  CHECK(written == 77);
  CHECK(strcmp(error.code, code) == 0);
}

static void encode(void)
{
  qris_account accounts[51];
  memset(accounts, 0, sizeof accounts);
  accounts[0].tag = 26;
  accounts[0].guid = qris_text("COM.GO-JEK.WWW");
  accounts[0].pan = qris_text("9360091436640017575");
  accounts[0].merchant_id = qris_text("M664001757");
  accounts[0].criteria = qris_text("UMI");
  accounts[1].tag = 51;
  accounts[1].guid = qris_text("ID.CO.QRIS.WWW");
  accounts[1].merchant_id = qris_text("ID1020038431489");
  accounts[1].criteria = qris_text("UMI");

  qris_fields fields = shop(accounts, 2);
  char buffer[512];
  size_t written = 0, needed = 0;
  CHECK_STATUS(QRIS_STATUS_OK, qris_encode(&fields, buffer, sizeof buffer, &written, NULL));
  CHECK(written == STICKER_LEN && memcmp(buffer, STICKER, written) == 0);
  CHECK_STATUS(QRIS_STATUS_BUFFER_TOO_SMALL, qris_encode(&fields, NULL, 0, &needed, NULL));
  CHECK(needed == STICKER_LEN);
  CHECK_STATUS(QRIS_STATUS_BUFFER_TOO_SMALL,
               qris_encode(&fields, buffer, STICKER_LEN - 1, &needed, NULL));

  /* Every field is set, and reads back. */
  qris_template_value values[2];
  values[0].path = qris_text("62.99.00");
  values[0].value = qris_text("00");
  values[1].path = qris_text("62.99.01");
  values[1].value = qris_text("KASIR-1");
  fields.initiation = QRIS_INITIATION_DYNAMIC;
  fields.amount = qris_text("25578");
  fields.tip = QRIS_TIP_FIXED;
  fields.fee = qris_text("2000");
  fields.country_code = qris_text("ID");
  fields.currency = qris_text("360");
  fields.bill_number = qris_text("***");
  fields.mobile_number = qris_text("0812");
  fields.consumer_data_request = qris_text("AM");
  fields.language = qris_text("EN");
  fields.language_merchant_name = qris_text("SAMPLE SHOP");
  fields.template_values = values;
  fields.template_values_len = 2;
  CHECK_STATUS(QRIS_STATUS_OK, qris_encode(&fields, buffer, sizeof buffer, &written, NULL));
  qris_payload payload;
  CHECK_STATUS(QRIS_STATUS_OK, qris_parse(buffer, written, &payload, NULL));
  const char *const expected[][2] = {
    {"01", "12"},      {"54", "25578"},  {"55", "02"},       {"56", "2000"},
    {"62.01", "***"},  {"62.02", "0812"}, {"62.07", "A01"},  {"62.09", "AM"},
    {"62.99.01", "KASIR-1"}, {"64.00", "EN"}, {"64.01", "SAMPLE SHOP"}};
  for (size_t at = 0; at < sizeof expected / sizeof *expected; at++) {
    qris_str value = {NULL, 0};
    CHECK_STATUS(QRIS_STATUS_OK, qris_get(&payload, expected[at][0], &value));
    CHECK(is(value, expected[at][1]));
  }

  encode_refused(QRIS_STATUS_NULL_ARGUMENT, "null-argument", NULL);
  fields = shop(NULL, 0);
  encode_refused(QRIS_STATUS_RULE_BROKEN, "account-missing", &fields);
  fields = shop(NULL, 1);
  encode_refused(QRIS_STATUS_NULL_ARGUMENT, "null-argument", &fields);
  fields = shop(accounts, 51);
  encode_refused(QRIS_STATUS_TOO_MANY, "too-many", &fields);
  fields = shop(accounts, 2);
  fields.template_values_len = SIZE_MAX;
  encode_refused(QRIS_STATUS_TOO_MANY, "too-many", &fields);
  values[0].path = qris_text("sixty");
  fields.template_values = values;
  fields.template_values_len = 1;
  encode_refused(QRIS_STATUS_PATH_SYNTAX, "path-syntax", &fields);
  /* A value without a place in the payload is refused, not left out. */
  const char *const nowhere[] = {"59", "26.01", "62.05", "62.50", "63.01", "79.01", "80.01.02"};
  for (size_t at = 0; at < sizeof nowhere / sizeof *nowhere; at++) {
    values[0].path = qris_text(nowhere[at]);
    encode_refused(QRIS_STATUS_OBJECT_NOT_AMENDABLE, "object-not-amendable", &fields);
  }
  qris_account plain = accounts[0];
  plain.tag = 2;
  fields = shop(&plain, 1);
  encode_refused(QRIS_STATUS_OBJECT_NOT_AMENDABLE, "object-not-amendable", &fields);
  fields = shop(accounts, 2);
  fields.fee = qris_text("500");
  encode_refused(QRIS_STATUS_RULE_BROKEN, "fee-fixed-unexpected", &fields);
  fields = shop(accounts, 2);
  fields.language_merchant_name = qris_text("SAMPLE SHOP");
  encode_refused(QRIS_STATUS_RULE_BROKEN, "object-empty", &fields);
  fields = shop(accounts, 2);
  fields.language_merchant_city = qris_text("JAKARTA");
  encode_refused(QRIS_STATUS_RULE_BROKEN, "object-empty", &fields);
  fields = shop(accounts, 2);
  fields.rules = 9;
  encode_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &fields);
  fields = shop(accounts, 2);
  fields.initiation = 13;
  encode_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &fields);
  fields = shop(accounts, 2);
  fields.reserved = -1;
  encode_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &fields);
  fields = shop(accounts, 2);
  fields.postal_code = qris_text(NULL);
  encode_refused(QRIS_STATUS_RULE_BROKEN, "postal-code-missing", &fields);
  fields = shop(accounts, 2);
  fields.merchant_name = qris_text("");
  encode_refused(QRIS_STATUS_RULE_BROKEN, "object-empty", &fields);
  fields = shop(accounts, 2);
  fields.merchant_name = qris_text("WARUNG CAFE\xcc\x81");
  encode_refused(QRIS_STATUS_RULE_BROKEN, "text-not-ans", &fields);
  fields = shop(accounts, 2);
  fields.language = qris_text("FR");
  fields.language_merchant_name = qris_text("CAFE\xcc\x81");
  encode_refused(QRIS_STATUS_TEXT_NOT_PRECOMPOSED, "text-not-precomposed", &fields);
  accounts[1].tag = 26;
  fields = shop(accounts, 2);
  encode_refused(QRIS_STATUS_OBJECT_DUPLICATE, "object-duplicate", &fields);
  accounts[1].tag = 52;
  encode_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &fields);
  accounts[1].tag = 1000;
  encode_refused(QRIS_STATUS_UNKNOWN_VALUE, "unknown-value", &fields);
}

static void words(void)
{
  CHECK(strcmp(qris_version(), QRIS_VERSION) == 0);
  char version[32];
  snprintf(version, sizeof version, "%d.%d.%d", QRIS_VERSION_MAJOR, QRIS_VERSION_MINOR,
           QRIS_VERSION_PATCH);
  CHECK(strcmp(version, QRIS_VERSION) == 0);
  CHECK(strcmp(qris_status_message(QRIS_STATUS_OK), "success") == 0);
  const char *unknown = qris_status_message(-1);
  CHECK(strlen(unknown) > 0);
  CHECK(strcmp(qris_status_message(29), unknown) == 0);
  CHECK(strcmp(qris_status_message(INT32_MAX), unknown) == 0);
  qris_str none = qris_text(NULL);
  CHECK(none.ptr == NULL && none.len == 0);
}

int main(void)
{
  words();
  parse();
  get();
  next();
  inspect();
  to_dynamic();
  encode();
  return finish("misuse returns the statuses of the header");
}
