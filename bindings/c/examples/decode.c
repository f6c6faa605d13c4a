/* Shows the content of a payload and its findings.
 *
 *   decode PAYLOAD
 *
 * Exit status 1 if the payload must not be used. */
#include <stdio.h>
#include <string.h>

#include "qris.h"

static void show(const qris_payload *payload, const char *label, const char *path)
{
  qris_str value;
  if (qris_get(payload, path, &value) == QRIS_STATUS_OK) {
    printf("%s %.*s\n", label, (int)value.len, value.ptr);
  }
}

static void complain(void *user, const qris_finding *finding)
{
  static const char *const words[] = {"info", "warning", "error"};
  (void)user;
  size_t severity = (size_t)finding->severity;
  /* A newer library may have more of them. */
  const char *word = severity < sizeof words / sizeof *words ? words[severity] : "finding";
  printf("%s %s", word, finding->code);
  for (int depth = 0; depth < finding->depth; depth++) {
    printf("%s%02u", depth == 0 ? " object " : ".", (unsigned)finding->tags[depth]);
  }
  printf(": %s at byte %u\n", finding->message, (unsigned)finding->offset);
}

int main(int argc, char **argv)
{
  if (argc != 2) {
    fprintf(stderr, "usage: decode PAYLOAD\n");
    return 2;
  }
  const char *text = argv[1];
  size_t len = strlen(text);

  qris_payload payload; /* points into text; there is nothing to free */
  qris_error error;
  if (qris_parse(text, len, &payload, &error) != QRIS_STATUS_OK) {
    fprintf(stderr, "%s at byte %u\n", error.message, (unsigned)error.offset);
    return 1;
  }

  qris_str name = {"", 0}, city = {"", 0};
  qris_get(&payload, "59", &name);
  qris_get(&payload, "60", &city);
  printf("merchant %.*s, %.*s\n", (int)name.len, name.ptr, (int)city.len, city.ptr);
  show(&payload, "NMID", "51.02");
  show(&payload, "amount", "54");
  show(&payload, "reference", "62.05");

  printf("objects\n");
  qris_cursor cursor = {0};
  qris_object object;
  while (qris_next(&payload, &cursor, &object) == QRIS_STATUS_OK) {
    printf("  %02u", (unsigned)object.tags[0]);
    for (int depth = 1; depth < object.depth; depth++) {
      printf(".%02u", (unsigned)object.tags[depth]);
    }
    printf(" %.*s\n", (int)object.value.len, object.value.ptr);
  }

  qris_verdict verdict;
  if (qris_inspect(text, len, QRIS_RULES_QRIS, complain, NULL, &verdict) != QRIS_STATUS_OK) {
    return 1;
  }
  return verdict >= QRIS_VERDICT_INVALID;
}
