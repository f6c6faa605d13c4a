/* Every vector has the verdict that its line states, and can be walked to its end.
 *
 * Usage: vectors PAYLOADS.TSV */
#include <stdlib.h>

#include "check.h"

enum { COLUMNS = 7 };

/* Undoes \n, \r and \t in place, and returns the length. */
static size_t unescape(char *text)
{
  char *to = text;
  for (const char *from = text; *from; from++) {
    char c = *from;
    if (c == '\\' && (from[1] == 'n' || from[1] == 'r' || from[1] == 't')) {
      from++;
      c = *from == 'n' ? '\n' : *from == 'r' ? '\r' : '\t';
    }
    *to++ = c;
  }
  *to = '\0';
  return (size_t)(to - text);
}

static const char *word(qris_verdict verdict)
{
  switch (verdict) {
  case QRIS_VERDICT_VALID: return "valid";
  case QRIS_VERDICT_WARN: return "warn";
  case QRIS_VERDICT_INVALID: return "invalid";
  case QRIS_VERDICT_MALFORMED: return "malformed";
  default: return "none of them";
  }
}

struct worst {
  qris_severity severity;
  int found;
};

static void note(void *user, const qris_finding *finding)
{
  struct worst *worst = user;
  if (!worst->found || finding->severity > worst->severity) {
    worst->severity = finding->severity;
  }
  worst->found = 1;
  CHECK(strlen(finding->code) > 0);
  CHECK(strlen(finding->message) > 0);
  CHECK(finding->depth <= 3);
}

static void judge(size_t line, const char *text, size_t len, int32_t rules, const char *expected)
{
  struct worst worst = {QRIS_SEVERITY_INFO, 0};
  qris_verdict verdict = QRIS_VERDICT_VALID;
  CHECK_STATUS(QRIS_STATUS_OK, qris_inspect(text, len, rules, note, &worst, &verdict));
  if (strcmp(word(verdict), expected) != 0) {
    fprintf(stderr, "line %zu, rules %d: expected %s, found %s\n", line, (int)rules, expected,
            word(verdict));
    failures++;
  }
  int error = worst.found && worst.severity == QRIS_SEVERITY_ERROR;
  int warning = worst.found && worst.severity == QRIS_SEVERITY_WARNING;
  CHECK(error == (verdict >= QRIS_VERDICT_INVALID));
  CHECK(warning == (verdict == QRIS_VERDICT_WARN));
}

/* The objects of the root stand one behind the other, each can be looked up by its path, and the
 * last is the checksum. */
static void walk(const qris_payload *payload, const char *text, size_t len)
{
  qris_cursor cursor = {0};
  qris_object object = {{NULL, 0}, 0, 0, {0}};
  const char *next = NULL;
  while (qris_next(payload, &cursor, &object) == QRIS_STATUS_OK) {
    CHECK(object.offset + 4 + object.value.len <= len);
    CHECK(object.value.ptr == text + object.offset + 4);
    char path[9];
    snprintf(path, sizeof path, "%02u", object.tags[0] % 100u);
    if (object.depth == 1) {
      CHECK(next == NULL || next == text + object.offset);
      next = object.value.ptr + object.value.len;
    } else {
      size_t end = strlen(path);
      for (int depth = 1; depth < object.depth && end + 4 <= sizeof path; depth++) {
        end += (size_t)snprintf(path + end, sizeof path - end, ".%02u", object.tags[depth] % 100u);
      }
    }
    qris_str value = {NULL, 0};
    CHECK_STATUS(QRIS_STATUS_OK, qris_get(payload, path, &value));
    /* Inside a template a tag may stand twice, which is for the findings: the first is found. */
    CHECK(value.ptr == object.value.ptr || (object.depth > 1 && value.ptr < object.value.ptr));
  }
  CHECK(object.depth == 1 && object.tags[0] == 63);
  CHECK_STATUS(QRIS_STATUS_ABSENT, qris_next(payload, &cursor, &object));
}

static void vector(size_t line, char *const columns[COLUMNS])
{
  char *text = columns[5];
  size_t len = unescape(text);
  const char *emv = columns[1], *national = columns[2];
  if (strcmp(emv, "-") != 0) {
    judge(line, text, len, QRIS_RULES_EMV, emv);
  }
  if (strcmp(national, "-") != 0) {
    judge(line, text, len, QRIS_RULES_QRIS, national);
  }
  qris_payload payload;
  qris_error error;
  qris_status status = qris_parse(text, len, &payload, &error);
  CHECK((status != QRIS_STATUS_OK) == (strcmp(emv, "malformed") == 0));
  if (status == QRIS_STATUS_OK) {
    walk(&payload, text, len);
  } else {
    CHECK(error.status == status);
    CHECK(error.offset <= len);
    CHECK(strlen(error.code) > 0 && strlen(error.message) > 0);
  }
}

int main(int argc, char **argv)
{
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (!file) {
    fprintf(stderr, "usage: vectors PAYLOADS.TSV\n");
    return 2;
  }
  static char line[70000];
  size_t number = 0, vectors = 0;
  while (fgets(line, sizeof line, file)) {
    number++;
    line[strcspn(line, "\n")] = '\0';
    char *columns[COLUMNS];
    int column = 0;
    for (char *at = line; at && column < COLUMNS; column++) {
      columns[column] = at;
      at = strchr(at, '\t');
      if (at) {
        *at++ = '\0';
      }
    }
    CHECK(column == COLUMNS);
    if (number > 1 && column == COLUMNS) {
      vector(number, columns);
      vectors++;
    }
  }
  CHECK(ferror(file) == 0);
  fclose(file);
  CHECK(vectors > 170);
  printf("%zu vectors\n", vectors);
  return finish("every vector has its verdict");
}
