//! Applies the rules to the objects.

use super::facts::{Facts, TransferAccount};
use super::listener::Listener;
use super::value::{Kept, Value, missing};
use super::{account, additional, merchant, text};
use crate::charset::Charset;
use crate::error::{ErrorKind as K, Rules};
use crate::object_bytes::{Objects, Width};
use crate::tag::{Path, Tag, Tags};
use crate::tlv::Unit;

/// Checks each object with its rules, and records facts for the rules across objects.
///
/// Reading, scanning and writing pass it the objects of the root in the order of the text, and then
/// call [`cross_check`](Self::cross_check).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validator<'a> {
    setting: Setting,
    facts: Facts<'a>,
}

/// What is known before the first object is read.
#[derive(Clone, Copy, Debug)]
struct Setting {
    rules: Rules,
    charset: Charset,
    width: Width,
}

/// The kinds of root templates, by the rules for their content.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// 26 to 45.
    Acquirer,
    /// 51.
    National,
    /// 46 to 50.
    OtherAccount,
    /// 62.
    Additional,
    /// 64.
    Language,
    /// 80 to 99.
    Unreserved,
}

impl Kind {
    const fn from_tag(tag: Tag) -> Option<Self> {
        Some(match tag.number() {
            26..=45 => Self::Acquirer,
            46..=50 => Self::OtherAccount,
            51 => Self::National,
            62 => Self::Additional,
            64 => Self::Language,
            80.. => Self::Unreserved,
            _ => return None,
        })
    }
}

/// The facts about the open template.
#[derive(Clone, Copy)]
struct Template<'a> {
    tag: Tag,
    met: Tags,
    /// 01 of 40.
    pan: Option<Kept<'a>>,
    /// 08 of 62.
    purpose: Option<Kept<'a>>,
}

impl Template<'_> {
    #[inline(always)]
    const fn new(tag: Tag) -> Self {
        Self { tag, met: Tags::NONE, pan: None, purpose: None }
    }
}

impl<'a> Validator<'a> {
    #[inline(always)]
    pub(crate) const fn new(rules: Rules, charset: Charset, unit: Unit) -> Self {
        let setting = Setting { rules, charset, width: Width::new(charset, unit) };
        Self { setting, facts: Facts::NONE }
    }

    /// Checks an object of the root that is not a template, in the expected order.
    #[inline(always)]
    pub(crate) fn plain<L: Listener>(
        &mut self,
        tag: Tag,
        bytes: &'a [u8],
        offset: usize,
        out: &mut L,
    ) {
        let value = self.present(tag, bytes, offset, out);
        let rules = self.setting.rules;
        match tag.number() {
            0 => merchant::format(value, out),
            1 => {
                self.facts.initiation = Some(value.into());
                merchant::initiation(value, out);
            }
            2..=25 => text::ans(value, out),
            52 => {
                self.facts.category = Some(value.into());
                merchant::category_code(value, out);
            }
            53 => {
                self.facts.currency = Some(value.into());
                merchant::currency(value, rules, out);
            }
            54 => self.facts.amount = Some(value.into()),
            55 => {
                self.facts.tip = Some(value.into());
                merchant::tip(value, out);
            }
            56 => self.facts.fee_fixed = Some(value.into()),
            57 => self.facts.fee_percent = Some(value.into()),
            58 => {
                self.facts.country = Some(value.into());
                merchant::country(value, rules, out);
            }
            59 => merchant::name(value, rules, out),
            60 => merchant::city(value, rules, out),
            61 => {
                self.facts.postal_code = Some(value.into());
                merchant::postal_code(value, rules, out);
            }
            63 => merchant::checksum(value, out),
            _ => out.report(value.object_finding(K::Reserved)),
        }
    }

    /// 26 to 45.
    #[inline(always)]
    pub(crate) fn acquirer<L: Listener>(
        &mut self,
        tag: Tag,
        bytes: &'a [u8],
        offset: usize,
        out: &mut L,
    ) {
        let value = self.present(tag, bytes, offset, out);
        let setting = self.setting;
        let (mut open, mut objects) = setting.open(value);
        let mark = out.mark();
        // Inlined for each tag, so that only its rules remain.
        if let Some((bytes, offset)) = objects.next_if(0) {
            let part = setting.part(&mut open, 0, bytes, offset, out);
            setting.acquirer_part(&mut open, 0, part, out);
        }
        if let Some((bytes, offset)) = objects.next_if(1) {
            let part = setting.part(&mut open, 1, bytes, offset, out);
            setting.acquirer_part(&mut open, 1, part, out);
        }
        if let Some((bytes, offset)) = objects.next_if(2) {
            let part = setting.part(&mut open, 2, bytes, offset, out);
            setting.acquirer_part(&mut open, 2, part, out);
        }
        if let Some((bytes, offset)) = objects.next_if(3) {
            let part = setting.part(&mut open, 3, bytes, offset, out);
            setting.acquirer_part(&mut open, 3, part, out);
        }
        let closed = setting.close(Kind::Acquirer, value, open, objects, mark, out);
        self.remember(Kind::Acquirer, value, closed);
    }

    /// 51.
    #[inline(always)]
    pub(crate) fn national<L: Listener>(&mut self, bytes: &'a [u8], offset: usize, out: &mut L) {
        let value = self.present(Tag::NATIONAL_ACCOUNT, bytes, offset, out);
        let setting = self.setting;
        let (mut open, mut objects) = setting.open(value);
        let mark = out.mark();
        if let Some((bytes, offset)) = objects.next_if(0) {
            let part = setting.part(&mut open, 0, bytes, offset, out);
            setting.national_part(0, part, out);
        }
        if let Some((bytes, offset)) = objects.next_if(2) {
            let part = setting.part(&mut open, 2, bytes, offset, out);
            setting.national_part(2, part, out);
        }
        if let Some((bytes, offset)) = objects.next_if(3) {
            let part = setting.part(&mut open, 3, bytes, offset, out);
            setting.national_part(3, part, out);
        }
        setting.close(Kind::National, value, open, objects, mark, out);
    }

    /// 62.
    #[inline(always)]
    pub(crate) fn additional<L: Listener>(&mut self, bytes: &'a [u8], offset: usize, out: &mut L) {
        let value = self.present(Tag::ADDITIONAL_DATA, bytes, offset, out);
        let setting = self.setting;
        let (mut open, mut objects) = setting.open(value);
        let mark = out.mark();
        while let Some((tag, bytes, offset)) = objects.next() {
            let part = setting.part(&mut open, tag, bytes, offset, out);
            setting.additional_part(&mut open, tag, part, out);
        }
        let closed = setting.close(Kind::Additional, value, open, objects, mark, out);
        self.remember(Kind::Additional, value, closed);
    }

    /// Checks an object of the root in any order. Returns whether its tag is new.
    #[inline(always)]
    pub(crate) fn object<L: Listener>(
        &mut self,
        tag: Tag,
        bytes: &'a [u8],
        offset: usize,
        out: &mut L,
    ) -> bool {
        let (is_new, is_last) = (!self.facts.met.contains(tag), self.facts.met.is_below(tag));
        if !bytes.is_empty() && !is_last && tag != Tag::CHECKSUM {
            let value = self.setting.value(tag, bytes, offset);
            out.report(value.object_finding(K::OrderNotAscending));
        }
        match Kind::from_tag(tag) {
            Some(kind) => self.template(kind, tag, bytes, offset, out),
            None => self.plain(tag, bytes, offset, out),
        }
        is_new
    }

    /// A template with objects in any order.
    #[inline(never)]
    fn template<L: Listener>(
        &mut self,
        kind: Kind,
        tag: Tag,
        bytes: &'a [u8],
        offset: usize,
        out: &mut L,
    ) {
        let value = self.present(tag, bytes, offset, out);
        let (open, objects) = self.setting.open(value);
        let mark = out.mark();
        let closed = self.setting.close(kind, value, open, objects, mark, out);
        self.remember(kind, value, closed);
    }

    /// Records the facts about a template for the rules across objects.
    #[inline(always)]
    fn remember(&mut self, kind: Kind, value: Value<'a>, open: Option<Template<'a>>) {
        match open {
            Some(open) if kind == Kind::Additional => self.facts.purpose = open.purpose,
            Some(open) if kind == Kind::Acquirer && open.tag == Tag::TRANSFER_ACCOUNT => {
                let has_criteria = open.met.contains(Tag::clamped(3));
                let (account, pan) = (value.into(), open.pan);
                self.facts.transfer = Some(TransferAccount { account, pan, has_criteria });
            }
            _ => {}
        }
    }

    /// The rules for every object of the root.
    #[inline(always)]
    fn present<L: Listener>(
        &mut self,
        tag: Tag,
        bytes: &'a [u8],
        offset: usize,
        out: &mut L,
    ) -> Value<'a> {
        let value = self.setting.value(tag, bytes, offset);
        if value.bytes.is_empty() {
            out.report(value.object_finding(K::ObjectEmpty));
            if !self.facts.met.is_below(tag) && tag != Tag::CHECKSUM {
                out.report(value.object_finding(K::OrderNotAscending));
            }
        }
        self.facts.met.insert(tag);
        value
    }

    /// Checks the rules across objects; `end` is where object 63 begins.
    #[inline(always)]
    pub(crate) fn cross_check<L: Listener>(&self, end: usize, out: &mut L) {
        self.facts.check(self.setting.rules, self.setting.charset, end, out);
    }
}

impl Setting {
    #[inline(always)]
    fn value<'a>(self, tag: Tag, bytes: &'a [u8], offset: usize) -> Value<'a> {
        Value { path: Path::new(tag), bytes, offset, charset: self.charset }
    }

    /// Begins a template.
    #[inline(always)]
    const fn open<'a>(self, value: Value<'a>) -> (Template<'a>, Objects<'a>) {
        let objects = Objects::new(value.bytes, value.value_offset(), self.width);
        (Template::new(value.path.root()), objects)
    }

    /// Checks the rest of a template and ends it. If it is not a template, only that is reported.
    #[inline(always)]
    fn close<'a, L: Listener>(
        self,
        kind: Kind,
        value: Value<'a>,
        mut open: Template<'a>,
        mut objects: Objects<'a>,
        mark: L::Mark,
        out: &mut L,
    ) -> Option<Template<'a>> {
        if !objects.is_at_end() {
            if out.declines() {
                return None;
            }
            (open, objects) = self.others(kind, open, objects, out);
            if !objects.is_at_end() {
                out.rewind(mark);
                out.report(value.finding(match kind {
                    Kind::Acquirer | Kind::National | Kind::OtherAccount => K::AccountNotTlv,
                    Kind::Additional | Kind::Language | Kind::Unreserved => K::TemplateNotTlv,
                }));
                return None;
            }
        }
        self.complete(kind, &open, value.end(), out);
        Some(open)
    }

    /// Checks the objects of a template that are not in the expected order.
    #[cold]
    #[inline(never)]
    fn others<'a, L: Listener>(
        self,
        kind: Kind,
        mut open: Template<'a>,
        mut objects: Objects<'a>,
        out: &mut L,
    ) -> (Template<'a>, Objects<'a>) {
        while let Some((tag, bytes, offset)) = objects.next() {
            let part = self.part(&mut open, tag, bytes, offset, out);
            match kind {
                Kind::Acquirer => self.acquirer_part(&mut open, tag, part, out),
                Kind::National => self.national_part(tag, part, out),
                Kind::Additional => self.additional_part(&mut open, tag, part, out),
                Kind::OtherAccount | Kind::Unreserved if tag == 0 => account::guid(part, out),
                Kind::Language => match tag {
                    0 => text::ans(part, out),
                    1 => merchant::other_name(part, out),
                    2 => merchant::other_city(part, out),
                    _ => {}
                },
                _ => {}
            }
        }
        (open, objects)
    }

    /// The rules for every object inside a root template.
    #[inline(always)]
    fn part<'a, L: Listener>(
        self,
        open: &mut Template<'a>,
        tag: u8,
        bytes: &'a [u8],
        offset: usize,
        out: &mut L,
    ) -> Value<'a> {
        let tag = Tag::read(tag);
        let path = Path::sub(open.tag, tag);
        let value = Value { path, bytes, offset, charset: self.charset };
        let is_new = open.met.insert(tag);
        out.ensure(is_new, || value.object_finding(K::Duplicate { tag }));
        out.ensure(!value.bytes.is_empty(), || value.object_finding(K::ObjectEmpty));
        value
    }

    /// Inside 26 to 45.
    #[inline(always)]
    fn acquirer_part<'a, L: Listener>(
        self,
        open: &mut Template<'a>,
        tag: u8,
        value: Value<'a>,
        out: &mut L,
    ) {
        let is_qris = self.rules == Rules::Qris;
        match tag {
            0 => {
                account::guid(value, out);
                if is_qris {
                    account::acquirer_guid(value, out);
                }
            }
            1 if is_qris => open.pan = account::pan(value, out).then(|| value.into()),
            2 if is_qris => account::merchant_id(value, out),
            3 if is_qris => {
                text::no_vertical_bar(value, out);
                account::criteria(value, out);
            }
            _ => {}
        }
    }

    /// Inside 51.
    #[inline(always)]
    fn national_part<L: Listener>(self, tag: u8, value: Value<'_>, out: &mut L) {
        let is_qris = self.rules == Rules::Qris;
        match tag {
            0 => {
                account::guid(value, out);
                if is_qris {
                    account::national_guid(value, out);
                }
            }
            2 if is_qris => account::nmid(value, out),
            3 if is_qris => account::criteria(value, out),
            _ => {}
        }
    }

    /// Inside 62.
    #[inline(always)]
    fn additional_part<'a, L: Listener>(
        self,
        open: &mut Template<'a>,
        tag: u8,
        value: Value<'a>,
        out: &mut L,
    ) {
        match tag {
            0 => out.report(value.object_finding(K::AdditionalUndefined)),
            1..=8 => {
                if tag == 8 {
                    open.purpose = Some(value.into());
                }
                additional::entry(value, out);
            }
            9 => additional::consumer_data(value, out),
            10 => additional::tax_id(value, out),
            11 => additional::merchant_channel(value, out),
            12..=49 => out.report(value.object_finding(K::Reserved)),
            _ => additional::template(value, self.width, out),
        }
    }

    /// Checks the mandatory objects of a template at its end.
    #[inline(always)]
    fn complete<L: Listener>(self, kind: Kind, open: &Template<'_>, end: usize, out: &mut L) {
        let mut demand = |number: u8, kind: K| {
            let tag = Tag::clamped(number);
            out.ensure(open.met.contains(tag), || missing(kind, Path::sub(open.tag, tag), end));
        };
        match kind {
            Kind::Additional => {}
            Kind::Language => {
                demand(0, K::LanguageCodeMissing);
                demand(1, K::LanguageNameMissing);
            }
            _ => demand(0, K::GuidMissing),
        }
        match kind {
            Kind::Acquirer if self.rules == Rules::Qris => {
                demand(1, K::MpanMissing);
                // A transfer has no criteria, but whether 40 is a transfer is known only at the
                // end.
                if open.tag != Tag::TRANSFER_ACCOUNT {
                    demand(3, K::CriteriaMissing);
                }
            }
            Kind::National if self.rules == Rules::Qris => demand(2, K::NmidMissing),
            _ => {}
        }
    }
}
