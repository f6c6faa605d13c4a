//! Rules across objects: mandatory objects, and rules about several objects.

use super::facts::{Facts, is_text};
use super::listener::{Listener, Report};
use super::value::missing;
use super::{amount, limits, merchant, transfer};
use crate::charset::Charset;
use crate::error::{ErrorKind as K, Rules, Severity};
use crate::tag::{Path, Tag, Tags};

/// 02 to 51.
const ACCOUNTS: Tags = Tags::below(52).without(Tags::below(2));

/// 52, 53, 58, 59 and 60.
const MANDATORY: Tags = Tags::NONE
    .with(Tag::CATEGORY_CODE)
    .with(Tag::CURRENCY)
    .with(Tag::COUNTRY)
    .with(Tag::MERCHANT_NAME)
    .with(Tag::MERCHANT_CITY);

impl Facts<'_> {
    /// Checks every rule across objects; `end` is where object 63 begins.
    #[inline(always)]
    pub(super) fn check<L: Listener>(
        &self,
        rules: Rules,
        charset: Charset,
        end: usize,
        out: &mut L,
    ) {
        self.mandatory(end, out);
        self.amounts(rules, charset, end, out);
        self.fees(charset, end, out);
        if rules == Rules::Qris {
            self.national(charset, end, out);
            if let Some(account) = &self.transfer {
                transfer::check(self, account, charset, end, out);
            }
        }
    }

    /// EMVCo MPM, table 3.1.
    #[inline(always)]
    fn mandatory<L: Listener>(&self, end: usize, out: &mut L) {
        out.ensure(self.met.intersects(ACCOUNTS), || Report::new(K::AccountMissing, None, end, 0));
        if self.met.contains_all(MANDATORY) {
            return;
        }
        for (tag, kind) in [
            (Tag::CATEGORY_CODE, K::CategoryCodeMissing),
            (Tag::CURRENCY, K::CurrencyMissing),
            (Tag::COUNTRY, K::CountryMissing),
            (Tag::MERCHANT_NAME, K::MerchantNameMissing),
            (Tag::MERCHANT_CITY, K::MerchantCityMissing),
        ] {
            out.ensure(self.met.contains(tag), || missing(kind, Path::new(tag), end));
        }
    }

    /// 54 with 01 and 53.
    #[inline(always)]
    fn amounts<L: Listener>(&self, rules: Rules, charset: Charset, end: usize, out: &mut L) {
        let amount = self.amount.map(|it| it.at(Path::new(Tag::AMOUNT), charset));
        let number = amount.and_then(|it| amount::amount(it, self.currency(), out));
        if rules != Rules::Qris {
            return;
        }
        if let Some(amount) = amount {
            out.ensure(!is_text(&self.initiation, limits::STATIC), || {
                amount.object_finding(K::StaticWithAmount)
            });
        } else {
            out.ensure(!is_text(&self.initiation, limits::DYNAMIC), || {
                missing(K::DynamicWithoutAmount, Path::new(Tag::AMOUNT), end)
            });
        }
        if let (Some(amount), Some(number)) = (amount, number) {
            amount::ceiling(amount, number, self.currency(), out);
        }
    }

    /// 56 and 57 with 55.
    #[inline(always)]
    fn fees<L: Listener>(&self, charset: Charset, end: usize, out: &mut L) {
        if self.tip.is_none() && self.fee_fixed.is_none() && self.fee_percent.is_none() {
            return;
        }
        let is_fixed = is_text(&self.tip, limits::TIP_FIXED);
        match self.fee_fixed.map(|it| it.at(Path::new(Tag::FEE_FIXED), charset)) {
            Some(fee) => {
                amount::amount(fee, self.currency(), out);
                out.ensure(is_fixed, || fee.object_finding(K::FeeFixedUnexpected));
            }
            None => out
                .ensure(!is_fixed, || missing(K::FeeFixedMissing, Path::new(Tag::FEE_FIXED), end)),
        }
        let is_percent = is_text(&self.tip, limits::TIP_PERCENT);
        match self.fee_percent.map(|it| it.at(Path::new(Tag::FEE_PERCENT), charset)) {
            Some(fee) => {
                amount::percentage(fee, out);
                out.ensure(is_percent, || fee.object_finding(K::FeePercentUnexpected));
            }
            None => out.ensure(!is_percent, || {
                missing(K::FeePercentMissing, Path::new(Tag::FEE_PERCENT), end)
            }),
        }
    }

    /// The additional national rules.
    #[inline(always)]
    fn national<L: Listener>(&self, charset: Charset, end: usize, out: &mut L) {
        if !out.wants(Severity::Warning) {
            return;
        }
        out.ensure(self.initiation.is_some(), || {
            missing(K::InitiationMissing, Path::new(Tag::INITIATION), end)
        });
        let is_static = is_text(&self.initiation, limits::STATIC);
        out.ensure(!is_static || self.met.contains(Tag::NATIONAL_ACCOUNT), || {
            missing(K::NationalAccountMissing, Path::new(Tag::NATIONAL_ACCOUNT), end)
        });
        if is_text(&self.country, limits::INDONESIA) {
            match self.postal_code.map(|it| it.at(Path::new(Tag::POSTAL_CODE), charset)) {
                Some(code) => merchant::national_postal_code(code, out),
                None => {
                    out.report(missing(K::PostalCodeMissing, Path::new(Tag::POSTAL_CODE), end));
                }
            }
        }
    }
}
