// QRIS payloads, pictures, payments and orders for C#: all of qris.h, version 0.1.0.
//
// The names are the same as in qris.h. Its comments say what each function does, who owns what, and
// which statuses it returns. Add this file to a project; put qris.dll or libqris.so beside it.
//
// - Pass a text as UTF-8 bytes and a length, or with a NUL at its end: Qris.Bytes("59") adds it.
// - qris_parse and the texts of structs take a pointer. Keep its memory until the last use:
//   Qris.Copy makes such a copy, and Qris.Free frees it.
// - Qris.New<qris_order>() makes a struct that begins with its size, and sets the size.
// - Keep a delegate in a variable until the call that uses it returns.
using System;
using System.Runtime.InteropServices;
using System.Text;

public static class Qris
{
    private const string Library = "qris";

    public const string QRIS_VERSION = "0.1.0";
    public const int QRIS_VERSION_MAJOR = 0;
    public const int QRIS_VERSION_MINOR = 1;
    public const int QRIS_VERSION_PATCH = 0;
    public const int QRIS_LANG_ID = 256;

    // The result of a call.
    public const int QRIS_STATUS_OK = 0;
    public const int QRIS_STATUS_ABSENT = 1;
    public const int QRIS_STATUS_NULL_ARGUMENT = 10;
    public const int QRIS_STATUS_STRUCT_SIZE = 11;
    public const int QRIS_STATUS_UNKNOWN_VALUE = 12;
    public const int QRIS_STATUS_NOT_PARSED = 13;
    public const int QRIS_STATUS_PATH_SYNTAX = 14;
    public const int QRIS_STATUS_BUFFER_TOO_SMALL = 15;
    public const int QRIS_STATUS_CURSOR_INVALID = 16;
    public const int QRIS_STATUS_TOO_MANY = 17;
    public const int QRIS_STATUS_CLIENT_UNKNOWN = 18;
    public const int QRIS_STATUS_INVOICE_INVALID = 19;
    public const int QRIS_STATUS_TEXT_EMPTY = 20;
    public const int QRIS_STATUS_TEXT_TOO_LONG = 21;
    public const int QRIS_STATUS_TEXT_NOT_UTF8 = 22;
    public const int QRIS_STATUS_OBJECT_HEADER_SHORT = 23;
    public const int QRIS_STATUS_OBJECT_HEADER_NOT_DIGITS = 24;
    public const int QRIS_STATUS_OBJECT_TRUNCATED = 25;
    public const int QRIS_STATUS_OBJECT_SPLITS_CHARACTER = 26;
    public const int QRIS_STATUS_OBJECT_DUPLICATE = 27;
    public const int QRIS_STATUS_FORMAT_NOT_FIRST = 28;
    public const int QRIS_STATUS_CHECKSUM_MISSING = 30;
    public const int QRIS_STATUS_CHECKSUM_NOT_LAST = 31;
    public const int QRIS_STATUS_CHECKSUM_LENGTH = 32;
    public const int QRIS_STATUS_CHECKSUM_NOT_HEXADECIMAL = 33;
    public const int QRIS_STATUS_CHECKSUM_MISMATCH = 34;
    public const int QRIS_STATUS_VALUE_TOO_LONG = 40;
    public const int QRIS_STATUS_TEXT_NOT_PRECOMPOSED = 41;
    public const int QRIS_STATUS_OBJECT_NOT_AMENDABLE = 42;
    public const int QRIS_STATUS_AMOUNT_SYNTAX = 43;
    public const int QRIS_STATUS_RULE_BROKEN = 44;
    public const int QRIS_STATUS_NOT_ANONYMIZABLE = 45;
    public const int QRIS_STATUS_DRAWING_TOO_LONG = 50;
    public const int QRIS_STATUS_DRAWING_TOO_NARROW = 51;
    public const int QRIS_STATUS_DRAWING_TOO_LARGE = 52;
    public const int QRIS_STATUS_WRITER_STOPPED = 53;
    public const int QRIS_STATUS_PICTURE_FORMAT = 54;
    public const int QRIS_STATUS_PICTURE_TOO_LARGE = 55;
    public const int QRIS_STATUS_PICTURE_DAMAGED = 56;
    public const int QRIS_STATUS_DRAWING_NOT_STATIC = 58;
    public const int QRIS_STATUS_VALUE_REFUSED = 60;
    public const int QRIS_STATUS_REJECTED = 61;
    public const int QRIS_STATUS_OUTCOME_UNKNOWN = 62;
    public const int QRIS_STATUS_UNREACHABLE = 63;
    public const int QRIS_STATUS_MALFORMED_REPLY = 64;
    public const int QRIS_STATUS_CONTENT_MISMATCH = 65;
    public const int QRIS_STATUS_CANCELLED = 66;
    public const int QRIS_STATUS_CERTIFICATE_STORE = 67;
    public const int QRIS_STATUS_PAUSED = 68;
    public const int QRIS_STATUS_WEBHOOK_MALFORMED = 69;
    public const int QRIS_STATUS_ORDERS_UNKNOWN = 70;
    public const int QRIS_STATUS_ORDER_CONFLICT = 71;
    public const int QRIS_STATUS_ORDER_STATE = 72;
    public const int QRIS_STATUS_TOO_SOON = 73;
    public const int QRIS_STATUS_NOT_CHECKED = 74;
    public const int QRIS_STATUS_DATABASE_UNAVAILABLE = 75;
    public const int QRIS_STATUS_DATABASE_REFUSED = 76;
    public const int QRIS_STATUS_DATABASE_FAILED = 77;
    public const int QRIS_STATUS_POLL_BUSY = 78;
    public const int QRIS_STATUS_WAIT_BUSY = 79;
    public const int QRIS_STATUS_INTERNAL = 90;

    // How much a finding matters.
    public const int QRIS_SEVERITY_INFO = 0;
    public const int QRIS_SEVERITY_WARNING = 1;
    public const int QRIS_SEVERITY_ERROR = 2;

    // The result of all findings of a text.
    public const int QRIS_VERDICT_VALID = 0;
    public const int QRIS_VERDICT_WARN = 1;
    public const int QRIS_VERDICT_INVALID = 2;
    public const int QRIS_VERDICT_MALFORMED = 3;

    // Whether an invoice is paid.
    public const int QRIS_PAYMENT_STATE_UNPAID = 0;
    public const int QRIS_PAYMENT_STATE_PAID = 1;

    // The status of an invoice in a webhook.
    public const int QRIS_WEBHOOK_STATUS_OTHER = 0;
    public const int QRIS_WEBHOOK_STATUS_PAID = 1;
    public const int QRIS_WEBHOOK_STATUS_PENDING = 2;

    // The state of an order.
    public const int QRIS_ORDER_STATE_ANY = 0;
    public const int QRIS_ORDER_STATE_OPEN = 1;
    public const int QRIS_ORDER_STATE_REQUESTED = 2;
    public const int QRIS_ORDER_STATE_PENDING = 3;
    public const int QRIS_ORDER_STATE_PAID = 4;
    public const int QRIS_ORDER_STATE_EXPIRED = 5;
    public const int QRIS_ORDER_STATE_REJECTED = 6;
    public const int QRIS_ORDER_STATE_UNKNOWN = 7;
    public const int QRIS_ORDER_STATE_CANCELLED = 8;
    public const int QRIS_ORDER_STATE_UNFINISHED = 100;

    // Where a sale is made.
    public const int QRIS_CHANNEL_UNSPECIFIED = 0;
    public const int QRIS_CHANNEL_POS = 1;
    public const int QRIS_CHANNEL_ECOMMERCE = 2;
    public const int QRIS_CHANNEL_BILL = 3;

    // What happened to an order.
    public const int QRIS_EVENT_TYPE_OTHER = 0;
    public const int QRIS_EVENT_TYPE_CREATED = 1;
    public const int QRIS_EVENT_TYPE_PAID = 2;
    public const int QRIS_EVENT_TYPE_PAID_LATE = 3;
    public const int QRIS_EVENT_TYPE_OVERPAID = 4;
    public const int QRIS_EVENT_TYPE_EXPIRED = 5;
    public const int QRIS_EVENT_TYPE_OVERDUE = 6;
    public const int QRIS_EVENT_TYPE_CANCELLED = 7;
    public const int QRIS_EVENT_TYPE_UNKNOWN = 8;
    public const int QRIS_EVENT_TYPE_RESOLVED = 9;

    // The state of one code of an order.
    public const int QRIS_CODE_STATE_OTHER = 0;
    public const int QRIS_CODE_STATE_REQUESTED = 1;
    public const int QRIS_CODE_STATE_PENDING = 2;
    public const int QRIS_CODE_STATE_PAID = 3;
    public const int QRIS_CODE_STATE_EXPIRED = 4;
    public const int QRIS_CODE_STATE_REJECTED = 5;
    public const int QRIS_CODE_STATE_UNKNOWN = 6;
    public const int QRIS_CODE_STATE_RESOLVED = 7;

    // The rules that a payload is checked against.
    public const int QRIS_RULES_QRIS = 0;
    public const int QRIS_RULES_EMV = 1;

    // Static or dynamic.
    public const int QRIS_INITIATION_UNSPECIFIED = 0;
    public const int QRIS_INITIATION_STATIC = 11;
    public const int QRIS_INITIATION_DYNAMIC = 12;

    // The tip or fee of a payload.
    public const int QRIS_TIP_UNSPECIFIED = 0;
    public const int QRIS_TIP_NONE = 1;
    public const int QRIS_TIP_PROMPT = 2;
    public const int QRIS_TIP_FIXED = 3;
    public const int QRIS_TIP_PERCENT = 4;

    // What qris_draw makes.
    public const int QRIS_FORMAT_SVG = 1;
    public const int QRIS_FORMAT_PNG = 2;
    public const int QRIS_FORMAT_TERMINAL = 3;
    public const int QRIS_FORMAT_ESCPOS_MM58 = 4;
    public const int QRIS_FORMAT_ESCPOS_MM80 = 5;
    public const int QRIS_FORMAT_PDF = 6;

    // The paper of a poster.
    public const int QRIS_POSTER_NONE = 0;
    public const int QRIS_POSTER_A5 = 1;
    public const int QRIS_POSTER_A6 = 2;

    // Where the budget of a key is kept.
    public const int QRIS_BUDGET_PLACE_UNSPECIFIED = 0;
    public const int QRIS_BUDGET_PLACE_FILE = 1;
    public const int QRIS_BUDGET_PLACE_MEMORY = 2;

    // What a callback of qris_wait_for_payment returns.
    public const int QRIS_WAIT_STEP_CONTINUE = 0;
    public const int QRIS_WAIT_STEP_CANCEL = 1;
    public const int QRIS_WAIT_STEP_CHECK = 2;

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_payload
    {
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 8)] public ulong[] opaque;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_error
    {
        public int status;
        public uint offset;
        public uint retry_after_seconds;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 12)] public byte[] path;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 32)] public byte[] code;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 256)] public byte[] message;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_str
    {
        public IntPtr ptr;
        public UIntPtr len;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_cursor
    {
        public uint next;
        public uint depth;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 2)] public uint[] ends;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 4)] public byte[] tags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_object
    {
        public qris_str value;
        public uint offset;
        public byte depth;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 3)] public byte[] tags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_finding
    {
        public IntPtr code;
        public IntPtr message;
        public int severity;
        public uint offset;
        public uint len;
        public byte depth;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 3)] public byte[] tags;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void qris_finding_callback(IntPtr user, IntPtr finding);

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_hint
    {
        public IntPtr code;
        public IntPtr message;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void qris_hint_callback(IntPtr user, IntPtr hint);

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_account
    {
        public uint tag;
        public qris_str guid;
        public qris_str pan;
        public qris_str merchant_id;
        public qris_str criteria;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_template_value
    {
        public qris_str path;
        public qris_str value;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_fields
    {
        public UIntPtr size;
        public int rules;
        public int initiation;
        public qris_str merchant_name;
        public qris_str merchant_city;
        public qris_str category_code;
        public qris_str postal_code;
        public qris_str country_code;
        public qris_str currency;
        public qris_str amount;
        public qris_str fee;
        public IntPtr accounts;
        public UIntPtr accounts_len;
        public qris_str bill_number;
        public qris_str mobile_number;
        public qris_str store_label;
        public qris_str loyalty_number;
        public qris_str reference_label;
        public qris_str customer_label;
        public qris_str terminal_label;
        public qris_str purpose;
        public qris_str consumer_data_request;
        public qris_str merchant_tax_id;
        public qris_str merchant_channel;
        public qris_str language;
        public qris_str language_merchant_name;
        public qris_str language_merchant_city;
        public IntPtr template_values;
        public UIntPtr template_values_len;
        public int tip;
        public int reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_dynamic_options
    {
        public UIntPtr size;
        public qris_str amount;
        public qris_str fee;
        public qris_str reference_label;
        public qris_str bill_number;
        public int tip;
        public int reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_draw_options
    {
        public UIntPtr size;
        public qris_str printed_by;
        public qris_str print_version;
        public int format;
        public int poster;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int qris_writer(IntPtr user, IntPtr bytes, UIntPtr len);

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_corner
    {
        public float x;
        public float y;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_symbol
    {
        public qris_str text;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 4)] public qris_corner[] corners;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void qris_symbol_callback(IntPtr user, IntPtr symbol);

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_client_options
    {
        public UIntPtr size;
        public qris_str api_key;
        public qris_str merchant_id;
        public qris_str base_url;
        public qris_str nmid;
        public qris_str state_dir;
        public uint timeout_seconds;
        public uint shown_seconds;
        public uint validity_seconds;
        public uint grace_seconds;
        public uint try_gap_seconds;
        public uint check_gap_seconds;
        public uint checks_per_minute;
        public int tip;
        public ulong lowest_rupiah;
        public ulong highest_rupiah;
        public int budget_place;
        public int reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_invoice
    {
        public ulong qris_invoiceid;
        public ulong rupiah;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 65)] public byte[] number;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] qris_request_date;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] shown_until;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] expires_at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 397)] public byte[] qris_nmid;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 7090)] public byte[] qris_content;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_payment
    {
        public int state;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 401)] public byte[] customer_name;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 161)] public byte[] method;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] paid_at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 161)] public byte[] rrn;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 801)] public byte[] note;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 161)] public byte[] api_version;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_check
    {
        public uint number;
        public int status;
        public IntPtr payment;
        public IntPtr error;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] made_at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] next_at;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int qris_check_callback(IntPtr user, IntPtr check);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int qris_second_callback(IntPtr user);

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_wait_options
    {
        public UIntPtr size;
        public qris_check_callback on_check;
        public qris_second_callback on_second;
        public IntPtr user;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_webhook
    {
        public ulong qris_invoiceid;
        public int status;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 401)] public byte[] customer_name;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 161)] public byte[] method;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] paid_at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 161)] public byte[] rrn;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 801)] public byte[] note;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_orders_options
    {
        public UIntPtr size;
        public IntPtr client;
        public qris_str database;
        public qris_str merchant;
        public qris_str actor;
        public ulong events_after;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_new_order
    {
        public UIntPtr size;
        public qris_str number;
        public ulong rupiah;
        public int channel;
        public int tip;
        public uint shown_seconds;
        public int without_code;
        public qris_str reference;
        public qris_str description;
        public qris_str metadata;
        public qris_str due_at;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_order
    {
        public UIntPtr size;
        public ulong rupiah;
        public ulong overpaid_rupiah;
        public ulong qris_invoiceid;
        public int state;
        public int channel;
        public int has_tip;
        public int may_be_shown;
        public uint shown_seconds_left;
        public uint codes;
        public int is_unanswered;
        public int is_acknowledged;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 33)] public byte[] merchant;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 65)] public byte[] number;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] created_at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] due_at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] qris_request_date;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] shown_until;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] expires_at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] watched_until;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] next_check_at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] paid_at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 401)] public byte[] customer_name;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 161)] public byte[] method;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 161)] public byte[] rrn;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 1021)] public byte[] reference;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 2001)] public byte[] description;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 397)] public byte[] qris_nmid;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 7090)] public byte[] qris_content;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_order_filter
    {
        public UIntPtr size;
        public int state;
        public int channel;
        public qris_str from;
        public qris_str to;
        public qris_str search;
        public qris_str after_created_at;
        public qris_str after_number;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_order_code
    {
        public UIntPtr size;
        public ulong qris_invoiceid;
        public int state;
        public int is_unanswered;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] qris_request_date;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] shown_until;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] watched_until;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] paid_at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 401)] public byte[] customer_name;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 161)] public byte[] method;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 161)] public byte[] rrn;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct qris_order_event
    {
        public ulong cursor;
        public IntPtr order;
        public int @event;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 26)] public byte[] at;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 65)] public byte[] number;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int qris_event_callback(IntPtr user, IntPtr @event);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern IntPtr qris_version();

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern IntPtr qris_status_message(int status);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_parse(IntPtr text, UIntPtr len, out qris_payload payload,
        out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_get(ref qris_payload payload, byte[] path, out qris_str value);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_next(ref qris_payload payload, ref qris_cursor cursor,
        out qris_object @object);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_inspect(byte[] text, UIntPtr len, int rules,
        qris_finding_callback callback, IntPtr user, out int verdict);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_hints(byte[] text, UIntPtr len, int rules,
        qris_hint_callback callback, IntPtr user);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_encode(ref qris_fields fields, [Out] byte[] buffer,
        UIntPtr capacity, out UIntPtr written, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_to_dynamic(byte[] text, UIntPtr len,
        ref qris_dynamic_options options, [Out] byte[] buffer, UIntPtr capacity,
        out UIntPtr written, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_to_static(byte[] text, UIntPtr len, [Out] byte[] buffer,
        UIntPtr capacity, out UIntPtr written, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_anonymize(byte[] text, UIntPtr len, [Out] byte[] buffer,
        UIntPtr capacity, out UIntPtr written, out UIntPtr unread, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_draw(byte[] text, UIntPtr len, int format, qris_writer writer,
        IntPtr user, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_draw_with(byte[] text, UIntPtr len,
        ref qris_draw_options options, qris_writer writer, IntPtr user, out UIntPtr omitted,
        out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_read_image(byte[] bytes, UIntPtr len,
        qris_symbol_callback callback, IntPtr user, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_client_new(ref qris_client_options options, out IntPtr client,
        out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void qris_client_free(IntPtr client);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_create_invoice(IntPtr client, byte[] number, ulong rupiah,
        out qris_invoice invoice, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_check_invoice(IntPtr client, ref qris_invoice invoice,
        out qris_payment payment, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_wait_for_payment(IntPtr client, ref qris_invoice invoice,
        ref qris_wait_options options, out qris_payment payment, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_read_webhook(byte[] body, UIntPtr len, out qris_webhook webhook,
        out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_open(ref qris_orders_options options, out IntPtr orders,
        out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void qris_orders_close(IntPtr orders);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_charge(IntPtr orders, ref qris_new_order new_order,
        ref qris_order order, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_renew(IntPtr orders, byte[] number, ref qris_order order,
        out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_check(IntPtr orders, byte[] number, ref qris_order order,
        out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_cancel(IntPtr orders, byte[] number, ref qris_order order,
        out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_resolve(IntPtr orders, byte[] number,
        ulong qris_invoiceid, byte[] reason, ref qris_order order, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_get(IntPtr orders, byte[] number, ref qris_order order,
        out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_webhook(IntPtr orders, byte[] body, UIntPtr len,
        ref qris_order order, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_acknowledge(IntPtr orders, byte[] number, out int first,
        out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_list(IntPtr orders, ref qris_order_filter filter,
        IntPtr list, UIntPtr capacity, out UIntPtr count, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_unacknowledged(IntPtr orders, IntPtr list,
        UIntPtr capacity, out UIntPtr count, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_codes(IntPtr orders, byte[] number, IntPtr list,
        UIntPtr capacity, out UIntPtr count, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_poll(IntPtr orders, uint timeout_milliseconds,
        qris_event_callback callback, IntPtr user, out qris_error error);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int qris_orders_cursor(IntPtr orders, out ulong cursor,
        out qris_error error);

    // A struct of zeros with its size set.
    public static T New<T>() where T : struct
    {
        object made = default(T);
        typeof(T).GetField("size").SetValue(made, (UIntPtr)Marshal.SizeOf(typeof(T)));
        return (T)made;
    }

    // The UTF-8 of a text, with a NUL at its end.
    public static byte[] Bytes(string text)
    {
        return Encoding.UTF8.GetBytes(text + "\0");
    }

    // A copy that stays at one address until Free, for qris_parse and the fields of structs.
    public static qris_str Copy(string text)
    {
        var copy = new qris_str();
        if (text == null) { return copy; }
        var bytes = Bytes(text);
        copy.ptr = Marshal.AllocHGlobal(bytes.Length);
        copy.len = (UIntPtr)(bytes.Length - 1);
        Marshal.Copy(bytes, 0, copy.ptr, bytes.Length);
        return copy;
    }

    public static void Free(qris_str copy)
    {
        Marshal.FreeHGlobal(copy.ptr);
    }

    // A text from the library.
    public static string Text(qris_str text)
    {
        if (text.ptr == IntPtr.Zero) { return ""; }
        var bytes = new byte[(int)text.len];
        Marshal.Copy(text.ptr, bytes, 0, bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }

    // The same for a field of a struct that ends with a NUL.
    public static string Text(byte[] field)
    {
        var end = Array.IndexOf(field, (byte)0);
        return Encoding.UTF8.GetString(field, 0, end < 0 ? field.Length : end);
    }

    // The same for a pointer to a text that ends with a NUL.
    public static string Text(IntPtr text)
    {
        if (text == IntPtr.Zero) { return ""; }
        var len = 0;
        while (Marshal.ReadByte(text, len) != 0) { len++; }
        return Text(new qris_str { ptr = text, len = (UIntPtr)len });
    }
}
