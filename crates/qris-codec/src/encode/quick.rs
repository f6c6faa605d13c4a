//! The quick way to write: most payloads are made of values with which nothing is wrong, and these
//! are judged as they are put down, one after another, in the usual order.
//!
//! Whatever is not plainly clean is left to [`Writer`](super::Writer), which writes anything and
//! has it judged as it reads. Wherever debug assertions are on, what has been written this way is
//! held against what that writes.

use super::{Amendment, Builder, CHECKSUM_LEN, Edit, NewAccount, Value};
use crate::amount::Amount;
use crate::clean::{
    Look, holds, is_amount, is_city, is_entry, is_guid, is_merchant_id, is_name, is_nmid, is_pan,
    is_static,
};
use crate::crc::{checksum, hex_digits};
use crate::findings::{ERROR, Text, all_digits, is_criteria};
use crate::mpm::{Initiation, Tip};
use crate::rules::limits;
use crate::tag::{Path, TWO_DIGITS, Tag};
use crate::tlv::HEADER;

impl Builder<'_> {
    /// Writes the payload, if it is plain to see that there is nothing to say about it; its length.
    pub(super) fn write_clean(&self, buffer: &mut [u8]) -> Option<usize> {
        let plain = self.language.is_none()
            && self.templates.is_empty()
            && self.additional.data.iter().all(Option::is_none);
        holds(plain && self.currency == "360" && self.country_code == "ID")?;
        let category_code: &[u8; 4] = self.category_code.as_bytes().try_into().ok()?;
        let (name, city) = (self.merchant_name.as_bytes(), self.merchant_city.as_bytes());
        let postal_code: &[u8; 5] = self.postal_code?.as_bytes().try_into().ok()?;
        holds(all_digits(category_code) && is_name(name) && is_city(city))?;
        holds(all_digits(postal_code))?;
        let is_static = self.initiation? == Initiation::Static;
        holds(is_static == self.amount.is_none())?;

        let out = Room(&mut *buffer)
            .beginning(is_static)?
            .accounts(self.accounts, is_static)?
            .array(52, category_code)?
            .bytes(b"5303360")?;
        let out = match self.amount {
            Some(amount) => out.amount(54, amount)?,
            None => out,
        };
        let out = match self.tip {
            None => out,
            Some(Tip::Prompt) => out.bytes(b"550201")?,
            Some(Tip::Fixed(fee)) => out.bytes(b"550202")?.amount(56, fee)?,
            Some(Tip::Percent(_)) => return None,
        };
        let out = out
            .bytes(b"5802ID")?
            .value(59, name)?
            .value(60, city)?
            .array(61, postal_code)?
            .additional(&self.additional.entries, |entry| entry.as_str().as_bytes())?;
        let left = out.0.len();
        finish(buffer, left, false)
    }
}

impl Amendment<'_> {
    /// Writes the amended payload, if it is plain to see that there is nothing to say about it;
    /// its length.
    pub(super) fn write_clean(&self, buffer: &mut [u8]) -> Option<usize> {
        holds(self.failed.is_none() && self.payload.characters() == Text::Plain)?;
        let (mut initiation, mut amount, mut tip, mut fixed) = (None, None, None, None);
        let mut in_additional = false;
        for Edit { path, value } in self.edits() {
            match *path {
                INITIATION => match value {
                    Some(Value::Text("11")) => initiation = Some(true),
                    Some(Value::Text("12")) => initiation = Some(false),
                    _ => return None,
                },
                AMOUNT => amount = Some(value.map(Money::of)),
                TIP => tip = Some(value.map(Money::of)),
                FEE_FIXED => fixed = Some(value.map(Money::of)),
                // Where there is one, nothing is plain.
                FEE_PERCENT => holds(value.is_none())?,
                path => {
                    holds(path.root() == Tag::ADDITIONAL_DATA)?;
                    in_additional = true;
                }
            }
        }

        // What stays is judged piece by piece: what is worth a warning there has been before.
        let mut there = Look::<ERROR>(self.payload.as_str().as_bytes());
        let is_static = initiation.unwrap_or(is_static(there.bytes()?)?);
        let merchant = there.clone();
        holds(there.merchant()? || !is_static)?;
        let out = Room(&mut *buffer).beginning(is_static)?.text(merchant.up_to(&there)?)?;

        let amount_is = there.value(54);
        let amount = amount.unwrap_or(amount_is.map(Money::Text));
        holds(is_static == amount.is_none())?;
        let out = match amount {
            Some(amount) => out.money(54, amount)?,
            None => out,
        };
        let tip_is = there.value(55);
        // Without a tip there is no fee.
        let fee_is = tip_is.and_then(|_| there.value(56));
        let tip = tip.unwrap_or(tip_is.map(Money::Text));
        let out = match (tip, fixed.unwrap_or(fee_is.map(Money::Text))) {
            (None, None) => out,
            (Some(Money::Text(b"01")), None) => out.bytes(b"550201")?,
            (Some(Money::Text(b"02")), Some(fixed)) => out.bytes(b"550202")?.money(56, fixed)?,
            _ => return None,
        };

        let place = there.clone();
        there.place()?;
        let out = if in_additional {
            let out = out.text(place.up_to(&there)?)?;
            self.additional(&mut there, out)?
        } else {
            there.additional()?;
            out.text(place.up_to(&there)?)?
        };
        // The checksum is all that is left of what has been parsed.
        holds(there.0.len() == CHECKSUM_LEN)?;
        let left = out.0.len();
        // Where nothing is new but numbers, no character is.
        finish(buffer, left, !in_additional)
    }

    /// 62 with the edits that belong to it.
    fn additional<'b>(&self, there: &mut Look<'_, ERROR>, out: Room<'b>) -> Option<Room<'b>> {
        let mut entries = [None; 8];
        let slot = |tag: u8| usize::from(tag.wrapping_sub(1));
        if let Some(additional) = there.template(62) {
            additional.ascending(|tag, value| {
                entries.get_mut(slot(tag)).map(|entry| *entry = Some(value)).is_some()
            })?;
        }
        for Edit { path, value } in self.edits() {
            if path.root() == Tag::ADDITIONAL_DATA {
                let mut tags = path.tags().skip(1).map(Tag::number);
                let (Some(tag), None) = (tags.next(), tags.next()) else { return None };
                *entries.get_mut(slot(tag))? = match value {
                    None => None,
                    Some(Value::Text(text)) => Some(text.as_bytes()),
                    Some(Value::Number(_)) => return None,
                };
            }
        }
        out.additional(&entries, |entry| entry)
    }
}

const INITIATION: Path = Path::of(Tag::INITIATION);
const AMOUNT: Path = Path::of(Tag::AMOUNT);
const TIP: Path = Path::of(Tag::TIP);
const FEE_FIXED: Path = Path::of(Tag::FEE_FIXED);
const FEE_PERCENT: Path = Path::of(Tag::FEE_PERCENT);

/// Ends the payload with its checksum, where so much of the buffer is left; the length of all.
/// Unless its characters are known to be plain they are looked at.
fn finish(buffer: &mut [u8], left: usize, is_plain: bool) -> Option<usize> {
    let len = buffer.len().checked_sub(left)?.saturating_add(HEADER);
    let (covered, rest) = buffer.split_at_mut_checked(len)?;
    *covered.last_chunk_mut()? = *b"6304";
    *rest.first_chunk_mut()? = hex_digits(checksum(covered));
    holds(is_plain || Text::of(covered) == Text::Plain)?;
    let len = len.saturating_add(4);
    holds(len <= limits::MAX_PAYLOAD_CHARS).map(|()| len)
}

/// The value of 54, 55 or 56.
#[derive(Clone, Copy)]
enum Money<'a> {
    Text(&'a [u8]),
    Exact(Amount),
}

impl<'a> Money<'a> {
    fn of(value: Value<'a>) -> Self {
        match value {
            Value::Text(text) => Self::Text(text.as_bytes()),
            Value::Number(number) => Self::Exact(number.value),
        }
    }
}

/// The room that is left behind what has been written.
struct Room<'b>(&'b mut [u8]);

impl<'b> Room<'b> {
    /// 00 and 01.
    #[inline(always)]
    fn beginning(self, is_static: bool) -> Option<Self> {
        self.bytes(if is_static { b"000201010211" } else { b"000201010212" })
    }

    /// Writes these bytes.
    #[inline(always)]
    fn bytes<const COUNT: usize>(self, bytes: &[u8; COUNT]) -> Option<Self> {
        let (room, rest) = self.0.split_first_chunk_mut()?;
        *room = *bytes;
        Some(Self(rest))
    }

    /// Copies objects that are there already.
    #[inline(always)]
    fn text(self, text: &[u8]) -> Option<Self> {
        let (room, rest) = self.0.split_at_mut_checked(text.len())?;
        room.copy_from_slice(text);
        Some(Self(rest))
    }

    /// Writes an object with a value that is not empty.
    #[inline(always)]
    fn value(self, tag: u8, value: &[u8]) -> Option<Self> {
        holds(!value.is_empty())?;
        let header = header(tag, value.len())?;
        let (object, rest) = self.0.split_at_mut_checked(HEADER.wrapping_add(value.len()))?;
        let (head, room) = object.split_first_chunk_mut()?;
        *head = header;
        copy(room, value);
        Some(Self(rest))
    }

    #[inline(always)]
    fn array<const COUNT: usize>(self, tag: u8, value: &[u8; COUNT]) -> Option<Self> {
        self.bytes(&header(tag, COUNT)?)?.bytes(value)
    }

    /// Writes an object whose value `fill` writes, unless that is nothing.
    #[inline(always)]
    fn template(self, tag: u8, fill: impl FnOnce(Room<'_>) -> Option<Room<'_>>) -> Option<Self> {
        let (head, room) = self.0.split_first_chunk_mut()?;
        let before = room.len();
        let length = before.wrapping_sub(fill(Room(room))?.0.len());
        *head = header(tag, length)?;
        let end = if length == 0 { 0 } else { HEADER.wrapping_add(length) };
        self.0.get_mut(end..).map(Self)
    }

    /// 26 to 51.
    fn accounts(mut self, accounts: &[NewAccount<'_>], is_static: bool) -> Option<Self> {
        let (national, acquirers) = match accounts {
            [acquirers @ .., last] if last.tag == Tag::NATIONAL_ACCOUNT => (Some(last), acquirers),
            acquirers => (None, acquirers),
        };
        let mut before = 0;
        for account in acquirers {
            let tag = account.tag.number();
            // 40 may be a transfer, for which other rules hold.
            holds(matches!(tag, 26..=45) && tag > before && tag != 40)?;
            before = tag;
            self = self.template(tag, |out| out.acquirer(account))?;
        }
        match national {
            Some(national) => self.template(51, |out| out.repository(national)),
            None => holds(before != 0 && !is_static).map(|()| self),
        }
    }

    /// What stands in 26 to 45.
    #[inline(always)]
    fn acquirer(self, account: &NewAccount<'_>) -> Option<Self> {
        let (guid, pan) = (account.guid?.as_bytes(), account.pan?.as_bytes());
        holds(is_guid(guid) && is_pan(pan))?;
        let out = self.value(0, guid)?.value(1, pan)?;
        let out = match account.merchant_id {
            Some(merchant_id) => {
                holds(is_merchant_id(merchant_id.as_bytes()))?;
                out.value(2, merchant_id.as_bytes())?
            }
            None => out,
        };
        out.criteria(account.criteria?)
    }

    /// What stands in 51.
    #[inline(always)]
    fn repository(self, account: &NewAccount<'_>) -> Option<Self> {
        let guid = account.guid?.as_bytes();
        let nmid: &[u8; 15] = account.merchant_id?.as_bytes().try_into().ok()?;
        holds(account.pan.is_none() && is_guid(guid) && is_nmid(nmid))?;
        let out = self.value(0, guid)?.array(2, nmid)?;
        match account.criteria {
            Some(criteria) => out.criteria(criteria),
            None => Some(out),
        }
    }

    #[inline(always)]
    fn criteria(self, criteria: &str) -> Option<Self> {
        let criteria: &[u8; 3] = criteria.as_bytes().try_into().ok()?;
        holds(is_criteria(criteria))?;
        self.array(3, criteria)
    }

    fn amount(self, tag: u8, amount: Amount) -> Option<Self> {
        let (rupiah, cents) = match amount.scale() {
            0 => (amount.digits(), None),
            2 => (amount.digits() / 100, Some(amount.digits() % 100)),
            _ => return None,
        };
        holds(matches!(rupiah, 1..=9_999_999))?;
        let (digits, count) = eight_digits(rupiah);
        let length = if cents.is_some() { count.wrapping_add(3) } else { count };
        let Self(room) = self.bytes(&header(tag, length)?)?;
        // All eight, of which those behind the last are written over.
        *room.first_chunk_mut()? = digits;
        let out = Self(room.get_mut(count..)?);
        match cents {
            Some(cents) => {
                let [tens, ones] = *TWO_DIGITS.get(cents as usize)?;
                out.bytes(&[b'.', tens, ones])
            }
            None => Some(out),
        }
    }

    fn money(self, tag: u8, money: Money<'_>) -> Option<Self> {
        match money {
            Money::Text(text) => holds(is_amount(text)).and_then(|()| self.value(tag, text)),
            Money::Exact(amount) => self.amount(tag, amount),
        }
    }

    /// 62, if anything stands in it.
    #[inline(always)]
    fn additional<'v, V: Copy>(
        self,
        entries: &[Option<V>; 8],
        text: impl Fn(V) -> &'v [u8],
    ) -> Option<Self> {
        self.template(62, |mut out| {
            for (tag, entry) in (1..).zip(entries) {
                if let Some(entry) = entry {
                    out = out.entry(tag, text(*entry))?;
                }
            }
            Some(out)
        })
    }

    #[inline(always)]
    fn entry(self, tag: u8, value: &[u8]) -> Option<Self> {
        holds(is_entry(tag, value))?;
        self.value(tag, value)
    }
}

/// Copies to as much room.
#[inline(always)]
fn copy(room: &mut [u8], text: &[u8]) {
    // Two pieces that overlap are sooner copied than a call is made, and do for most values.
    match text.len() {
        8..=16 => halves::<8>(room, text),
        17..=32 => halves::<16>(room, text),
        _ => room.copy_from_slice(text),
    }
}

#[inline(always)]
fn halves<const HALF: usize>(room: &mut [u8], text: &[u8]) {
    if let (Some(left), Some(right)) = (text.first_chunk::<HALF>(), text.last_chunk::<HALF>()) {
        room.first_chunk_mut().into_iter().for_each(|room| *room = *left);
        room.last_chunk_mut().into_iter().for_each(|room| *room = *right);
    }
}

/// Tag and length of an object.
#[inline(always)]
fn header(tag: u8, length: usize) -> Option<[u8; HEADER]> {
    let [[a, b], [c, d]] = [*TWO_DIGITS.get(usize::from(tag))?, *TWO_DIGITS.get(length)?];
    Some([a, b, c, d])
}

/// The decimal digits of a number below a hundred million, and how many of the bytes they take.
fn eight_digits(number: u64) -> ([u8; 8], usize) {
    // Two numbers of four digits, four of two, eight of one, each time all at once.
    let upper = number / 10_000;
    let fours = upper | (number.wrapping_sub(upper.wrapping_mul(10_000)) << 32);
    let upper = (fours.wrapping_mul(10_486) >> 20) & 0x0000_007F_0000_007F;
    let twos = upper | (fours.wrapping_sub(upper.wrapping_mul(100)) << 16);
    let upper = (twos.wrapping_mul(103) >> 10) & 0x000F_000F_000F_000F;
    let ones = upper | (twos.wrapping_sub(upper.wrapping_mul(10)) << 8);
    let missing = (ones.trailing_zeros() / 8).min(7);
    let digits = (ones | 0x3030_3030_3030_3030) >> missing.wrapping_mul(8);
    (digits.to_le_bytes(), 8_usize.wrapping_sub(missing as usize))
}
