/* Hints of a text, and the statuses for misuse of qris_hints. */
#include "check.h"

static const char STICKER[] =
  "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
  "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
  "CONTOH6007JAKARTA61051011062070703A01630466DC";

/* The codes of all hints, one after another. */
static void note_hint(void *user, const qris_hint *hint)
{
  char *codes = user;
  CHECK(strlen(hint->message) > 0);
  strcat(strcat(codes, hint->code), " ");
}

static void hints_are(const char *expected, const char *text, int32_t rules)
{
  char codes[256] = "";
  CHECK_STATUS(QRIS_STATUS_OK, qris_hints(text, strlen(text), rules, note_hint, codes));
  if (strcmp(codes, expected) != 0) {
    fprintf(stderr, "expected the hints \"%s\", found \"%s\"\n", expected, codes);
    failures++;
  }
}

static void hints(void)
{
  static const char FOREIGN[] =
    "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253037025802SG5911TOKO "
    "CONTOH6007JAKARTA61051011062070703A016304AB0B";
  char link[512], plus[512];
  snprintf(link, sizeof link, "https://bayar.example/?qr=%s", STICKER);
  strcpy(plus, STICKER);
  *strchr(plus, ' ') = '+';
  hints_are("", STICKER, QRIS_RULES_QRIS);
  hints_are("", "", QRIS_RULES_QRIS);
  hints_are("plus-for-space ", plus, QRIS_RULES_QRIS);
  hints_are("link ", link, QRIS_RULES_EMV);
  hints_are("cpm ", "hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=", QRIS_RULES_QRIS);
  hints_are("foreign ", FOREIGN, QRIS_RULES_QRIS);
  hints_are("", FOREIGN, QRIS_RULES_EMV);

  char codes[256] = "";
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_hints(NULL, 0, QRIS_RULES_QRIS, note_hint, codes));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_hints(plus, strlen(plus), QRIS_RULES_QRIS, NULL, codes));
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE, qris_hints(plus, strlen(plus), 2, note_hint, codes));
  CHECK_STATUS(QRIS_STATUS_TEXT_NOT_UTF8, qris_hints("000201\xff", 7, QRIS_RULES_QRIS, note_hint, codes));
  CHECK_STATUS(QRIS_STATUS_TEXT_TOO_LONG, qris_hints(plus, SIZE_MAX, QRIS_RULES_QRIS, note_hint, codes));
  CHECK(strcmp(codes, "") == 0);
}

/* Copies the message of a hint, or of a finding. */
static void copy_hint(void *user, const qris_hint *hint)
{
  strcat(user, hint->message);
}

static void copy_finding(void *user, const qris_finding *finding)
{
  CHECK(strcmp(finding->code, "object-truncated") == 0);
  CHECK(finding->severity == QRIS_SEVERITY_ERROR);
  strcat(user, finding->message);
}

static void indonesian(void)
{
  char message[512] = "";
  const int32_t rules = QRIS_RULES_QRIS | QRIS_LANG_ID;
  const char cpm[] = "hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=";
  CHECK_STATUS(QRIS_STATUS_OK, qris_hints(cpm, strlen(cpm), rules, copy_hint, message));
  CHECK(strstr(message, "kode yang ditunjukkan pembeli (CPM)") != NULL);

  const char cut[] = "0002015912WARUNG";
  qris_verdict verdict = QRIS_VERDICT_VALID;
  strcpy(message, "");
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_inspect(cut, strlen(cut), rules, copy_finding, message, &verdict));
  CHECK(verdict == QRIS_VERDICT_MALFORMED);
  CHECK(strcmp(message, "objek 59 seharusnya berisi 12 karakter, ditemukan 6") == 0);
  strcpy(message, "");
  CHECK_STATUS(QRIS_STATUS_OK, qris_inspect(cut, strlen(cut), QRIS_RULES_EMV | QRIS_LANG_ID,
                                            copy_finding, message, &verdict));
  CHECK(strstr(message, "objek 59") == message);
  strcpy(message, "");
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_inspect(cut, strlen(cut), QRIS_RULES_EMV, copy_finding, message, &verdict));
  CHECK(strcmp(message, "object 59 should hold 12 characters, found 6") == 0);

  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE,
               qris_inspect(cut, strlen(cut), 2 | QRIS_LANG_ID, NULL, NULL, &verdict));
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE,
               qris_hints(cut, strlen(cut), 0x200, copy_hint, message));
}

int main(void)
{
  hints();
  indonesian();
  return finish("hints work as the header says");
}
