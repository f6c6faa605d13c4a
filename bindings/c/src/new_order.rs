//! A new order, from C.

use std::mem::offset_of;

use ::qris_orders::{Channel, NewOrder};
use qris_api::{Rupiah, Tip, TransactionNumber};

use crate::client::seconds;
use crate::encode::qris_tip;
use crate::error::Problem;
use crate::ffi::{Options, optional};
use crate::invoice::wib_time;
use crate::order::qris_channel;
use crate::text::qris_str;

/// A new order. Set the whole struct to zero, then `size` to `sizeof(qris_new_order)`, then the fields
/// you need. The caller owns the texts; they must live until the call returns.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_new_order {
    /// `sizeof(qris_new_order)`.
    pub size: usize,
    /// The shop's own number: 1 to 64 printable ASCII characters with no space at either end.
    /// Required.
    pub number: qris_str,
    /// The amount to pay, in whole rupiah. Required.
    pub rupiah: u64,
    /// A `qris_channel`. Default QRIS_CHANNEL_POS.
    pub channel: i32,
    /// A `qris_tip`: none, or QRIS_TIP_PROMPT: the wallet asks for a tip. Default: the `tip` of the
    /// client options.
    pub tip: i32,
    /// How long a code is shown, in seconds. Default: `shown_seconds` of the client.
    pub shown_seconds: u32,
    /// 1 creates the order without a code: it is QRIS_ORDER_STATE_OPEN until it is charged again
    /// with 0 here.
    pub without_code: i32,
    /// The caller's own reference of this charge, such as a receipt number. The same number with
    /// the same reference is the same charge, also on a later day. References are
    /// compared only if both charges have one. 255 characters are kept.
    pub reference: qris_str,
    /// The description. 500 characters are kept.
    pub description: qris_str,
    /// The caller's own data, as the text of a JSON object of at most 16 KiB. The events and the API
    /// of a till have it. No function of this library reads it back.
    pub metadata: qris_str,
    /// The due date, such as `2026-11-30T12:00:00+07:00`.
    pub due_at: qris_str,
}

// SAFETY: `repr(C)`, begins with its size, has only numbers and pointers, and zero means "not set"
// in each of them.
unsafe impl Options for qris_new_order {
    const NAME: &'static str = "qris_new_order";
    const MIN_SIZE: usize = offset_of!(Self, due_at) + size_of::<qris_str>();
}

impl qris_channel {
    /// The channel, or `None` if it is not set.
    pub(crate) fn parse(number: i32) -> Result<Option<Channel>, Problem> {
        const UNSPECIFIED: i32 = qris_channel::Unspecified as i32;
        const POS: i32 = qris_channel::Pos as i32;
        const ECOMMERCE: i32 = qris_channel::Ecommerce as i32;
        const BILL: i32 = qris_channel::Bill as i32;
        match number {
            UNSPECIFIED => Ok(None),
            POS => Ok(Some(Channel::Pos)),
            ECOMMERCE => Ok(Some(Channel::Ecommerce)),
            BILL => Ok(Some(Channel::Bill)),
            found => Err(Problem::Unknown { name: "qris_channel", found }),
        }
    }
}

impl qris_new_order {
    /// # Safety
    ///
    /// Its texts can be read to their lengths.
    pub(crate) unsafe fn read(&self, usual_tip: Tip) -> Result<NewOrder, Problem> {
        const UNSPECIFIED: i32 = qris_tip::Unspecified as i32;
        const NONE: i32 = qris_tip::None as i32;
        const PROMPT: i32 = qris_tip::Prompt as i32;
        let text = |given: qris_str, name| {
            // SAFETY: the caller promises that all texts can be read.
            unsafe { optional(given, name) }
        };
        let number = TransactionNumber::parse(text(self.number, "number")?.unwrap_or_default());
        let number = number.map_err(qris_api::Error::Invalid)?;
        let mut new = NewOrder::new(number, Rupiah::new(self.rupiah));
        new.channel = qris_channel::parse(self.channel)?.unwrap_or(Channel::Pos);
        new.tip = match self.tip {
            UNSPECIFIED => usual_tip,
            NONE => Tip::None,
            PROMPT => Tip::Ask,
            found => return Err(Problem::Unknown { name: "qris_tip for orders", found }),
        };
        new.shown_for = seconds(self.shown_seconds);
        new.reference = text(self.reference, "reference")?.map(str::to_owned);
        new.description = text(self.description, "description")?.map(str::to_owned);
        new.metadata = text(self.metadata, "metadata")?.map(str::to_owned);
        if !new.has_json_metadata() {
            return Err(Problem::Value { name: "metadata", expected: "a JSON object" });
        }
        if let Some(due_at) = text(self.due_at, "due_at")? {
            let expected = "a time such as 2026-11-30T12:00:00+07:00";
            let at = wib_time(due_at).ok_or(Problem::Value { name: "due_at", expected })?;
            new.due_at = Some(at);
        }
        Ok(new)
    }
}
