/* QRIS payloads, pictures and payments, for C99 and C++17.
 *
 * Generated from the sources of the library, which a test holds it to: do not edit.
 *
 * Functions return a qris_status, zero for success. Text is UTF-8: a pointer and a length in bytes,
 * without a NUL, or a text that ends with a NUL where the comment says so. Results are written
 * only on success, but for `*error`, which is written on failure, and `*written`. Only clients and
 * orders are made and freed; everything else belongs to the caller. Passing what a comment does not allow is
 * answered with a status where it can be seen; where it cannot (a pointer to nothing, a text
 * without its NUL) the behaviour is undefined, as everywhere in C.
 */

#ifndef QRIS_H
#define QRIS_H

#include <stddef.h>
#include <stdint.h>

/* The version of this header; qris_version() is that of the library that is running. */
#define QRIS_VERSION "0.1.0"
#define QRIS_VERSION_MAJOR 0
#define QRIS_VERSION_MINOR 1
#define QRIS_VERSION_PATCH 0

/**
 * Or'ed into the `rules` of `qris_inspect` and `qris_hints`: messages in Indonesian instead of
 * English, as in `QRIS_RULES_QRIS | QRIS_LANG_ID`. Codes and severities stay the same. A library
 * built without the feature `indonesian` answers QRIS_STATUS_UNKNOWN_VALUE.
 */
#define QRIS_LANG_ID 256

/**
 * What came of a call. Zero is success; a number never changes its meaning and is never used
 * again. New numbers may be added, so treat an unknown one as a failure.
 */
enum qris_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It worked.
   */
  QRIS_STATUS_OK = 0,
  /**
   * There is no such object, or no further one. Not a failure.
   */
  QRIS_STATUS_ABSENT = 1,
  /**
   * A pointer that must not be NULL is.
   */
  QRIS_STATUS_NULL_ARGUMENT = 10,
  /**
   * The size that a struct begins with is none that it ever had, or the struct is newer than
   * the library and uses what the library does not know.
   */
  QRIS_STATUS_STRUCT_SIZE = 11,
  /**
   * A number is none of the values of its enum.
   */
  QRIS_STATUS_UNKNOWN_VALUE = 12,
  /**
   * The `qris_payload` was not filled in by `qris_parse`.
   */
  QRIS_STATUS_NOT_PARSED = 13,
  /**
   * A tag path is not one to three pairs of digits joined by points, such as `62.05`.
   */
  QRIS_STATUS_PATH_SYNTAX = 14,
  /**
   * The buffer is too small; `*written` says how much room is needed.
   */
  QRIS_STATUS_BUFFER_TOO_SMALL = 15,
  /**
   * The `qris_cursor` is neither zero nor what `qris_next` left in it for this payload.
   */
  QRIS_STATUS_CURSOR_INVALID = 16,
  /**
   * More accounts or template values than a payload can hold.
   */
  QRIS_STATUS_TOO_MANY = 17,
  /**
   * The client was freed, or was never made.
   */
  QRIS_STATUS_CLIENT_UNKNOWN = 18,
  /**
   * A field of the `qris_invoice` is not what `qris_create_invoice` wrote.
   */
  QRIS_STATUS_INVOICE_INVALID = 19,
  /**
   * There is no text, or nothing but white space.
   */
  QRIS_STATUS_TEXT_EMPTY = 20,
  /**
   * The text is longer than 65535 bytes.
   */
  QRIS_STATUS_TEXT_TOO_LONG = 21,
  /**
   * The text is not UTF-8.
   */
  QRIS_STATUS_TEXT_NOT_UTF8 = 22,
  /**
   * One to three characters stand where an object's four digits should.
   */
  QRIS_STATUS_OBJECT_HEADER_SHORT = 23,
  /**
   * The tag or the length of an object is not two digits.
   */
  QRIS_STATUS_OBJECT_HEADER_NOT_DIGITS = 24,
  /**
   * The text ends inside an object.
   */
  QRIS_STATUS_OBJECT_TRUNCATED = 25,
  /**
   * A length, counted in bytes, ends inside a character.
   */
  QRIS_STATUS_OBJECT_SPLITS_CHARACTER = 26,
  /**
   * An object stands twice.
   */
  QRIS_STATUS_OBJECT_DUPLICATE = 27,
  /**
   * The first object is not 00.
   */
  QRIS_STATUS_FORMAT_NOT_FIRST = 28,
  /**
   * There is no object 63.
   */
  QRIS_STATUS_CHECKSUM_MISSING = 30,
  /**
   * Objects follow object 63.
   */
  QRIS_STATUS_CHECKSUM_NOT_LAST = 31,
  /**
   * The checksum is not four characters long.
   */
  QRIS_STATUS_CHECKSUM_LENGTH = 32,
  /**
   * The checksum is not hexadecimal.
   */
  QRIS_STATUS_CHECKSUM_NOT_HEXADECIMAL = 33,
  /**
   * The checksum does not belong to the text.
   */
  QRIS_STATUS_CHECKSUM_MISMATCH = 34,
  /**
   * A value is longer than the 99 characters that an object can hold.
   */
  QRIS_STATUS_VALUE_TOO_LONG = 40,
  /**
   * A text has combining marks instead of precomposed characters.
   */
  QRIS_STATUS_TEXT_NOT_PRECOMPOSED = 41,
  /**
   * An object cannot be set this way.
   */
  QRIS_STATUS_OBJECT_NOT_AMENDABLE = 42,
  /**
   * An amount, fee or percentage is not digits with at most one decimal point.
   */
  QRIS_STATUS_AMOUNT_SYNTAX = 43,
  /**
   * The payload would break a rule; `code` of the `qris_error` says which.
   */
  QRIS_STATUS_RULE_BROKEN = 44,
  /**
   * No masked copy of the text would be read in the same way.
   */
  QRIS_STATUS_NOT_ANONYMIZABLE = 45,
  /**
   * The largest QR symbol does not hold the text.
   */
  QRIS_STATUS_DRAWING_TOO_LONG = 50,
  /**
   * The paper is narrower than the symbol.
   */
  QRIS_STATUS_DRAWING_TOO_NARROW = 51,
  /**
   * The picture would be too large.
   */
  QRIS_STATUS_DRAWING_TOO_LARGE = 52,
  /**
   * The writer did not return zero.
   */
  QRIS_STATUS_WRITER_STOPPED = 53,
  /**
   * The file to read is neither a PNG nor a JPEG picture.
   */
  QRIS_STATUS_PICTURE_FORMAT = 54,
  /**
   * The picture to read has more than 50 million pixels.
   */
  QRIS_STATUS_PICTURE_TOO_LARGE = 55,
  /**
   * The picture to read is cut short or damaged.
   */
  QRIS_STATUS_PICTURE_DAMAGED = 56,
  /**
   * A value was refused before anything was sent: correct it. `code` says which.
   */
  QRIS_STATUS_VALUE_REFUSED = 60,
  /**
   * The provider refused: correct the request or the credentials. `code` says why.
   */
  QRIS_STATUS_REJECTED = 61,
  /**
   * The create may have reached the provider, so a payable invoice may exist: look before
   * trying again.
   */
  QRIS_STATUS_OUTCOME_UNKNOWN = 62,
  /**
   * No answer came, and asking again is safe.
   */
  QRIS_STATUS_UNREACHABLE = 63,
  /**
   * An answer to a check came that cannot be read; asking again is safe.
   */
  QRIS_STATUS_MALFORMED_REPLY = 64,
  /**
   * The QR in the reply is not the one that was asked for: never show it.
   */
  QRIS_STATUS_CONTENT_MISMATCH = 65,
  /**
   * A callback ended the waiting before the invoice was known to be paid.
   */
  QRIS_STATUS_CANCELLED = 66,
  /**
   * The system has no usable certificate store.
   */
  QRIS_STATUS_CERTIFICATE_STORE = 67,
  /**
   * Nothing was sent, because the provider wants no checks with this key for now: ask again
   * after `retry_after_seconds` of the `qris_error`. `code` says why.
   */
  QRIS_STATUS_PAUSED = 68,
  /**
   * The body is no webhook of the provider.
   */
  QRIS_STATUS_WEBHOOK_MALFORMED = 69,
  /**
   * The orders were closed, or were never opened.
   */
  QRIS_STATUS_ORDERS_UNKNOWN = 70,
  /**
   * The number is taken: use a new one. `code` says why: `conflict` where the order has another
   * amount, `used-earlier` where it was paid, expired or cancelled on an earlier day.
   */
  QRIS_STATUS_ORDER_CONFLICT = 71,
  /**
   * The step does not start from the state that the order is in.
   */
  QRIS_STATUS_ORDER_STATE = 72,
  /**
   * The provider may not be asked yet: try again after `retry_after_seconds` of the `qris_error`.
   * `code` is `none-left` where all presses are used up and only the schedule goes on.
   */
  QRIS_STATUS_TOO_SOON = 73,
  /**
   * It is not known whether an older code of the order was paid just now, so there is no new one:
   * try again later.
   */
  QRIS_STATUS_NOT_CHECKED = 74,
  /**
   * The database cannot be used just now: try again. `code` is `busy`, `full`, `read-only` or
   * `unreachable`.
   */
  QRIS_STATUS_DATABASE_UNAVAILABLE = 75,
  /**
   * The database is not one that these settings can use: correct them. `code` says why.
   */
  QRIS_STATUS_DATABASE_REFUSED = 76,
  /**
   * The database failed, or a row of it makes no sense.
   */
  QRIS_STATUS_DATABASE_FAILED = 77,
  /**
   * Another thread, or a callback of this one, is in `qris_orders_poll` of the same orders.
   */
  QRIS_STATUS_POLL_BUSY = 78,
  /**
   * A callback of `qris_wait_for_payment` has called that function again.
   */
  QRIS_STATUS_WAIT_BUSY = 79,
  /**
   * Something went wrong inside the library. After a create, look before trying again.
   */
  QRIS_STATUS_INTERNAL = 90,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_status qris_status;
#else
typedef int32_t qris_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How much a finding matters.
 */
enum qris_severity
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Worth knowing; seen in codes that work everywhere.
   */
  QRIS_SEVERITY_INFO = 0,
  /**
   * Against the text of a rule; most wallets put up with it.
   */
  QRIS_SEVERITY_WARNING = 1,
  /**
   * The payload must not be used.
   */
  QRIS_SEVERITY_ERROR = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_severity qris_severity;
#else
typedef int32_t qris_severity;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What all findings of a text come to.
 */
enum qris_verdict
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No error and no warning; there may be information.
   */
  QRIS_VERDICT_VALID = 0,
  /**
   * At least one warning, no error.
   */
  QRIS_VERDICT_WARN = 1,
  /**
   * At least one error: the payload must not be used.
   */
  QRIS_VERDICT_INVALID = 2,
  /**
   * `qris_parse` refuses the text.
   */
  QRIS_VERDICT_MALFORMED = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_verdict qris_verdict;
#else
typedef int32_t qris_verdict;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether money has come. There is no third state: an expired invoice stays unpaid.
 */
enum qris_payment_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The invoice is not paid, or not yet.
   */
  QRIS_PAYMENT_STATE_UNPAID = 0,
  /**
   * The invoice is paid.
   */
  QRIS_PAYMENT_STATE_PAID = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_payment_state qris_payment_state;
#else
typedef int32_t qris_payment_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a webhook says of an invoice.
 */
enum qris_webhook_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Another word than the ones below.
   */
  QRIS_WEBHOOK_STATUS_OTHER = 0,
  /**
   * `success` or `paid`.
   */
  QRIS_WEBHOOK_STATUS_PAID = 1,
  /**
   * `pending`.
   */
  QRIS_WEBHOOK_STATUS_PENDING = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_webhook_status qris_webhook_status;
#else
typedef int32_t qris_webhook_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How far an order has come.
 */
enum qris_order_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Not said, in a `qris_order_filter`: any. No order has it.
   */
  QRIS_ORDER_STATE_ANY = 0,
  /**
   * No code was asked for yet.
   */
  QRIS_ORDER_STATE_OPEN = 1,
  /**
   * A code is being asked for.
   */
  QRIS_ORDER_STATE_REQUESTED = 2,
  /**
   * There is a code, and it may be shown.
   */
  QRIS_ORDER_STATE_PENDING = 3,
  /**
   * The money came.
   */
  QRIS_ORDER_STATE_PAID = 4,
  /**
   * Its code is no longer shown; a late payment is still watched for. `qris_orders_renew` asks for
   * another code.
   */
  QRIS_ORDER_STATE_EXPIRED = 5,
  /**
   * The provider refused: there is no code. The same number may be charged again.
   */
  QRIS_ORDER_STATE_REJECTED = 6,
  /**
   * It is not known whether the provider made a code. A webhook and a check end that, or a person:
   * `qris_orders_resolve`.
   */
  QRIS_ORDER_STATE_UNKNOWN = 7,
  /**
   * The shop no longer wants the payment. One that comes all the same makes it paid.
   */
  QRIS_ORDER_STATE_CANCELLED = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_order_state qris_order_state;
#else
typedef int32_t qris_order_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Where a sale is made.
 */
enum qris_channel
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Not said: a till in a new order, any in a `qris_order_filter`.
   */
  QRIS_CHANNEL_UNSPECIFIED = 0,
  /**
   * A cashier's till.
   */
  QRIS_CHANNEL_POS = 1,
  /**
   * A web shop's checkout.
   */
  QRIS_CHANNEL_ECOMMERCE = 2,
  /**
   * A recurring bill.
   */
  QRIS_CHANNEL_BILL = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_channel qris_channel;
#else
typedef int32_t qris_channel;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What became of an order.
 */
enum qris_event_type
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Something that this version of the library has no number for.
   */
  QRIS_EVENT_TYPE_OTHER = 0,
  /**
   * It is booked.
   */
  QRIS_EVENT_TYPE_CREATED = 1,
  /**
   * It is paid.
   */
  QRIS_EVENT_TYPE_PAID = 2,
  /**
   * It is paid, after it had expired or was cancelled.
   */
  QRIS_EVENT_TYPE_PAID_LATE = 3,
  /**
   * Another code of a paid order is paid too.
   */
  QRIS_EVENT_TYPE_OVERPAID = 4,
  /**
   * No code of it is shown any more, and another may be asked for.
   */
  QRIS_EVENT_TYPE_EXPIRED = 5,
  /**
   * Its due date has passed.
   */
  QRIS_EVENT_TYPE_OVERDUE = 6,
  /**
   * The shop no longer wants the payment.
   */
  QRIS_EVENT_TYPE_CANCELLED = 7,
  /**
   * It is not known whether the provider made one of its codes.
   */
  QRIS_EVENT_TYPE_UNKNOWN = 8,
  /**
   * That is known again.
   */
  QRIS_EVENT_TYPE_RESOLVED = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_event_type qris_event_type;
#else
typedef int32_t qris_event_type;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whose rules a payload is judged by.
 */
enum qris_rules
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * EMVCo's text and Indonesia's national rules.
   */
  QRIS_RULES_QRIS = 0,
  /**
   * EMVCo's text for merchant-presented codes, for any country.
   */
  QRIS_RULES_EMV = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_rules qris_rules;
#else
typedef int32_t qris_rules;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether a code stays the same for many payments or is made for one (object 01).
 */
enum qris_initiation
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The payload does not say.
   */
  QRIS_INITIATION_UNSPECIFIED = 0,
  /**
   * One code for many payments, such as a sticker.
   */
  QRIS_INITIATION_STATIC = 11,
  /**
   * A new code for each payment.
   */
  QRIS_INITIATION_DYNAMIC = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_initiation qris_initiation;
#else
typedef int32_t qris_initiation;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What comes on top of the amount (objects 55 to 57).
 */
enum qris_tip
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * `qris_to_dynamic`: what the payload says stays. Elsewhere the same as none.
   */
  QRIS_TIP_UNSPECIFIED = 0,
  /**
   * Nothing.
   */
  QRIS_TIP_NONE = 1,
  /**
   * The wallet asks the payer for a tip.
   */
  QRIS_TIP_PROMPT = 2,
  /**
   * A fixed fee in the payload's currency.
   */
  QRIS_TIP_FIXED = 3,
  /**
   * A fee in percent of the amount.
   */
  QRIS_TIP_PERCENT = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_tip qris_tip;
#else
typedef int32_t qris_tip;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a QR is drawn for.
 */
enum qris_format
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * An SVG document, for pages and screens.
   */
  QRIS_FORMAT_SVG = 1,
  /**
   * A PNG of one bit a pixel, for screens and documents.
   */
  QRIS_FORMAT_PNG = 2,
  /**
   * Text for a terminal: half blocks and escape sequences, UTF-8.
   */
  QRIS_FORMAT_TERMINAL = 3,
  /**
   * ESC/POS raster commands for a receipt printer with paper of 58 mm. Nothing is reset, fed or
   * cut.
   */
  QRIS_FORMAT_ESCPOS_MM58 = 4,
  /**
   * The same for paper of 80 mm.
   */
  QRIS_FORMAT_ESCPOS_MM80 = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_format qris_format;
#else
typedef int32_t qris_format;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Where the budget of a key is kept: which checks were made, and when the next is allowed.
 */
enum qris_budget_place
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Not said: in a file.
   */
  QRIS_BUDGET_PLACE_UNSPECIFIED = 0,
  /**
   * In a small file, which all processes of the user share, also after a restart.
   */
  QRIS_BUDGET_PLACE_FILE = 1,
  /**
   * In the client alone. Other clients and processes, and this program after a restart, do not
   * know which checks were made, but the provider counts them all.
   */
  QRIS_BUDGET_PLACE_MEMORY = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_budget_place qris_budget_place;
#else
typedef int32_t qris_budget_place;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a callback says that is to happen.
 */
enum qris_wait_step
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Go on waiting.
   */
  QRIS_WAIT_STEP_CONTINUE = 0,
  /**
   * End the waiting.
   */
  QRIS_WAIT_STEP_CANCEL = 1,
  /**
   * The cashier asks for a check now. Three are made, the gap between tries apart; more are
   * passed over.
   */
  QRIS_WAIT_STEP_CHECK = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_wait_step qris_wait_step;
#else
typedef int32_t qris_wait_step;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A client of the Open API, from `qris_client_new` to `qris_client_free`. There is nothing to see
 * inside.
 */
typedef struct qris_client qris_client;

/**
 * Orders of one merchant in a database, from `qris_orders_open` to `qris_orders_close`. There is
 * nothing to see inside.
 *
 * An order has a number and an amount, any number of codes of which one at a time is shown, and is
 * paid once. Everything is booked before and after the provider is asked, so a program that is
 * killed goes on where it was: it opens the same database and charges the same number again. Any
 * number of programs may use one database at the same time, a till (`qris till`) and the command
 * (`qris order`) too: they keep to the budget of the key together, and one of them settles each
 * payment.
 */
typedef struct qris_orders qris_orders;

/**
 * A payload that has been read. `qris_parse` fills it in; what is inside is its own business.
 *
 * The caller owns it, may copy it, and has nothing to free. It points into the text that was
 * parsed, so that text must live and stay as it is for as long as the payload is used.
 */
typedef struct qris_payload {
  /**
   * Not for the caller.
   */
  uint64_t opaque[8];
} qris_payload;

/**
 * What went wrong, in more words than a status.
 *
 * The caller owns it and there is nothing to free. Functions write to it only when they fail, and
 * take NULL where nobody wants to know. No text of it quotes a payload, a key, a URL or a name,
 * but for one: where the provider refuses in words that this library does not know
 * (QRIS_STATUS_REJECTED with the code `other`), `message` has up to 120 characters of them,
 * without the key.
 */
typedef struct qris_error {
  /**
   * The status that the function returned.
   */
  qris_status status;
  /**
   * The byte at which it went wrong, counted from the start of the whole text that was read or
   * would have been written. 0 where that says nothing.
   */
  uint32_t offset;
  /**
   * After how many seconds the next check is possible, where the status is QRIS_STATUS_PAUSED or
   * QRIS_STATUS_TOO_SOON; otherwise 0.
   */
  uint32_t retry_after_seconds;
  /**
   * The path of the object that the codec refuses, present or missing, such as `62.05`. Empty
   * where it is about the whole text or no payload. It ends with a NUL.
   */
  char path[12];
  /**
   * A stable word for programs and searches, the same in Rust, C and Python. It is the rule
   * where the status is QRIS_STATUS_RULE_BROKEN (`amount-zero`), the value where it is
   * QRIS_STATUS_VALUE_REFUSED (`api-key`), the part that differs where it is
   * QRIS_STATUS_CONTENT_MISMATCH (`nmid`), the reason where it is QRIS_STATUS_REJECTED
   * (`invalid-api-key`), the cause where it is QRIS_STATUS_OUTCOME_UNKNOWN,
   * QRIS_STATUS_UNREACHABLE (`timed-out`) or QRIS_STATUS_PAUSED (`retry-after`), the
   * refusal where it is about orders and their database (`used-earlier`, `wrong-state`), and else
   * the status as a word. It ends with a NUL.
   */
  char code[32];
  /**
   * A sentence in English that says what was expected and what was found. It ends with a NUL;
   * where it did not fit, `...` stands before that.
   */
  char message[256];
} qris_error;

/**
 * A piece of text: a pointer and a length in bytes, UTF-8, without a NUL at its end.
 *
 * Coming out of the library it points into the text that went in (each function says which),
 * is valid as long as that is, and must not be freed. Going in, a length of 0 means that there
 * is none, and then the pointer may be NULL; `qris_text("...")` makes one.
 */
typedef struct qris_str {
  /**
   * The first byte.
   */
  const char *ptr;
  /**
   * How many bytes there are.
   */
  size_t len;
} qris_str;

/**
 * Where `qris_next` is in a payload. Set all of it to zero to begin (`qris_cursor cursor = {0};`,
 * in C++ `{}`), and leave it to `qris_next` from then on. The caller owns it; there is nothing to
 * free, and it can be copied to come back to a place.
 */
typedef struct qris_cursor {
  /**
   * The byte of the payload at which the next object stands. Not for the caller.
   */
  uint32_t next;
  /**
   * How many templates are open. Not for the caller.
   */
  uint32_t depth;
  /**
   * The bytes of the payload at which they end. Not for the caller.
   */
  uint32_t ends[2];
  /**
   * Their tags. Not for the caller.
   */
  uint8_t tags[4];
} qris_cursor;

/**
 * An object of a payload, from `qris_next`.
 */
typedef struct qris_object {
  /**
   * Its value, in the text that was parsed; valid as long as that is.
   */
  struct qris_str value;
  /**
   * The byte of the text at which the object stands: its tag, its length, its value.
   */
  uint32_t offset;
  /**
   * How many of `tags` there are: 1 for an object of the root, 2 or 3 inside templates.
   */
  uint8_t depth;
  /**
   * The path of the object: 62 and 5 for `62.05`. Those that there are not are 0.
   */
  uint8_t tags[3];
} qris_object;

/**
 * One deviation from the rules. It and its texts are valid until the callback returns.
 */
typedef struct qris_finding {
  /**
   * The stable word for it, such as `amount-zero`. It ends with a NUL.
   */
  const char *code;
  /**
   * A sentence that says what was expected and what was found, without quoting the payload: in
   * English, or in Indonesian with QRIS_LANG_ID. It ends with a NUL.
   */
  const char *message;
  /**
   * How much it matters.
   */
  qris_severity severity;
  /**
   * The byte of the text at which it begins.
   */
  uint32_t offset;
  /**
   * The bytes of the text that it is about; 0 for a missing object.
   */
  uint32_t len;
  /**
   * How many of `tags` there are; 0 where it is about the whole text.
   */
  uint8_t depth;
  /**
   * The path of the object it is about, present or missing: 62 and 5 for `62.05`.
   */
  uint8_t tags[3];
} qris_finding;

/**
 * Is told of a finding. `user` is what was given to `qris_inspect`. It must return: no `longjmp`
 * and no exception may leave it.
 */
typedef void (*qris_finding_callback)(void *user, const struct qris_finding *finding);

/**
 * Something that was recognised in a text. It and its texts are valid until the callback returns.
 */
typedef struct qris_hint {
  /**
   * The stable word for it, such as `plus-for-space`. It ends with a NUL.
   */
  const char *code;
  /**
   * A sentence for people, which quotes nothing of the text but a country's code: in English, or
   * in Indonesian with QRIS_LANG_ID. It ends with a NUL.
   */
  const char *message;
} qris_hint;

/**
 * Is told of a hint. `user` is what was given to `qris_hints`. It must return: no `longjmp` and no
 * exception may leave it.
 */
typedef void (*qris_hint_callback)(void *user, const struct qris_hint *hint);

/**
 * An account to be written, an object of 02 to 51. Its layout does not change.
 */
typedef struct qris_account {
  /**
   * Where it is to stand: 26 for the acquirer, 51 for the national repository.
   */
  uint32_t tag;
  /**
   * 00, the globally unique identifier. Not for 02 to 25.
   */
  struct qris_str guid;
  /**
   * 01, the merchant PAN; for 02 to 25 the account number.
   */
  struct qris_str pan;
  /**
   * 02, the acquirer's merchant ID; in 51 the NMID.
   */
  struct qris_str merchant_id;
  /**
   * 03, the merchant's size.
   */
  struct qris_str criteria;
} qris_account;

/**
 * A value inside one of the templates 62.50 to 62.99 and 80 to 99. Its layout does not change.
 */
typedef struct qris_template_value {
  /**
   * Where it is to stand, such as `62.99.00` or `80.01`.
   */
  struct qris_str path;
  /**
   * The value.
   */
  struct qris_str value;
} qris_template_value;

/**
 * A payload to be written. Set all of it to zero, then `size` to `sizeof(qris_fields)`, then what
 * there is to say; what is left at zero is left out, or has the value named here. The texts and
 * arrays stay the caller's and need to live only until the call returns.
 */
typedef struct qris_fields {
  /**
   * `sizeof(qris_fields)`.
   */
  size_t size;
  /**
   * A `qris_rules`: whose rules the payload must keep.
   */
  int32_t rules;
  /**
   * A `qris_initiation`: object 01.
   */
  int32_t initiation;
  /**
   * 59, the merchant's name; at most 25 characters. Must be given.
   */
  struct qris_str merchant_name;
  /**
   * 60, the merchant's city; at most 15 characters. Must be given.
   */
  struct qris_str merchant_city;
  /**
   * 52, the merchant category code of four digits. Must be given.
   */
  struct qris_str category_code;
  /**
   * 61, the postal code: five digits in Indonesia, where it must be given.
   */
  struct qris_str postal_code;
  /**
   * 58, the country as two upper-case letters; `ID` if left out.
   */
  struct qris_str country_code;
  /**
   * 53, the currency as three digits; `360`, the rupiah, if left out.
   */
  struct qris_str currency;
  /**
   * 54, the amount, exact: digits with at most one decimal point, such as `25578`.
   */
  struct qris_str amount;
  /**
   * 56 or 57, where `tip` says fixed or percent, and only there: `2000`, `2.50`.
   */
  struct qris_str fee;
  /**
   * 02 to 51, best in ascending order of their tags: they are written in the order given.
   */
  const struct qris_account *accounts;
  /**
   * How many accounts there are, 50 at most.
   */
  size_t accounts_len;
  /**
   * 62.01. This and the seven that follow: at most 25 characters, or `***` to have the payer
   * asked.
   */
  struct qris_str bill_number;
  /**
   * 62.02.
   */
  struct qris_str mobile_number;
  /**
   * 62.03.
   */
  struct qris_str store_label;
  /**
   * 62.04.
   */
  struct qris_str loyalty_number;
  /**
   * 62.05.
   */
  struct qris_str reference_label;
  /**
   * 62.06.
   */
  struct qris_str customer_label;
  /**
   * 62.07.
   */
  struct qris_str terminal_label;
  /**
   * 62.08.
   */
  struct qris_str purpose;
  /**
   * 62.09: some of the letters A, M and E.
   */
  struct qris_str consumer_data_request;
  /**
   * 62.10, at most 20 characters.
   */
  struct qris_str merchant_tax_id;
  /**
   * 62.11, three characters.
   */
  struct qris_str merchant_channel;
  /**
   * 64.00, a language as two letters. Must be given where one of the next two is.
   */
  struct qris_str language;
  /**
   * 64.01, the merchant's name in that language. Must be given where the language is.
   */
  struct qris_str language_merchant_name;
  /**
   * 64.02, the merchant's city in that language.
   */
  struct qris_str language_merchant_city;
  /**
   * Values inside 62.50 to 62.99 and 80 to 99, those of a template together and best in
   * ascending order of their paths: they are written in the order given.
   */
  const struct qris_template_value *template_values;
  /**
   * How many there are, 64 at most.
   */
  size_t template_values_len;
  /**
   * A `qris_tip`: object 55.
   */
  int32_t tip;
  /**
   * Zero.
   */
  int32_t reserved;
} qris_fields;

/**
 * What a dynamic payload is to say. Set all of it to zero, then `size` to
 * `sizeof(qris_dynamic_options)`, then what there is to say. The texts stay the caller's and need
 * to live only until the call returns.
 */
typedef struct qris_dynamic_options {
  /**
   * `sizeof(qris_dynamic_options)`.
   */
  size_t size;
  /**
   * 54, the amount, exact: digits with at most one decimal point, such as `25578`. Must be
   * given.
   */
  struct qris_str amount;
  /**
   * 56 or 57, where `tip` says fixed or percent, and only there: `2000`, `2.50`.
   */
  struct qris_str fee;
  /**
   * 62.05; what the payload says stays if left out.
   */
  struct qris_str reference_label;
  /**
   * 62.01; what the payload says stays if left out.
   */
  struct qris_str bill_number;
  /**
   * A `qris_tip`: object 55; what the payload says stays if left out.
   */
  int32_t tip;
  /**
   * Zero.
   */
  int32_t reserved;
} qris_dynamic_options;

/**
 * Takes the next `len` bytes of a picture. `user` is what was given to `qris_draw`; the bytes are
 * valid until it returns. 0 goes on, anything else ends the drawing. It must return: no `longjmp`
 * and no exception may leave it.
 */
typedef int (*qris_writer)(void *user, const uint8_t *bytes, size_t len);

/**
 * A point in a picture, in pixels from its upper left corner.
 */
typedef struct qris_corner {
  /**
   * To the right.
   */
  float x;
  /**
   * Down.
   */
  float y;
} qris_corner;

/**
 * A QR symbol in a picture. It and its text are valid until the callback returns.
 */
typedef struct qris_symbol {
  /**
   * What the symbol says, exactly. Whether it is a payload is for `qris_parse` to say.
   */
  struct qris_str text;
  /**
   * The symbol's own upper left, upper right, lower right and lower left corner, without the
   * quiet zone, in the pixels as they are stored.
   */
  struct qris_corner corners[4];
} qris_symbol;

/**
 * Is told of a symbol. `user` is what was given to `qris_read_image`. It must return: no `longjmp`
 * and no exception may leave it.
 */
typedef void (*qris_symbol_callback)(void *user, const struct qris_symbol *symbol);

/**
 * Client options. Set all of it to zero, then `size` to `sizeof(qris_client_options)`, then the
 * fields you need. A field left at zero has the default named here. The texts stay the caller's
 * and need to live only until the call returns; the library wipes its copy of the key.
 */
typedef struct qris_client_options {
  /**
   * `sizeof(qris_client_options)`.
   */
  size_t size;
  /**
   * The secret from the registration. Must be given.
   */
  struct qris_str api_key;
  /**
   * The provider's number of the merchant (`mID`), not the NMID. Must be given.
   */
  struct qris_str merchant_id;
  /**
   * Another address of the API, up to and including the folder of its two pages: https, or http
   * to this machine.
   */
  struct qris_str base_url;
  /**
   * The merchant's national number that every QR must carry. By default it is the one of the
   * first invoice that the client makes.
   */
  struct qris_str nmid;
  /**
   * The folder for the small file that keeps the budget of the key. By default it is the one
   * that the environment variable QRIS_STATE_DIR names, or else `~/.local/state/qris` (on
   * Windows `qris` in `LOCALAPPDATA`). Processes share the budget if they use the same folder.
   */
  struct qris_str state_dir;
  /**
   * Time limit for one call, in seconds. Default 35: the provider takes up to 30.
   */
  uint32_t timeout_seconds;
  /**
   * How long a QR is shown to a payer, in seconds. Default 1800: after that some accounts refuse
   * the payment. It sets `shown_until` of an invoice.
   */
  uint32_t shown_seconds;
  /**
   * Validity of an invoice in seconds: for so long a payment may come. Default 3600. It sets
   * `expires_at` of an invoice.
   */
  uint32_t validity_seconds;
  /**
   * How long waiting goes on after the validity, in seconds, because a payment may arrive late.
   * Default 600.
   */
  uint32_t grace_seconds;
  /**
   * The least time between the first three checks of an invoice, in seconds. Default 15. The
   * provider blocks keys that ask more often.
   */
  uint32_t try_gap_seconds;
  /**
   * The least time between later checks of an invoice, in seconds. Default 60. The provider
   * blocks keys that ask more often.
   */
  uint32_t check_gap_seconds;
  /**
   * The most checks of the key in a minute, over all invoices, threads and processes. Default
   * 60.
   */
  uint32_t checks_per_minute;
  /**
   * A `qris_tip`: none, or QRIS_TIP_PROMPT to have the wallet ask for a tip on every invoice.
   */
  int32_t tip;
  /**
   * The least amount of an invoice, in rupiah. Default 100, the least that most wallets pay.
   */
  uint64_t lowest_rupiah;
  /**
   * The largest amount of an invoice, in rupiah. Default 10000000, the ceiling of Bank
   * Indonesia.
   */
  uint64_t highest_rupiah;
  /**
   * A `qris_budget_place`. Default QRIS_BUDGET_PLACE_FILE.
   */
  int32_t budget_place;
  /**
   * Zero.
   */
  int32_t reserved;
} qris_client_options;

/**
 * An invoice. The caller owns it, may copy and keep it, and has nothing to free.
 *
 * All texts are UTF-8 and end with a NUL. Each field has room for the longest value there can be,
 * so nothing is ever cut. `qris_check_invoice` and `qris_wait_for_payment` need `number`,
 * `rupiah`, `qris_request_date` and `qris_invoiceid` as `qris_create_invoice` wrote them, and look
 * at nothing else, so an invoice can be put together again from a database. The layout does not
 * change.
 */
typedef struct qris_invoice {
  /**
   * The provider's number of the invoice: up to 11 digits are seen, so 32 bits do not hold it.
   */
  uint64_t qris_invoiceid;
  /**
   * What is to be paid, in whole rupiah, without a tip.
   */
  uint64_t rupiah;
  /**
   * The caller's own number of the transaction: 64 characters at most.
   */
  char number[65];
  /**
   * When the provider made the invoice: `2020-08-07T11:13:42+07:00`.
   */
  char qris_request_date[26];
  /**
   * Until when to show the QR, by `shown_seconds` of the client. Take it off the screen then:
   * some accounts refuse a later payment.
   */
  char shown_until[26];
  /**
   * Until when a payment may come, by `validity_seconds` of the client.
   */
  char expires_at[26];
  /**
   * The merchant's national number, to be shown under the QR: 99 characters at most, of 4 bytes
   * each.
   */
  char qris_nmid[397];
  /**
   * The payload to draw: 7089 bytes at most, which is what the largest QR symbol holds.
   */
  char qris_content[7090];
} qris_invoice;

/**
 * What the provider says of an invoice. The caller owns it and has nothing to free.
 *
 * All texts are UTF-8 and end with a NUL. A text that the reply lacks is empty. They come from
 * payers and banks, so the library cleans them: no control characters, U+FFFD for what is not
 * UTF-8. Each field has room for the longest text there can be. The layout does not change.
 */
typedef struct qris_payment {
  /**
   * Whether it is paid.
   */
  qris_payment_state state;
  /**
   * The payer's name, as the payer's bank knows it: 100 characters at most, of 4 bytes each.
   */
  char customer_name[401];
  /**
   * The payer's bank or wallet, `BCA`, `Sakuku`...: 40 characters at most.
   */
  char method[161];
  /**
   * When it was paid: `2020-08-07T11:15:00+07:00`.
   */
  char paid_at[26];
  /**
   * The national retrieval reference number, 12 digits as a rule, 40 characters at most.
   * Settlement lists and disputes go by it. Replies to a check lack it as a rule.
   */
  char rrn[161];
  /**
   * Words of the provider on the payment: 200 characters at most. Replies to a check lack them
   * as a rule.
   */
  char note[801];
  /**
   * The version that the API says it has: 40 characters at most.
   */
  char api_version[161];
} qris_payment;

/**
 * A check that was made while waiting. It and what it points to are valid until the callback
 * returns.
 */
typedef struct qris_check {
  /**
   * Which check it was, from 1.
   */
  uint32_t number;
  /**
   * What came of it. A failure does not end the waiting.
   */
  qris_status status;
  /**
   * What the provider said, or NULL where the status is not QRIS_STATUS_OK.
   */
  const struct qris_payment *payment;
  /**
   * What went wrong, or NULL where the status is QRIS_STATUS_OK.
   */
  const struct qris_error *error;
  /**
   * When it was made: `2020-08-07T11:13:57+07:00`. It ends with a NUL.
   */
  char made_at[26];
  /**
   * When the next one is due, or empty if this was the last. It ends with a NUL.
   */
  char next_at[26];
} qris_check;

/**
 * Is told of a check, and returns a `qris_wait_step`; any other number goes on. `user` is that of
 * the options. It must return: no `longjmp` and no exception may leave it.
 */
typedef int (*qris_check_callback)(void *user, const struct qris_check *check);

/**
 * Is called about once a second, and returns a `qris_wait_step`; any other number goes on. `user`
 * is that of the options. It must return: no `longjmp` and no exception may leave it.
 */
typedef int (*qris_second_callback)(void *user);

/**
 * How to wait. Set all of it to zero, then `size` to `sizeof(qris_wait_options)`, then what there
 * is to say.
 */
typedef struct qris_wait_options {
  /**
   * `sizeof(qris_wait_options)`.
   */
  size_t size;
  /**
   * Is told of each check; may be NULL.
   */
  qris_check_callback on_check;
  /**
   * Is called about once a second, for a countdown and for the keys that the cashier presses;
   * may be NULL.
   */
  qris_second_callback on_second;
  /**
   * Handed to both and not touched.
   */
  void *user;
} qris_wait_options;

/**
 * What a webhook says. The caller owns it and has nothing to free.
 *
 * All texts are UTF-8 and end with a NUL. A text that the body lacks is empty; they are cleaned and
 * have room for the longest text there can be, as those of `qris_payment`. The layout does not
 * change.
 */
typedef struct qris_webhook {
  /**
   * The provider's number of the invoice that there may be news of.
   */
  uint64_t qris_invoiceid;
  /**
   * What is said of it.
   */
  qris_webhook_status status;
  /**
   * The payer's name.
   */
  char customer_name[401];
  /**
   * The payer's bank or wallet.
   */
  char method[161];
  /**
   * When it is said to have been paid: `2020-08-07T11:15:00+07:00`.
   */
  char paid_at[26];
  /**
   * The national retrieval reference number.
   */
  char rrn[161];
  /**
   * Words of the provider on the payment.
   */
  char note[801];
} qris_webhook;

/**
 * How to open orders. Set all of it to zero, then `size` to `sizeof(qris_orders_options)`, then the
 * fields you need. The texts stay the caller's and need to live only until the call returns.
 */
typedef struct qris_orders_options {
  /**
   * `sizeof(qris_orders_options)`.
   */
  size_t size;
  /**
   * How the provider is asked: the key, the number of the merchant and all other options of a
   * client. Must be given, and needs to live only until the call returns. The budget of the key is
   * in the database and in the file that clients share, so `budget_place` is not
   * QRIS_BUDGET_PLACE_MEMORY.
   */
  const struct qris_client_options *client;
  /**
   * Where the database is: `sqlite://PATH`, a file that is made where there is none, or
   * `postgres://...`. Must be given. A sandbox needs a database of its own.
   */
  struct qris_str database;
  /**
   * The merchant's name in the database, for a database with several: 1 to 32 of a to z, 0 to 9, -
   * and _. Default `main`.
   */
  struct qris_str merchant;
  /**
   * Who does what this program does, as the history of orders says it: a till or a person.
   * Default `program`.
   */
  struct qris_str actor;
  /**
   * The cursor of the last event that the program has dealt with, from `qris_orders_cursor` before
   * it was closed or killed: `qris_orders_poll` tells the later ones. Zero: the ones that are
   * booked from now on.
   */
  uint64_t events_after;
} qris_orders_options;

/**
 * What is to be paid. Set all of it to zero, then `size` to `sizeof(qris_new_order)`, then what there
 * is to say. The texts stay the caller's and need to live only until the call returns.
 */
typedef struct qris_new_order {
  /**
   * `sizeof(qris_new_order)`.
   */
  size_t size;
  /**
   * The shop's own number: 1 to 64 printable ASCII characters with no space at either end. Must be
   * given.
   */
  struct qris_str number;
  /**
   * What is to be paid, in whole rupiah. Must be given.
   */
  uint64_t rupiah;
  /**
   * A `qris_channel`. Default QRIS_CHANNEL_POS.
   */
  int32_t channel;
  /**
   * A `qris_tip`: none, or QRIS_TIP_PROMPT to have the wallet ask for a tip. Default: as the
   * options of the client say.
   */
  int32_t tip;
  /**
   * For how long a code is shown, in seconds. Default: `shown_seconds` of the client.
   */
  uint32_t shown_seconds;
  /**
   * 1 books the order and asks for no code yet: it is QRIS_ORDER_STATE_OPEN until it is charged
   * without this.
   */
  int32_t without_code;
  /**
   * The caller's own name for this charge, such as the number of a receipt: the same number with
   * the same reference is the same charge on a later day too. 255 characters are kept.
   */
  struct qris_str reference;
  /**
   * What it is for. 500 characters are kept.
   */
  struct qris_str description;
  /**
   * What the caller keeps with it, as a JSON text of at most 16 KiB.
   */
  struct qris_str metadata;
  /**
   * Until when it should be paid, such as `2026-11-30T12:00:00+07:00`.
   */
  struct qris_str due_at;
} qris_new_order;

/**
 * An order. The caller owns it, may copy and keep it, and has nothing to free.
 *
 * Set `size` to `sizeof(qris_order)` before a function fills it in; of an array, that of its first.
 * All texts are UTF-8 and end with a NUL; what there is not yet is empty or zero. Times are such as
 * `2020-08-07T11:13:42+07:00`. Each field has room for the longest value there can be. Later
 * versions of the library add fields at the end only.
 */
typedef struct qris_order {
  /**
   * `sizeof(qris_order)`.
   */
  size_t size;
  /**
   * What is to be paid, in whole rupiah, without a tip.
   */
  uint64_t rupiah;
  /**
   * What came beyond that, because another of its codes was paid too; 0 as a rule.
   */
  uint64_t overpaid_rupiah;
  /**
   * The provider's number of the newest code; 0 where that is not known.
   */
  uint64_t qris_invoiceid;
  /**
   * How far it has come.
   */
  qris_order_state state;
  /**
   * Where the sale was made.
   */
  qris_channel channel;
  /**
   * 1 where the wallet asks for a tip.
   */
  int32_t has_tip;
  /**
   * 1 while the code may be shown to a payer: draw `qris_content` then, and only then.
   */
  int32_t may_be_shown;
  /**
   * For how many seconds more that is so, for a countdown.
   */
  uint32_t shown_seconds_left;
  /**
   * How many codes were asked for.
   */
  uint32_t codes;
  /**
   * 1 where the last check of a code that may be paid had no answer: the payment may have come.
   */
  int32_t is_unanswered;
  /**
   * 1 once `qris_orders_acknowledge` has said that what the payment asks for is done.
   */
  int32_t is_acknowledged;
  /**
   * The merchant's name in the database.
   */
  char merchant[33];
  /**
   * The shop's own number.
   */
  char number[65];
  /**
   * When it was booked.
   */
  char created_at[26];
  /**
   * Until when it should be paid, where that was said.
   */
  char due_at[26];
  /**
   * When the provider made the newest code.
   */
  char qris_request_date[26];
  /**
   * Until when the code is shown. Take it off the screen then: some accounts refuse a later
   * payment.
   */
  char shown_until[26];
  /**
   * Until when a payment may come.
   */
  char expires_at[26];
  /**
   * Until when it is watched at least.
   */
  char watched_until[26];
  /**
   * When the provider is asked next about the newest code.
   */
  char next_check_at[26];
  /**
   * When it was paid.
   */
  char paid_at[26];
  /**
   * The payer's name, as the payer's bank knows it: 100 characters at most.
   */
  char customer_name[401];
  /**
   * The payer's bank or wallet: 40 characters at most.
   */
  char method[161];
  /**
   * The national retrieval reference number: 40 characters at most.
   */
  char rrn[161];
  /**
   * The caller's own name for the charge: 255 characters at most.
   */
  char reference[1021];
  /**
   * What it is for: 500 characters at most.
   */
  char description[2001];
  /**
   * The merchant's national number, to be shown under the QR.
   */
  char qris_nmid[397];
  /**
   * The payload to draw while `may_be_shown` is 1.
   */
  char qris_content[7090];
} qris_order;

/**
 * Which orders a list has. Set all of it to zero, then `size` to `sizeof(qris_order_filter)`, then
 * what there is to say. The texts stay the caller's and need to live only until the call returns.
 */
typedef struct qris_order_filter {
  /**
   * `sizeof(qris_order_filter)`.
   */
  size_t size;
  /**
   * A `qris_order_state`: the ones in this state, as it is booked. Default any.
   */
  int32_t state;
  /**
   * A `qris_channel`. Default any.
   */
  int32_t channel;
  /**
   * The ones that were booked on this day in WIB or later: `2026-11-01`.
   */
  struct qris_str from;
  /**
   * The ones that were booked on this day in WIB or earlier.
   */
  struct qris_str to;
  /**
   * The ones whose number, description, reference, RRN or payment method contains this text, or
   * whose amount it is.
   */
  struct qris_str search;
  /**
   * For the next page: `created_at` of the last order of the page before. Give both or none.
   */
  struct qris_str after_created_at;
  /**
   * For the next page: `number` of that order.
   */
  struct qris_str after_number;
} qris_order_filter;

/**
 * An event. It and what it points to are valid until the callback returns.
 */
typedef struct qris_order_event {
  /**
   * Its place among the events of the merchant: 1, 2, 3 and so on.
   */
  uint64_t cursor;
  /**
   * The order as it is now, which may be further than the event says. NULL where its row in the
   * database makes no sense.
   */
  const struct qris_order *order;
  /**
   * What became of the order.
   */
  qris_event_type event;
  /**
   * When that was booked. It ends with a NUL.
   */
  char at[26];
  /**
   * The number of the order. It ends with a NUL.
   */
  char number[65];
} qris_order_event;

/**
 * Is told of an event. `user` is what was given to `qris_orders_poll`. 0 says that it is dealt with;
 * after anything else it comes again, first, in a later call. It must return: no `longjmp` and no
 * exception may leave it.
 */
typedef int (*qris_event_callback)(void *user, const struct qris_order_event *event);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that is running, such as `0.1.0`.
 *
 * The macro `QRIS_VERSION` is that of the header that the program was compiled with. The text
 * ends with a NUL, is never NULL, belongs to the library and lives as long as it is loaded.
 * Threads: from any, at any time.
 */
const char *qris_version(void);

/**
 * A sentence for a status, in English, for logs and programmers.
 *
 * `status` may be any number; an unknown one has a sentence that says so. The text ends with a
 * NUL, is never NULL, belongs to the library and lives as long as it is loaded. Threads: from
 * any, at any time.
 */
const char *qris_status_message(int32_t status);

/**
 * Reads a payload and verifies its checksum.
 *
 * `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it; white space and
 * a byte-order mark around the payload are passed over. Nothing is copied: `text` stays the
 * caller's and must live and stay as it is for as long as `*payload` is used. `payload` must not
 * be NULL and is written only on success. `error` may be NULL.
 *
 * That the checksum is right does not make a payload a good one: see `qris_inspect`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, and QRIS_STATUS_TEXT_EMPTY to
 * QRIS_STATUS_CHECKSUM_MISMATCH, of which the first that applies. Threads: from any, at any time.
 * Nothing is allocated.
 *
 * # Safety
 *
 * - `len` bytes from `text` can be read.
 * - `payload` and `error` are NULL or can be written to.
 */
qris_status qris_parse(const char *text,
                       size_t len,
                       struct qris_payload *payload,
                       struct qris_error *error);

/**
 * Looks up the value of an object by its path: `"54"`, `"51.02"`, `"62.05"`.
 *
 * `payload` was filled in by `qris_parse`. `path` ends with a NUL: one to three pairs of digits,
 * joined by points. Neither may be NULL. `value` must not be NULL; it is written only on success,
 * points into the text that was parsed and is valid as long as that is. A value may be empty.
 * Objects 02 to 25 are account numbers and have nothing inside.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_ABSENT (there is no such object: `*value` is as before),
 * QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_NOT_PARSED, QRIS_STATUS_PATH_SYNTAX. Threads: from any,
 * at any time, on the same payload too. Nothing is allocated.
 *
 * # Safety
 *
 * - `payload` is NULL, or is zero or was filled in by `qris_parse`, and the text parsed lives
 *   and has not changed.
 * - `path` is NULL or ends with a NUL.
 * - `value` is NULL or can be written to.
 */
qris_status qris_get(const struct qris_payload *payload, const char *path, struct qris_str *value);

/**
 * Walks all objects of a payload: each object of the root, and those inside a template right
 * after it.
 *
 * Templates are 26 to 51, 62, 64, 80 to 99 and 62.50 to 62.99, where their value is objects to
 * its end; other values are handed out as they are.
 *
 * `payload` was filled in by `qris_parse`. `cursor` is zero at first and belongs to `qris_next`
 * from then on. `object` is written only on success; its value points into the text that was
 * parsed. None of them may be NULL.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_ABSENT (there are no more: both are as before),
 * QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_NOT_PARSED, QRIS_STATUS_CURSOR_INVALID. Threads: from
 * any, at any time, each with a cursor of its own. Nothing is allocated.
 *
 * # Safety
 *
 * - `payload` is NULL, or is zero or was filled in by `qris_parse`, and the text parsed lives
 *   and has not changed.
 * - `cursor` is NULL or can be read and written to, and no other thread does so.
 * - `object` is NULL or can be written to.
 */
qris_status qris_next(const struct qris_payload *payload,
                      struct qris_cursor *cursor,
                      struct qris_object *object);

/**
 * Judges a text, and tells of everything in which it deviates from the rules.
 *
 * `text` is `len` bytes, neither NULL nor with a NUL behind it; any bytes at all can be judged.
 * `rules` is a `qris_rules`, with QRIS_LANG_ID or'ed in or not. `callback` may be NULL; it is called
 * once for each finding, the worst first, on the calling thread, before this function returns. `user` is handed to it and not touched.
 * `verdict` must not be NULL and is written only on success. A text that `qris_parse` refuses has
 * one finding, the reason, and the verdict QRIS_VERDICT_MALFORMED.
 *
 * Statuses: QRIS_STATUS_OK whatever the verdict, QRIS_STATUS_NULL_ARGUMENT,
 * QRIS_STATUS_UNKNOWN_VALUE. Threads: from any, at any time. Nothing is allocated.
 *
 * # Safety
 *
 * - `len` bytes from `text` can be read and do not change before it returns.
 * - `callback` is NULL or a function of that type, and what it does with `user` is sound.
 * - `verdict` is NULL or can be written to.
 */
qris_status qris_inspect(const char *text,
                         size_t len,
                         int32_t rules,
                         qris_finding_callback callback,
                         void *user,
                         qris_verdict *verdict);

/**
 * Tells what a text looks like that a wallet would not take: a link with a payload in it, a line of
 * a CSV file, spaces written as `+`, a code of another country. Nothing is repaired, and no verdict
 * depends on it.
 *
 * `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it. `rules` is a `qris_rules`,
 * with QRIS_LANG_ID or'ed in or not.
 * `callback` must not be NULL; it is called once for each hint, on the calling thread, before this
 * function returns, and not at all where nothing is recognised. `user` is handed to it and not
 * touched.
 *
 * Statuses: QRIS_STATUS_OK, also where there is no hint, QRIS_STATUS_NULL_ARGUMENT,
 * QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, and QRIS_STATUS_TEXT_TOO_LONG where `len`
 * cannot be right. Threads: from any, at any time. Nothing is allocated.
 *
 * # Safety
 *
 * - `len` bytes from `text` can be read and do not change before it returns.
 * - `callback` is NULL or a function of that type, and what it does with `user` is sound.
 */
qris_status qris_hints(const char *text,
                       size_t len,
                       int32_t rules,
                       qris_hint_callback callback,
                       void *user);

/**
 * Writes a new payload from values.
 *
 * `fields` must not be NULL. `buffer` has room for `capacity` bytes and may be NULL where that
 * is 0; the payload is written to it without a NUL behind it. `written` must not be NULL: it says
 * how long the payload is, or, with QRIS_STATUS_BUFFER_TOO_SMALL, how much room is needed; after
 * any other failure it is as before, and the buffer holds nothing usable. 512 bytes are enough
 * for any payload that is no longer than it should be. `error` may be NULL.
 *
 * Nothing is written that `qris_inspect` would find an error or a warning in.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
 * QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_PATH_SYNTAX, QRIS_STATUS_BUFFER_TOO_SMALL,
 * QRIS_STATUS_TOO_MANY, QRIS_STATUS_TEXT_TOO_LONG, QRIS_STATUS_TEXT_NOT_UTF8 and
 * QRIS_STATUS_AMOUNT_SYNTAX (`offset` is that in the text of the field),
 * QRIS_STATUS_OBJECT_DUPLICATE, QRIS_STATUS_VALUE_TOO_LONG, QRIS_STATUS_TEXT_NOT_PRECOMPOSED,
 * QRIS_STATUS_OBJECT_NOT_AMENDABLE (an account of 02 to 25 with more than a number, or a value
 * outside the templates named above), QRIS_STATUS_RULE_BROKEN (`offset` is that in the payload
 * that would have been written). Threads: from any, at any time. Nothing is allocated.
 *
 * # Safety
 *
 * - `fields` is NULL, or as many bytes can be read as its size says, and its texts and arrays can
 *   be read to their lengths.
 * - `capacity` bytes from `buffer` can be written to.
 * - `written` and `error` are NULL or can be written to.
 */
qris_status qris_encode(const struct qris_fields *fields,
                        char *buffer,
                        size_t capacity,
                        size_t *written,
                        struct qris_error *error);

/**
 * Writes a copy of a payload for one payment: object 01 is 12, 54 is the amount, and all objects
 * that are not to change stand as they stood, byte for byte.
 *
 * Whether a wallet takes a code that somebody else than the acquirer made is up to the wallet.
 *
 * `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it. `options` must not be
 * NULL. `buffer`, `capacity`, `written` and `error` are as for `qris_encode`. Nothing is written
 * that `qris_inspect` would find an error in, or a warning that the payload did not have before.
 *
 * Statuses: those of `qris_parse` and `qris_encode`, and QRIS_STATUS_OBJECT_NOT_AMENDABLE.
 * Threads: from any, at any time. Nothing is allocated.
 *
 * # Safety
 *
 * - `len` bytes from `text` can be read, and are not in the buffer.
 * - `options` is NULL, or as many bytes can be read as its size says, and its texts can be read
 *   to their lengths.
 * - `capacity` bytes from `buffer` can be written to.
 * - `written` and `error` are NULL or can be written to.
 */
qris_status qris_to_dynamic(const char *text,
                            size_t len,
                            const struct qris_dynamic_options *options,
                            char *buffer,
                            size_t capacity,
                            size_t *written,
                            struct qris_error *error);

/**
 * Writes a copy of a payload for any number of payments: object 01 is 11, the amount (54), the tip
 * or fee (55 to 57), the bill number (62.01) and the reference label (62.05) are left out, and all
 * other objects stand as they stood, byte for byte.
 *
 * `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it. `buffer`, `capacity`,
 * `written` and `error` are as for `qris_encode`. Nothing is written that `qris_inspect` would find
 * an error in, or a warning that the payload did not have before.
 *
 * Statuses: those of `qris_to_dynamic`. Threads: from any, at any time. Nothing is allocated.
 *
 * # Safety
 *
 * - `len` bytes from `text` can be read, and are not in the buffer.
 * - `capacity` bytes from `buffer` can be written to.
 * - `written` and `error` are NULL or can be written to.
 */
qris_status qris_to_static(const char *text,
                           size_t len,
                           char *buffer,
                           size_t capacity,
                           size_t *written,
                           struct qris_error *error);

/**
 * Writes a copy of any text that is safe to show to others: same length, same shape, same verdict.
 *
 * Every value that is not known to be public is masked: letters become X, digits 0. Amounts,
 * category, currency, country, known identifiers and the institution's number stay. A checksum
 * that was right is right again.
 *
 * `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it; it need not be a payload.
 * Of text that is none objects are masked as far as they can be read, and behind that every letter
 * and digit: `*unread` is then the byte from which on no objects could be read, and otherwise
 * `len`. `unread` may be NULL and is written only on success. `buffer`, `capacity`, `written` and
 * `error` are as for `qris_encode`; the copy takes `len` bytes.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_EMPTY,
 * QRIS_STATUS_TEXT_TOO_LONG, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_BUFFER_TOO_SMALL, and
 * QRIS_STATUS_NOT_ANONYMIZABLE where no copy would read the same way. Threads: from any, at any
 * time. Nothing is allocated.
 *
 * # Safety
 *
 * - `len` bytes from `text` can be read, and are not in the buffer.
 * - `capacity` bytes from `buffer` can be written to.
 * - `written`, `unread` and `error` are NULL or can be written to.
 */
qris_status qris_anonymize(const char *text,
                           size_t len,
                           char *buffer,
                           size_t capacity,
                           size_t *written,
                           size_t *unread,
                           struct qris_error *error);

/**
 * Draws the QR of a payload, with the merchant name, the NMID and the amount underneath.
 *
 * `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it. `format` is
 * a `qris_format`. `writer` must not be NULL; it is called one or more times, on the calling
 * thread, with the picture in pieces, and nothing is called once it has not returned 0. `user` is
 * handed to it and not touched. `error` may be NULL. What is used meanwhile is freed on return.
 *
 * Only a text that `qris_parse` accepts is drawn. Not in a library built without `draw`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_UNKNOWN_VALUE, those of
 * `qris_parse`, QRIS_STATUS_DRAWING_TOO_LONG, QRIS_STATUS_DRAWING_TOO_NARROW,
 * QRIS_STATUS_DRAWING_TOO_LARGE, QRIS_STATUS_WRITER_STOPPED. Threads: from any, at any time.
 *
 * # Safety
 *
 * - `len` bytes from `text` can be read and do not change before it returns.
 * - `writer` is NULL or a function of that type, and what it does with `user` is sound.
 * - `error` is NULL or can be written to.
 */
qris_status qris_draw(const char *text,
                      size_t len,
                      int32_t format,
                      qris_writer writer,
                      void *user,
                      struct qris_error *error);

/**
 * Reads every QR symbol in a PNG or JPEG picture.
 *
 * A picture in which nothing is found at first is looked at again: smaller, sharper, larger,
 * inverted. That a picture has no symbol is not an error: then nothing is called.
 *
 * `bytes` is the whole file, `len` bytes, and must not be NULL. `callback` must not be NULL; it is
 * called once for each symbol, in no particular order, on the calling thread, before this function
 * returns. `user` is handed to it and not touched. `error` may be NULL. A picture of up to 50 million
 * pixels is read; what is used meanwhile is freed on return. Not in a library built without `read`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_TOO_LONG where `len` cannot
 * be right, QRIS_STATUS_PICTURE_FORMAT, QRIS_STATUS_PICTURE_TOO_LARGE,
 * QRIS_STATUS_PICTURE_DAMAGED. Threads: from any, at any time.
 *
 * # Safety
 *
 * - `len` bytes from `bytes` can be read and do not change before it returns.
 * - `callback` is NULL or a function of that type, and what it does with `user` is sound.
 * - `error` is NULL or can be written to.
 */
qris_status qris_read_image(const uint8_t *bytes,
                            size_t len,
                            qris_symbol_callback callback,
                            void *user,
                            struct qris_error *error);

/**
 * Makes a client of the Open API. Nothing is sent yet.
 *
 * `options` must not be NULL. `client` must not be NULL and is written only on success; the client
 * belongs to the caller, who ends it with `qris_client_free`. `error` may be NULL. Make it after a
 * `fork`. Not in a library built without `client`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
 * QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is
 * `api-key`, `merchant-id`, `base-url` or `amount`), QRIS_STATUS_CERTIFICATE_STORE. Threads: from
 * any, at any time.
 *
 * # Safety
 *
 * - `options` is NULL, or as many bytes can be read as its size says, and its texts can be read
 *   to their lengths.
 * - `client` and `error` are NULL or can be written to.
 */
qris_status qris_client_new(const struct qris_client_options *options,
                            struct qris_client **client,
                            struct qris_error *error);

/**
 * Frees a client. NULL and a client that was freed before are passed over.
 *
 * Calls that other threads are making with it come to their end; later calls with it return
 * QRIS_STATUS_CLIENT_UNKNOWN. Threads: from any, at any time. Not in a library built without
 * `client`.
 */
void qris_client_free(struct qris_client *client);

/**
 * Asks the provider for an invoice, and holds the QR that comes against what was asked for.
 *
 * It returns when the provider has answered, which takes up to 30 seconds. `client` is from
 * `qris_client_new`. `number` is the caller's own number of the transaction: 1 to 64 printable
 * ASCII characters with no space at either end, and a NUL. `rupiah` is what is to be paid, from
 * `lowest_rupiah` to `highest_rupiah` of the client. `invoice` must not be NULL and is written
 * only on success. `error` may be NULL. Not in a library built without `client`.
 *
 * The provider makes another payable invoice each time it is asked, even under the same number.
 * So never simply try again after QRIS_STATUS_OUTCOME_UNKNOWN or QRIS_STATUS_INTERNAL, and after
 * QRIS_STATUS_CONTENT_MISMATCH an invoice was made whose QR must not be shown.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_CLIENT_UNKNOWN,
 * QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number` or
 * `amount`), QRIS_STATUS_REJECTED, QRIS_STATUS_OUTCOME_UNKNOWN, QRIS_STATUS_UNREACHABLE (nothing
 * was sent), QRIS_STATUS_CONTENT_MISMATCH (`code` is `payload`, `initiation`, `currency`,
 * `amount`, `nmid`, `tip`, `reference` or `reused`), QRIS_STATUS_INTERNAL. Threads: from any, at
 * any time, on the same client too.
 *
 * # Safety
 *
 * - `number` is NULL or ends with a NUL.
 * - `invoice` and `error` are NULL or can be written to.
 */
qris_status qris_create_invoice(const struct qris_client *client,
                                const char *number,
                                uint64_t rupiah,
                                struct qris_invoice *invoice,
                                struct qris_error *error);

/**
 * Asks the provider whether an invoice is paid.
 *
 * It returns when the provider has answered, which takes up to 30 seconds. Before that it waits
 * until the invoice may be checked again (the first three checks are `try_gap_seconds` apart,
 * later ones `check_gap_seconds`) and until the budget of the key allows a check. Other threads
 * and processes count too; see `state_dir` of the options. `client` is from `qris_client_new`,
 * `invoice` from `qris_create_invoice`. `payment` must not be NULL and is written only on success.
 * `error` may be NULL. Not in a library built without `client`.
 *
 * No failure says that the invoice is unpaid.
 *
 * Statuses: QRIS_STATUS_OK (look at `state`), QRIS_STATUS_NULL_ARGUMENT,
 * QRIS_STATUS_CLIENT_UNKNOWN, QRIS_STATUS_INVOICE_INVALID, QRIS_STATUS_REJECTED,
 * QRIS_STATUS_UNREACHABLE, QRIS_STATUS_MALFORMED_REPLY, QRIS_STATUS_PAUSED. Threads: from any, at
 * any time, on the same client too.
 *
 * # Safety
 *
 * - `invoice` is NULL or can be read.
 * - `payment` and `error` are NULL or can be written to.
 */
qris_status qris_check_invoice(const struct qris_client *client,
                               const struct qris_invoice *invoice,
                               struct qris_payment *payment,
                               struct qris_error *error);

/**
 * Waits until an invoice is paid, or can no longer be.
 *
 * By default it asks 15, 30 and 45 seconds after the invoice was made, then by the minute, then
 * more seldom until validity and grace are over; never more often than the key may ask. What was
 * due before the call is made up with one check. It ends with QRIS_PAYMENT_STATE_PAID as soon as a
 * check says so. It ends with QRIS_PAYMENT_STATE_UNPAID only if the provider said so at or after
 * the end: while the provider does not answer, waiting goes on, with up to an hour between checks.
 * The clock of this machine does not matter.
 *
 * `client` is from `qris_client_new`, `invoice` from `qris_create_invoice`. `options` may be NULL.
 * Its callbacks are called on the calling thread, one at a time, and may call any function of this
 * library but this one, `qris_client_free` too. `payment` must not be NULL and is written only on success.
 * `error` may be NULL. Not in a library built without `client`.
 *
 * Statuses: QRIS_STATUS_OK (look at `state`), QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
 * QRIS_STATUS_CLIENT_UNKNOWN, QRIS_STATUS_INVOICE_INVALID, QRIS_STATUS_CANCELLED (a callback ended
 * it: check once more before the invoice is given up), QRIS_STATUS_REJECTED (for a reason that
 * another check would meet again, such as a wrong key), QRIS_STATUS_WAIT_BUSY (in a callback of this
 * function). Threads: from any, at any time, on the
 * same client too.
 *
 * # Safety
 *
 * - `invoice` is NULL or can be read.
 * - `options` is NULL, or as many bytes can be read as its size says, and its callbacks are NULL or
 *   functions of their types, and what they do with `user` is sound.
 * - `payment` and `error` are NULL or can be written to.
 */
qris_status qris_wait_for_payment(const struct qris_client *client,
                                  const struct qris_invoice *invoice,
                                  const struct qris_wait_options *options,
                                  struct qris_payment *payment,
                                  struct qris_error *error);

/**
 * Reads the body of a webhook of the provider. Nothing is sent and no client is needed.
 *
 * The body is not signed and names no amount, so it is a hint and nothing more: check the invoice
 * before anything is handed over. Answer it with HTTP status 200, and expect the same one twice and
 * late. `qris_orders_webhook` does all of that for orders.
 *
 * `body` is `len` bytes, neither NULL nor with a NUL behind it. `webhook` must not be NULL and is
 * written only on success. `error` may be NULL. Not in a library built without `client`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_TOO_LONG where `len` cannot
 * be right, QRIS_STATUS_WEBHOOK_MALFORMED. Threads: from any, at any time.
 *
 * # Safety
 *
 * - `len` bytes from `body` can be read and do not change before it returns.
 * - `webhook` and `error` are NULL or can be written to.
 */
qris_status qris_read_webhook(const char *body,
                              size_t len,
                              struct qris_webhook *webhook,
                              struct qris_error *error);

/**
 * Opens orders, and asks the provider what time it is, for two seconds at most: the clock of this
 * machine does not say how long a code is shown.
 *
 * A database that belongs to another account of the provider is refused: a sandbox would call a
 * shop's unpaid orders paid.
 *
 * `options` must not be NULL. `orders` must not be NULL and is written only on success; the orders
 * belong to the caller, who ends them with `qris_orders_close`. `error` may be NULL. Open them after
 * a `fork`. Not in a library built without `orders`.
 *
 * Work goes on only while a thread of the caller is in a function with these orders: call
 * `qris_orders_poll` from a timer or in a loop.
 *
 * Statuses: those of `qris_client_new` (`code` may also be `merchant`),
 * QRIS_STATUS_DATABASE_REFUSED (`code` is `database-url`, `no-postgres`, `other-account`,
 * `newer-format` or `replaced`), QRIS_STATUS_DATABASE_UNAVAILABLE, QRIS_STATUS_DATABASE_FAILED.
 * Threads: from any, at any time.
 *
 * # Safety
 *
 * - `options` is NULL, or as many bytes can be read as its size says, its texts can be read to their
 *   lengths, and its client's options too.
 * - `orders` and `error` are NULL or can be written to.
 */
qris_status qris_orders_open(const struct qris_orders_options *options,
                             struct qris_orders **orders,
                             struct qris_error *error);

/**
 * Closes orders. NULL and orders that were closed before are passed over.
 *
 * It waits for calls that other threads are making with them, for 45 seconds at most; later calls
 * return QRIS_STATUS_ORDERS_UNKNOWN. What is open in the database stays open, for the next program.
 * Threads: from any, at any time, in a callback too. Not in a library built without `orders`.
 */
void qris_orders_close(struct qris_orders *orders);

/**
 * Asks for a code for an order. The same number and amount again give the order as it is, with its
 * code: so a program that was killed charges again and goes on.
 *
 * It returns when the provider has answered, which takes up to `timeout_seconds` of the client.
 * `orders` is from `qris_orders_open`. `new_order` must not be NULL. `order` must not be NULL, begins
 * with its size, and is filled in only on success. `error` may be NULL. Not in a library built
 * without `orders`.
 *
 * Look at the order's `state`: one that was charged before may be paid, expired or cancelled. Show
 * its code while `may_be_shown` is 1. Never charge another number because of
 * QRIS_STATUS_OUTCOME_UNKNOWN or QRIS_STATUS_CONTENT_MISMATCH: the payer may pay twice. The order is
 * then QRIS_ORDER_STATE_UNKNOWN, also when it is charged again, and after other refusals of the
 * provider QRIS_ORDER_STATE_REJECTED: then the same number may be charged again.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
 * QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_ORDERS_UNKNOWN,
 * QRIS_STATUS_ORDER_CONFLICT, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number`, `amount`,
 * `due_at` or `too-large`), those of `qris_create_invoice` for what the provider says, and those of
 * `qris_orders_get` for the database. Threads: from any, at any time, with the same orders too.
 *
 * # Safety
 *
 * - `new_order` is NULL, or as many bytes can be read as its size says, and its texts can be read to
 *   their lengths.
 * - `order` is NULL, or begins with a size and as many bytes can be written to.
 * - `error` is NULL or can be written to.
 */
qris_status qris_orders_charge(const struct qris_orders *orders,
                               const struct qris_new_order *new_order,
                               struct qris_order *order,
                               struct qris_error *error);

/**
 * Asks for another code of an order whose last one is no longer shown (QRIS_ORDER_STATE_EXPIRED).
 *
 * Every older code is checked first, which may take as long as the gap between two checks: a payer
 * may have paid just now. Then the order is paid and there is no new code: look at its `state`.
 *
 * `number` is that of the order and ends with a NUL. `orders`, `order` and `error` are as for
 * `qris_orders_charge`. Not in a library built without `orders`.
 *
 * Statuses: those of `qris_orders_charge`, QRIS_STATUS_ABSENT, QRIS_STATUS_ORDER_STATE,
 * QRIS_STATUS_TOO_SOON and QRIS_STATUS_NOT_CHECKED (there is no new code: try again later). Threads:
 * from any, at any time, with the same orders too.
 *
 * # Safety
 *
 * - `number` is NULL or ends with a NUL.
 * - `order` is NULL, or begins with a size and as many bytes can be written to.
 * - `error` is NULL or can be written to.
 */
qris_status qris_orders_renew(const struct qris_orders *orders,
                              const char *number,
                              struct qris_order *order,
                              struct qris_error *error);

/**
 * The cashier's button: has an order checked as soon as the budget of the key allows. The check is
 * made while `qris_orders_poll` or another function with these orders runs.
 *
 * `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. Success says that the
 * button was taken, or that the order is paid already. Not in a library built without `orders`.
 *
 * Statuses: those of `qris_orders_get`, QRIS_STATUS_ORDER_STATE where it waits for no payment, and
 * QRIS_STATUS_TOO_SOON where it was pressed a moment ago or too often. Threads: from any, at any
 * time, with the same orders too.
 *
 * # Safety
 *
 * As for `qris_orders_renew`.
 */
qris_status qris_orders_check(const struct qris_orders *orders,
                              const char *number,
                              struct qris_order *order,
                              struct qris_error *error);

/**
 * Cancels an order that is not paid.
 *
 * The provider is asked first about each of its codes, if it may be asked within two seconds: look
 * at the `state`, which is QRIS_ORDER_STATE_PAID where it was paid just now, and at `is_unanswered`.
 * Codes cannot be withdrawn, so a payment that comes all the same is booked and told.
 *
 * `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. Not in a library built
 * without `orders`.
 *
 * Statuses: those of `qris_orders_get`, and QRIS_STATUS_ORDER_STATE. Threads: from any, at any time,
 * with the same orders too.
 *
 * # Safety
 *
 * As for `qris_orders_renew`.
 */
qris_status qris_orders_cancel(const struct qris_orders *orders,
                               const char *number,
                               struct qris_order *order,
                               struct qris_error *error);

/**
 * A person says what became of an order that is QRIS_ORDER_STATE_UNKNOWN.
 *
 * With a `qris_invoiceid` it is the provider's invoice of the order, as the merchant's portal or a
 * webhook has it, and a check has to confirm that it is paid: look at the `state`. With zero, the
 * provider made no code, and `reason` says how that was found out; it is kept, and the number can be
 * charged again.
 *
 * `reason` is NULL or ends with a NUL. `number`, `orders`, `order` and `error` are as for
 * `qris_orders_renew`. Not in a library built without `orders`.
 *
 * Statuses: those of `qris_orders_get`, QRIS_STATUS_VALUE_REFUSED (`code` is `reason`),
 * QRIS_STATUS_ORDER_STATE, QRIS_STATUS_CONTENT_MISMATCH (the invoice is another order's),
 * QRIS_STATUS_TOO_SOON, and those of `qris_check_invoice` for what the provider says. Threads: from
 * any, at any time, with the same orders too.
 *
 * # Safety
 *
 * - `number` and `reason` are NULL or end with a NUL.
 * - `order` is NULL, or begins with a size and as many bytes can be written to.
 * - `error` is NULL or can be written to.
 */
qris_status qris_orders_resolve(const struct qris_orders *orders,
                                const char *number,
                                uint64_t qris_invoiceid,
                                const char *reason,
                                struct qris_order *order,
                                struct qris_error *error);

/**
 * What is booked of an order. The provider is not asked.
 *
 * `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. Not in a library built
 * without `orders`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_ABSENT, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
 * QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number`),
 * QRIS_STATUS_ORDERS_UNKNOWN, QRIS_STATUS_DATABASE_UNAVAILABLE, QRIS_STATUS_DATABASE_REFUSED,
 * QRIS_STATUS_DATABASE_FAILED. Threads: from any, at any time, with the same orders too.
 *
 * # Safety
 *
 * As for `qris_orders_renew`.
 */
qris_status qris_orders_get(const struct qris_orders *orders,
                            const char *number,
                            struct qris_order *order,
                            struct qris_error *error);

/**
 * Takes the body of a webhook of the provider. It is not believed: it makes the order due to be
 * checked. On success, and on QRIS_STATUS_ABSENT, it is on disk: answer with HTTP status 200. After
 * other statuses but QRIS_STATUS_WEBHOOK_MALFORMED answer with 503, so that it is sent again.
 *
 * QRIS_STATUS_ABSENT says that it is of no order that is booked, and that it is kept.
 *
 * `body` is `len` bytes, neither NULL nor with a NUL behind it. `orders`, `order` and `error` are as
 * for `qris_orders_renew`. Not in a library built without `orders`.
 *
 * Statuses: those of `qris_orders_get` and `qris_read_webhook`. Threads: from any, at any time, with
 * the same orders too.
 *
 * # Safety
 *
 * - `len` bytes from `body` can be read and do not change before it returns.
 * - `order` is NULL, or begins with a size and as many bytes can be written to.
 * - `error` is NULL or can be written to.
 */
qris_status qris_orders_webhook(const struct qris_orders *orders,
                                const char *body,
                                size_t len,
                                struct qris_order *order,
                                struct qris_error *error);

/**
 * Books that what a payment asks for is done: the goods are handed out, the receipt is printed. So a
 * program that is killed between payment and goods finds the order in `qris_orders_unacknowledged`.
 *
 * `first` may be NULL; it is written only on success: 1 where this call booked it, 0 where it was
 * booked before. `number`, `orders` and `error` are as for `qris_orders_renew`. Not in a library
 * built without `orders`.
 *
 * Statuses: those of `qris_orders_get`, and QRIS_STATUS_ORDER_STATE for an order that is not paid.
 * Threads: from any, at any time, with the same orders too.
 *
 * # Safety
 *
 * - `number` is NULL or ends with a NUL.
 * - `first` and `error` are NULL or can be written to.
 */
qris_status qris_orders_acknowledge(const struct qris_orders *orders,
                                    const char *number,
                                    int32_t *first,
                                    struct qris_error *error);

/**
 * Lists orders, the newest first.
 *
 * `orders` is from `qris_orders_open`. `filter` may be NULL: all orders. `list` is the first of
 * `capacity` structs that lie one behind the other; the first begins with its size, and that is the
 * distance between two. It must not be NULL. `count` must not be NULL; it is written only on
 * success: how many of them are filled in. Where that is `capacity` there may be more. `error` may
 * be NULL. Not in a library built without `orders`.
 *
 * Statuses: those of `qris_orders_get` but QRIS_STATUS_ABSENT, QRIS_STATUS_UNKNOWN_VALUE, and
 * QRIS_STATUS_VALUE_REFUSED (`code` is `from`, `to`, `after_created_at` or `transaction-number`).
 * Threads: from any, at any time, with the same orders too.
 *
 * # Safety
 *
 * - `filter` is NULL, or as many bytes can be read as its size says, and its texts can be read to
 *   their lengths.
 * - `list` is NULL, or begins with a size, and `capacity` times as many bytes can be written to.
 * - `count` and `error` are NULL or can be written to.
 */
qris_status qris_orders_list(const struct qris_orders *orders,
                             const struct qris_order_filter *filter,
                             struct qris_order *list,
                             size_t capacity,
                             size_t *count,
                             struct qris_error *error);

/**
 * Lists the paid orders of which nobody has said with `qris_orders_acknowledge` that what the payment
 * asks for is done, the oldest first. A program asks for them when it starts, and after each payment.
 *
 * `orders`, `list`, `capacity`, `count` and `error` are as for `qris_orders_list`. Not in a library
 * built without `orders`.
 *
 * Statuses: those of `qris_orders_get` but QRIS_STATUS_ABSENT. Threads: from any, at any time, with
 * the same orders too.
 *
 * # Safety
 *
 * - `list` is NULL, or begins with a size, and `capacity` times as many bytes can be written to.
 * - `count` and `error` are NULL or can be written to.
 */
qris_status qris_orders_unacknowledged(const struct qris_orders *orders,
                                       struct qris_order *list,
                                       size_t capacity,
                                       size_t *count,
                                       struct qris_error *error);

/**
 * Does the work that is due, and tells what became of the merchant's orders, by this program and by
 * all others that use the database.
 *
 * The work is: checks of codes as the budget of the key allows, expiry, and webhooks that wait for a
 * check. It goes on for `timeout_milliseconds`, at least 10, or until there are events. What is not
 * finished then goes on in the next call: so a form calls it from a timer with a short time, and a
 * console program in a loop with a longer one. While no thread is in a function with these orders
 * nothing is done; another program on the same database does it then.
 *
 * `orders` is from `qris_orders_open`. `callback` may be NULL: then events stay for a later call. It
 * is called on the calling thread before this function returns, and may call any function with these
 * orders but `qris_orders_poll`, `qris_orders_close` too. `user` is handed to it and not touched.
 * `error` may be NULL. Not in a library built without `orders`.
 *
 * An event comes at least once. That nothing is done twice after a crash, such as a receipt, is what
 * `qris_orders_acknowledge` is for.
 *
 * Statuses: QRIS_STATUS_OK, with or without events, QRIS_STATUS_NULL_ARGUMENT,
 * QRIS_STATUS_ORDERS_UNKNOWN, QRIS_STATUS_POLL_BUSY. That a check had no answer, or that the database
 * was unavailable, is not a failure of it: the next calls try again. Threads: from any, one at a
 * time with the same orders.
 *
 * # Safety
 *
 * - `callback` is NULL or a function of that type, and what it does with `user` is sound.
 * - `error` is NULL or can be written to.
 */
qris_status qris_orders_poll(const struct qris_orders *orders,
                             uint32_t timeout_milliseconds,
                             qris_event_callback callback,
                             void *user,
                             struct qris_error *error);

/**
 * The cursor of the last event that a callback of `qris_orders_poll` has dealt with: a program that
 * wants to hear of everything keeps it, and says it in `events_after` when it opens the orders again.
 *
 * `orders` is from `qris_orders_open`. `cursor` must not be NULL and is written only on success.
 * `error` may be NULL. Not in a library built without `orders`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_ORDERS_UNKNOWN. Threads: from any,
 * at any time, with the same orders too.
 *
 * # Safety
 *
 * `cursor` and `error` are NULL or can be written to.
 */
qris_status qris_orders_cursor(const struct qris_orders *orders,
                               uint64_t *cursor,
                               struct qris_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/* A text that ends with a NUL as a qris_str, for the fields of structs. NULL is no text. */
static inline qris_str qris_text(const char *text)
{
  qris_str whole;
  whole.ptr = text;
  whole.len = 0;
  if (text) {
    while (text[whole.len]) {
      whole.len++;
    }
  }
  return whole;
}

#endif /* QRIS_H */
