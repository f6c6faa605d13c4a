//! Writing new payloads.

use std::ffi::c_char;
use std::mem::offset_of;

use qris_codec::encode::{Builder, NewAccount, NewAdditional};
use qris_codec::mpm::Language;
use qris_codec::{Entry, Error, ErrorKind, Initiation, Path, Tag, Tip};

use crate::error::{Problem, qris_error};
use crate::ffi::{
    Options, amount, boundary, items, optional, options, reserved, writable, write_out,
};
use crate::inspect::qris_rules;
use crate::status::qris_status;
use crate::text::qris_str;

/// Whether a code stays the same for many payments or is made for one (object 01).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_initiation {
    /// The payload does not say.
    Unspecified = 0,
    /// One code for many payments, such as a sticker.
    Static = 11,
    /// A new code for each payment.
    Dynamic = 12,
}

/// A tip or fee that is added to the amount (objects 55 to 57).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_tip {
    /// In `qris_to_dynamic`: the payload's own tip or fee stays. Otherwise the same as none.
    Unspecified = 0,
    /// No tip or fee.
    None = 1,
    /// The wallet asks the payer for a tip.
    Prompt = 2,
    /// A fixed fee in the payload's currency.
    Fixed = 3,
    /// A fee in percent of the amount.
    Percent = 4,
}

/// The tip of a struct: `None` if it is not set, `Some(None)` for no tip.
///
/// # Safety
///
/// As for [`optional`].
pub(crate) unsafe fn tip(number: i32, fee: qris_str) -> Result<Option<Option<Tip>>, Problem> {
    const UNSPECIFIED: i32 = qris_tip::Unspecified as i32;
    const NONE: i32 = qris_tip::None as i32;
    const PROMPT: i32 = qris_tip::Prompt as i32;
    const FIXED: i32 = qris_tip::Fixed as i32;
    const PERCENT: i32 = qris_tip::Percent as i32;
    // SAFETY: the caller promises the same.
    let fee = unsafe { amount(fee, "fee") }?;
    // Ignoring a fee would lose money.
    if fee.is_some() && !matches!(number, FIXED | PERCENT) {
        return Err(Problem::Rule(ErrorKind::FeeFixedUnexpected));
    }
    let fee = fee.ok_or(Problem::NoAmount { name: "fee" });
    match number {
        UNSPECIFIED => Ok(None),
        NONE => Ok(Some(None)),
        PROMPT => Ok(Some(Some(Tip::Prompt))),
        FIXED => Ok(Some(Some(Tip::Fixed(fee?)))),
        PERCENT => Ok(Some(Some(Tip::Percent(fee?)))),
        found => Err(Problem::Unknown { name: "qris_tip", found }),
    }
}

/// An account to write, an object of 02 to 51. Its layout does not change.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_account {
    /// The tag: 26 for the acquirer, 51 for the national repository.
    pub tag: u32,
    /// 00, the globally unique identifier. Not for 02 to 25.
    pub guid: qris_str,
    /// 01, the merchant PAN; for 02 to 25 the account number.
    pub pan: qris_str,
    /// 02, the acquirer's merchant ID; in 51 the NMID.
    pub merchant_id: qris_str,
    /// 03, the merchant's size.
    pub criteria: qris_str,
}

/// A value inside a template 62.50 to 62.99 or 80 to 99. Its layout does not change.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_template_value {
    /// Its path, such as `62.99.00` or `80.01`.
    pub path: qris_str,
    /// The value.
    pub value: qris_str,
}

/// The fields of a new payload. Set the whole struct to zero, then `size` to `sizeof(qris_fields)`,
/// then the fields you need. A field left at zero is left out, or has the default named here. The
/// caller owns the texts and arrays; they must live until the call returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_fields {
    /// `sizeof(qris_fields)`.
    pub size: usize,
    /// A `qris_rules`: the rules that the payload must follow.
    pub rules: i32,
    /// A `qris_initiation`: object 01.
    pub initiation: i32,
    /// 59, the merchant's name; at most 25 characters. Required.
    pub merchant_name: qris_str,
    /// 60, the merchant's city; at most 15 characters. Required.
    pub merchant_city: qris_str,
    /// 52, the merchant category code of four digits. Required.
    pub category_code: qris_str,
    /// 61, the postal code. Required in Indonesia, where it has five digits.
    pub postal_code: qris_str,
    /// 58, the country as two upper-case letters. Default `ID`.
    pub country_code: qris_str,
    /// 53, the currency as three digits. Default `360`, the rupiah.
    pub currency: qris_str,
    /// 54, the exact amount: digits with at most one decimal point, such as `25578`.
    pub amount: qris_str,
    /// 56 or 57, the fee, such as `2000` or `2.50`: only if `tip` is fixed or percent.
    pub fee: qris_str,
    /// 02 to 51. They are written in the given order; ascending tags are best.
    pub accounts: *const qris_account,
    /// The number of accounts, 50 at most.
    pub accounts_len: usize,
    /// 62.01. This and the seven that follow: at most 25 characters, or `***` if the wallet asks
    /// the payer.
    pub bill_number: qris_str,
    /// 62.02.
    pub mobile_number: qris_str,
    /// 62.03.
    pub store_label: qris_str,
    /// 62.04.
    pub loyalty_number: qris_str,
    /// 62.05.
    pub reference_label: qris_str,
    /// 62.06.
    pub customer_label: qris_str,
    /// 62.07.
    pub terminal_label: qris_str,
    /// 62.08.
    pub purpose: qris_str,
    /// 62.09: some of the letters A, M and E.
    pub consumer_data_request: qris_str,
    /// 62.10, at most 20 characters.
    pub merchant_tax_id: qris_str,
    /// 62.11, three characters.
    pub merchant_channel: qris_str,
    /// 64.00, a language as two letters. Required if one of the next two is set.
    pub language: qris_str,
    /// 64.01, the merchant's name in that language. Required if the language is set.
    pub language_merchant_name: qris_str,
    /// 64.02, the merchant's city in that language.
    pub language_merchant_city: qris_str,
    /// Values inside 62.50 to 62.99 and 80 to 99. They are written in the given order: keep the
    /// values of one template together; ascending paths are best.
    pub template_values: *const qris_template_value,
    /// The number of template values, 64 at most.
    pub template_values_len: usize,
    /// A `qris_tip`: object 55.
    pub tip: i32,
    /// Must be zero.
    pub reserved: i32,
}

impl Default for qris_fields {
    /// All zero.
    fn default() -> Self {
        let none = qris_str::default();
        Self {
            size: 0,
            rules: 0,
            initiation: 0,
            merchant_name: none,
            merchant_city: none,
            category_code: none,
            postal_code: none,
            country_code: none,
            currency: none,
            amount: none,
            fee: none,
            accounts: std::ptr::null(),
            accounts_len: 0,
            bill_number: none,
            mobile_number: none,
            store_label: none,
            loyalty_number: none,
            reference_label: none,
            customer_label: none,
            terminal_label: none,
            purpose: none,
            consumer_data_request: none,
            merchant_tax_id: none,
            merchant_channel: none,
            language: none,
            language_merchant_name: none,
            language_merchant_city: none,
            template_values: std::ptr::null(),
            template_values_len: 0,
            tip: 0,
            reserved: 0,
        }
    }
}

// SAFETY: `repr(C)`, begins with its size, has only numbers and pointers, and zero means "not set"
// in each of them.
unsafe impl Options for qris_fields {
    const NAME: &'static str = "qris_fields";
    const MIN_SIZE: usize = offset_of!(Self, reserved) + size_of::<i32>();
}

/// Accounts are 02 to 51, each at most once.
const MAX_ACCOUNTS: usize = 50;
/// Far more than fit into the 99 characters of 62 and the 512 of a payload.
const MAX_TEMPLATE_VALUES: usize = 64;

/// Writes a new payload from values.
///
/// `fields` must not be NULL. `buffer` has room for `capacity` bytes and may be NULL if that is 0.
/// The payload is written to it without a NUL at the end. `written` must not be NULL: it is set to
/// the length of the payload, or, with QRIS_STATUS_BUFFER_TOO_SMALL, to the needed capacity. After
/// any other failure it is unchanged, and the content of the buffer is undefined. 512 bytes are
/// enough for every payload within the limit of the rules. `error` may be NULL.
///
/// A payload that has an error or a warning in `qris_inspect` is refused.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
/// QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_PATH_SYNTAX, QRIS_STATUS_BUFFER_TOO_SMALL,
/// QRIS_STATUS_TOO_MANY, QRIS_STATUS_TEXT_TOO_LONG, QRIS_STATUS_TEXT_NOT_UTF8 and
/// QRIS_STATUS_AMOUNT_SYNTAX (`offset` counts in the text of the field),
/// QRIS_STATUS_OBJECT_DUPLICATE, QRIS_STATUS_VALUE_TOO_LONG, QRIS_STATUS_TEXT_NOT_PRECOMPOSED,
/// QRIS_STATUS_OBJECT_NOT_AMENDABLE (an account of 02 to 25 with more than a number, or a value
/// outside the templates named above), QRIS_STATUS_RULE_BROKEN (`offset` counts in the payload that
/// was to be written). Thread-safe. Nothing is allocated.
///
/// # Safety
///
/// - `fields` is NULL, or as many bytes can be read as its `size` says, and its texts and arrays
///   can be read to their lengths.
/// - `capacity` bytes from `buffer` can be written to.
/// - `written` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_encode(
    fields: *const qris_fields,
    buffer: *mut c_char,
    capacity: usize,
    written: *mut usize,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        // SAFETY: the caller promises that as many bytes can be read as the size says.
        let fields = unsafe { options(fields) }?;
        reserved(fields.reserved)?;
        // SAFETY: the caller promises that the array can be read to its length.
        let given =
            unsafe { items(fields.accounts, fields.accounts_len, MAX_ACCOUNTS, "accounts") };
        let given = given?;
        let mut accounts = [NewAccount::new(Tag::FIRST_ACCOUNT); MAX_ACCOUNTS];
        for (slot, account) in accounts.iter_mut().zip(given) {
            // SAFETY: the caller promises that its texts can be read to their lengths.
            *slot = unsafe { account.read() }?;
        }
        let (values, len) = (fields.template_values, fields.template_values_len);
        // SAFETY: the caller promises that the array can be read to its length.
        let values = unsafe { items(values, len, MAX_TEMPLATE_VALUES, "template values") }?;
        let mut templates = [(Path::new(Tag::FORMAT), ""); MAX_TEMPLATE_VALUES];
        for (slot, value) in templates.iter_mut().zip(values) {
            // SAFETY: the caller promises that its texts can be read to their lengths.
            *slot = unsafe { value.read() }?;
        }
        // SAFETY: the caller promises that its texts can be read to their lengths.
        let builder = unsafe { fields.builder() }?;
        let builder = builder
            .accounts(accounts.get(..given.len()).unwrap_or_default())
            .templates(templates.get(..values.len()).unwrap_or_default());
        let write = |room: &mut [u8]| builder.encode_into(room).map(str::len).map_err(Error::from);
        // SAFETY: the caller promises what `write_payload` asks for.
        unsafe { write_payload(buffer, capacity, written, builder.encoded_len(), write) }
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Writes a payload to the caller's buffer and sets its length.
///
/// # Safety
///
/// `capacity` bytes from `buffer` can be written to, and `written` is NULL or can be.
pub(crate) unsafe fn write_payload(
    buffer: *mut c_char,
    capacity: usize,
    written: *mut usize,
    needed: usize,
    write: impl FnOnce(&mut [u8]) -> Result<usize, Error>,
) -> Result<(), Problem> {
    writable(written, "written")?;
    if buffer.is_null() && capacity > 0 {
        return Err(Problem::Null("buffer"));
    }
    let room: &mut [u8] = if capacity == 0 {
        &mut []
    } else {
        // The codec never writes more than `needed` bytes, so the rest of a larger buffer is not
        // used.
        let room = capacity.min(needed);
        // C may pass uninitialized memory, and a slice of that is not allowed. SAFETY: not NULL
        // (checked above), and the caller promises that `capacity` bytes can be written; `room` is
        // at most `capacity`.
        unsafe { buffer.write_bytes(0, room) };
        // SAFETY: as above; all of them are initialized, and nobody else uses them during the call.
        unsafe { std::slice::from_raw_parts_mut(buffer.cast::<u8>(), room) }
    };
    let outcome = write(room);
    let len = match &outcome {
        Ok(len) => *len,
        Err(error) if matches!(error.kind(), ErrorKind::BufferTooSmall { .. }) => needed,
        Err(error) => return Err(Problem::Codec(*error)),
    };
    // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
    unsafe { write_out(written, len) };
    outcome.map(drop).map_err(Problem::Codec)
}

impl qris_account {
    /// The account for the codec.
    ///
    /// # Safety
    ///
    /// Its texts can be read to their lengths for `'a`.
    unsafe fn read<'a>(&self) -> Result<NewAccount<'a>, Problem> {
        let tag = u8::try_from(self.tag).ok().and_then(Tag::new);
        let tag = tag.filter(|tag| (2..=51).contains(&tag.number())).ok_or(Problem::Unknown {
            name: "tag of an account",
            found: i32::try_from(self.tag).unwrap_or(i32::MAX),
        })?;
        Ok(NewAccount {
            tag,
            // SAFETY: the caller promises that it can be read.
            guid: unsafe { optional(self.guid, "guid") }?,
            // SAFETY: the caller promises that it can be read.
            pan: unsafe { optional(self.pan, "pan") }?,
            // SAFETY: the caller promises that it can be read.
            merchant_id: unsafe { optional(self.merchant_id, "merchant_id") }?,
            // SAFETY: the caller promises that it can be read.
            criteria: unsafe { optional(self.criteria, "criteria") }?,
        })
    }
}

impl qris_template_value {
    /// The path and the value.
    ///
    /// # Safety
    ///
    /// Its texts can be read to their lengths for `'a`.
    unsafe fn read<'a>(&self) -> Result<(Path, &'a str), Problem> {
        // SAFETY: the caller promises that it can be read.
        let path = unsafe { optional(self.path, "path") }?.unwrap_or_default();
        // SAFETY: the caller promises that it can be read.
        let value = unsafe { optional(self.value, "value") }?;
        Ok((path.parse()?, value.unwrap_or_default()))
    }
}

impl qris_fields {
    /// The payload without its arrays.
    ///
    /// # Safety
    ///
    /// Its texts can be read to their lengths for `'a`.
    unsafe fn builder<'a>(&self) -> Result<Builder<'a>, Problem> {
        let text = |text: qris_str, name| {
            // SAFETY: the caller promises that all texts can be read.
            unsafe { optional(text, name) }
        };
        let must = |given: qris_str, name| Ok::<_, Problem>(text(given, name)?.unwrap_or_default());
        let entry = |given: qris_str, name| {
            let known = |text| if text == "***" { Entry::Ask } else { Entry::Text(text) };
            Ok::<_, Problem>(text(given, name)?.map(known))
        };
        let mut builder = Builder::new(
            must(self.merchant_name, "merchant_name")?,
            must(self.merchant_city, "merchant_city")?,
            must(self.category_code, "category_code")?,
        )
        .rules(qris_rules::parse(self.rules)?)
        .additional(NewAdditional {
            bill_number: entry(self.bill_number, "bill_number")?,
            mobile_number: entry(self.mobile_number, "mobile_number")?,
            store_label: entry(self.store_label, "store_label")?,
            loyalty_number: entry(self.loyalty_number, "loyalty_number")?,
            reference_label: entry(self.reference_label, "reference_label")?,
            customer_label: entry(self.customer_label, "customer_label")?,
            terminal_label: entry(self.terminal_label, "terminal_label")?,
            purpose: entry(self.purpose, "purpose")?,
            consumer_data_request: text(self.consumer_data_request, "consumer_data_request")?,
            merchant_tax_id: text(self.merchant_tax_id, "merchant_tax_id")?,
            merchant_channel: text(self.merchant_channel, "merchant_channel")?,
        });
        const UNSPECIFIED: i32 = qris_initiation::Unspecified as i32;
        const STATIC: i32 = qris_initiation::Static as i32;
        const DYNAMIC: i32 = qris_initiation::Dynamic as i32;
        builder = match self.initiation {
            UNSPECIFIED => builder,
            STATIC => builder.initiation(Initiation::Static),
            DYNAMIC => builder.initiation(Initiation::Dynamic),
            found => return Err(Problem::Unknown { name: "qris_initiation", found }),
        };
        if let Some(postal_code) = text(self.postal_code, "postal_code")? {
            builder = builder.postal_code(postal_code);
        }
        if let Some(country_code) = text(self.country_code, "country_code")? {
            builder = builder.country_code(country_code);
        }
        if let Some(currency) = text(self.currency, "currency")? {
            builder = builder.currency(currency);
        }
        // SAFETY: the caller promises that all texts can be read.
        if let Some(amount) = unsafe { amount(self.amount, "amount") }? {
            builder = builder.amount(amount);
        }
        // SAFETY: the caller promises that all texts can be read.
        if let Some(tip) = unsafe { tip(self.tip, self.fee) }?.flatten() {
            builder = builder.tip(tip);
        }
        let language = Language {
            code: must(self.language, "language")?,
            merchant_name: must(self.language_merchant_name, "language_merchant_name")?,
            merchant_city: text(self.language_merchant_city, "language_merchant_city")?,
        };
        if language != (Language { code: "", merchant_name: "", merchant_city: None }) {
            builder = builder.language(language);
        }
        Ok(builder)
    }
}
