<?php
// QRIS payloads, pictures, payments and orders for PHP 8.1 and newer: all of qris.h, version 0.1.0.
//
// The names are the same as in qris.h. Its comments say what each function does, who owns what, and
// which statuses it returns. Call qris()->qris_parse(...). It needs the extension FFI.
//
// - The text of a payload and the texts of structs must be C memory, from qris_text("..."). Keep
//   it in a variable until the last use.
// - qris_struct("qris_order") makes a struct of zeros, with its size set if it begins with one.
// - An exception must not leave a callback.

const QRIS_VERSION = "0.1.0";
const QRIS_VERSION_MAJOR = 0;
const QRIS_VERSION_MINOR = 1;
const QRIS_VERSION_PATCH = 0;
const QRIS_LANG_ID = 256;

// The result of a call.
const QRIS_STATUS_OK = 0;
const QRIS_STATUS_ABSENT = 1;
const QRIS_STATUS_NULL_ARGUMENT = 10;
const QRIS_STATUS_STRUCT_SIZE = 11;
const QRIS_STATUS_UNKNOWN_VALUE = 12;
const QRIS_STATUS_NOT_PARSED = 13;
const QRIS_STATUS_PATH_SYNTAX = 14;
const QRIS_STATUS_BUFFER_TOO_SMALL = 15;
const QRIS_STATUS_CURSOR_INVALID = 16;
const QRIS_STATUS_TOO_MANY = 17;
const QRIS_STATUS_CLIENT_UNKNOWN = 18;
const QRIS_STATUS_INVOICE_INVALID = 19;
const QRIS_STATUS_TEXT_EMPTY = 20;
const QRIS_STATUS_TEXT_TOO_LONG = 21;
const QRIS_STATUS_TEXT_NOT_UTF8 = 22;
const QRIS_STATUS_OBJECT_HEADER_SHORT = 23;
const QRIS_STATUS_OBJECT_HEADER_NOT_DIGITS = 24;
const QRIS_STATUS_OBJECT_TRUNCATED = 25;
const QRIS_STATUS_OBJECT_SPLITS_CHARACTER = 26;
const QRIS_STATUS_OBJECT_DUPLICATE = 27;
const QRIS_STATUS_FORMAT_NOT_FIRST = 28;
const QRIS_STATUS_CHECKSUM_MISSING = 30;
const QRIS_STATUS_CHECKSUM_NOT_LAST = 31;
const QRIS_STATUS_CHECKSUM_LENGTH = 32;
const QRIS_STATUS_CHECKSUM_NOT_HEXADECIMAL = 33;
const QRIS_STATUS_CHECKSUM_MISMATCH = 34;
const QRIS_STATUS_VALUE_TOO_LONG = 40;
const QRIS_STATUS_TEXT_NOT_PRECOMPOSED = 41;
const QRIS_STATUS_OBJECT_NOT_AMENDABLE = 42;
const QRIS_STATUS_AMOUNT_SYNTAX = 43;
const QRIS_STATUS_RULE_BROKEN = 44;
const QRIS_STATUS_NOT_ANONYMIZABLE = 45;
const QRIS_STATUS_DRAWING_TOO_LONG = 50;
const QRIS_STATUS_DRAWING_TOO_NARROW = 51;
const QRIS_STATUS_DRAWING_TOO_LARGE = 52;
const QRIS_STATUS_WRITER_STOPPED = 53;
const QRIS_STATUS_PICTURE_FORMAT = 54;
const QRIS_STATUS_PICTURE_TOO_LARGE = 55;
const QRIS_STATUS_PICTURE_DAMAGED = 56;
const QRIS_STATUS_DRAWING_NOT_STATIC = 58;
const QRIS_STATUS_VALUE_REFUSED = 60;
const QRIS_STATUS_REJECTED = 61;
const QRIS_STATUS_OUTCOME_UNKNOWN = 62;
const QRIS_STATUS_UNREACHABLE = 63;
const QRIS_STATUS_MALFORMED_REPLY = 64;
const QRIS_STATUS_CONTENT_MISMATCH = 65;
const QRIS_STATUS_CANCELLED = 66;
const QRIS_STATUS_CERTIFICATE_STORE = 67;
const QRIS_STATUS_PAUSED = 68;
const QRIS_STATUS_WEBHOOK_MALFORMED = 69;
const QRIS_STATUS_ORDERS_UNKNOWN = 70;
const QRIS_STATUS_ORDER_CONFLICT = 71;
const QRIS_STATUS_ORDER_STATE = 72;
const QRIS_STATUS_TOO_SOON = 73;
const QRIS_STATUS_NOT_CHECKED = 74;
const QRIS_STATUS_DATABASE_UNAVAILABLE = 75;
const QRIS_STATUS_DATABASE_REFUSED = 76;
const QRIS_STATUS_DATABASE_FAILED = 77;
const QRIS_STATUS_POLL_BUSY = 78;
const QRIS_STATUS_WAIT_BUSY = 79;
const QRIS_STATUS_INTERNAL = 90;

// How much a finding matters.
const QRIS_SEVERITY_INFO = 0;
const QRIS_SEVERITY_WARNING = 1;
const QRIS_SEVERITY_ERROR = 2;

// The result of all findings of a text.
const QRIS_VERDICT_VALID = 0;
const QRIS_VERDICT_WARN = 1;
const QRIS_VERDICT_INVALID = 2;
const QRIS_VERDICT_MALFORMED = 3;

// Whether an invoice is paid.
const QRIS_PAYMENT_STATE_UNPAID = 0;
const QRIS_PAYMENT_STATE_PAID = 1;

// The status of an invoice in a webhook.
const QRIS_WEBHOOK_STATUS_OTHER = 0;
const QRIS_WEBHOOK_STATUS_PAID = 1;
const QRIS_WEBHOOK_STATUS_PENDING = 2;

// The state of an order.
const QRIS_ORDER_STATE_ANY = 0;
const QRIS_ORDER_STATE_OPEN = 1;
const QRIS_ORDER_STATE_REQUESTED = 2;
const QRIS_ORDER_STATE_PENDING = 3;
const QRIS_ORDER_STATE_PAID = 4;
const QRIS_ORDER_STATE_EXPIRED = 5;
const QRIS_ORDER_STATE_REJECTED = 6;
const QRIS_ORDER_STATE_UNKNOWN = 7;
const QRIS_ORDER_STATE_CANCELLED = 8;
const QRIS_ORDER_STATE_UNFINISHED = 100;

// Where a sale is made.
const QRIS_CHANNEL_UNSPECIFIED = 0;
const QRIS_CHANNEL_POS = 1;
const QRIS_CHANNEL_ECOMMERCE = 2;
const QRIS_CHANNEL_BILL = 3;

// What happened to an order.
const QRIS_EVENT_TYPE_OTHER = 0;
const QRIS_EVENT_TYPE_CREATED = 1;
const QRIS_EVENT_TYPE_PAID = 2;
const QRIS_EVENT_TYPE_PAID_LATE = 3;
const QRIS_EVENT_TYPE_OVERPAID = 4;
const QRIS_EVENT_TYPE_EXPIRED = 5;
const QRIS_EVENT_TYPE_OVERDUE = 6;
const QRIS_EVENT_TYPE_CANCELLED = 7;
const QRIS_EVENT_TYPE_UNKNOWN = 8;
const QRIS_EVENT_TYPE_RESOLVED = 9;

// The state of one code of an order.
const QRIS_CODE_STATE_OTHER = 0;
const QRIS_CODE_STATE_REQUESTED = 1;
const QRIS_CODE_STATE_PENDING = 2;
const QRIS_CODE_STATE_PAID = 3;
const QRIS_CODE_STATE_EXPIRED = 4;
const QRIS_CODE_STATE_REJECTED = 5;
const QRIS_CODE_STATE_UNKNOWN = 6;
const QRIS_CODE_STATE_RESOLVED = 7;

// The rules that a payload is checked against.
const QRIS_RULES_QRIS = 0;
const QRIS_RULES_EMV = 1;

// Static or dynamic.
const QRIS_INITIATION_UNSPECIFIED = 0;
const QRIS_INITIATION_STATIC = 11;
const QRIS_INITIATION_DYNAMIC = 12;

// The tip or fee of a payload.
const QRIS_TIP_UNSPECIFIED = 0;
const QRIS_TIP_NONE = 1;
const QRIS_TIP_PROMPT = 2;
const QRIS_TIP_FIXED = 3;
const QRIS_TIP_PERCENT = 4;

// What qris_draw makes.
const QRIS_FORMAT_SVG = 1;
const QRIS_FORMAT_PNG = 2;
const QRIS_FORMAT_TERMINAL = 3;
const QRIS_FORMAT_ESCPOS_MM58 = 4;
const QRIS_FORMAT_ESCPOS_MM80 = 5;
const QRIS_FORMAT_PDF = 6;

// The paper of a poster.
const QRIS_POSTER_NONE = 0;
const QRIS_POSTER_A5 = 1;
const QRIS_POSTER_A6 = 2;

// Where the budget of a key is kept.
const QRIS_BUDGET_PLACE_UNSPECIFIED = 0;
const QRIS_BUDGET_PLACE_FILE = 1;
const QRIS_BUDGET_PLACE_MEMORY = 2;

// What a callback of qris_wait_for_payment returns.
const QRIS_WAIT_STEP_CONTINUE = 0;
const QRIS_WAIT_STEP_CANCEL = 1;
const QRIS_WAIT_STEP_CHECK = 2;

// The C declarations. Only functions that the library has are bound.
const QRIS_CDEF = <<<'C'
typedef int32_t qris_status;
typedef int32_t qris_severity;
typedef int32_t qris_verdict;
typedef int32_t qris_payment_state;
typedef int32_t qris_webhook_status;
typedef int32_t qris_order_state;
typedef int32_t qris_channel;
typedef int32_t qris_event_type;
typedef int32_t qris_code_state;
typedef int32_t qris_rules;
typedef int32_t qris_initiation;
typedef int32_t qris_tip;
typedef int32_t qris_format;
typedef int32_t qris_poster;
typedef int32_t qris_budget_place;
typedef int32_t qris_wait_step;
typedef struct qris_client qris_client;
typedef struct qris_orders qris_orders;

typedef struct qris_payload {
  uint64_t opaque[8];
} qris_payload;

typedef struct qris_error {
  qris_status status;
  uint32_t offset;
  uint32_t retry_after_seconds;
  char path[12];
  char code[32];
  char message[256];
} qris_error;

typedef struct qris_str {
  const char *ptr;
  size_t len;
} qris_str;

typedef struct qris_cursor {
  uint32_t next;
  uint32_t depth;
  uint32_t ends[2];
  uint8_t tags[4];
} qris_cursor;

typedef struct qris_object {
  struct qris_str value;
  uint32_t offset;
  uint8_t depth;
  uint8_t tags[3];
} qris_object;

typedef struct qris_finding {
  const char *code;
  const char *message;
  qris_severity severity;
  uint32_t offset;
  uint32_t len;
  uint8_t depth;
  uint8_t tags[3];
} qris_finding;

typedef void (*qris_finding_callback)(void *user, const struct qris_finding *finding);

typedef struct qris_hint {
  const char *code;
  const char *message;
} qris_hint;

typedef void (*qris_hint_callback)(void *user, const struct qris_hint *hint);

typedef struct qris_account {
  uint32_t tag;
  struct qris_str guid;
  struct qris_str pan;
  struct qris_str merchant_id;
  struct qris_str criteria;
} qris_account;

typedef struct qris_template_value {
  struct qris_str path;
  struct qris_str value;
} qris_template_value;

typedef struct qris_fields {
  size_t size;
  int32_t rules;
  int32_t initiation;
  struct qris_str merchant_name;
  struct qris_str merchant_city;
  struct qris_str category_code;
  struct qris_str postal_code;
  struct qris_str country_code;
  struct qris_str currency;
  struct qris_str amount;
  struct qris_str fee;
  const struct qris_account *accounts;
  size_t accounts_len;
  struct qris_str bill_number;
  struct qris_str mobile_number;
  struct qris_str store_label;
  struct qris_str loyalty_number;
  struct qris_str reference_label;
  struct qris_str customer_label;
  struct qris_str terminal_label;
  struct qris_str purpose;
  struct qris_str consumer_data_request;
  struct qris_str merchant_tax_id;
  struct qris_str merchant_channel;
  struct qris_str language;
  struct qris_str language_merchant_name;
  struct qris_str language_merchant_city;
  const struct qris_template_value *template_values;
  size_t template_values_len;
  int32_t tip;
  int32_t reserved;
} qris_fields;

typedef struct qris_dynamic_options {
  size_t size;
  struct qris_str amount;
  struct qris_str fee;
  struct qris_str reference_label;
  struct qris_str bill_number;
  int32_t tip;
  int32_t reserved;
} qris_dynamic_options;

typedef struct qris_draw_options {
  size_t size;
  struct qris_str printed_by;
  struct qris_str print_version;
  int32_t format;
  int32_t poster;
} qris_draw_options;

typedef int (*qris_writer)(void *user, const uint8_t *bytes, size_t len);

typedef struct qris_corner {
  float x;
  float y;
} qris_corner;

typedef struct qris_symbol {
  struct qris_str text;
  struct qris_corner corners[4];
} qris_symbol;

typedef void (*qris_symbol_callback)(void *user, const struct qris_symbol *symbol);

typedef struct qris_client_options {
  size_t size;
  struct qris_str api_key;
  struct qris_str merchant_id;
  struct qris_str base_url;
  struct qris_str nmid;
  struct qris_str state_dir;
  uint32_t timeout_seconds;
  uint32_t shown_seconds;
  uint32_t validity_seconds;
  uint32_t grace_seconds;
  uint32_t try_gap_seconds;
  uint32_t check_gap_seconds;
  uint32_t checks_per_minute;
  int32_t tip;
  uint64_t lowest_rupiah;
  uint64_t highest_rupiah;
  int32_t budget_place;
  int32_t reserved;
} qris_client_options;

typedef struct qris_invoice {
  uint64_t qris_invoiceid;
  uint64_t rupiah;
  char number[65];
  char qris_request_date[26];
  char shown_until[26];
  char expires_at[26];
  char qris_nmid[397];
  char qris_content[7090];
} qris_invoice;

typedef struct qris_payment {
  qris_payment_state state;
  char customer_name[401];
  char method[161];
  char paid_at[26];
  char rrn[161];
  char note[801];
  char api_version[161];
} qris_payment;

typedef struct qris_check {
  uint32_t number;
  qris_status status;
  const struct qris_payment *payment;
  const struct qris_error *error;
  char made_at[26];
  char next_at[26];
} qris_check;

typedef int (*qris_check_callback)(void *user, const struct qris_check *check);

typedef int (*qris_second_callback)(void *user);

typedef struct qris_wait_options {
  size_t size;
  qris_check_callback on_check;
  qris_second_callback on_second;
  void *user;
} qris_wait_options;

typedef struct qris_webhook {
  uint64_t qris_invoiceid;
  qris_webhook_status status;
  char customer_name[401];
  char method[161];
  char paid_at[26];
  char rrn[161];
  char note[801];
} qris_webhook;

typedef struct qris_orders_options {
  size_t size;
  const struct qris_client_options *client;
  struct qris_str database;
  struct qris_str merchant;
  struct qris_str actor;
  uint64_t events_after;
} qris_orders_options;

typedef struct qris_new_order {
  size_t size;
  struct qris_str number;
  uint64_t rupiah;
  int32_t channel;
  int32_t tip;
  uint32_t shown_seconds;
  int32_t without_code;
  struct qris_str reference;
  struct qris_str description;
  struct qris_str metadata;
  struct qris_str due_at;
} qris_new_order;

typedef struct qris_order {
  size_t size;
  uint64_t rupiah;
  uint64_t overpaid_rupiah;
  uint64_t qris_invoiceid;
  qris_order_state state;
  qris_channel channel;
  int32_t has_tip;
  int32_t may_be_shown;
  uint32_t shown_seconds_left;
  uint32_t codes;
  int32_t is_unanswered;
  int32_t is_acknowledged;
  char merchant[33];
  char number[65];
  char created_at[26];
  char due_at[26];
  char qris_request_date[26];
  char shown_until[26];
  char expires_at[26];
  char watched_until[26];
  char next_check_at[26];
  char paid_at[26];
  char customer_name[401];
  char method[161];
  char rrn[161];
  char reference[1021];
  char description[2001];
  char qris_nmid[397];
  char qris_content[7090];
} qris_order;

typedef struct qris_order_filter {
  size_t size;
  int32_t state;
  int32_t channel;
  struct qris_str from;
  struct qris_str to;
  struct qris_str search;
  struct qris_str after_created_at;
  struct qris_str after_number;
} qris_order_filter;

typedef struct qris_order_code {
  size_t size;
  uint64_t qris_invoiceid;
  qris_code_state state;
  int32_t is_unanswered;
  char qris_request_date[26];
  char shown_until[26];
  char watched_until[26];
  char paid_at[26];
  char customer_name[401];
  char method[161];
  char rrn[161];
} qris_order_code;

typedef struct qris_order_event {
  uint64_t cursor;
  const struct qris_order *order;
  qris_event_type event;
  char at[26];
  char number[65];
} qris_order_event;

typedef int (*qris_event_callback)(void *user, const struct qris_order_event *event);

const char *qris_version(void);
const char *qris_status_message(int32_t status);
qris_status qris_parse(const char *text, size_t len, struct qris_payload *payload,
    struct qris_error *error);
qris_status qris_get(const struct qris_payload *payload, const char *path, struct qris_str *value);
qris_status qris_next(const struct qris_payload *payload, struct qris_cursor *cursor,
    struct qris_object *object);
qris_status qris_inspect(const char *text, size_t len, int32_t rules,
    qris_finding_callback callback, void *user, qris_verdict *verdict);
qris_status qris_hints(const char *text, size_t len, int32_t rules, qris_hint_callback callback,
    void *user);
qris_status qris_encode(const struct qris_fields *fields, char *buffer, size_t capacity,
    size_t *written, struct qris_error *error);
qris_status qris_to_dynamic(const char *text, size_t len,
    const struct qris_dynamic_options *options, char *buffer, size_t capacity, size_t *written,
    struct qris_error *error);
qris_status qris_to_static(const char *text, size_t len, char *buffer, size_t capacity,
    size_t *written, struct qris_error *error);
qris_status qris_anonymize(const char *text, size_t len, char *buffer, size_t capacity,
    size_t *written, size_t *unread, struct qris_error *error);
qris_status qris_draw(const char *text, size_t len, int32_t format, qris_writer writer, void *user,
    struct qris_error *error);
qris_status qris_draw_with(const char *text, size_t len, const struct qris_draw_options *options,
    qris_writer writer, void *user, size_t *omitted, struct qris_error *error);
qris_status qris_read_image(const uint8_t *bytes, size_t len, qris_symbol_callback callback,
    void *user, struct qris_error *error);
qris_status qris_client_new(const struct qris_client_options *options, struct qris_client **client,
    struct qris_error *error);
void qris_client_free(struct qris_client *client);
qris_status qris_create_invoice(const struct qris_client *client, const char *number,
    uint64_t rupiah, struct qris_invoice *invoice, struct qris_error *error);
qris_status qris_check_invoice(const struct qris_client *client,
    const struct qris_invoice *invoice, struct qris_payment *payment, struct qris_error *error);
qris_status qris_wait_for_payment(const struct qris_client *client,
    const struct qris_invoice *invoice, const struct qris_wait_options *options,
    struct qris_payment *payment, struct qris_error *error);
qris_status qris_read_webhook(const char *body, size_t len, struct qris_webhook *webhook,
    struct qris_error *error);
qris_status qris_orders_open(const struct qris_orders_options *options,
    struct qris_orders **orders, struct qris_error *error);
void qris_orders_close(struct qris_orders *orders);
qris_status qris_orders_charge(const struct qris_orders *orders,
    const struct qris_new_order *new_order, struct qris_order *order, struct qris_error *error);
qris_status qris_orders_renew(const struct qris_orders *orders, const char *number,
    struct qris_order *order, struct qris_error *error);
qris_status qris_orders_check(const struct qris_orders *orders, const char *number,
    struct qris_order *order, struct qris_error *error);
qris_status qris_orders_cancel(const struct qris_orders *orders, const char *number,
    struct qris_order *order, struct qris_error *error);
qris_status qris_orders_resolve(const struct qris_orders *orders, const char *number,
    uint64_t qris_invoiceid, const char *reason, struct qris_order *order,
    struct qris_error *error);
qris_status qris_orders_get(const struct qris_orders *orders, const char *number,
    struct qris_order *order, struct qris_error *error);
qris_status qris_orders_webhook(const struct qris_orders *orders, const char *body, size_t len,
    struct qris_order *order, struct qris_error *error);
qris_status qris_orders_acknowledge(const struct qris_orders *orders, const char *number,
    int32_t *first, struct qris_error *error);
qris_status qris_orders_list(const struct qris_orders *orders,
    const struct qris_order_filter *filter, struct qris_order *list, size_t capacity,
    size_t *count, struct qris_error *error);
qris_status qris_orders_unacknowledged(const struct qris_orders *orders, struct qris_order *list,
    size_t capacity, size_t *count, struct qris_error *error);
qris_status qris_orders_codes(const struct qris_orders *orders, const char *number,
    struct qris_order_code *list, size_t capacity, size_t *count, struct qris_error *error);
qris_status qris_orders_poll(const struct qris_orders *orders, uint32_t timeout_milliseconds,
    qris_event_callback callback, void *user, struct qris_error *error);
qris_status qris_orders_cursor(const struct qris_orders *orders, uint64_t *cursor,
    struct qris_error *error);
C;

// The library, loaded once: from the environment variable QRIS_LIBRARY, or the system's libqris.
function qris(): FFI
{
    static $qris = null;
    $library = getenv('QRIS_LIBRARY') ?: (PHP_OS_FAMILY === 'Windows' ? 'qris.dll' : 'libqris.so.0');
    $cdef = QRIS_CDEF;
    while ($qris === null) {
        try {
            $qris = FFI::cdef($cdef, $library);
        } catch (FFI\Exception $error) {
            // A library without a feature has none of its functions: do not call them.
            if (!preg_match("/resolving C function '(qris_\w+)'/", $error->getMessage(), $lacks)) {
                throw $error;
            }
            $cdef = preg_replace("/^[\w ]+\**{$lacks[1]}\([^)]*\);\n/m", '', $cdef);
        }
    }
    return $qris;
}

// A struct of zeros; its size is set if it begins with one.
function qris_struct(string $name): FFI\CData
{
    $made = qris()->new($name);
    if (in_array('size', qris()->type($name)->getStructFieldNames(), true)) {
        $made->size = FFI::sizeof($made);
    }
    return $made;
}

// A copy of a text in C memory, with a NUL at its end.
function qris_text(string $text): FFI\CData
{
    $copy = qris()->new('char[' . (strlen($text) + 1) . ']');
    FFI::memcpy($copy, $text, strlen($text));
    return $copy;
}

// Sets a field such as $options->api_key to a text from qris_text.
function qris_set(FFI\CData $field, FFI\CData $text): void
{
    $field->ptr = qris()->cast('const char *', FFI::addr($text));
    $field->len = FFI::sizeof($text) - 1;
}

// The text of a qris_str from the library.
function qris_string(FFI\CData $text): string
{
    return $text->ptr === null ? '' : FFI::string($text->ptr, $text->len);
}
