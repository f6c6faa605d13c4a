/* qris_read_image as the header describes it, with pictures that the library draws. */
#include <stdlib.h>

#include "check.h"

static const char STICKER[] =
  "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
  "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
  "CONTOH6007JAKARTA61051011062070703A01630466DC";

struct file {
  uint8_t *bytes;
  size_t len;
};

static int grow(void *user, const uint8_t *bytes, size_t len)
{
  struct file *file = user;
  uint8_t *larger = realloc(file->bytes, file->len + len);
  if (!larger) {
    return 1;
  }
  memcpy(larger + file->len, bytes, len);
  file->bytes = larger;
  file->len += len;
  return 0;
}

static void on_symbol(void *user, const qris_symbol *symbol)
{
  CHECK(is(symbol->text, STICKER));
  /* Eight pixels a module, four modules of quiet zone. */
  CHECK(symbol->corners[0].x > 31 && symbol->corners[0].x < 33);
  CHECK(symbol->corners[0].y > 31 && symbol->corners[0].y < 33);
  CHECK(symbol->corners[1].x > symbol->corners[0].x);
  CHECK(symbol->corners[3].y > symbol->corners[0].y);
  ++*(int *)user;
}

static void refuse(qris_status expected, const char *code, const uint8_t *bytes, size_t len)
{
  int told = 0;
  qris_error error;
  memset(&error, 0, sizeof error);
  CHECK_STATUS(expected, qris_read_image(bytes, len, on_symbol, &told, &error));
  CHECK(error.status == expected && strcmp(error.code, code) == 0);
  CHECK(strlen(error.message) > 0 && told == 0);
}

int main(void)
{
  struct file picture = {NULL, 0};
  CHECK_STATUS(QRIS_STATUS_OK, qris_draw(STICKER, strlen(STICKER), QRIS_FORMAT_PNG, grow, &picture,
                                         NULL));
  int told = 0;
  CHECK_STATUS(QRIS_STATUS_OK,
               qris_read_image(picture.bytes, picture.len, on_symbol, &told, NULL));
  CHECK(told == 1);

  refuse(QRIS_STATUS_PICTURE_FORMAT, "picture-format", (const uint8_t *)"GIF89a", 6);
  refuse(QRIS_STATUS_PICTURE_FORMAT, "picture-format", (const uint8_t *)"", 0);
  refuse(QRIS_STATUS_PICTURE_DAMAGED, "picture-damaged", picture.bytes, picture.len / 2);
  /* The header promises 65536 by 65536 pixels; nothing of that size is allocated. */
  uint8_t *bomb = malloc(picture.len);
  memcpy(bomb, picture.bytes, picture.len);
  memcpy(bomb + 16, "\x00\x01\x00\x00\x00\x01\x00\x00", 8);
  /* The checksum of the header, which a decoder looks at first. */
  memcpy(bomb + 29, "\0\0\0\0", 4);
  CHECK(qris_read_image(bomb, picture.len, on_symbol, &told, NULL) != QRIS_STATUS_OK);
  free(bomb);
  refuse(QRIS_STATUS_NULL_ARGUMENT, "null-argument", NULL, 6);
  CHECK_STATUS(QRIS_STATUS_NULL_ARGUMENT,
               qris_read_image(picture.bytes, picture.len, NULL, NULL, NULL));
  free(picture.bytes);
  CHECK(told == 1);
  return finish("pictures are read as the header says");
}
