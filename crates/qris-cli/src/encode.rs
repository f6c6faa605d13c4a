//! `qris encode`: a payload from fields in JSON.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::process::ExitCode;

use clap::Args;
use qris_codec::encode::{Builder, NewAccount, NewAdditional};
use qris_codec::mpm::Language;
use qris_codec::{Entry, Initiation, Path, Payload, Rules, Tag, Tip};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::messages::{language, message};
use crate::output::{input, print, print_error, visible};
use crate::rules::RuleSet;

#[derive(Args)]
pub(crate) struct Encode {
    #[arg(value_name = "FILE")]
    file: OsString,

    #[arg(long, value_enum, default_value_t = RuleSet::Qris)]
    rules: RuleSet,
}

/// More bytes than the fields of any payload.
const MOST: u64 = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    initiation: Option<InitiationWord>,
    merchant: Merchant,
    currency: Option<String>,
    amount: Option<String>,
    tip: Option<TipField>,
    national_merchant_id: Option<String>,
    criteria: Option<String>,
    #[serde(default)]
    accounts: Vec<Account>,
    #[serde(default)]
    additional: Additional,
    language: Option<LanguageField>,
    #[serde(default)]
    objects: Vec<ObjectField>,
    // Other members of `decode --json`. They are computed, so they are ignored here.
    #[serde(rename = "verdict")]
    _verdict: Option<IgnoredAny>,
    #[serde(rename = "findings")]
    _findings: Option<IgnoredAny>,
    #[serde(rename = "hints")]
    _hints: Option<IgnoredAny>,
    #[serde(rename = "checksum")]
    _checksum: Option<IgnoredAny>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum InitiationWord {
    Static,
    Dynamic,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merchant {
    name: String,
    city: String,
    postal_code: Option<String>,
    country: Option<String>,
    category_code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum TipField {
    Prompt,
    Fixed(String),
    Percent(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    tag: String,
    guid: Option<String>,
    pan: Option<String>,
    merchant_id: Option<String>,
    criteria: Option<String>,
    #[serde(rename = "institution")]
    _institution: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Additional {
    bill_number: Option<String>,
    mobile_number: Option<String>,
    store_label: Option<String>,
    loyalty_number: Option<String>,
    reference_label: Option<String>,
    customer_label: Option<String>,
    terminal_label: Option<String>,
    purpose: Option<String>,
    consumer_data_request: Option<String>,
    merchant_tax_id: Option<String>,
    merchant_channel: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageField {
    code: String,
    merchant_name: String,
    merchant_city: Option<String>,
}

#[derive(Deserialize)]
struct ObjectField {
    tag: String,
    value: String,
    #[serde(default)]
    objects: Vec<ObjectField>,
}

impl Encode {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let mut json = Vec::new();
        input(&self.file)?.take(MOST + 1).read_to_end(&mut json)?;
        let encoded = if json.len() as u64 > MOST {
            Err(message!("encode-too-long", limit = MOST))
        } else {
            // Some editors and shells begin a file with a byte-order mark.
            serde_json::from_slice::<Fields>(json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&json))
                .map_err(|error| unreadable(&error))
                .and_then(|fields| fields.encode(self.rules.into()))
        };
        match encoded {
            Ok(text) => {
                print(&format!("{text}\n"))?;
                Ok(ExitCode::SUCCESS)
            }
            Err(problem) => {
                print_error(&problem);
                Ok(ExitCode::FAILURE)
            }
        }
    }
}

impl Fields {
    fn encode(&self, rules: Rules) -> Result<String, String> {
        let accounts = self.accounts()?;
        let templates = self.templates()?;
        let merchant = &self.merchant;
        let mut builder = Builder::new(&merchant.name, &merchant.city, &merchant.category_code)
            .rules(rules)
            .accounts(&accounts)
            .additional(self.additional.fields())
            .templates(&templates);
        if let Some(initiation) = self.initiation {
            builder = builder.initiation(match initiation {
                InitiationWord::Static => Initiation::Static,
                InitiationWord::Dynamic => Initiation::Dynamic,
            });
        }
        if let Some(currency) = &self.currency {
            builder = builder.currency(currency);
        }
        if let Some(amount) = &self.amount {
            builder = builder.amount(number(amount, "amount")?);
        }
        if let Some(tip) = &self.tip {
            builder = builder.tip(match tip {
                TipField::Prompt => Tip::Prompt,
                TipField::Fixed(fee) => Tip::Fixed(number(fee, "tip")?),
                TipField::Percent(percent) => Tip::Percent(number(percent, "tip")?),
            });
        }
        if let Some(country) = &merchant.country {
            builder = builder.country_code(country);
        }
        if let Some(postal_code) = &merchant.postal_code {
            builder = builder.postal_code(postal_code);
        }
        if let Some(language) = &self.language {
            builder = builder.language(Language {
                code: &language.code,
                merchant_name: &language.merchant_name,
                merchant_city: language.merchant_city.as_deref(),
            });
        }
        let mut buffer = vec![0; Payload::MAX_LEN];
        let text = builder.encode_into(&mut buffer).map_err(|error| {
            message!(
                "encode-invalid",
                fault = error.error().localized(language()),
                code = error.kind().code()
            )
        })?;
        Ok(text.to_owned())
    }

    /// The accounts from the input, and 51 for the national merchant ID.
    fn accounts(&self) -> Result<Vec<NewAccount<'_>>, String> {
        let mut accounts = Vec::new();
        let national = self.merchant.country.as_deref().is_none_or(|country| country == "ID");
        for account in &self.accounts {
            let tag = tag(&account.tag)?;
            let object = self.objects.iter().find(|object| object.tag == account.tag);
            // For a foreign account `decode` prints only the identifier; the rest is in its objects.
            accounts.push(match object.filter(|_| !national) {
                Some(object) => object.account(tag)?,
                None => NewAccount {
                    tag,
                    guid: account.guid.as_deref(),
                    pan: account.pan.as_deref(),
                    merchant_id: account.merchant_id.as_deref(),
                    criteria: account.criteria.as_deref(),
                },
            });
        }
        let repository = self.objects.iter().find(|object| object.tag == "51");
        if let Some(object) = repository.filter(|_| !national) {
            accounts.push(object.account(Tag::NATIONAL_ACCOUNT)?);
            return Ok(accounts);
        }
        if let Some(nmid) = &self.national_merchant_id {
            let repository =
                repository.and_then(|object| object.objects.iter().find(|it| it.tag == "00"));
            accounts.push(NewAccount {
                tag: Tag::NATIONAL_ACCOUNT,
                guid: Some(repository.map_or("ID.CO.QRIS.WWW", |guid| &guid.value)),
                pan: None,
                merchant_id: Some(nmid),
                criteria: self.criteria.as_deref(),
            });
        }
        Ok(accounts)
    }

    /// The objects inside 62.50 to 62.99 and 80 to 99.
    fn templates(&self) -> Result<Vec<(Path, &str)>, String> {
        let mut found = Vec::new();
        for object in &self.objects {
            let root = tag(&object.tag)?;
            for inner in &object.objects {
                let path = Path::sub(root, tag(&inner.tag)?);
                if root.number() >= 80 {
                    found.push((path, inner.value.as_str()));
                } else if root == Tag::ADDITIONAL_DATA && path.last().number() >= 50 {
                    if inner.objects.is_empty() {
                        return Err(message!("encode-no-objects", path = path));
                    }
                    for leaf in &inner.objects {
                        found.push((path.join(tag(&leaf.tag)?), leaf.value.as_str()));
                    }
                }
            }
        }
        Ok(found)
    }
}

impl ObjectField {
    /// Reads this object as an account: an account number, or 00 to 03 of a template.
    fn account(&self, tag: Tag) -> Result<NewAccount<'_>, String> {
        let mut account = NewAccount::new(tag);
        if self.objects.is_empty() {
            if tag >= Tag::FIRST_ACCOUNT {
                return Err(message!("encode-no-objects", path = tag));
            }
            account.pan = Some(&self.value);
        }
        for inner in &self.objects {
            let part = match inner.tag.as_str() {
                "00" => &mut account.guid,
                "01" => &mut account.pan,
                "02" => &mut account.merchant_id,
                "03" => &mut account.criteria,
                _ => {
                    let inner = self::tag(&inner.tag)?;
                    return Err(message!("encode-not-of-account", tag = tag, inner = inner));
                }
            };
            *part = Some(&inner.value);
        }
        Ok(account)
    }
}

impl Additional {
    fn fields(&self) -> NewAdditional<'_> {
        fn given(text: &Option<String>) -> Option<Entry<'_>> {
            text.as_deref().map(|text| if text == "***" { Entry::Ask } else { Entry::Text(text) })
        }
        NewAdditional {
            bill_number: given(&self.bill_number),
            mobile_number: given(&self.mobile_number),
            store_label: given(&self.store_label),
            loyalty_number: given(&self.loyalty_number),
            reference_label: given(&self.reference_label),
            customer_label: given(&self.customer_label),
            terminal_label: given(&self.terminal_label),
            purpose: given(&self.purpose),
            consumer_data_request: self.consumer_data_request.as_deref(),
            merchant_tax_id: self.merchant_tax_id.as_deref(),
            merchant_channel: self.merchant_channel.as_deref(),
        }
    }
}

/// The message of serde_json. It may quote a key or a word of the input, so it is shortened to what
/// helps to find the place.
fn unreadable(error: &serde_json::Error) -> String {
    let words: String = error.to_string().chars().take(200).collect();
    let (line, column) = (error.line(), error.column());
    message!("encode-unreadable", line = line, column = column, fault = visible(&words))
}

fn number(text: &str, key: &str) -> Result<qris_codec::Amount, String> {
    text.parse().map_err(|error: qris_codec::Error| {
        message!("encode-key", key = key, fault = error.localized(language()))
    })
}

fn tag(text: &str) -> Result<Tag, String> {
    match text.parse::<Path>() {
        Ok(path) if path.tags().count() == 1 => Ok(path.root()),
        _ => Err(message!("encode-tag")),
    }
}
