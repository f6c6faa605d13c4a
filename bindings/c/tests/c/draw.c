/* Draws every format in pieces, and checks that drawing fails as the header says.
 *
 * Usage: draw FOLDER, which gets qr.svg, qr.png, qr.txt, qr58.escpos, qr80.escpos, a6.svg and a6.pdf. */
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

static const char STICKER[] =
  "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO."
  "QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA6105101106"
  "2070703A01630466DC";
/* A payload whose name is in Chinese, without a name in another language. */
static const char CHINESE[] =
  "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO."
  "QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5904\xe6\x9c\x80\xe4\xbd\xb3\xe8\xbf\x90"
  "\xe8\xbe\x93" "6007JAKARTA61051011062070703A016304405E";

/* A writer that ignores the picture. */
static qris_status draw_with(const char *text, const qris_draw_options *options, size_t *omitted,
                             qris_error *error)
{
  struct paper paper = {NULL, 0, 0, 0};
  return qris_draw_with(text, strlen(text), options, put, &paper, omitted, error);
}

/* Posters, and the options of drawings. */
static void posters(const char *folder)
{
  qris_draw_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.printed_by = qris_text("Percetakan");
  options.print_version = qris_text("2.1");
  qris_error error;
  for (int32_t format = QRIS_FORMAT_SVG; format <= QRIS_FORMAT_PDF; format += 5) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, format == QRIS_FORMAT_SVG ? "a6.svg" : "a6.pdf");
    struct paper paper = {fopen(path, "wb"), 0, 0, 0};
    CHECK(paper.file != NULL);
    options.format = format;
    options.poster = QRIS_POSTER_A6;
    size_t omitted = 9;
    CHECK_STATUS(QRIS_STATUS_OK, qris_draw_with(STICKER, sizeof STICKER - 1, &options, put, &paper,
                                                &omitted, &error));
    CHECK(omitted == 0);
    if (paper.file) {
      CHECK(fclose(paper.file) == 0);
    }
  }

  CHECK_STATUS(QRIS_STATUS_DRAWING_NOT_STATIC, draw_with(TEXT, &options, NULL, &error));
  CHECK(strcmp(error.code, "drawing-not-static") == 0);
  options.poster = 3;
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE, draw_with(STICKER, &options, NULL, &error));
  options.poster = QRIS_POSTER_A5;
  options.format = QRIS_FORMAT_PNG;
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE, draw_with(STICKER, &options, NULL, &error));
  options.poster = QRIS_POSTER_NONE;
  options.format = QRIS_FORMAT_PDF;
  CHECK_STATUS(QRIS_STATUS_UNKNOWN_VALUE, draw_with(STICKER, &options, NULL, &error));
  options.size = 3;
  CHECK_STATUS(QRIS_STATUS_STRUCT_SIZE, draw_with(STICKER, &options, NULL, &error));
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT, draw_with(STICKER, NULL, NULL, &error));

  /* A name is left out if the font lacks its letters, and `omitted` counts it. */
  options.size = sizeof options;
  static const int32_t formats[] = {QRIS_FORMAT_SVG, QRIS_FORMAT_PNG, QRIS_FORMAT_TERMINAL,
                                    QRIS_FORMAT_ESCPOS_MM58, QRIS_FORMAT_ESCPOS_MM80};
  static const size_t expected[] = {0, 1, 0, 1, 1};
  for (size_t at = 0; at < sizeof formats / sizeof *formats; at++) {
    size_t omitted = 9;
    options.format = formats[at];
    CHECK_STATUS(QRIS_STATUS_OK, draw_with(CHINESE, &options, &omitted, &error));
    CHECK(omitted == expected[at]);
  }
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

  posters(argv[1]);

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

  /* A payload that fits into no symbol: 35 objects of 99 letters. Its checksum is right. */
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
