/* Every vector has the result of its line: verdict, code, path and offset, and can be walked to its
 * end.
 *
 * Usage: vectors PAYLOADS.TSV */
#include <stdlib.h>

#include "check.h"

enum { COLUMNS = 8 };

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

/* Sorts code@path:offset, separated by commas, so that two lists can be compared. */
static int by_text(const void *left, const void *right)
{
  return strcmp(*(char *const *)left, *(char *const *)right);
}

static void sort_places(const char *places, char *to, size_t size)
{
  static char words[4096];
  char *list[128];
  size_t count = 0, used = 0;
  snprintf(words, sizeof words, "%s", places);
  for (char *word = strtok(words, ","); word && count < 128; word = strtok(NULL, ",")) {
    list[count++] = word;
  }
  qsort(list, count, sizeof *list, by_text);
  *to = '\0';
  for (size_t i = 0; i < count && used < size; i++) {
    used += (size_t)snprintf(to + used, size - used, "%s%s", i ? "," : "", list[i]);
  }
}

/* A path such as 62.05, or - for none. */
static void name(char *path, size_t size, int depth, const uint8_t *tags)
{
  size_t end = 0;
  snprintf(path, size, "-");
  for (int at = 0; at < depth && end + 3 < size; at++) {
    end += (size_t)snprintf(path + end, size - end, at ? ".%02u" : "%02u", tags[at] % 100u);
  }
}

/* The findings so far: the first severity and the last, and code@path:offset of each. */
struct found {
  qris_severity worst, last;
  int count;
  char places[4096];
};

static void note(void *user, const qris_finding *finding)
{
  struct found *found = user;
  if (!found->count) {
    found->worst = finding->severity;
  }
  /* The worst comes first. */
  CHECK(finding->severity <= (found->count ? found->last : found->worst));
  found->last = finding->severity;
  CHECK(strlen(finding->code) > 0);
  CHECK(strlen(finding->message) > 0);
  CHECK(finding->depth <= 3);
  char path[9];
  name(path, sizeof path, finding->depth, finding->tags);
  size_t used = strlen(found->places);
  snprintf(found->places + used, sizeof found->places - used, "%s%s@%s:%lu",
           found->count ? "," : "", finding->code, path, (unsigned long)finding->offset);
  found->count++;
}

static void check_line(size_t line, const char *text, size_t len, int32_t rules, const char *expected,
                  const char *places)
{
  static struct found found;
  memset(&found, 0, sizeof found);
  qris_verdict verdict = QRIS_VERDICT_VALID;
  CHECK_STATUS(QRIS_STATUS_OK, qris_inspect(text, len, rules, note, &found, &verdict));
  if (strcmp(word(verdict), expected) != 0) {
    fprintf(stderr, "line %zu, rules %d: expected %s, found %s\n", line, (int)rules, expected,
            word(verdict));
    failures++;
  }
  static char all[sizeof found.places], wanted[sizeof found.places];
  sort_places(found.count ? found.places : "-", all, sizeof all);
  sort_places(places, wanted, sizeof wanted);
  if (strcmp(all, wanted) != 0) {
    fprintf(stderr, "line %zu, rules %d: expected %s, found %s\n", line, (int)rules, wanted, all);
    failures++;
  }
  int error = found.count && found.worst == QRIS_SEVERITY_ERROR;
  int warning = found.count && found.worst == QRIS_SEVERITY_WARNING;
  CHECK(error == (verdict >= QRIS_VERDICT_INVALID));
  CHECK(warning == (verdict == QRIS_VERDICT_WARN));
}

/* Checks that a refusal is the one in the line: code@path:offset. */
static void refused(size_t line, const qris_error *error, const char *place)
{
  char found[64];
  const char *path = error->path[0] ? error->path : "-";
  snprintf(found, sizeof found, "%s@%s:%lu", error->code, path, (unsigned long)error->offset);
  if (strcmp(found, place) != 0) {
    fprintf(stderr, "line %zu: expected %s, found %s\n", line, place, found);
    failures++;
  }
}

/* The objects of the root follow each other, each can be looked up by its path, and the last is the
 * checksum. */
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
    /* Inside a template a tag may appear twice, which is a finding: qris_get returns the first. */
    CHECK(value.ptr == object.value.ptr || (object.depth > 1 && value.ptr < object.value.ptr));
  }
  CHECK(object.depth == 1 && object.tags[0] == 63);
  CHECK_STATUS(QRIS_STATUS_ABSENT, qris_next(payload, &cursor, &object));
}

static void vector(size_t line, char *const columns[COLUMNS])
{
  char *text = columns[5];
  size_t len = unescape(text);
  check_line(line, text, len, QRIS_RULES_EMV, columns[1], columns[3]);
  check_line(line, text, len, QRIS_RULES_QRIS, columns[2], columns[4]);
  qris_payload payload;
  qris_error error;
  qris_status status = qris_parse(text, len, &payload, &error);
  CHECK((status != QRIS_STATUS_OK) == (strcmp(columns[1], "malformed") == 0));
  if (status == QRIS_STATUS_OK) {
    walk(&payload, text, len);
  } else {
    CHECK(error.status == status);
    CHECK(strlen(error.message) > 0);
    refused(line, &error, columns[3]);
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
  CHECK(vectors > 280);
  printf("%zu vectors\n", vectors);
  return finish("every vector has the result of its line");
}
