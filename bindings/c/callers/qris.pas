{ QRIS payloads, pictures, payments and orders for Delphi and Free Pascal: all of qris.h, version 0.1.0.

  Constants, functions and fields have the same names as in qris.h. Its comments say what each function does,
  who owns what, and which statuses it returns. Three names differ: Pascal ignores case, so the constant
  QRIS_VERSION is QRIS_VERSION_TEXT; the field "to" is to_; types begin with TQris.

  - Texts are UTF-8: in Delphi, UTF8Encode(S) makes them.
  - A payload and a struct point to their texts: keep the strings until the last use.
  - If a struct begins with its size, fill it with zeros, then set size to SizeOf.
  - A pointer that qris.h allows to be NULL may be nil. }
unit qris;

{$IFDEF FPC}{$MODE DELPHI}{$PACKRECORDS C}{$ELSE}{$ALIGN 8}{$ENDIF}

interface

const
  QrisLibrary = {$IFDEF MSWINDOWS}'qris.dll'{$ELSE}'libqris.so.0'{$ENDIF};

  QRIS_VERSION_TEXT = '0.1.0';
  QRIS_VERSION_MAJOR = 0;
  QRIS_VERSION_MINOR = 1;
  QRIS_VERSION_PATCH = 0;
  QRIS_LANG_ID = 256;

  { The result of a call. }
  QRIS_STATUS_OK = 0;
  QRIS_STATUS_ABSENT = 1;
  QRIS_STATUS_NULL_ARGUMENT = 10;
  QRIS_STATUS_STRUCT_SIZE = 11;
  QRIS_STATUS_UNKNOWN_VALUE = 12;
  QRIS_STATUS_NOT_PARSED = 13;
  QRIS_STATUS_PATH_SYNTAX = 14;
  QRIS_STATUS_BUFFER_TOO_SMALL = 15;
  QRIS_STATUS_CURSOR_INVALID = 16;
  QRIS_STATUS_TOO_MANY = 17;
  QRIS_STATUS_CLIENT_UNKNOWN = 18;
  QRIS_STATUS_INVOICE_INVALID = 19;
  QRIS_STATUS_TEXT_EMPTY = 20;
  QRIS_STATUS_TEXT_TOO_LONG = 21;
  QRIS_STATUS_TEXT_NOT_UTF8 = 22;
  QRIS_STATUS_OBJECT_HEADER_SHORT = 23;
  QRIS_STATUS_OBJECT_HEADER_NOT_DIGITS = 24;
  QRIS_STATUS_OBJECT_TRUNCATED = 25;
  QRIS_STATUS_OBJECT_SPLITS_CHARACTER = 26;
  QRIS_STATUS_OBJECT_DUPLICATE = 27;
  QRIS_STATUS_FORMAT_NOT_FIRST = 28;
  QRIS_STATUS_CHECKSUM_MISSING = 30;
  QRIS_STATUS_CHECKSUM_NOT_LAST = 31;
  QRIS_STATUS_CHECKSUM_LENGTH = 32;
  QRIS_STATUS_CHECKSUM_NOT_HEXADECIMAL = 33;
  QRIS_STATUS_CHECKSUM_MISMATCH = 34;
  QRIS_STATUS_VALUE_TOO_LONG = 40;
  QRIS_STATUS_TEXT_NOT_PRECOMPOSED = 41;
  QRIS_STATUS_OBJECT_NOT_AMENDABLE = 42;
  QRIS_STATUS_AMOUNT_SYNTAX = 43;
  QRIS_STATUS_RULE_BROKEN = 44;
  QRIS_STATUS_NOT_ANONYMIZABLE = 45;
  QRIS_STATUS_DRAWING_TOO_LONG = 50;
  QRIS_STATUS_DRAWING_TOO_NARROW = 51;
  QRIS_STATUS_DRAWING_TOO_LARGE = 52;
  QRIS_STATUS_WRITER_STOPPED = 53;
  QRIS_STATUS_PICTURE_FORMAT = 54;
  QRIS_STATUS_PICTURE_TOO_LARGE = 55;
  QRIS_STATUS_PICTURE_DAMAGED = 56;
  QRIS_STATUS_DRAWING_NOT_STATIC = 58;
  QRIS_STATUS_VALUE_REFUSED = 60;
  QRIS_STATUS_REJECTED = 61;
  QRIS_STATUS_OUTCOME_UNKNOWN = 62;
  QRIS_STATUS_UNREACHABLE = 63;
  QRIS_STATUS_MALFORMED_REPLY = 64;
  QRIS_STATUS_CONTENT_MISMATCH = 65;
  QRIS_STATUS_CANCELLED = 66;
  QRIS_STATUS_CERTIFICATE_STORE = 67;
  QRIS_STATUS_PAUSED = 68;
  QRIS_STATUS_WEBHOOK_MALFORMED = 69;
  QRIS_STATUS_ORDERS_UNKNOWN = 70;
  QRIS_STATUS_ORDER_CONFLICT = 71;
  QRIS_STATUS_ORDER_STATE = 72;
  QRIS_STATUS_TOO_SOON = 73;
  QRIS_STATUS_NOT_CHECKED = 74;
  QRIS_STATUS_DATABASE_UNAVAILABLE = 75;
  QRIS_STATUS_DATABASE_REFUSED = 76;
  QRIS_STATUS_DATABASE_FAILED = 77;
  QRIS_STATUS_POLL_BUSY = 78;
  QRIS_STATUS_WAIT_BUSY = 79;
  QRIS_STATUS_INTERNAL = 90;

  { How much a finding matters. }
  QRIS_SEVERITY_INFO = 0;
  QRIS_SEVERITY_WARNING = 1;
  QRIS_SEVERITY_ERROR = 2;

  { The result of all findings of a text. }
  QRIS_VERDICT_VALID = 0;
  QRIS_VERDICT_WARN = 1;
  QRIS_VERDICT_INVALID = 2;
  QRIS_VERDICT_MALFORMED = 3;

  { Whether an invoice is paid. }
  QRIS_PAYMENT_STATE_UNPAID = 0;
  QRIS_PAYMENT_STATE_PAID = 1;

  { The status of an invoice in a webhook. }
  QRIS_WEBHOOK_STATUS_OTHER = 0;
  QRIS_WEBHOOK_STATUS_PAID = 1;
  QRIS_WEBHOOK_STATUS_PENDING = 2;

  { The state of an order. }
  QRIS_ORDER_STATE_ANY = 0;
  QRIS_ORDER_STATE_OPEN = 1;
  QRIS_ORDER_STATE_REQUESTED = 2;
  QRIS_ORDER_STATE_PENDING = 3;
  QRIS_ORDER_STATE_PAID = 4;
  QRIS_ORDER_STATE_EXPIRED = 5;
  QRIS_ORDER_STATE_REJECTED = 6;
  QRIS_ORDER_STATE_UNKNOWN = 7;
  QRIS_ORDER_STATE_CANCELLED = 8;
  QRIS_ORDER_STATE_UNFINISHED = 100;

  { Where a sale is made. }
  QRIS_CHANNEL_UNSPECIFIED = 0;
  QRIS_CHANNEL_POS = 1;
  QRIS_CHANNEL_ECOMMERCE = 2;
  QRIS_CHANNEL_BILL = 3;

  { What happened to an order. }
  QRIS_EVENT_TYPE_OTHER = 0;
  QRIS_EVENT_TYPE_CREATED = 1;
  QRIS_EVENT_TYPE_PAID = 2;
  QRIS_EVENT_TYPE_PAID_LATE = 3;
  QRIS_EVENT_TYPE_OVERPAID = 4;
  QRIS_EVENT_TYPE_EXPIRED = 5;
  QRIS_EVENT_TYPE_OVERDUE = 6;
  QRIS_EVENT_TYPE_CANCELLED = 7;
  QRIS_EVENT_TYPE_UNKNOWN = 8;
  QRIS_EVENT_TYPE_RESOLVED = 9;

  { The state of one code of an order. }
  QRIS_CODE_STATE_OTHER = 0;
  QRIS_CODE_STATE_REQUESTED = 1;
  QRIS_CODE_STATE_PENDING = 2;
  QRIS_CODE_STATE_PAID = 3;
  QRIS_CODE_STATE_EXPIRED = 4;
  QRIS_CODE_STATE_REJECTED = 5;
  QRIS_CODE_STATE_UNKNOWN = 6;
  QRIS_CODE_STATE_RESOLVED = 7;

  { The rules that a payload is checked against. }
  QRIS_RULES_QRIS = 0;
  QRIS_RULES_EMV = 1;

  { Static or dynamic. }
  QRIS_INITIATION_UNSPECIFIED = 0;
  QRIS_INITIATION_STATIC = 11;
  QRIS_INITIATION_DYNAMIC = 12;

  { The tip or fee of a payload. }
  QRIS_TIP_UNSPECIFIED = 0;
  QRIS_TIP_NONE = 1;
  QRIS_TIP_PROMPT = 2;
  QRIS_TIP_FIXED = 3;
  QRIS_TIP_PERCENT = 4;

  { What qris_draw makes. }
  QRIS_FORMAT_SVG = 1;
  QRIS_FORMAT_PNG = 2;
  QRIS_FORMAT_TERMINAL = 3;
  QRIS_FORMAT_ESCPOS_MM58 = 4;
  QRIS_FORMAT_ESCPOS_MM80 = 5;
  QRIS_FORMAT_PDF = 6;

  { The paper of a poster. }
  QRIS_POSTER_NONE = 0;
  QRIS_POSTER_A5 = 1;
  QRIS_POSTER_A6 = 2;

  { Where the budget of a key is kept. }
  QRIS_BUDGET_PLACE_UNSPECIFIED = 0;
  QRIS_BUDGET_PLACE_FILE = 1;
  QRIS_BUDGET_PLACE_MEMORY = 2;

  { What a callback of qris_wait_for_payment returns. }
  QRIS_WAIT_STEP_CONTINUE = 0;
  QRIS_WAIT_STEP_CANCEL = 1;
  QRIS_WAIT_STEP_CHECK = 2;

type
  {$IFNDEF FPC}
  { Older versions of Delphi do not have these names. }
  Int32 = Integer;
  UInt32 = Cardinal;
  {$IF CompilerVersion < 21}
  NativeUInt = Cardinal;
  {$IFEND}
  {$ENDIF}
  PQrisNativeUInt = ^NativeUInt;
  PQrisInt32 = ^Int32;
  PQrisUInt64 = ^UInt64;
  PQrisHandle = ^Pointer; { of a client or of orders }

  PQrisPayload = ^TQrisPayload;
  TQrisPayload = record
    opaque: array[0..7] of UInt64;
  end;

  PQrisError = ^TQrisError;
  TQrisError = record
    status: Int32;
    offset: UInt32;
    retry_after_seconds: UInt32;
    path: array[0..11] of AnsiChar;
    code: array[0..31] of AnsiChar;
    message: array[0..255] of AnsiChar;
  end;

  PQrisStr = ^TQrisStr;
  TQrisStr = record
    ptr: PAnsiChar;
    len: NativeUInt;
  end;

  PQrisCursor = ^TQrisCursor;
  TQrisCursor = record
    next: UInt32;
    depth: UInt32;
    ends: array[0..1] of UInt32;
    tags: array[0..3] of Byte;
  end;

  PQrisObject = ^TQrisObject;
  TQrisObject = record
    value: TQrisStr;
    offset: UInt32;
    depth: Byte;
    tags: array[0..2] of Byte;
  end;

  PQrisFinding = ^TQrisFinding;
  TQrisFinding = record
    code: PAnsiChar;
    message: PAnsiChar;
    severity: Int32;
    offset: UInt32;
    len: UInt32;
    depth: Byte;
    tags: array[0..2] of Byte;
  end;

  TQrisFindingCallback = procedure(user: Pointer; finding: PQrisFinding); cdecl;

  PQrisHint = ^TQrisHint;
  TQrisHint = record
    code: PAnsiChar;
    message: PAnsiChar;
  end;

  TQrisHintCallback = procedure(user: Pointer; hint: PQrisHint); cdecl;

  PQrisAccount = ^TQrisAccount;
  TQrisAccount = record
    tag: UInt32;
    guid: TQrisStr;
    pan: TQrisStr;
    merchant_id: TQrisStr;
    criteria: TQrisStr;
  end;

  PQrisTemplateValue = ^TQrisTemplateValue;
  TQrisTemplateValue = record
    path: TQrisStr;
    value: TQrisStr;
  end;

  PQrisFields = ^TQrisFields;
  TQrisFields = record
    size: NativeUInt;
    rules: Int32;
    initiation: Int32;
    merchant_name: TQrisStr;
    merchant_city: TQrisStr;
    category_code: TQrisStr;
    postal_code: TQrisStr;
    country_code: TQrisStr;
    currency: TQrisStr;
    amount: TQrisStr;
    fee: TQrisStr;
    accounts: PQrisAccount;
    accounts_len: NativeUInt;
    bill_number: TQrisStr;
    mobile_number: TQrisStr;
    store_label: TQrisStr;
    loyalty_number: TQrisStr;
    reference_label: TQrisStr;
    customer_label: TQrisStr;
    terminal_label: TQrisStr;
    purpose: TQrisStr;
    consumer_data_request: TQrisStr;
    merchant_tax_id: TQrisStr;
    merchant_channel: TQrisStr;
    language: TQrisStr;
    language_merchant_name: TQrisStr;
    language_merchant_city: TQrisStr;
    template_values: PQrisTemplateValue;
    template_values_len: NativeUInt;
    tip: Int32;
    reserved: Int32;
  end;

  PQrisDynamicOptions = ^TQrisDynamicOptions;
  TQrisDynamicOptions = record
    size: NativeUInt;
    amount: TQrisStr;
    fee: TQrisStr;
    reference_label: TQrisStr;
    bill_number: TQrisStr;
    tip: Int32;
    reserved: Int32;
  end;
  PQrisDrawOptions = ^TQrisDrawOptions;
  TQrisDrawOptions = record
    size: NativeUInt;
    printed_by: TQrisStr;
    print_version: TQrisStr;
    format: Int32;
    poster: Int32;
  end;

  TQrisWriter = function(user: Pointer; bytes: PByte; len: NativeUInt): Int32; cdecl;

  PQrisCorner = ^TQrisCorner;
  TQrisCorner = record
    x: Single;
    y: Single;
  end;

  PQrisSymbol = ^TQrisSymbol;
  TQrisSymbol = record
    text: TQrisStr;
    corners: array[0..3] of TQrisCorner;
  end;

  TQrisSymbolCallback = procedure(user: Pointer; symbol: PQrisSymbol); cdecl;

  PQrisClientOptions = ^TQrisClientOptions;
  TQrisClientOptions = record
    size: NativeUInt;
    api_key: TQrisStr;
    merchant_id: TQrisStr;
    base_url: TQrisStr;
    nmid: TQrisStr;
    state_dir: TQrisStr;
    timeout_seconds: UInt32;
    shown_seconds: UInt32;
    validity_seconds: UInt32;
    grace_seconds: UInt32;
    try_gap_seconds: UInt32;
    check_gap_seconds: UInt32;
    checks_per_minute: UInt32;
    tip: Int32;
    lowest_rupiah: UInt64;
    highest_rupiah: UInt64;
    budget_place: Int32;
    reserved: Int32;
  end;

  PQrisInvoice = ^TQrisInvoice;
  TQrisInvoice = record
    qris_invoiceid: UInt64;
    rupiah: UInt64;
    number: array[0..64] of AnsiChar;
    qris_request_date: array[0..25] of AnsiChar;
    shown_until: array[0..25] of AnsiChar;
    expires_at: array[0..25] of AnsiChar;
    qris_nmid: array[0..396] of AnsiChar;
    qris_content: array[0..7089] of AnsiChar;
  end;

  PQrisPayment = ^TQrisPayment;
  TQrisPayment = record
    state: Int32;
    customer_name: array[0..400] of AnsiChar;
    method: array[0..160] of AnsiChar;
    paid_at: array[0..25] of AnsiChar;
    rrn: array[0..160] of AnsiChar;
    note: array[0..800] of AnsiChar;
    api_version: array[0..160] of AnsiChar;
  end;

  PQrisCheck = ^TQrisCheck;
  TQrisCheck = record
    number: UInt32;
    status: Int32;
    payment: PQrisPayment;
    error: PQrisError;
    made_at: array[0..25] of AnsiChar;
    next_at: array[0..25] of AnsiChar;
  end;

  TQrisCheckCallback = function(user: Pointer; check: PQrisCheck): Int32; cdecl;

  TQrisSecondCallback = function(user: Pointer): Int32; cdecl;

  PQrisWaitOptions = ^TQrisWaitOptions;
  TQrisWaitOptions = record
    size: NativeUInt;
    on_check: TQrisCheckCallback;
    on_second: TQrisSecondCallback;
    user: Pointer;
  end;

  PQrisWebhook = ^TQrisWebhook;
  TQrisWebhook = record
    qris_invoiceid: UInt64;
    status: Int32;
    customer_name: array[0..400] of AnsiChar;
    method: array[0..160] of AnsiChar;
    paid_at: array[0..25] of AnsiChar;
    rrn: array[0..160] of AnsiChar;
    note: array[0..800] of AnsiChar;
  end;

  PQrisOrdersOptions = ^TQrisOrdersOptions;
  TQrisOrdersOptions = record
    size: NativeUInt;
    client: PQrisClientOptions;
    database: TQrisStr;
    merchant: TQrisStr;
    actor: TQrisStr;
    events_after: UInt64;
  end;

  PQrisNewOrder = ^TQrisNewOrder;
  TQrisNewOrder = record
    size: NativeUInt;
    number: TQrisStr;
    rupiah: UInt64;
    channel: Int32;
    tip: Int32;
    shown_seconds: UInt32;
    without_code: Int32;
    reference: TQrisStr;
    description: TQrisStr;
    metadata: TQrisStr;
    due_at: TQrisStr;
  end;

  PQrisOrder = ^TQrisOrder;
  TQrisOrder = record
    size: NativeUInt;
    rupiah: UInt64;
    overpaid_rupiah: UInt64;
    qris_invoiceid: UInt64;
    state: Int32;
    channel: Int32;
    has_tip: Int32;
    may_be_shown: Int32;
    shown_seconds_left: UInt32;
    codes: UInt32;
    is_unanswered: Int32;
    is_acknowledged: Int32;
    merchant: array[0..32] of AnsiChar;
    number: array[0..64] of AnsiChar;
    created_at: array[0..25] of AnsiChar;
    due_at: array[0..25] of AnsiChar;
    qris_request_date: array[0..25] of AnsiChar;
    shown_until: array[0..25] of AnsiChar;
    expires_at: array[0..25] of AnsiChar;
    watched_until: array[0..25] of AnsiChar;
    next_check_at: array[0..25] of AnsiChar;
    paid_at: array[0..25] of AnsiChar;
    customer_name: array[0..400] of AnsiChar;
    method: array[0..160] of AnsiChar;
    rrn: array[0..160] of AnsiChar;
    reference: array[0..1020] of AnsiChar;
    description: array[0..2000] of AnsiChar;
    qris_nmid: array[0..396] of AnsiChar;
    qris_content: array[0..7089] of AnsiChar;
  end;

  PQrisOrderFilter = ^TQrisOrderFilter;
  TQrisOrderFilter = record
    size: NativeUInt;
    state: Int32;
    channel: Int32;
    from: TQrisStr;
    to_: TQrisStr;
    search: TQrisStr;
    after_created_at: TQrisStr;
    after_number: TQrisStr;
  end;

  PQrisOrderCode = ^TQrisOrderCode;
  TQrisOrderCode = record
    size: NativeUInt;
    qris_invoiceid: UInt64;
    state: Int32;
    is_unanswered: Int32;
    qris_request_date: array[0..25] of AnsiChar;
    shown_until: array[0..25] of AnsiChar;
    watched_until: array[0..25] of AnsiChar;
    paid_at: array[0..25] of AnsiChar;
    customer_name: array[0..400] of AnsiChar;
    method: array[0..160] of AnsiChar;
    rrn: array[0..160] of AnsiChar;
  end;

  PQrisOrderEvent = ^TQrisOrderEvent;
  TQrisOrderEvent = record
    cursor: UInt64;
    order: PQrisOrder;
    event: Int32;
    at: array[0..25] of AnsiChar;
    number: array[0..64] of AnsiChar;
  end;

  TQrisEventCallback = function(user: Pointer; event: PQrisOrderEvent): Int32; cdecl;

function qris_version: PAnsiChar;
  cdecl; external QrisLibrary;
function qris_status_message(status: Int32): PAnsiChar;
  cdecl; external QrisLibrary;
function qris_parse(text: PAnsiChar; len: NativeUInt; payload: PQrisPayload;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_get(payload: PQrisPayload; path: PAnsiChar; value: PQrisStr): Int32;
  cdecl; external QrisLibrary;
function qris_next(payload: PQrisPayload; cursor: PQrisCursor; object_: PQrisObject): Int32;
  cdecl; external QrisLibrary;
function qris_inspect(text: PAnsiChar; len: NativeUInt; rules: Int32;
  callback: TQrisFindingCallback; user: Pointer; verdict: PQrisInt32): Int32;
  cdecl; external QrisLibrary;
function qris_hints(text: PAnsiChar; len: NativeUInt; rules: Int32; callback: TQrisHintCallback;
  user: Pointer): Int32;
  cdecl; external QrisLibrary;
function qris_encode(fields: PQrisFields; buffer: PAnsiChar; capacity: NativeUInt;
  written: PQrisNativeUInt; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_to_dynamic(text: PAnsiChar; len: NativeUInt; options: PQrisDynamicOptions;
  buffer: PAnsiChar; capacity: NativeUInt; written: PQrisNativeUInt; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_to_static(text: PAnsiChar; len: NativeUInt; buffer: PAnsiChar; capacity: NativeUInt;
  written: PQrisNativeUInt; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_anonymize(text: PAnsiChar; len: NativeUInt; buffer: PAnsiChar; capacity: NativeUInt;
  written: PQrisNativeUInt; unread: PQrisNativeUInt; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_draw(text: PAnsiChar; len: NativeUInt; format: Int32; writer: TQrisWriter;
  user: Pointer; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_draw_with(text: PAnsiChar; len: NativeUInt; options: PQrisDrawOptions;
  writer: TQrisWriter; user: Pointer; omitted: PQrisNativeUInt; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_read_image(bytes: PByte; len: NativeUInt; callback: TQrisSymbolCallback;
  user: Pointer; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_client_new(options: PQrisClientOptions; client: PQrisHandle;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
procedure qris_client_free(client: Pointer);
  cdecl; external QrisLibrary;
function qris_create_invoice(client: Pointer; number: PAnsiChar; rupiah: UInt64;
  invoice: PQrisInvoice; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_check_invoice(client: Pointer; invoice: PQrisInvoice; payment: PQrisPayment;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_wait_for_payment(client: Pointer; invoice: PQrisInvoice; options: PQrisWaitOptions;
  payment: PQrisPayment; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_read_webhook(body: PAnsiChar; len: NativeUInt; webhook: PQrisWebhook;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_open(options: PQrisOrdersOptions; orders: PQrisHandle;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
procedure qris_orders_close(orders: Pointer);
  cdecl; external QrisLibrary;
function qris_orders_charge(orders: Pointer; new_order: PQrisNewOrder; order: PQrisOrder;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_renew(orders: Pointer; number: PAnsiChar; order: PQrisOrder;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_check(orders: Pointer; number: PAnsiChar; order: PQrisOrder;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_cancel(orders: Pointer; number: PAnsiChar; order: PQrisOrder;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_resolve(orders: Pointer; number: PAnsiChar; qris_invoiceid: UInt64;
  reason: PAnsiChar; order: PQrisOrder; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_get(orders: Pointer; number: PAnsiChar; order: PQrisOrder;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_webhook(orders: Pointer; body: PAnsiChar; len: NativeUInt; order: PQrisOrder;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_acknowledge(orders: Pointer; number: PAnsiChar; first: PQrisInt32;
  error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_list(orders: Pointer; filter: PQrisOrderFilter; list: PQrisOrder;
  capacity: NativeUInt; count: PQrisNativeUInt; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_unacknowledged(orders: Pointer; list: PQrisOrder; capacity: NativeUInt;
  count: PQrisNativeUInt; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_codes(orders: Pointer; number: PAnsiChar; list: PQrisOrderCode;
  capacity: NativeUInt; count: PQrisNativeUInt; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_poll(orders: Pointer; timeout_milliseconds: UInt32;
  callback: TQrisEventCallback; user: Pointer; error: PQrisError): Int32;
  cdecl; external QrisLibrary;
function qris_orders_cursor(orders: Pointer; cursor: PQrisUInt64; error: PQrisError): Int32;
  cdecl; external QrisLibrary;

{ A text that ends with a NUL as a TQrisStr, for the fields of structs. }
function qris_text(text: PAnsiChar): TQrisStr;
{ The text of a TQrisStr, in UTF-8. }
function qris_string(const text: TQrisStr): AnsiString;

implementation

function qris_text(text: PAnsiChar): TQrisStr;
begin
  Result.ptr := text;
  Result.len := 0;
  if text <> nil then
    while text[Result.len] <> #0 do
      Inc(Result.len);
end;

function qris_string(const text: TQrisStr): AnsiString;
begin
  SetString(Result, text.ptr, text.len);
end;

end.
