/* Every format is drawn, in pieces, and drawing fails as the header says.
 *
 * Usage: draw FOLDER, which gets qr.svg, qr.png, qr.txt, qr58.escpos and qr80.escpos. */
#include "check.h"

static const char TEXT[] =
  "00020101021226680016ID.CO.TELKOM.WWW011893600898025599662702150001952559966270303UMI"
  "51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.005502015802ID"
  "5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7";
enum { LEN = sizeof TEXT - 1 };

struct paper {
  FILE *file;
  size_t bytes, pieces, stop_after;
};

static int put(void *user, const uint8_t *bytes, size_t len)
{
  struct paper *paper = user;
  paper->pieces++;
  paper->bytes += len;
  if (paper->file) {
    CHECK(fwrite(bytes, 1, len, paper->file) == len);
  }
  return paper->stop_after != 0 && paper->pieces >= paper->stop_after ? -7 : 0;
}

static size_t to_file(const char *folder, const char *name, int32_t format)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  struct paper paper = {fopen(path, "wb"), 0, 0, 0};
  CHECK(paper.file != NULL);
  qris_error error;
  CHECK_STATUS(QRIS_STATUS_OK, qris_draw(TEXT, LEN, format, put, &paper, &error));
  if (paper.file) {
    CHECK(fclose(paper.file) == 0);
  }
  CHECK(paper.bytes > 100);
  return paper.pieces;
}

int main(int argc, char **argv)
{
  if (argc != 2) {
    fprintf(stderr, "usage: draw FOLDER\n");
    return 2;
  }
  CHECK(to_file(argv[1], "qr.svg", QRIS_FORMAT_SVG) >= 1);
  CHECK(to_file(argv[1], "qr.png", QRIS_FORMAT_PNG) == 1);
  CHECK(to_file(argv[1], "qr.txt", QRIS_FORMAT_TERMINAL) >= 1);
  CHECK(to_file(argv[1], "qr58.escpos", QRIS_FORMAT_ESCPOS_MM58) > 1);
  CHECK(to_file(argv[1], "qr80.escpos", QRIS_FORMAT_ESCPOS_MM80) > 1);

  struct paper paper = {NULL, 0, 0, 1};
  qris_error error;
  CHECK_STATUS(QRIS_STATUS_WRITER_STOPPED,
               qris_draw(TEXT, LEN, QRIS_FORMAT_ESCPOS_MM80, put, &paper, &error));
  CHECK(paper.pieces == 1 && strcmp(error.code, "writer-stopped") == 0);
  paper.pieces = 0;
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE, qris_draw(TEXT, LEN, 0, put, &paper, &error));
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE, qris_draw(TEXT, LEN, INT32_MIN, put, &paper, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_draw(TEXT, LEN, QRIS_FORMAT_SVG, NULL, NULL, NULL));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, qris_draw(NULL, 9, QRIS_FORMAT_SVG, put, &paper, NULL));
  CHECK_STATUS(QRIS_STATUS_TEXT_EMPTY, qris_draw(TEXT, 0, QRIS_FORMAT_SVG, put, &paper, NULL));
  CHECK_STATUS(QRIS_STATUS_OBJECT_TRUNCATED,
               qris_draw(TEXT, LEN - 1, QRIS_FORMAT_SVG, put, &paper, &error));
  CHECK(error.offset == LEN - 4 && strcmp(error.code, "object-truncated") == 0);

  /* A payload that no symbol holds: 35 objects of 99 letters. Its checksum is right. */
  static char huge[5000];
  memcpy(huge, "000201", 6);
  size_t len = 6;
  for (int tag = 65; tag < 65 + 35; tag++) {
    len += (size_t)snprintf(huge + len, sizeof huge - len, "%02d99", tag);
    memset(huge + len, 'x', 99);
    len += 99;
  }
  memcpy(huge + len, "6304", 4);
  len += 4;
  unsigned crc = 0xffff;
  for (size_t at = 0; at < len; at++) {
    crc ^= (unsigned)(unsigned char)huge[at] << 8;
    for (int bit = 0; bit < 8; bit++) {
      crc = (crc & 0x8000) ? (crc << 1) ^ 0x1021 : crc << 1;
    }
    crc &= 0xffff;
  }
  len += (size_t)snprintf(huge + len, sizeof huge - len, "%04X", crc);
  qris_payload payload;
  CHECK_STATUS(QRIS_STATUS_OK, qris_parse(huge, len, &payload, NULL));
  CHECK_STATUS(QRIS_STATUS_DRAWING_TOO_LONG,
               qris_draw(huge, len, QRIS_FORMAT_ESCPOS_MM58, put, &paper, &error));
  CHECK(paper.pieces == 0 && strcmp(error.code, "drawing-too-long") == 0);
  return finish("drawn");
}
