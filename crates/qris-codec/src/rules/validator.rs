//! Which rules hold for which object.

use super::facts::{Facts, TransferAccount};
use super::listener::Listener;
use super::value::{Kept, Value, missing};
use super::{account, additional, merchant, text};
use crate::charset::Charset;
use crate::error::{ErrorKind as K, Rules, Severity};
use crate::object_bytes::{Objects, Width};
use crate::tag::{Path, Tag, Tags};
use crate::tlv::Unit;

/// Has each object checked by its rules, and remembers what the rules across objects ask for.
///
/// Reading, scanning and writing show it the objects of the root in the order of the text, and
/// then ask for [`cross_check`](Self::cross_check).
#[derive(Clone, Debug)]
pub(crate) struct Validator<'a> {
    rules: Rules,
    charset: Charset,
    width: Width,
    facts: Facts<'a>,
}

/// What is remembered of the template that is open.
pub(crate) struct Template<'a> {
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
        Self { rules, charset, width: Width::new(charset, unit), facts: Facts::NONE }
    }

    /// Checks an object of the root, and what is inside it.
    ///
    /// The same object may be shown again right away: what is remembered stays the same.
    #[inline(always)]
    pub(crate) fn object<L: Listener>(
        &mut self,
        tag: Tag,
        bytes: &'a [u8],
        offset: usize,
        out: &mut L,
    ) {
        let value = self.value(tag, bytes, offset);
        let rules = self.rules;
        self.present(value, out);
        match tag.number() {
            0 => merchant::format(value, out),
            1 => {
                self.facts.initiation = Some(value.into());
                merchant::initiation(value, out);
            }
            2..=25 => text::ans(value, out),
            26..=51 | 62 | 64 | 80..=99 => {
                if let Some(open) = self.template(value, out) {
                    match tag {
                        Tag::TRANSFER_ACCOUNT => {
                            let has_criteria = open.met.contains(Tag::clamped(3));
                            let (account, pan) = (value.into(), open.pan);
                            self.facts.transfer =
                                Some(TransferAccount { account, pan, has_criteria });
                        }
                        Tag::ADDITIONAL_DATA => self.facts.purpose = open.purpose,
                        _ => {}
                    }
                }
            }
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
            65..=79 => out.report(value.object_finding(K::Reserved)),
            _ => {}
        }
    }

    /// What holds for every object of the root.
    #[inline(always)]
    fn present<L: Listener>(&mut self, value: Value<'a>, out: &mut L) {
        let tag = value.path.root();
        self.facts.met.insert(tag);
        out.ensure(!value.bytes.is_empty(), || value.object_finding(K::ObjectEmpty));
        if L::wants(Severity::Info) && tag != Tag::CHECKSUM {
            out.ensure(tag.number() >= self.facts.highest, || {
                value.object_finding(K::OrderNotAscending)
            });
            self.facts.highest = self.facts.highest.max(tag.number());
        }
    }

    #[inline(always)]
    fn value(&self, tag: Tag, bytes: &'a [u8], offset: usize) -> Value<'a> {
        Value { path: Path::of(tag), bytes, offset, charset: self.charset }
    }

    /// The rules across objects; `end` is where object 63 stands.
    #[inline(always)]
    pub(crate) fn cross_check<L: Listener>(&self, end: usize, out: &mut L) {
        self.facts.check(self.rules, self.charset, end, out);
    }

    /// Checks what is inside a template; or finds that it is none, and then only that.
    fn template<L: Listener>(&self, value: Value<'a>, out: &mut L) -> Option<Template<'a>> {
        let mark = out.mark();
        let mut open = Template::new(value.path.root());
        let mut objects = Objects::new(value.bytes, value.value_offset(), self.width);
        while let Some((tag, bytes, offset)) = objects.next() {
            self.inner(&mut open, Tag::read(tag), bytes, offset, out);
        }
        if !objects.is_at_end() {
            out.rewind(mark);
            let kind = match open.tag.number() {
                26..=51 => K::AccountNotTlv,
                _ => K::TemplateNotTlv,
            };
            out.report(value.finding(kind));
            return None;
        }
        self.complete(&open, value.end(), out);
        Some(open)
    }

    /// Begins a template whose objects are shown one by one: [`inner`](Self::inner), and then
    /// [`close`](Self::close).
    #[inline(always)]
    pub(crate) fn open<L: Listener>(
        &mut self,
        tag: Tag,
        bytes: &'a [u8],
        offset: usize,
        out: &mut L,
    ) -> Template<'a> {
        self.present(self.value(tag, bytes, offset), out);
        Template::new(tag)
    }

    /// Ends a template; `end` is the byte behind it.
    ///
    /// Its purpose is not remembered: 40, which asks for one, is never shown in this way.
    #[inline(always)]
    pub(crate) fn close<L: Listener>(&self, open: &Template<'a>, end: usize, out: &mut L) {
        self.complete(open, end, out);
    }

    /// Checks an object inside a template of the root.
    #[inline(always)]
    pub(crate) fn inner<L: Listener>(
        &self,
        open: &mut Template<'a>,
        tag: Tag,
        bytes: &'a [u8],
        offset: usize,
        out: &mut L,
    ) {
        let path = Path::sub(open.tag, tag);
        let value = Value { path, bytes, offset, charset: self.charset };
        let is_new = open.met.insert(tag);
        out.ensure(is_new, || value.object_finding(K::Duplicate { tag }));
        out.ensure(!value.bytes.is_empty(), || value.object_finding(K::ObjectEmpty));
        let is_qris = self.rules == Rules::Qris;
        match (open.tag.number(), tag.number()) {
            (26..=51 | 80..=99, 0) => account::guid(value, self.rules, out),
            (26..=45, 1) if is_qris => {
                open.pan = account::pan(value, out).then(|| value.into());
            }
            (26..=45, 2) if is_qris => account::merchant_id(value, out),
            (26..=45, 3) if is_qris => {
                text::no_vertical_bar(value, out);
                account::criteria(value, out);
            }
            (51, 2) if is_qris => account::nmid(value, out),
            (51, 3) if is_qris => account::criteria(value, out),
            (62, number) => {
                if number == 8 {
                    open.purpose = Some(value.into());
                }
                self.additional(number, value, out);
            }
            (64, 0) => text::ans(value, out),
            (64, 1) => merchant::other_name(value, out),
            (64, 2) => merchant::other_city(value, out),
            _ => {}
        }
    }

    #[inline(always)]
    fn additional<L: Listener>(&self, number: u8, value: Value<'a>, out: &mut L) {
        match number {
            0 => out.report(value.object_finding(K::AdditionalUndefined)),
            1..=8 => additional::entry(value, out),
            9 => additional::consumer_data(value, out),
            10 => additional::tax_id(value, out),
            11 => additional::merchant_channel(value, out),
            12..=49 => out.report(value.object_finding(K::Reserved)),
            _ => additional::template(value, self.width, out),
        }
    }

    /// What must be in a template that ends here.
    #[inline(always)]
    fn complete<L: Listener>(&self, open: &Template<'a>, end: usize, out: &mut L) {
        let mut demand = |number: u8, kind: K| {
            let tag = Tag::clamped(number);
            out.ensure(open.met.contains(tag), || missing(kind, Path::sub(open.tag, tag), end));
        };
        match open.tag.number() {
            26..=51 | 80..=99 => demand(0, K::GuidMissing),
            64 => {
                demand(0, K::LanguageCodeMissing);
                demand(1, K::LanguageNameMissing);
            }
            _ => {}
        }
        match open.tag.number() {
            26..=45 if self.rules == Rules::Qris => {
                demand(1, K::MpanMissing);
                // Whether 40 is a transfer, which has no criteria, is known only at the end.
                if open.tag != Tag::TRANSFER_ACCOUNT {
                    demand(3, K::CriteriaMissing);
                }
            }
            51 if self.rules == Rules::Qris => demand(2, K::NmidMissing),
            _ => {}
        }
    }
}
