/* Shared by all test programs: CHECK prints the line that failed, and finish() how many failed. */
#ifndef QRIS_CHECK_H
#define QRIS_CHECK_H

#include <stdio.h>
#include <string.h>

#include "qris.h"

static int failures = 0;

#define CHECK(condition)                                                  \
  do {                                                                    \
    if (!(condition)) {                                                   \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);     \
      failures++;                                                         \
    }                                                                     \
  } while (0)

#define CHECK_STATUS(expected, call)                                      \
  do {                                                                    \
    qris_status found_ = (call);                                          \
    if (found_ != (expected)) {                                           \
      fprintf(stderr, "%s:%d: expected %s, found %s\n", __FILE__, __LINE__, \
              qris_status_message(expected), qris_status_message(found_)); \
      failures++;                                                         \
    }                                                                     \
  } while (0)

static inline int is(qris_str text, const char *expected)
{
  return text.len == strlen(expected) && memcmp(text.ptr, expected, text.len) == 0;
}

static inline int finish(const char *what)
{
  if (failures == 0) {
    printf("%s\n", what);
    fflush(stdout);
  }
  return failures != 0;
}

#endif
