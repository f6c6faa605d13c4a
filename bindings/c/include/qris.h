/* QRIS payloads, pictures and payments, for C99 and C++17.
 *
 * Generated from the sources of the library: do not edit.
 *
 * Functions return a qris_status; zero is success. Text is UTF-8: a pointer and a length in bytes
 * without a NUL, or, if the comment says so, a text that ends with a NUL. Results are written only
 * on success. There are two exceptions: `*error` is written on failure, and `*written` also if the
 * buffer is too small. Only clients and orders are created and freed; the caller owns everything
 * else. If an argument is wrong, the function returns a status that says so. It cannot detect a
 * dangling pointer or a text without its NUL: then the behaviour is undefined, as usual in C.
 */

#ifndef QRIS_H
#define QRIS_H

#include <stddef.h>
#include <stdint.h>

/* The version of this header. qris_version() returns the version of the running library. */
#define QRIS_VERSION "0.1.0"
#define QRIS_VERSION_MAJOR 0
#define QRIS_VERSION_MINOR 1
#define QRIS_VERSION_PATCH 0

/**
 * A flag for the `rules` of `qris_inspect` and `qris_hints`: messages are in Indonesian instead of
 * English, as in `QRIS_RULES_QRIS | QRIS_LANG_ID`. Codes and severities stay the same. A library
 * without the feature `indonesian` returns QRIS_STATUS_UNKNOWN_VALUE.
 */
#define QRIS_LANG_ID 256

/**
 * The result of a call. Zero is success. A number never changes its meaning and is never reused.
 * New numbers may be added: treat a number you do not know as a failure.
 */
enum qris_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success.
   */
  QRIS_STATUS_OK = 0,
  /**
   * There is no such object, or there are no more objects. This is not a failure.
   */
  QRIS_STATUS_ABSENT = 1,
  /**
   * A required pointer is NULL.
   */
  QRIS_STATUS_NULL_ARGUMENT = 10,
  /**
   * The struct's `size` is wrong: set it to sizeof. Or the struct is newer than the library and
   * sets fields that the library does not know.
   */
  QRIS_STATUS_STRUCT_SIZE = 11,
  /**
   * A number is not a value of its enum.
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
   * The `qris_cursor` was not set to zero before the first call, was changed, or belongs to another
   * payload.
   */
  QRIS_STATUS_CURSOR_INVALID = 16,
  /**
   * There are more accounts or template values than a payload can hold.
   */
  QRIS_STATUS_TOO_MANY = 17,
  /**
   * The client was freed or never created.
   */
  QRIS_STATUS_CLIENT_UNKNOWN = 18,
  /**
   * A field of the `qris_invoice` is not what `qris_create_invoice` wrote.
   */
  QRIS_STATUS_INVOICE_INVALID = 19,
  /**
   * The text is empty or only white space.
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
   * The text ends inside the tag or the length of an object, which are two characters each.
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
   * An object appears twice.
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
   * The checksum does not match the text.
   */
  QRIS_STATUS_CHECKSUM_MISMATCH = 34,
  /**
   * A value is longer than the 99 characters that an object can hold.
   */
  QRIS_STATUS_VALUE_TOO_LONG = 40,
  /**
   * A text has combining marks. Use precomposed characters.
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
   * The payload would break a rule. `code` of the `qris_error` says which one.
   */
  QRIS_STATUS_RULE_BROKEN = 44,
  /**
   * The text cannot be masked: no masked copy would have the same shape and the same verdict.
   */
  QRIS_STATUS_NOT_ANONYMIZABLE = 45,
  /**
   * The text does not fit into the largest QR symbol.
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
   * The writer callback did not return zero.
   */
  QRIS_STATUS_WRITER_STOPPED = 53,
  /**
   * The file to read is no PNG, JPEG, WebP or BMP picture. The message says what it is instead.
   */
  QRIS_STATUS_PICTURE_FORMAT = 54,
  /**
   * The picture to read has more than 120 million pixels, or takes more than 512 MiB to read.
   */
  QRIS_STATUS_PICTURE_TOO_LARGE = 55,
  /**
   * The picture to read is cut short or damaged.
   */
  QRIS_STATUS_PICTURE_DAMAGED = 56,
  /**
   * A poster needs a static code, and this one is for one payment.
   */
  QRIS_STATUS_DRAWING_NOT_STATIC = 58,
  /**
   * A value was refused and nothing was sent. Correct the value. `code` says which one.
   */
  QRIS_STATUS_VALUE_REFUSED = 60,
  /**
   * The provider refused. Correct the request or the credentials. `code` says why.
   */
  QRIS_STATUS_REJECTED = 61,
  /**
   * The create call may have reached the provider, so a payable invoice may exist. Check before
   * you try again.
   */
  QRIS_STATUS_OUTCOME_UNKNOWN = 62,
  /**
   * No answer came. It is safe to ask again.
   */
  QRIS_STATUS_UNREACHABLE = 63,
  /**
   * The answer to a check cannot be read. It is safe to ask again.
   */
  QRIS_STATUS_MALFORMED_REPLY = 64,
  /**
   * The QR in the reply is not the requested one. Never show it.
   */
  QRIS_STATUS_CONTENT_MISMATCH = 65,
  /**
   * A callback ended the wait before the invoice was known to be paid.
   */
  QRIS_STATUS_CANCELLED = 66,
  /**
   * The system has no usable certificate store.
   */
  QRIS_STATUS_CERTIFICATE_STORE = 67,
  /**
   * Nothing was sent, because checks with this key are paused. Ask again after
   * `retry_after_seconds` of the `qris_error`. `code` says why.
   */
  QRIS_STATUS_PAUSED = 68,
  /**
   * The body is not a webhook of the provider.
   */
  QRIS_STATUS_WEBHOOK_MALFORMED = 69,
  /**
   * The orders were closed or never opened.
   */
  QRIS_STATUS_ORDERS_UNKNOWN = 70,
  /**
   * The number is taken: use a new one for a new sale. `code` is `conflict` if the order has
   * another amount or reference, and `used-earlier` if it was paid, expired or cancelled on an
   * earlier day. If it is the same sale and it expired, call `qris_orders_renew`.
   */
  QRIS_STATUS_ORDER_CONFLICT = 71,
  /**
   * The order is in a state that does not allow this step.
   */
  QRIS_STATUS_ORDER_STATE = 72,
  /**
   * It is too early to ask the provider. Try again after `retry_after_seconds` of the
   * `qris_error`. `code` is `none-left` if all manual checks are used up and only scheduled
   * checks follow.
   */
  QRIS_STATUS_TOO_SOON = 73,
  /**
   * An older code of the order may have been paid just now, so no new code was made. Try again
   * later.
   */
  QRIS_STATUS_NOT_CHECKED = 74,
  /**
   * The database cannot be used at the moment. Try again. `code` is `busy`, `full`, `read-only`
   * or `unreachable`.
   */
  QRIS_STATUS_DATABASE_UNAVAILABLE = 75,
  /**
   * These settings cannot be used with this database. Correct them. `code` says why.
   */
  QRIS_STATUS_DATABASE_REFUSED = 76,
  /**
   * The database failed, or one of its rows is corrupt.
   */
  QRIS_STATUS_DATABASE_FAILED = 77,
  /**
   * Another thread, or a callback of this thread, is in `qris_orders_poll` with the same orders.
   */
  QRIS_STATUS_POLL_BUSY = 78,
  /**
   * A callback of `qris_wait_for_payment` called `qris_wait_for_payment`.
   */
  QRIS_STATUS_WAIT_BUSY = 79,
  /**
   * The library has a bug: please report it. After a create call, an invoice may exist: check
   * before you try again.
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
   * Good to know. Codes that work everywhere may have such a finding.
   */
  QRIS_SEVERITY_INFO = 0,
  /**
   * Breaks a rule, but most wallets accept it.
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
 * The result of all findings of a text.
 */
enum qris_verdict
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No error and no warning. There may be findings of severity info.
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
 * Whether an invoice is paid. There is no third state: an expired invoice stays unpaid.
 */
enum qris_payment_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The invoice is not paid yet.
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
 * The status of an invoice in a webhook.
 */
enum qris_webhook_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Any other word.
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
 * The state of an order.
 */
enum qris_order_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Only in a `qris_order_filter`: any state.
   */
  QRIS_ORDER_STATE_ANY = 0,
  /**
   * No code was requested yet.
   */
  QRIS_ORDER_STATE_OPEN = 1,
  /**
   * A code is being requested. If the program was killed meanwhile, the order becomes
   * QRIS_ORDER_STATE_UNKNOWN max(35, `timeout_seconds`) + 60 seconds after the request.
   */
  QRIS_ORDER_STATE_REQUESTED = 2,
  /**
   * There is a code that may be shown.
   */
  QRIS_ORDER_STATE_PENDING = 3,
  /**
   * The order is paid.
   */
  QRIS_ORDER_STATE_PAID = 4,
  /**
   * Its code is no longer shown, but checks for a late payment continue. `qris_orders_renew`
   * requests another code.
   */
  QRIS_ORDER_STATE_EXPIRED = 5,
  /**
   * The provider refused: there is no code. The same number may be charged again.
   */
  QRIS_ORDER_STATE_REJECTED = 6,
  /**
   * It is not known whether the provider made a code. A webhook and a check resolve this, or a
   * person with `qris_orders_resolve`.
   */
  QRIS_ORDER_STATE_UNKNOWN = 7,
  /**
   * The shop no longer wants the payment. A payment that still comes makes it paid.
   */
  QRIS_ORDER_STATE_CANCELLED = 8,
  /**
   * Only in a `qris_order_filter`: orders that are not ended, which are the ones in the states
   * OPEN, REQUESTED, PENDING and UNKNOWN. EXPIRED is not among them: list it with its own state, to
   * renew it. List them when your program starts again.
   */
  QRIS_ORDER_STATE_UNFINISHED = 100,
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
   * In a new order: a till. In a `qris_order_filter`: any channel.
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
 * The state of one code of an order.
 */
enum qris_code_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * A state that this version of the library does not know.
   */
  QRIS_CODE_STATE_OTHER = 0,
  /**
   * It is being requested from the provider.
   */
  QRIS_CODE_STATE_REQUESTED = 1,
  /**
   * It may be shown and paid.
   */
  QRIS_CODE_STATE_PENDING = 2,
  /**
   * It was paid.
   */
  QRIS_CODE_STATE_PAID = 3,
  /**
   * It is no longer shown, but checks for a late payment continue.
   */
  QRIS_CODE_STATE_EXPIRED = 4,
  /**
   * The provider refused to make it.
   */
  QRIS_CODE_STATE_REJECTED = 5,
  /**
   * It is not known whether the provider made it.
   */
  QRIS_CODE_STATE_UNKNOWN = 6,
  /**
   * A person found out that the provider did not make it.
   */
  QRIS_CODE_STATE_RESOLVED = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_code_state qris_code_state;
#else
typedef int32_t qris_code_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What happened to an order.
 */
enum qris_event_type
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * An event that this version of the library does not know.
   */
  QRIS_EVENT_TYPE_OTHER = 0,
  /**
   * It was created.
   */
  QRIS_EVENT_TYPE_CREATED = 1,
  /**
   * It is paid.
   */
  QRIS_EVENT_TYPE_PAID = 2,
  /**
   * It is paid, after it expired or was cancelled.
   */
  QRIS_EVENT_TYPE_PAID_LATE = 3,
  /**
   * Another code of a paid order is paid too.
   */
  QRIS_EVENT_TYPE_OVERPAID = 4,
  /**
   * Its last code is no longer shown. Another one may be requested.
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
   * It is not known whether the provider made a code for it.
   */
  QRIS_EVENT_TYPE_UNKNOWN = 8,
  /**
   * It was unknown and is now resolved.
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
 * The rules that a payload is checked against.
 */
enum qris_rules
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * EMVCo's rules and Indonesia's national rules.
   */
  QRIS_RULES_QRIS = 0,
  /**
   * EMVCo's rules for merchant-presented codes of any country.
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
 * A tip or fee that is added to the amount (objects 55 to 57).
 */
enum qris_tip
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * In `qris_to_dynamic`: the payload's own tip or fee stays. Otherwise the same as none.
   */
  QRIS_TIP_UNSPECIFIED = 0,
  /**
   * No tip or fee.
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
  /**
   * A PDF of one page. Only for posters: see `qris_draw_with`.
   */
  QRIS_FORMAT_PDF = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_format qris_format;
#else
typedef int32_t qris_format;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The paper of a poster, upright.
 */
enum qris_poster
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No poster: the QR with the words underneath.
   */
  QRIS_POSTER_NONE = 0,
  /**
   * 148 by 210 mm.
   */
  QRIS_POSTER_A5 = 1,
  /**
   * 105 by 148 mm.
   */
  QRIS_POSTER_A6 = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum qris_poster qris_poster;
#else
typedef int32_t qris_poster;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Where the check budget of a key is kept: the checks that were made, and when the next is
 * allowed.
 */
enum qris_budget_place
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The default: in a file.
   */
  QRIS_BUDGET_PLACE_UNSPECIFIED = 0,
  /**
   * In a small file that all processes of the user share, also after a restart.
   */
  QRIS_BUDGET_PLACE_FILE = 1,
  /**
   * In this client only. Other clients and processes, and this program after a restart, do not
   * know about its checks, but the provider counts all of them.
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
 * What a callback asks for.
 */
enum qris_wait_step
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Continue to wait.
   */
  QRIS_WAIT_STEP_CONTINUE = 0,
  /**
   * Stop waiting.
   */
  QRIS_WAIT_STEP_CANCEL = 1,
  /**
   * The cashier asks for a check now. At most three such checks are made, `try_gap_seconds` apart;
   * further requests are ignored.
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
 * A client of the Open API, from `qris_client_new` to `qris_client_free`. Its content is private.
 */
typedef struct qris_client qris_client;

/**
 * Orders of one merchant in a database, from `qris_orders_open` to `qris_orders_close`. Its
 * content is private.
 *
 * An order has a number and an amount. It may have many codes, of which one at a time is shown,
 * and it is paid once. Everything is written to the database before and after each call to the
 * provider. So a program that was killed can continue: it opens the same database and charges the
 * same number again. Many programs may use one database at the same time, also a till (`qris
 * till`) and the command `qris order`. They share the budget of the key, and each payment is
 * settled once.
 */
typedef struct qris_orders qris_orders;

/**
 * A payload that has been read. `qris_parse` fills it in. Its content is private.
 *
 * The caller owns it and may copy it; there is nothing to free. It points into the parsed text:
 * keep that text, unchanged, as long as you use the payload.
 */
typedef struct qris_payload {
  /**
   * Private.
   */
  uint64_t opaque[8];
} qris_payload;

/**
 * The details of a failure.
 *
 * The caller owns it and there is nothing to free. Functions write it only if they fail. Pass NULL
 * if you do not need it. Its texts never quote a payload, a key, a URL or a name, with one
 * exception: if the provider refuses in words that this library does not know
 * (QRIS_STATUS_REJECTED with the code `other`), `message` has up to 120 characters of these words,
 * without the key.
 */
typedef struct qris_error {
  /**
   * The status that the function returned.
   */
  qris_status status;
  /**
   * The byte at which the text is wrong, counted from the start of the whole text. 0 if the failure
   * is not at one byte.
   */
  uint32_t offset;
  /**
   * Seconds until the next check is possible, with QRIS_STATUS_PAUSED and QRIS_STATUS_TOO_SOON.
   * Seconds until the order is QRIS_ORDER_STATE_UNKNOWN, with QRIS_STATUS_OUTCOME_UNKNOWN of an
   * order that is still QRIS_ORDER_STATE_REQUESTED. Otherwise 0.
   */
  uint32_t retry_after_seconds;
  /**
   * The path of the wrong or missing object, such as `62.05`. Empty if the failure is about the
   * whole text or not about a payload. It ends with a NUL.
   */
  char path[12];
  /**
   * A stable word for programs and searches, the same in Rust, C and Python. With
   * QRIS_STATUS_RULE_BROKEN it is the rule (`amount-zero`), with QRIS_STATUS_VALUE_REFUSED the
   * value (`api-key`), with QRIS_STATUS_CONTENT_MISMATCH the part that differs (`nmid`), with
   * QRIS_STATUS_REJECTED the reason (`invalid-api-key`), with QRIS_STATUS_OUTCOME_UNKNOWN,
   * QRIS_STATUS_UNREACHABLE and QRIS_STATUS_PAUSED the cause (`timed-out`, `retry-after`), with
   * the statuses of orders and their database the refusal (`used-earlier`, `wrong-state`).
   * Otherwise it is the status as a word. It ends with a NUL.
   */
  char code[32];
  /**
   * An English sentence that says what was expected and what was found. It ends with a NUL. If
   * it does not fit, it is cut and ends with `...`.
   */
  char message[256];
} qris_error;

/**
 * A piece of text: a pointer and a length in bytes, UTF-8, without a NUL at its end.
 *
 * As a result, it points into a text that you passed in (each function says which one). It is
 * valid as long as that text, and must not be freed. As an argument, a length of 0 means no text,
 * and then the pointer may be NULL. `qris_text("...")` makes one from a text that ends with a NUL.
 */
typedef struct qris_str {
  /**
   * The first byte.
   */
  const char *ptr;
  /**
   * The number of bytes.
   */
  size_t len;
} qris_str;

/**
 * The position of `qris_next` in a payload. Set the whole struct to zero to begin (`qris_cursor
 * cursor = {0};`, in C++ `{}`); after that only `qris_next` changes it. The caller owns it and
 * there is nothing to free. Copy it to return to a position later.
 */
typedef struct qris_cursor {
  /**
   * The byte of the payload at which the next object begins. Private.
   */
  uint32_t next;
  /**
   * The number of open templates. Private.
   */
  uint32_t depth;
  /**
   * The bytes of the payload at which they end. Private.
   */
  uint32_t ends[2];
  /**
   * Their tags. Private.
   */
  uint8_t tags[4];
} qris_cursor;

/**
 * An object of a payload, from `qris_next`.
 */
typedef struct qris_object {
  /**
   * Its value, in the parsed text; valid as long as that text.
   */
  struct qris_str value;
  /**
   * The byte of the text at which the object begins: tag, then length, then value.
   */
  uint32_t offset;
  /**
   * The number of `tags` in use: 1 for an object of the root, 2 or 3 inside templates.
   */
  uint8_t depth;
  /**
   * The path of the object: 62 and 5 for `62.05`. Unused tags are 0.
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
   * The number of bytes that it is about; 0 for a missing object.
   */
  uint32_t len;
  /**
   * The number of `tags` in use; 0 if the finding is about the whole text.
   */
  uint8_t depth;
  /**
   * The path of the wrong or missing object: 62 and 5 for `62.05`.
   */
  uint8_t tags[3];
} qris_finding;

/**
 * Called for each finding. `user` is the pointer that was passed to `qris_inspect`. It must return
 * normally: no `longjmp` and no exception may leave it.
 */
typedef void (*qris_finding_callback)(void *user, const struct qris_finding *finding);

/**
 * Something that was recognized in a text. It and its texts are valid until the callback returns.
 */
typedef struct qris_hint {
  /**
   * The stable word for it, such as `plus-for-space`. It ends with a NUL.
   */
  const char *code;
  /**
   * A sentence for people: in English, or in Indonesian with QRIS_LANG_ID. It quotes nothing of
   * the text except a country code. It ends with a NUL.
   */
  const char *message;
} qris_hint;

/**
 * Called for each hint. `user` is the pointer that was passed to `qris_hints`. It must return
 * normally: no `longjmp` and no exception may leave it.
 */
typedef void (*qris_hint_callback)(void *user, const struct qris_hint *hint);

/**
 * An account to write, an object of 02 to 51. Its layout does not change.
 */
typedef struct qris_account {
  /**
   * The tag: 26 for the acquirer, 51 for the national repository.
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
 * A value inside a template 62.50 to 62.99 or 80 to 99. Its layout does not change.
 */
typedef struct qris_template_value {
  /**
   * Its path, such as `62.99.00` or `80.01`.
   */
  struct qris_str path;
  /**
   * The value.
   */
  struct qris_str value;
} qris_template_value;

/**
 * The fields of a new payload. Set the whole struct to zero, then `size` to `sizeof(qris_fields)`,
 * then the fields you need. A field left at zero is left out, or has the default named here. The
 * caller owns the texts and arrays; they must live until the call returns.
 */
typedef struct qris_fields {
  /**
   * `sizeof(qris_fields)`.
   */
  size_t size;
  /**
   * A `qris_rules`: the rules that the payload must follow.
   */
  int32_t rules;
  /**
   * A `qris_initiation`: object 01.
   */
  int32_t initiation;
  /**
   * 59, the merchant's name; at most 25 characters. Required.
   */
  struct qris_str merchant_name;
  /**
   * 60, the merchant's city; at most 15 characters. Required.
   */
  struct qris_str merchant_city;
  /**
   * 52, the merchant category code of four digits. Required.
   */
  struct qris_str category_code;
  /**
   * 61, the postal code. Required in Indonesia, where it has five digits.
   */
  struct qris_str postal_code;
  /**
   * 58, the country as two upper-case letters. Default `ID`.
   */
  struct qris_str country_code;
  /**
   * 53, the currency as three digits. Default `360`, the rupiah.
   */
  struct qris_str currency;
  /**
   * 54, the exact amount: digits with at most one decimal point, such as `25578`.
   */
  struct qris_str amount;
  /**
   * 56 or 57, the fee, such as `2000` or `2.50`: only if `tip` is fixed or percent.
   */
  struct qris_str fee;
  /**
   * 02 to 51. They are written in the given order; ascending tags are best.
   */
  const struct qris_account *accounts;
  /**
   * The number of accounts, 50 at most.
   */
  size_t accounts_len;
  /**
   * 62.01. This and the seven that follow: at most 25 characters, or `***` if the wallet asks
   * the payer.
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
   * 64.00, a language as two letters. Required if one of the next two is set.
   */
  struct qris_str language;
  /**
   * 64.01, the merchant's name in that language. Required if the language is set.
   */
  struct qris_str language_merchant_name;
  /**
   * 64.02, the merchant's city in that language.
   */
  struct qris_str language_merchant_city;
  /**
   * Values inside 62.50 to 62.99 and 80 to 99. They are written in the given order: keep the
   * values of one template together; ascending paths are best.
   */
  const struct qris_template_value *template_values;
  /**
   * The number of template values, 64 at most.
   */
  size_t template_values_len;
  /**
   * A `qris_tip`: object 55.
   */
  int32_t tip;
  /**
   * Must be zero.
   */
  int32_t reserved;
} qris_fields;

/**
 * The fields of a dynamic copy. Set the whole struct to zero, then `size` to
 * `sizeof(qris_dynamic_options)`, then the fields you need. The caller owns the texts; they must
 * live until the call returns.
 */
typedef struct qris_dynamic_options {
  /**
   * `sizeof(qris_dynamic_options)`.
   */
  size_t size;
  /**
   * 54, the exact amount: digits with at most one decimal point, such as `25578`. Required.
   */
  struct qris_str amount;
  /**
   * 56 or 57, the fee, such as `2000` or `2.50`: only if `tip` is fixed or percent.
   */
  struct qris_str fee;
  /**
   * 62.05. Default: the payload's own value stays.
   */
  struct qris_str reference_label;
  /**
   * 62.01. Default: the payload's own value stays.
   */
  struct qris_str bill_number;
  /**
   * A `qris_tip`: object 55. Default: the payload's own value stays.
   */
  int32_t tip;
  /**
   * Must be zero.
   */
  int32_t reserved;
} qris_dynamic_options;

/**
 * Called with the next `len` bytes of a picture, which are valid until it returns. `user` is the
 * pointer that was passed to `qris_draw`. Return 0 to continue; any other value ends the drawing.
 * It must return normally: no `longjmp` and no exception may leave it.
 */
typedef int (*qris_writer)(void *user, const uint8_t *bytes, size_t len);

/**
 * Drawing options. Set the whole struct to zero, then `size` to `sizeof(qris_draw_options)`, then
 * the fields you need. The caller owns the texts; they must live until the call returns.
 */
typedef struct qris_draw_options {
  /**
   * `sizeof(qris_draw_options)`.
   */
  size_t size;
  /**
   * Only for posters: who printed it, after the words "Dicetak oleh". Default: the number of the
   * acquirer, which is the first eight digits of the merchant PAN.
   */
  struct qris_str printed_by;
  /**
   * Only for posters: the version of the poster, after the words "Versi cetak". Default: 1.0.
   */
  struct qris_str print_version;
  /**
   * A `qris_format`. Required. For a poster it is QRIS_FORMAT_SVG or QRIS_FORMAT_PDF.
   */
  int32_t format;
  /**
   * A `qris_poster`: the paper of a poster with a static code, to print and to put on the counter.
   * The logos of QRIS and GPN are not drawn; their places stay empty. Default: QRIS_POSTER_NONE.
   */
  int32_t poster;
} qris_draw_options;

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
   * The exact text in the symbol. It may be no payload: see `qris_parse`.
   */
  struct qris_str text;
  /**
   * The corners of the symbol without the quiet zone: its own upper left, upper right, lower right
   * and lower left. They count in the picture as it is stored in the file.
   */
  struct qris_corner corners[4];
} qris_symbol;

/**
 * Called for each symbol. `user` is the pointer that was passed to `qris_read_image`. It must return
 * normally: no `longjmp` and no exception may leave it.
 */
typedef void (*qris_symbol_callback)(void *user, const struct qris_symbol *symbol);

/**
 * Client options. Set the whole struct to zero, then `size` to `sizeof(qris_client_options)`, then
 * the fields you need. A field left at zero has the default named here. The caller owns the texts;
 * they must live until the call returns. The library wipes its copy of the key.
 */
typedef struct qris_client_options {
  /**
   * `sizeof(qris_client_options)`.
   */
  size_t size;
  /**
   * The secret from the registration. Required.
   */
  struct qris_str api_key;
  /**
   * The provider's number of the merchant (`mID`), not the NMID. Required.
   */
  struct qris_str merchant_id;
  /**
   * Another address of the API, up to and including the folder of its two pages. It must be
   * https; http is allowed to this machine only.
   */
  struct qris_str base_url;
  /**
   * The merchant's national number, which every QR must have. Default: the one in the first
   * invoice that the client creates.
   */
  struct qris_str nmid;
  /**
   * The folder of the small file that keeps the check budget of the key. Default: the
   * environment variable QRIS_STATE_DIR, or else `~/.local/state/qris` (on Windows `qris` in
   * `LOCALAPPDATA`). Processes that use the same folder share the budget.
   */
  struct qris_str state_dir;
  /**
   * Time limit for one call, in seconds. Default 35: the provider takes up to 30.
   */
  uint32_t timeout_seconds;
  /**
   * How long a QR is shown to a payer, in seconds. Default 1800: some accounts refuse a later
   * payment. It sets `shown_until` of an invoice.
   */
  uint32_t shown_seconds;
  /**
   * Validity of an invoice in seconds: until then a payment may come. Default 3600. It sets
   * `expires_at` of an invoice.
   */
  uint32_t validity_seconds;
  /**
   * How long to wait after the validity, in seconds, because a payment may arrive late. Default
   * 600.
   */
  uint32_t grace_seconds;
  /**
   * The minimum time between the first three checks of an invoice, in seconds. Default 15. The
   * provider blocks keys that ask more often.
   */
  uint32_t try_gap_seconds;
  /**
   * The minimum time between later checks of an invoice, in seconds. Default 60. The provider
   * blocks keys that ask more often.
   */
  uint32_t check_gap_seconds;
  /**
   * The maximum number of checks of the key in a minute, over all invoices, threads and
   * processes. Default 60.
   */
  uint32_t checks_per_minute;
  /**
   * A `qris_tip`: none, or QRIS_TIP_PROMPT: the wallet asks for a tip on every invoice.
   */
  int32_t tip;
  /**
   * The smallest amount of an invoice, in rupiah. Default 100, the minimum of most wallets.
   */
  uint64_t lowest_rupiah;
  /**
   * The largest amount of an invoice, in rupiah. Default 10000000, the limit of Bank Indonesia.
   */
  uint64_t highest_rupiah;
  /**
   * A `qris_budget_place`. Default QRIS_BUDGET_PLACE_FILE.
   */
  int32_t budget_place;
  /**
   * Must be zero.
   */
  int32_t reserved;
} qris_client_options;

/**
 * An invoice. The caller owns it and may copy and keep it; there is nothing to free.
 *
 * All texts are UTF-8 and end with a NUL. Each field has room for the longest possible value, so
 * nothing is ever cut. `qris_check_invoice` and `qris_wait_for_payment` read only `number`,
 * `rupiah`, `qris_request_date` and `qris_invoiceid`, as `qris_create_invoice` wrote them. So you
 * can restore an invoice from a database. The layout does not change.
 */
typedef struct qris_invoice {
  /**
   * The provider's number of the invoice. It may have 11 digits, more than 32 bits can hold.
   */
  uint64_t qris_invoiceid;
  /**
   * The amount to pay, in whole rupiah, without a tip.
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
   * When to stop showing the QR, from `shown_seconds` of the client: some accounts refuse a
   * later payment.
   */
  char shown_until[26];
  /**
   * Until when a payment may come, from `validity_seconds` of the client.
   */
  char expires_at[26];
  /**
   * The merchant's national number. Show it under the QR. At most 99 characters of up to 4
   * bytes.
   */
  char qris_nmid[397];
  /**
   * The payload to draw: 7089 bytes at most, the capacity of the largest QR symbol.
   */
  char qris_content[7090];
} qris_invoice;

/**
 * The provider's answer to a check. The caller owns it; there is nothing to free.
 *
 * All texts are UTF-8 and end with a NUL. A text that is not in the reply is empty. They come from
 * payers and banks, so the library cleans them: control characters are removed, and U+FFFD
 * replaces bytes that are not UTF-8. Each field has room for the longest possible text. The layout
 * does not change.
 */
typedef struct qris_payment {
  /**
   * Whether the invoice is paid.
   */
  qris_payment_state state;
  /**
   * The payer's name, as the payer's bank knows it. At most 100 characters of up to 4 bytes.
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
   * The national retrieval reference number (RRN): usually 12 digits, at most 40 characters.
   * Settlement lists and disputes use it. It is usually missing in replies to a check.
   */
  char rrn[161];
  /**
   * The provider's note on the payment: at most 200 characters. It is usually missing in replies
   * to a check.
   */
  char note[801];
  /**
   * The version of the API, as the reply has it: 40 characters at most.
   */
  char api_version[161];
} qris_payment;

/**
 * A check that was made while waiting. It and its pointers are valid until the callback returns.
 */
typedef struct qris_check {
  /**
   * The number of the check, from 1.
   */
  uint32_t number;
  /**
   * The result of the check. A failure does not end the wait.
   */
  qris_status status;
  /**
   * The provider's answer, or NULL if the status is not QRIS_STATUS_OK.
   */
  const struct qris_payment *payment;
  /**
   * The failure, or NULL if the status is QRIS_STATUS_OK.
   */
  const struct qris_error *error;
  /**
   * When it was made: `2020-08-07T11:13:57+07:00`. It ends with a NUL.
   */
  char made_at[26];
  /**
   * When the next check is due, or empty after the last one. It ends with a NUL.
   */
  char next_at[26];
} qris_check;

/**
 * Called after each check. It returns a `qris_wait_step`; any other number means continue. `user`
 * is the one in the options. It must return normally: no `longjmp` and no exception may leave it.
 */
typedef int (*qris_check_callback)(void *user, const struct qris_check *check);

/**
 * Called about once a second. It returns a `qris_wait_step`; any other number means continue.
 * `user` is the one in the options. It must return normally: no `longjmp` and no exception may
 * leave it.
 */
typedef int (*qris_second_callback)(void *user);

/**
 * Options of `qris_wait_for_payment`. Set the whole struct to zero, then `size` to
 * `sizeof(qris_wait_options)`, then the fields you need.
 */
typedef struct qris_wait_options {
  /**
   * `sizeof(qris_wait_options)`.
   */
  size_t size;
  /**
   * Called after each check; may be NULL.
   */
  qris_check_callback on_check;
  /**
   * Called about once a second, for a countdown and the cashier's keys; may be NULL.
   */
  qris_second_callback on_second;
  /**
   * Passed to both callbacks unchanged.
   */
  void *user;
} qris_wait_options;

/**
 * The content of a webhook. The caller owns it; there is nothing to free.
 *
 * All texts are UTF-8 and end with a NUL. A text that is not in the body is empty. The texts are
 * cleaned, and each field has room for the longest possible text, as in `qris_payment`. The layout
 * does not change.
 */
typedef struct qris_webhook {
  /**
   * The provider's number of the invoice.
   */
  uint64_t qris_invoiceid;
  /**
   * The status of the invoice.
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
   * When it was paid, as the webhook says: `2020-08-07T11:15:00+07:00`.
   */
  char paid_at[26];
  /**
   * The national retrieval reference number.
   */
  char rrn[161];
  /**
   * The provider's note on the payment.
   */
  char note[801];
} qris_webhook;

/**
 * Options of `qris_orders_open`. Set the whole struct to zero, then `size` to
 * `sizeof(qris_orders_options)`, then the fields you need. The caller owns the texts; they must
 * live until the call returns.
 */
typedef struct qris_orders_options {
  /**
   * `sizeof(qris_orders_options)`.
   */
  size_t size;
  /**
   * The client options: the key, the number of the merchant and so on. Required; they must live
   * until the call returns. The budget of the key is in the database and in the file that clients
   * share, so `budget_place` must not be QRIS_BUDGET_PLACE_MEMORY.
   */
  const struct qris_client_options *client;
  /**
   * The database: `sqlite://PATH`, a file that is created if it does not exist, or
   * `postgres://...`. Required. Use a separate database for a sandbox.
   */
  struct qris_str database;
  /**
   * The merchant's name in the database, for a database with several merchants: 1 to 32 characters
   * of a to z, 0 to 9, - and _. Default `main`.
   */
  struct qris_str merchant;
  /**
   * Who uses this program, a till or a person, for the history of orders. Default `program`.
   */
  struct qris_str actor;
  /**
   * The cursor of the last event that the program handled, from `qris_orders_cursor`.
   * `qris_orders_poll` then reports the later events. Zero: only events from now on.
   */
  uint64_t events_after;
} qris_orders_options;

/**
 * A new order. Set the whole struct to zero, then `size` to `sizeof(qris_new_order)`, then the fields
 * you need. The caller owns the texts; they must live until the call returns.
 */
typedef struct qris_new_order {
  /**
   * `sizeof(qris_new_order)`.
   */
  size_t size;
  /**
   * The shop's own number: 1 to 64 printable ASCII characters with no space at either end.
   * Required.
   */
  struct qris_str number;
  /**
   * The amount to pay, in whole rupiah. Required.
   */
  uint64_t rupiah;
  /**
   * A `qris_channel`. Default QRIS_CHANNEL_POS.
   */
  int32_t channel;
  /**
   * A `qris_tip`: none, or QRIS_TIP_PROMPT: the wallet asks for a tip. Default: the `tip` of the
   * client options.
   */
  int32_t tip;
  /**
   * How long a code is shown, in seconds. Default: `shown_seconds` of the client.
   */
  uint32_t shown_seconds;
  /**
   * 1 creates the order without a code: it is QRIS_ORDER_STATE_OPEN until it is charged again
   * with 0 here.
   */
  int32_t without_code;
  /**
   * The caller's own reference of this charge, such as a receipt number. The same number with
   * the same reference is the same charge, also on a later day. References are
   * compared only if both charges have one. 255 characters are kept.
   */
  struct qris_str reference;
  /**
   * The description. 500 characters are kept.
   */
  struct qris_str description;
  /**
   * The caller's own data, as the text of a JSON object of at most 16 KiB. The events and the API
   * of a till have it. No function of this library reads it back.
   */
  struct qris_str metadata;
  /**
   * The due date, such as `2026-11-30T12:00:00+07:00`.
   */
  struct qris_str due_at;
} qris_new_order;

/**
 * An order. The caller owns it and may copy and keep it; there is nothing to free.
 *
 * Set `size` to `sizeof(qris_order)` before a function fills it in; in an array, set it in the
 * first element. All texts are UTF-8 and end with a NUL. A value that does not exist yet is empty
 * or zero. Times look like `2020-08-07T11:13:42+07:00`. Each field has room for the longest
 * possible value. Later versions of the library add fields at the end only.
 */
typedef struct qris_order {
  /**
   * `sizeof(qris_order)`.
   */
  size_t size;
  /**
   * The amount to pay, in whole rupiah, without a tip.
   */
  uint64_t rupiah;
  /**
   * The amount that was paid in addition, because another of its codes was paid too; usually 0.
   */
  uint64_t overpaid_rupiah;
  /**
   * The provider's number of the newest code; 0 if it is not known.
   */
  uint64_t qris_invoiceid;
  /**
   * The state of the order.
   */
  qris_order_state state;
  /**
   * The channel of the sale.
   */
  qris_channel channel;
  /**
   * 1 if the wallet asks for a tip.
   */
  int32_t has_tip;
  /**
   * 1 while the code may be shown to a payer. Draw `qris_content` only then.
   */
  int32_t may_be_shown;
  /**
   * How many more seconds the code may be shown, for a countdown.
   */
  uint32_t shown_seconds_left;
  /**
   * How many codes were requested.
   */
  uint32_t codes;
  /**
   * 1 if the last check of a code had no answer: the code may have been paid. It is 0 too if no
   * check was made, except in the order that `qris_orders_cancel` fills in: there it is 1 too if
   * the order was cancelled without a check.
   */
  int32_t is_unanswered;
  /**
   * 1 after `qris_orders_acknowledge`: the goods are handed out.
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
   * When it was created.
   */
  char created_at[26];
  /**
   * The due date of the payment, if one was given.
   */
  char due_at[26];
  /**
   * When the provider made the newest code.
   */
  char qris_request_date[26];
  /**
   * When to stop showing the code: some accounts refuse a later payment.
   */
  char shown_until[26];
  /**
   * Until when a payment may come.
   */
  char expires_at[26];
  /**
   * Until when it is checked at least.
   */
  char watched_until[26];
  /**
   * When the newest code is checked next.
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
   * The caller's own reference of the charge: 255 characters at most.
   */
  char reference[1021];
  /**
   * The description: 500 characters at most.
   */
  char description[2001];
  /**
   * The merchant's national number. Show it under the QR.
   */
  char qris_nmid[397];
  /**
   * The payload to draw while `may_be_shown` is 1.
   */
  char qris_content[7090];
} qris_order;

/**
 * A filter for `qris_orders_list`. Set the whole struct to zero, then `size` to
 * `sizeof(qris_order_filter)`, then the fields you need. The caller owns the texts; they must live
 * until the call returns.
 */
typedef struct qris_order_filter {
  /**
   * `sizeof(qris_order_filter)`.
   */
  size_t size;
  /**
   * A `qris_order_state`: only orders in this state. Default any. QRIS_ORDER_STATE_UNFINISHED
   * lists all orders that are not ended.
   */
  int32_t state;
  /**
   * A `qris_channel`. Default any.
   */
  int32_t channel;
  /**
   * Orders that were created on this day in WIB (UTC+7) or later: `2026-11-01`.
   */
  struct qris_str from;
  /**
   * Orders that were created on this day in WIB or earlier.
   */
  struct qris_str to;
  /**
   * Orders whose number, description, reference, RRN or payment method contains this text, or
   * whose amount is this number.
   */
  struct qris_str search;
  /**
   * For the next page: `created_at` of the last order of the page before. Set this and the next
   * field, or neither.
   */
  struct qris_str after_created_at;
  /**
   * For the next page: `number` of that order.
   */
  struct qris_str after_number;
} qris_order_filter;

/**
 * One code of an order: an invoice of the provider, with its payment. The caller owns it; there is
 * nothing to free.
 *
 * Set `size` of the first struct of an array to `sizeof(qris_order_code)` before a function fills
 * it in. All texts are UTF-8 and end with a NUL. A value that does not exist yet is empty or zero.
 * Times look like `2020-08-07T11:13:42+07:00`. Later versions of the library add fields at the end
 * only.
 */
typedef struct qris_order_code {
  /**
   * `sizeof(qris_order_code)`.
   */
  size_t size;
  /**
   * The provider's number of the invoice; 0 if it is not known.
   */
  uint64_t qris_invoiceid;
  /**
   * The state of the code.
   */
  qris_code_state state;
  /**
   * 1 if the last check of this code had no answer.
   */
  int32_t is_unanswered;
  /**
   * When the provider made it.
   */
  char qris_request_date[26];
  /**
   * When to stop showing it.
   */
  char shown_until[26];
  /**
   * Until when it is checked at least.
   */
  char watched_until[26];
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
   * The national retrieval reference number (RRN) of the payment: 40 characters at most. Use it
   * to pay back a second payment.
   */
  char rrn[161];
} qris_order_code;

/**
 * An event. It and its pointers are valid until the callback returns.
 */
typedef struct qris_order_event {
  /**
   * Its number among the events of the merchant: 1, 2, 3 and so on.
   */
  uint64_t cursor;
  /**
   * The order as it is now: it is read when the event is delivered, also when it is delivered
   * again. So its state may be a later one than that of the event. NULL if its row in the
   * database is corrupt.
   */
  const struct qris_order *order;
  /**
   * What happened to the order.
   */
  qris_event_type event;
  /**
   * When that was recorded. It ends with a NUL.
   */
  char at[26];
  /**
   * The number of the order. It ends with a NUL.
   */
  char number[65];
} qris_order_event;

/**
 * Called for each event. `user` is the pointer that was passed to `qris_orders_poll`. Return 0 if
 * the event is handled. After any other value the same event is delivered again by the next poll.
 * It must return normally: no `longjmp` and no exception may leave it.
 */
typedef int (*qris_event_callback)(void *user, const struct qris_order_event *event);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Returns the version of the running library, such as `0.1.0`.
 *
 * The macro `QRIS_VERSION` is the version of the header that the program was compiled with. The
 * text ends with a NUL and is never NULL. The library owns it; it is valid as long as the library
 * is loaded. Thread-safe.
 */
const char *qris_version(void);

/**
 * Returns an English sentence for a status, for logs and programmers.
 *
 * `status` may be any number; for an unknown number the sentence says so. The text ends with a NUL
 * and is never NULL. The library owns it; it is valid as long as the library is loaded.
 * Thread-safe.
 */
const char *qris_status_message(int32_t status);

/**
 * Reads a payload and verifies its checksum.
 *
 * `text` must not be NULL. It is `len` bytes of UTF-8 and needs no NUL at its end. White space and
 * a byte-order mark around the payload are ignored. Nothing is copied: the caller owns `text` and
 * must keep it, unchanged, as long as `*payload` is used. `payload` must not be NULL and is
 * written only on success. `error` may be NULL.
 *
 * A payload with a correct checksum may still break rules: see `qris_inspect`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, and
 * QRIS_STATUS_TEXT_EMPTY to QRIS_STATUS_CHECKSUM_MISMATCH; if several apply, the first of them. Thread-safe. Nothing is allocated.
 *
 * The caller must make sure of this:
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
 * `payload` was filled in by `qris_parse`. `path` is one to three pairs of digits, joined by
 * points, and ends with a NUL. Neither may be NULL. `value` must not be NULL and is written only
 * on success. It points into the parsed text and is valid as long as that text. A value may be
 * empty. Objects 02 to 25 are account numbers without inner objects.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_ABSENT (there is no such object; `*value` is unchanged),
 * QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_NOT_PARSED, QRIS_STATUS_PATH_SYNTAX. Thread-safe, also
 * with the same payload. Nothing is allocated.
 *
 * The caller must make sure of this:
 *
 * - `payload` is NULL or zero, or `qris_parse` filled it in and the parsed text is still there,
 *   unchanged.
 * - `path` is NULL or ends with a NUL.
 * - `value` is NULL or can be written to.
 */
qris_status qris_get(const struct qris_payload *payload, const char *path, struct qris_str *value);

/**
 * Walks all objects of a payload: each object of the root, and right after a template the objects
 * inside it.
 *
 * Templates are 26 to 51, 62, 64, 80 to 99 and 62.50 to 62.99, if the whole value consists of
 * objects. Other values are returned as they are.
 *
 * `payload` was filled in by `qris_parse`. `cursor` is zero at first; after that only `qris_next`
 * changes it. `object` is written only on success; its value points into the parsed text. None of
 * them may be NULL.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_ABSENT (there are no more objects; `*cursor` and `*object`
 * are unchanged), QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_NOT_PARSED, QRIS_STATUS_CURSOR_INVALID.
 * Thread-safe if each thread has its own cursor. Nothing is allocated.
 *
 * The caller must make sure of this:
 *
 * - `payload` is NULL or zero, or `qris_parse` filled it in and the parsed text is still there,
 *   unchanged.
 * - `cursor` is NULL or can be read and written to, and no other thread does so.
 * - `object` is NULL or can be written to.
 */
qris_status qris_next(const struct qris_payload *payload,
                      struct qris_cursor *cursor,
                      struct qris_object *object);

/**
 * Checks a text against the rules and reports every deviation.
 *
 * `text` must not be NULL. It is `len` bytes and needs no NUL at its end; any bytes are allowed.
 * `rules` is a `qris_rules`, optionally or'ed with QRIS_LANG_ID. `callback` may be NULL. It is
 * called once for each finding, the worst first, on the calling thread, before this function
 * returns. `user` is passed to it unchanged. `verdict` must not be NULL and is written only on
 * success. If `qris_parse` refuses the text, there is one finding, the reason, and the verdict is
 * QRIS_VERDICT_MALFORMED.
 *
 * Statuses: QRIS_STATUS_OK with every verdict, QRIS_STATUS_NULL_ARGUMENT,
 * QRIS_STATUS_UNKNOWN_VALUE. Thread-safe. Nothing is allocated.
 *
 * The caller must make sure of this:
 *
 * - `len` bytes from `text` can be read and do not change before it returns.
 * - `callback` is NULL, or a function of that type that can use `user`.
 * - `verdict` is NULL or can be written to.
 */
qris_status qris_inspect(const char *text,
                         size_t len,
                         int32_t rules,
                         qris_finding_callback callback,
                         void *user,
                         qris_verdict *verdict);

/**
 * Reports what a text that wallets refuse looks like: a link with a payload in it, a line of a CSV
 * file, spaces written as `+`, a code of another country. It repairs nothing, and hints do not
 * change the verdict.
 *
 * `text` must not be NULL. It is `len` bytes of UTF-8 and needs no NUL at its end. `rules` is a
 * `qris_rules`, optionally or'ed with QRIS_LANG_ID. `callback` must not be NULL. It is called once
 * for each hint, on the calling thread, before this function returns. `user` is passed to it
 * unchanged.
 *
 * Statuses: QRIS_STATUS_OK, also without any hint, QRIS_STATUS_NULL_ARGUMENT,
 * QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, and QRIS_STATUS_TEXT_TOO_LONG if `len` is
 * impossibly large. Thread-safe. Nothing is allocated.
 *
 * The caller must make sure of this:
 *
 * - `len` bytes from `text` can be read and do not change before it returns.
 * - `callback` is NULL, or a function of that type that can use `user`.
 */
qris_status qris_hints(const char *text,
                       size_t len,
                       int32_t rules,
                       qris_hint_callback callback,
                       void *user);

/**
 * Writes a new payload from values.
 *
 * `fields` must not be NULL. `buffer` has room for `capacity` bytes and may be NULL if that is 0.
 * The payload is written to it without a NUL at the end. `written` must not be NULL: it is set to
 * the length of the payload, or, with QRIS_STATUS_BUFFER_TOO_SMALL, to the needed capacity. After
 * any other failure it is unchanged, and the content of the buffer is undefined. 512 bytes are
 * enough for every payload within the limit of the rules. `error` may be NULL.
 *
 * A payload that has an error or a warning in `qris_inspect` is refused.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
 * QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_PATH_SYNTAX, QRIS_STATUS_BUFFER_TOO_SMALL,
 * QRIS_STATUS_TOO_MANY, QRIS_STATUS_TEXT_TOO_LONG, QRIS_STATUS_TEXT_NOT_UTF8 and
 * QRIS_STATUS_AMOUNT_SYNTAX (`offset` counts in the text of the field),
 * QRIS_STATUS_OBJECT_DUPLICATE, QRIS_STATUS_VALUE_TOO_LONG, QRIS_STATUS_TEXT_NOT_PRECOMPOSED,
 * QRIS_STATUS_OBJECT_NOT_AMENDABLE (an account of 02 to 25 with more than a number, or a value
 * outside the templates named above), QRIS_STATUS_RULE_BROKEN (`offset` counts in the payload that
 * was to be written). Thread-safe. Nothing is allocated.
 *
 * The caller must make sure of this:
 *
 * - `fields` is NULL, or as many bytes can be read as its `size` says, and its texts and arrays
 *   can be read to their lengths.
 * - `capacity` bytes from `buffer` can be written to.
 * - `written` and `error` are NULL or can be written to.
 */
qris_status qris_encode(const struct qris_fields *fields,
                        char *buffer,
                        size_t capacity,
                        size_t *written,
                        struct qris_error *error);

/**
 * Writes a copy of a payload for one payment: object 01 is 12, and 54 is the amount. All objects
 * that do not change stay the same, byte for byte.
 *
 * A wallet may refuse a code that the acquirer did not make.
 *
 * `text` must not be NULL. It is `len` bytes of UTF-8 and needs no NUL at its end. `options` must
 * not be NULL. `buffer`, `capacity`, `written` and `error` are as for `qris_encode`. A copy that
 * has an error in `qris_inspect`, or a warning that the payload does not have, is refused.
 *
 * Statuses: all of `qris_parse` and `qris_encode`, and QRIS_STATUS_OBJECT_NOT_AMENDABLE.
 * Thread-safe. Nothing is allocated.
 *
 * The caller must make sure of this:
 *
 * - `len` bytes from `text` can be read, and are not in the buffer.
 * - `options` is NULL, or as many bytes can be read as its `size` says, and its texts can be read
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
 * Writes a copy of a payload for any number of payments: object 01 is 11. The amount (54), the tip
 * or fee (55 to 57), the bill number (62.01) and the reference label (62.05) are left out. All
 * other objects stay the same, byte for byte.
 *
 * `text` must not be NULL. It is `len` bytes of UTF-8 and needs no NUL at its end. `buffer`,
 * `capacity`, `written` and `error` are as for `qris_encode`. A copy that has an error in
 * `qris_inspect`, or a warning that the payload does not have, is refused.
 *
 * Statuses: all of `qris_to_dynamic`. Thread-safe. Nothing is allocated.
 *
 * The caller must make sure of this:
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
 * Every value that is not known to be public is masked: letters become X, digits become 0.
 * Amounts, category, currency, country, known identifiers and the institution's number stay. If
 * the checksum of the text is right, the checksum of the copy is right too.
 *
 * `text` must not be NULL. It is `len` bytes of UTF-8, needs no NUL at its end, and need not be a
 * payload. If it is not one, objects are masked as far as they can be read, and after them every
 * letter and digit: `*unread` is then the byte at which no more objects could be read. Otherwise
 * it is `len`. `unread` may be NULL and is written only on success. `buffer`, `capacity`,
 * `written` and `error` are as for `qris_encode`; the copy takes `len` bytes.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_EMPTY,
 * QRIS_STATUS_TEXT_TOO_LONG, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_BUFFER_TOO_SMALL, and
 * QRIS_STATUS_NOT_ANONYMIZABLE if no masked copy would be the same in this way. Thread-safe.
 * Nothing is allocated.
 *
 * The caller must make sure of this:
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
 * `text` must not be NULL. It is `len` bytes of UTF-8 and needs no NUL at its end. `format` is a
 * `qris_format`. `writer` must not be NULL. It is called with one piece of the picture after the
 * other, on the calling thread, before this function returns. After it returns another value than
 * 0, it is not called again. `user` is passed to it unchanged. `error` may be NULL. Memory that is
 * allocated for the drawing is freed before this function returns. Needs the feature `draw`.
 *
 * The text must be a payload that `qris_parse` accepts. PNG and ESC/POS have only letters of Western
 * Europe. If the name has other letters, the name in the other language (object 64) is drawn, or no
 * name. `qris_draw_with` says if words are left out.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_UNKNOWN_VALUE, all of
 * `qris_parse`, QRIS_STATUS_DRAWING_TOO_LONG, QRIS_STATUS_DRAWING_TOO_NARROW,
 * QRIS_STATUS_DRAWING_TOO_LARGE, QRIS_STATUS_WRITER_STOPPED. Thread-safe.
 *
 * The caller must make sure of this:
 *
 * - `len` bytes from `text` can be read and do not change before it returns.
 * - `writer` is NULL, or a function of that type that can use `user`.
 * - `error` is NULL or can be written to.
 */
qris_status qris_draw(const char *text,
                      size_t len,
                      int32_t format,
                      qris_writer writer,
                      void *user,
                      struct qris_error *error);

/**
 * Draws a payload with options: the QR with the words underneath, or a poster.
 *
 * `text`, `len`, `writer`, `user` and `error` are as for `qris_draw`. `options` must not be NULL.
 * `omitted` may be NULL and is written only on success: the number of lines of words that are left
 * out, because the font of the format does not have all of their letters. It is always 0 with
 * QRIS_FORMAT_SVG and QRIS_FORMAT_TERMINAL, which have every letter. Needs the feature `draw`.
 *
 * A poster needs a static payload in which `qris_inspect` finds no error with QRIS_RULES_QRIS.
 *
 * Statuses: all of `qris_draw`, QRIS_STATUS_STRUCT_SIZE, QRIS_STATUS_RULE_BROKEN (the payload of a
 * poster has an error; `code` says which one), QRIS_STATUS_DRAWING_NOT_STATIC. Thread-safe.
 *
 * The caller must make sure of this:
 *
 * - `len` bytes from `text` can be read and do not change before it returns.
 * - `options` is NULL, or as many bytes can be read as its size says, and its texts can be read
 *   to their lengths.
 * - `writer` is NULL, or a function of that type that can use `user`.
 * - `omitted` and `error` are NULL or can be written to.
 */
qris_status qris_draw_with(const char *text,
                           size_t len,
                           const struct qris_draw_options *options,
                           qris_writer writer,
                           void *user,
                           size_t *omitted,
                           struct qris_error *error);

/**
 * Reads every QR symbol in a PNG, JPEG, WebP or BMP picture.
 *
 * If it finds no symbol, it tries again with the picture smaller, sharper, larger and inverted. A
 * picture without a symbol is not an error: the callback is not called.
 *
 * `bytes` must not be NULL. It is the content of the file, `len` bytes. `callback` must not be NULL.
 * It is called once for each symbol, in no particular order, on the calling thread, before this
 * function returns. `user` is passed to it unchanged. `error` may be NULL. Needs the feature `read`,
 * which is not in the default: `make FEATURES='--features read'`.
 *
 * A picture may have up to 120 million pixels. Reading it takes up to 512 MiB of memory, which is
 * freed before this function returns. A JPEG that is cut short is read as far as possible; if no
 * symbol is found, the status is QRIS_STATUS_PICTURE_DAMAGED. For another kind of file, such as HEIC
 * or PDF, the message names the kind and says what to do.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_TOO_LONG (`len` is impossibly
 * large), QRIS_STATUS_PICTURE_FORMAT, QRIS_STATUS_PICTURE_TOO_LARGE, QRIS_STATUS_PICTURE_DAMAGED.
 * Thread-safe.
 *
 * The caller must make sure of this:
 *
 * - `len` bytes from `bytes` can be read and do not change before it returns.
 * - `callback` is NULL, or a function of that type that can use `user`.
 * - `error` is NULL or can be written to.
 */
qris_status qris_read_image(const uint8_t *bytes,
                            size_t len,
                            qris_symbol_callback callback,
                            void *user,
                            struct qris_error *error);

/**
 * Creates a client of the Open API. Nothing is sent yet.
 *
 * `options` must not be NULL. `client` must not be NULL and is written only on success. The caller
 * owns the client and frees it with `qris_client_free`. `error` may be NULL. Do not use
 * a client made before a `fork` in the child: create a new one. Needs the feature `client`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
 * QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is
 * `api-key`, `merchant-id`, `base-url` or `amount`), QRIS_STATUS_CERTIFICATE_STORE. Thread-safe.
 *
 * The caller must make sure of this:
 *
 * - `options` is NULL, or as many bytes can be read as its `size` says, and its texts can be read
 *   to their lengths.
 * - `client` and `error` are NULL or can be written to.
 */
qris_status qris_client_new(const struct qris_client_options *options,
                            struct qris_client **client,
                            struct qris_error *error);

/**
 * Frees a client. NULL and a client that was freed before are ignored.
 *
 * Running calls of other threads with it finish. Later calls with it return
 * QRIS_STATUS_CLIENT_UNKNOWN. Thread-safe. Needs the feature `client`.
 */
void qris_client_free(struct qris_client *client);

/**
 * Creates an invoice at the provider, and checks that its QR is the requested one.
 *
 * It returns when the provider has answered, which takes up to 30 seconds. `client` is from
 * `qris_client_new`. `number` is the caller's own number of the transaction: 1 to 64 printable
 * ASCII characters with no space at either end, and a NUL. `rupiah` is the amount to pay, from
 * `lowest_rupiah` to `highest_rupiah` of the client. `invoice` must not be NULL and is written
 * only on success. `error` may be NULL. Needs the feature `client`.
 *
 * The provider creates another payable invoice with each call, even for the same number. So do not
 * simply try again after QRIS_STATUS_OUTCOME_UNKNOWN or QRIS_STATUS_INTERNAL. After
 * QRIS_STATUS_CONTENT_MISMATCH an invoice exists, but its QR must not be shown.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_CLIENT_UNKNOWN,
 * QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number` or
 * `amount`), QRIS_STATUS_REJECTED, QRIS_STATUS_OUTCOME_UNKNOWN, QRIS_STATUS_UNREACHABLE (nothing
 * was sent), QRIS_STATUS_CONTENT_MISMATCH (`code` is `payload`, `initiation`, `currency`,
 * `amount`, `nmid`, `tip`, `reference` or `reused`), QRIS_STATUS_INTERNAL. Thread-safe, also
 * with the same client.
 *
 * The caller must make sure of this:
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
 * It first waits until the invoice may be checked again (the first three checks are
 * `try_gap_seconds` apart, later ones `check_gap_seconds`) and until the budget of the key allows
 * a check. Checks of other threads and processes count too; see `state_dir` of the options. Then
 * it asks the provider, which takes up to 30 seconds. `client` is from `qris_client_new`,
 * `invoice` from `qris_create_invoice`. `payment` must not be NULL and is written only on success.
 * `error` may be NULL. Needs the feature `client`.
 *
 * A failure never means that the invoice is unpaid.
 *
 * Statuses: QRIS_STATUS_OK (look at `state`), QRIS_STATUS_NULL_ARGUMENT,
 * QRIS_STATUS_CLIENT_UNKNOWN, QRIS_STATUS_INVOICE_INVALID, QRIS_STATUS_REJECTED,
 * QRIS_STATUS_UNREACHABLE, QRIS_STATUS_MALFORMED_REPLY, QRIS_STATUS_PAUSED. Thread-safe, also
 * with the same client.
 *
 * The caller must make sure of this:
 *
 * - `invoice` is NULL or can be read.
 * - `payment` and `error` are NULL or can be written to.
 */
qris_status qris_check_invoice(const struct qris_client *client,
                               const struct qris_invoice *invoice,
                               struct qris_payment *payment,
                               struct qris_error *error);

/**
 * Waits until an invoice is paid or can no longer be paid.
 *
 * By default it checks 15, 30 and 45 seconds after the invoice was created, then every minute,
 * then less often until validity and grace end. It never checks more often than the key allows. If
 * several checks were due before the call, it makes one check for all of them. It ends with
 * QRIS_PAYMENT_STATE_PAID as soon as a check says so. It ends with QRIS_PAYMENT_STATE_UNPAID only
 * if the provider says so after validity and grace have ended. While the provider does not answer,
 * it continues to wait, with up to an hour between checks. The clock of this machine does not
 * matter.
 *
 * `client` is from `qris_client_new`, `invoice` from `qris_create_invoice`. `options` may be NULL.
 * Its callbacks are called on the calling thread, one at a time. They may call every function of
 * this library except this one, also `qris_client_free`. `payment` must not be NULL and is written
 * only on success. `error` may be NULL. Needs the feature `client`.
 *
 * Statuses: QRIS_STATUS_OK (look at `state`), QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
 * QRIS_STATUS_CLIENT_UNKNOWN, QRIS_STATUS_INVOICE_INVALID, QRIS_STATUS_CANCELLED (a callback ended
 * the wait: check once more before you give up the invoice), QRIS_STATUS_REJECTED (for a reason that
 * does not go away, such as a wrong key), QRIS_STATUS_WAIT_BUSY (called in a callback of this
 * function). Thread-safe, also with the same client.
 *
 * The caller must make sure of this:
 *
 * - `invoice` is NULL or can be read.
 * - `options` is NULL, or as many bytes can be read as its `size` says, and its callbacks are NULL
 *   or functions of their types that can use `user`.
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
 * The body has no signature and no amount, so it is only a hint: check the invoice before you hand
 * out the goods. Answer with HTTP status 200. The same webhook may come twice or late.
 * `qris_orders_webhook` handles all of this for orders.
 *
 * `body` must not be NULL. It is `len` bytes and needs no NUL at its end. `webhook` must not be
 * NULL and is written only on success. `error` may be NULL. Needs the feature `client`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_TOO_LONG if `len` is
 * impossibly large, QRIS_STATUS_WEBHOOK_MALFORMED. Thread-safe.
 *
 * The caller must make sure of this:
 *
 * - `len` bytes from `body` can be read and do not change before it returns.
 * - `webhook` and `error` are NULL or can be written to.
 */
qris_status qris_read_webhook(const char *body,
                              size_t len,
                              struct qris_webhook *webhook,
                              struct qris_error *error);

/**
 * Opens orders. It asks the provider for the time, for two seconds at most, because the clock of
 * this machine may be wrong.
 *
 * A database of another mID or base URL is refused: a sandbox could report a shop's unpaid orders
 * as paid.
 *
 * `options` must not be NULL. `orders` must not be NULL and is written only on success. The caller
 * owns the orders and closes them with `qris_orders_close`. `error` may be NULL. Do not use
 * orders opened before a `fork` in the child: open them again. Needs the feature `orders`.
 *
 * Work is done only while a thread is in a function with these orders: call `qris_orders_poll`
 * from a timer or in a loop.
 *
 * Statuses: all of `qris_client_new` (`code` may also be `merchant`), QRIS_STATUS_DATABASE_REFUSED
 * (`code` is `database-url`, `no-folder`, `no-postgres`, `other-account`, `newer-format` or
 * `replaced`), QRIS_STATUS_DATABASE_UNAVAILABLE, QRIS_STATUS_DATABASE_FAILED. Thread-safe.
 *
 * The caller must make sure of this:
 *
 * - `options` is NULL, or as many bytes can be read as its `size` says, its texts can be read to
 *   their lengths, and the same holds for its client options.
 * - `orders` and `error` are NULL or can be written to.
 */
qris_status qris_orders_open(const struct qris_orders_options *options,
                             struct qris_orders **orders,
                             struct qris_error *error);

/**
 * Closes orders. NULL and orders that were closed before are ignored.
 *
 * It waits for running calls of other threads, for 45 seconds at most. Later calls return
 * QRIS_STATUS_ORDERS_UNKNOWN. Open orders stay open in the database, for the next program.
 * Thread-safe, also in a callback. Needs the feature `orders`.
 */
void qris_orders_close(struct qris_orders *orders);

/**
 * Requests a code for an order. With the same number and amount, it returns the existing order
 * with its code. After a crash, charge again with the same number and amount.
 *
 * It returns when the provider has answered, which takes up to `timeout_seconds` of the client. If
 * the order is QRIS_ORDER_STATE_REQUESTED, because another program is requesting its code or was
 * killed doing so, this call waits up to `timeout_seconds` + 5 s. Then it returns
 * QRIS_STATUS_OUTCOME_UNKNOWN, and `retry_after_seconds` says when the order becomes
 * QRIS_ORDER_STATE_UNKNOWN. After that only a webhook or `qris_orders_resolve` helps: another
 * charge leaves it UNKNOWN.
 *
 * Set `reference`, such as the number of the receipt: a number that was used on an earlier day is
 * then the same charge only if the reference is the same.
 *
 * `orders` is from `qris_orders_open`. `new_order` must not be NULL. `order` must not be NULL; set
 * its `size`. It is filled in only on success. `error` may be NULL. Needs the feature `orders`.
 *
 * Check the order's `state`: an order that was charged before may be paid, expired or cancelled.
 * Show its code while `may_be_shown` is 1. After QRIS_STATUS_OUTCOME_UNKNOWN or
 * QRIS_STATUS_CONTENT_MISMATCH never charge another number instead: the payer may pay twice. The
 * order is then QRIS_ORDER_STATE_UNKNOWN, and stays so if it is charged again. After other refusals
 * of the provider, and after QRIS_STATUS_UNREACHABLE, it is QRIS_ORDER_STATE_REJECTED, and the same
 * number may be charged again.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
 * QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_ORDERS_UNKNOWN,
 * QRIS_STATUS_ORDER_CONFLICT, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number`, `amount`,
 * `due_at`, `metadata` or `too-large`), the provider's statuses of `qris_create_invoice`, and the database's
 * statuses of `qris_orders_get`. Thread-safe, also with the same orders.
 *
 * The caller must make sure of this:
 *
 * - `new_order` is NULL, or as many bytes can be read as its `size` says, and its texts can be read
 *   to their lengths.
 * - `order` is NULL, or begins with its size, and that many bytes can be written to.
 * - `error` is NULL or can be written to.
 */
qris_status qris_orders_charge(const struct qris_orders *orders,
                               const struct qris_new_order *new_order,
                               struct qris_order *order,
                               struct qris_error *error);

/**
 * Requests another code for an order that is QRIS_ORDER_STATE_EXPIRED, because its last code is no
 * longer shown, or QRIS_ORDER_STATE_REJECTED.
 *
 * It first checks every older code, because a payer may have paid just now. If a code was paid, the
 * order is paid and there is no new code: check its `state`. It blocks up to `try_gap_seconds`, plus
 * the check and the create call (up to `timeout_seconds` each).
 *
 * `number` is the order's number and ends with a NUL. `orders`, `order` and `error` are as for
 * `qris_orders_charge`. Needs the feature `orders`.
 *
 * Statuses: all of `qris_orders_charge`, QRIS_STATUS_ABSENT, QRIS_STATUS_ORDER_STATE,
 * QRIS_STATUS_TOO_SOON and QRIS_STATUS_NOT_CHECKED (there is no new code: try again later).
 * Thread-safe, also with the same orders.
 *
 * The caller must make sure of this:
 *
 * - `number` is NULL or ends with a NUL.
 * - `order` is NULL, or begins with its size, and that many bytes can be written to.
 * - `error` is NULL or can be written to.
 */
qris_status qris_orders_renew(const struct qris_orders *orders,
                              const char *number,
                              struct qris_order *order,
                              struct qris_error *error);

/**
 * Requests a check of an order that is QRIS_ORDER_STATE_PENDING, QRIS_ORDER_STATE_EXPIRED or
 * QRIS_ORDER_STATE_CANCELLED, for a cashier's button. A paid order is returned as it is. The check is made as soon as the budget of
 * the key allows, while `qris_orders_poll` or another function with these orders runs.
 *
 * `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. After QRIS_STATUS_OK look
 * at `state`. If it is not QRIS_ORDER_STATE_PAID, a check is planned; a payment comes as an event.
 * Needs the feature `orders`.
 *
 * Statuses: all of `qris_orders_get`, QRIS_STATUS_ORDER_STATE if no code of the order can be paid, and QRIS_STATUS_TOO_SOON if this was called a moment ago or too often. Thread-safe,
 * also with the same orders.
 *
 * The caller must make sure of this:
 *
 * The same as for `qris_orders_renew`.
 */
qris_status qris_orders_check(const struct qris_orders *orders,
                              const char *number,
                              struct qris_order *order,
                              struct qris_error *error);

/**
 * Cancels an order that is QRIS_ORDER_STATE_OPEN, QRIS_ORDER_STATE_PENDING or
 * QRIS_ORDER_STATE_EXPIRED. An order that is cancelled or paid is returned as it is.
 *
 * It first checks each of its codes, if a check is allowed within two seconds. If no check is allowed
 * within two seconds, it cancels without one: the order may be paid already, and then
 * `is_unanswered` is 1. Keep polling: the check follows, and a payment comes as an event. Look at `state`, which is
 * QRIS_ORDER_STATE_PAID if it was paid just now, and at `is_unanswered`. Codes cannot be withdrawn: a
 * payment that still comes is recorded and reported as an event. It blocks up to two seconds, plus
 * the check (up to `timeout_seconds`).
 *
 * `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. Needs the feature
 * `orders`.
 *
 * Statuses: all of `qris_orders_get`, QRIS_STATUS_ORDER_STATE if the order is rejected or unknown, and
 * QRIS_STATUS_OUTCOME_UNKNOWN while its code is being requested. Thread-safe, also with the same
 * orders.
 *
 * The caller must make sure of this:
 *
 * The same as for `qris_orders_renew`.
 */
qris_status qris_orders_cancel(const struct qris_orders *orders,
                               const char *number,
                               struct qris_order *order,
                               struct qris_error *error);

/**
 * Records what a person found out about an order that is QRIS_ORDER_STATE_UNKNOWN.
 *
 * If the provider made an invoice, pass its `qris_invoiceid` from the merchant's portal or a
 * webhook. A check then confirms the payment: `state` is QRIS_ORDER_STATE_PAID, or it stays
 * QRIS_ORDER_STATE_UNKNOWN and the invoice is checked while it may be paid. If the provider made none,
 * pass 0, and in `reason` how this was found out. The reason is kept, `state` is
 * QRIS_ORDER_STATE_REJECTED, and the number can be charged again.
 *
 * `reason` ends with a NUL, and may be NULL if a `qris_invoiceid` is passed. `number`, `orders`,
 * `order` and `error` are as for `qris_orders_renew`. Needs the feature `orders`.
 *
 * Statuses: all of `qris_orders_get`, QRIS_STATUS_VALUE_REFUSED (`code` is `reason`),
 * QRIS_STATUS_ORDER_STATE, QRIS_STATUS_CONTENT_MISMATCH (the invoice belongs to another order),
 * QRIS_STATUS_TOO_SOON, and the provider's statuses of `qris_check_invoice`. Thread-safe, also with
 * the same orders.
 *
 * The caller must make sure of this:
 *
 * - `number` and `reason` are NULL or end with a NUL.
 * - `order` is NULL, or begins with its size, and that many bytes can be written to.
 * - `error` is NULL or can be written to.
 */
qris_status qris_orders_resolve(const struct qris_orders *orders,
                                const char *number,
                                uint64_t qris_invoiceid,
                                const char *reason,
                                struct qris_order *order,
                                struct qris_error *error);

/**
 * Reads an order from the database. The provider is not asked.
 *
 * `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. Needs the feature
 * `orders`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_ABSENT, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
 * QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number`),
 * QRIS_STATUS_ORDERS_UNKNOWN, QRIS_STATUS_DATABASE_UNAVAILABLE, QRIS_STATUS_DATABASE_REFUSED,
 * QRIS_STATUS_DATABASE_FAILED. Thread-safe, also with the same orders.
 *
 * The caller must make sure of this:
 *
 * The same as for `qris_orders_renew`.
 */
qris_status qris_orders_get(const struct qris_orders *orders,
                            const char *number,
                            struct qris_order *order,
                            struct qris_error *error);

/**
 * Stores the body of a webhook of the provider, and makes a check of the order due: a webhook alone
 * does not make an order paid. After QRIS_STATUS_OK and QRIS_STATUS_ABSENT it is on disk: answer
 * with HTTP status 200. After other statuses, except QRIS_STATUS_WEBHOOK_MALFORMED, answer with
 * 503, so that the provider sends it again.
 *
 * QRIS_STATUS_ABSENT means that no order in the database matches it. The webhook is kept.
 *
 * `body` must not be NULL. It is `len` bytes and needs no NUL at its end. `orders`, `order` and
 * `error` are as for `qris_orders_renew`. Needs the feature `orders`.
 *
 * Statuses: all of `qris_orders_get` and `qris_read_webhook`. Thread-safe, also with the same
 * orders.
 *
 * The caller must make sure of this:
 *
 * - `len` bytes from `body` can be read and do not change before it returns.
 * - `order` is NULL, or begins with its size, and that many bytes can be written to.
 * - `error` is NULL or can be written to.
 */
qris_status qris_orders_webhook(const struct qris_orders *orders,
                                const char *body,
                                size_t len,
                                struct qris_order *order,
                                struct qris_error *error);

/**
 * Records that a paid order is done: the goods are handed out, the receipt is printed. A program
 * that is killed before that finds the order in `qris_orders_unacknowledged`.
 *
 * `first` may be NULL and is written only on success: 1 if this call recorded it, 0 if it was
 * recorded before. `number`, `orders` and `error` are as for `qris_orders_renew`. Needs the
 * feature `orders`.
 *
 * Statuses: all of `qris_orders_get`, and QRIS_STATUS_ORDER_STATE for an order that is not paid.
 * Thread-safe, also with the same orders.
 *
 * The caller must make sure of this:
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
 * `orders` is from `qris_orders_open`. `filter` may be NULL: all orders. `list` must not be NULL.
 * It is an array of `capacity` structs. Set `size` of the first struct; it is also the distance from
 * one struct to the next. `count` must not be NULL and is written only on success: the number of
 * filled structs. If it equals `capacity`, there may be more orders. `error` may be NULL. Needs the
 * feature `orders`.
 *
 * When your program starts again, list the orders in QRIS_ORDER_STATE_UNFINISHED. The `state` of
 * such an order may be QRIS_ORDER_STATE_EXPIRED if its code expired and no program has polled since.
 * After the next poll it is no longer listed.
 *
 * Statuses: all of `qris_orders_get` except QRIS_STATUS_ABSENT; also QRIS_STATUS_UNKNOWN_VALUE and
 * QRIS_STATUS_VALUE_REFUSED (`code` is `from`, `to`, `after_created_at` or `transaction-number`).
 * Thread-safe, also with the same orders.
 *
 * The caller must make sure of this:
 *
 * - `filter` is NULL, or as many bytes can be read as its `size` says, and its texts can be read
 *   to their lengths.
 * - `list` is NULL, or begins with its size, and `capacity` times that many bytes can be written
 *   to.
 * - `count` and `error` are NULL or can be written to.
 */
qris_status qris_orders_list(const struct qris_orders *orders,
                             const struct qris_order_filter *filter,
                             struct qris_order *list,
                             size_t capacity,
                             size_t *count,
                             struct qris_error *error);

/**
 * Lists the paid orders that are not acknowledged yet (`qris_orders_acknowledge`), the oldest first.
 * Call it at the start of the program and after each payment.
 *
 * It has the orders of all tills that use the database, no filter and no pages. For a filter use
 * `qris_orders_list` with QRIS_ORDER_STATE_PAID, and look at `is_acknowledged`.
 *
 * `orders`, `list`, `capacity`, `count` and `error` are as for `qris_orders_list`. Needs the
 * feature `orders`.
 *
 * Statuses: all of `qris_orders_get` except QRIS_STATUS_ABSENT. Thread-safe, also with the same
 * orders.
 *
 * The caller must make sure of this:
 *
 * - `list` is NULL, or begins with its size, and `capacity` times that many bytes can be written
 *   to.
 * - `count` and `error` are NULL or can be written to.
 */
qris_status qris_orders_unacknowledged(const struct qris_orders *orders,
                                       struct qris_order *list,
                                       size_t capacity,
                                       size_t *count,
                                       struct qris_error *error);

/**
 * Lists the codes of an order, the oldest first, each with its payment. If more than one was paid
 * (`overpaid_rupiah` of the order is not 0), it shows who paid which code.
 *
 * `orders` is from `qris_orders_open`. `number` is the order's number and ends with a NUL. `list`
 * must not be NULL. It is an array of `capacity` structs. Set `size` of the first struct; it is
 * also the distance from one struct to the next. `count` must not be NULL and is written only on
 * success: the number of filled structs. `codes` of the order says how many codes there are. If
 * there are more than `capacity`, the newest are left out. `error` may be NULL. Needs the feature
 * `orders`.
 *
 * Statuses: all of `qris_orders_get`. Thread-safe, also with the same orders.
 *
 * The caller must make sure of this:
 *
 * - `number` is NULL or ends with a NUL.
 * - `list` is NULL, or begins with its size, and `capacity` times that many bytes can be written
 *   to.
 * - `count` and `error` are NULL or can be written to.
 */
qris_status qris_orders_codes(const struct qris_orders *orders,
                              const char *number,
                              struct qris_order_code *list,
                              size_t capacity,
                              size_t *count,
                              struct qris_error *error);

/**
 * Does the work that is due, and reports events of the merchant's orders, from this program and
 * from all others that use the database.
 *
 * The work is: checks of codes within the budget of the key, expiry, and webhooks that wait for a
 * check. It returns after `timeout_milliseconds` (10 if less), or earlier with events. The next call
 * continues unfinished work. So a form calls it from a timer with a short time, and a console
 * program in a loop with a longer one. While no thread is in a function with these orders, this
 * program does nothing; another program that polls the same database, if there is one, does the
 * work.
 *
 * `orders` is from `qris_orders_open`. `callback` may be NULL: then events stay for a later call. It
 * is called on the calling thread before this function returns. It may call every function with
 * these orders except `qris_orders_poll`, including `qris_orders_close`. `user` is passed to it
 * unchanged. `error` may be NULL. Needs the feature `orders`.
 *
 * Each event comes at least once. Use `qris_orders_acknowledge` to do nothing twice after a crash,
 * such as printing a receipt.
 *
 * Statuses: QRIS_STATUS_OK, with or without events, QRIS_STATUS_NULL_ARGUMENT,
 * QRIS_STATUS_ORDERS_UNKNOWN, QRIS_STATUS_POLL_BUSY. It does not fail if a check had no answer or the
 * database was unavailable: the next calls try again. Threads: any, but only one at a time with the
 * same orders.
 *
 * The caller must make sure of this:
 *
 * - `callback` is NULL, or a function of that type that can use `user`.
 * - `error` is NULL or can be written to.
 */
qris_status qris_orders_poll(const struct qris_orders *orders,
                             uint32_t timeout_milliseconds,
                             qris_event_callback callback,
                             void *user,
                             struct qris_error *error);

/**
 * Gets the cursor of the last event that a callback of `qris_orders_poll` handled. To miss no event,
 * store it and pass it as `events_after` when you open the orders again.
 *
 * `orders` is from `qris_orders_open`. `cursor` must not be NULL and is written only on success.
 * `error` may be NULL. Needs the feature `orders`.
 *
 * Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_ORDERS_UNKNOWN. Thread-safe, also
 * with the same orders.
 *
 * The caller must make sure of this:
 *
 * `cursor` and `error` are NULL or can be written to.
 */
qris_status qris_orders_cursor(const struct qris_orders *orders,
                               uint64_t *cursor,
                               struct qris_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/* Makes a qris_str of a text that ends with a NUL, for the fields of structs. NULL means no text. */
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
