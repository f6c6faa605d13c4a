//! The C interface of the QRIS toolkit.
//!
//! C programs include `include/qris.h`, which is generated from the items of this crate.
//! `README.md` has the conventions. Each function checks its arguments, calls safe code, and writes
//! the result.
//!
//! ```
//! use qris::{qris_get, qris_parse, qris_payload, qris_status, qris_str};
//! use std::mem::MaybeUninit;
//! use std::ptr;
//!
//! let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
//!             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
//!             CONTOH6007JAKARTA61051011062070703A01630466DC";
//! let mut payload = MaybeUninit::<qris_payload>::uninit();
//! // SAFETY: the text lives until the end, the payload is writable, and the error may be NULL.
//! let status = unsafe {
//!     qris_parse(text.as_ptr().cast(), text.len(), payload.as_mut_ptr(), ptr::null_mut())
//! };
//! assert_eq!(status, qris_status::Ok);
//! let mut value = MaybeUninit::<qris_str>::uninit();
//! // SAFETY: the payload is filled in, the path ends with a NUL, the value is writable.
//! let status = unsafe { qris_get(payload.as_ptr(), c"59".as_ptr(), value.as_mut_ptr()) };
//! assert_eq!(status, qris_status::Ok);
//! // SAFETY: the status says that it was written.
//! assert_eq!(unsafe { value.assume_init() }.len, "TOKO CONTOH".len());
//! ```
// The header has the same names.
#![allow(non_camel_case_types)]

mod anonymize;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "draw")]
mod draw;
mod dynamic;
mod encode;
mod error;
#[cfg(feature = "orders")]
mod event_queue;
mod ffi;
#[cfg(feature = "client")]
mod handles;
mod hints;
mod inspect;
#[cfg(feature = "client")]
mod invoice;
#[cfg(feature = "orders")]
mod new_order;
#[cfg(feature = "orders")]
mod order;
#[cfg(feature = "orders")]
mod order_codes;
#[cfg(feature = "orders")]
mod order_lists;
#[cfg(feature = "orders")]
mod order_steps;
#[cfg(feature = "orders")]
mod orders;
mod payload;
#[cfg(feature = "orders")]
mod poll;
#[cfg(feature = "read")]
mod read;
mod status;
mod text;
mod version;
#[cfg(feature = "client")]
mod wait;
#[cfg(feature = "client")]
mod webhook;

pub use anonymize::qris_anonymize;
#[cfg(feature = "client")]
pub use client::{
    qris_budget_place, qris_client, qris_client_free, qris_client_new, qris_client_options,
};
#[cfg(feature = "draw")]
pub use draw::{
    qris_draw, qris_draw_options, qris_draw_with, qris_format, qris_poster, qris_writer,
};
pub use dynamic::{qris_dynamic_options, qris_to_dynamic, qris_to_static};
pub use encode::{
    qris_account, qris_encode, qris_fields, qris_initiation, qris_template_value, qris_tip,
};
pub use error::qris_error;
pub use hints::{qris_hint, qris_hint_callback, qris_hints};
pub use inspect::{
    QRIS_LANG_ID, qris_finding, qris_finding_callback, qris_inspect, qris_rules, qris_severity,
    qris_verdict,
};
#[cfg(feature = "client")]
pub use invoice::{
    qris_check_invoice, qris_create_invoice, qris_invoice, qris_payment, qris_payment_state,
};
#[cfg(feature = "orders")]
pub use new_order::qris_new_order;
#[cfg(feature = "orders")]
pub use order::{qris_channel, qris_order, qris_order_state};
#[cfg(feature = "orders")]
pub use order_codes::{qris_code_state, qris_order_code, qris_orders_codes};
#[cfg(feature = "orders")]
pub use order_lists::{qris_order_filter, qris_orders_list, qris_orders_unacknowledged};
#[cfg(feature = "orders")]
pub use order_steps::{
    qris_orders_acknowledge, qris_orders_cancel, qris_orders_charge, qris_orders_check,
    qris_orders_get, qris_orders_renew, qris_orders_resolve, qris_orders_webhook,
};
#[cfg(feature = "orders")]
pub use orders::{qris_orders, qris_orders_close, qris_orders_open, qris_orders_options};
pub use payload::{qris_cursor, qris_get, qris_next, qris_object, qris_parse, qris_payload};
#[cfg(feature = "orders")]
pub use poll::{
    qris_event_callback, qris_event_type, qris_order_event, qris_orders_cursor, qris_orders_poll,
};
#[cfg(feature = "read")]
pub use read::{qris_corner, qris_read_image, qris_symbol, qris_symbol_callback};
pub use status::{qris_status, qris_status_message};
pub use text::qris_str;
pub use version::qris_version;
#[cfg(feature = "client")]
pub use wait::{
    qris_check, qris_check_callback, qris_second_callback, qris_wait_for_payment,
    qris_wait_options, qris_wait_step,
};
#[cfg(feature = "client")]
pub use webhook::{qris_read_webhook, qris_webhook, qris_webhook_status};
