//! Payloads of right or nearly right values: the result is right, or a refusal.
//!
//! In builds with debug assertions, the fast way of writing is compared with the exact one.

use qris_codec::encode::{Builder, NewAccount, NewAdditional};
use qris_codec::{Amount, Entry, Finding, Initiation, Payload, Rules, Severity, Tag, Tip};

/// A choice for each byte or two; after the last byte it starts again at the first.
struct Choices<'a>(std::iter::Cycle<std::slice::Iter<'a, u8>>);

impl Choices<'_> {
    /// Nearly always one of the right values, sometimes one of the others.
    fn of<T: Copy>(&mut self, right: &[T], others: &[T]) -> T {
        match self.next() {
            31 | 63 | 95 | 127 | 159 | 191 | 223 | 255 => others[self.next() % others.len()],
            choice => right[choice % right.len()],
        }
    }

    fn next(&mut self) -> usize {
        self.0.next().copied().map_or(0, usize::from)
    }

    fn amount(&mut self) -> Amount {
        let text = self.of(
            &["1", "12", "1234567", "9999999.99", "25578.00", "0.05", "10000000"],
            &["0", "0.00", "10000001", "25.5", "25.055", "9999999999999", "7."],
        );
        text.parse().expect("an amount")
    }

    fn tip(&mut self) -> Option<Tip> {
        let fee = self.amount();
        self.of(&[None, Some(Tip::Prompt), Some(Tip::Fixed(fee))], &[Some(Tip::Percent(fee))])
    }

    /// 26 to 45.
    fn acquirer(&mut self, number: u8) -> NewAccount<'static> {
        NewAccount {
            tag: tag(number),
            guid: self.of(
                &[Some("COM.GO-JEK.WWW"), Some("A LINE OF THIRTY-TWO CHARACTERS.")],
                &[Some("A LINE OF THIRTY-THREE CHARACTERS"), Some("A|B"), Some(""), None],
            ),
            pan: self.of(
                &[Some("936009143664001757"), Some("9360091436640017575")],
                &[
                    Some("93600914366400175"),
                    Some("93600914366400175755"),
                    Some("936009143664O01757"),
                    Some("936109143664001757"),
                    Some(""),
                    None,
                ],
            ),
            merchant_id: self.of(
                &[Some("M"), Some("M66400175712345"), None],
                &[Some("M664001757123456"), Some("M\u{e9}"), Some("")],
            ),
            criteria: self.criteria(),
        }
    }

    /// 51.
    fn repository(&mut self) -> NewAccount<'static> {
        NewAccount {
            tag: tag(self.of(&[51], &[50, 46, 45])),
            guid: self.of(&[Some("ID.CO.QRIS.WWW")], &[Some("ID.CO.OTHER.WWW"), Some(""), None]),
            pan: self.of(&[None], &[Some("936009143664001757")]),
            merchant_id: self.of(
                &[Some("ID1020038431489"), Some("ID1020038431488")],
                &[Some("ID102003843148"), Some("id1020038431489"), Some("IDO020038431489"), None],
            ),
            criteria: self.criteria(),
        }
    }

    fn criteria(&mut self) -> Option<&'static str> {
        self.of(
            &[Some("UMI"), Some("UKE"), Some("UME"), Some("UBE"), Some("URE"), Some("PSO")],
            &[Some("BLU"), Some("UMA"), Some("UM"), Some(""), None],
        )
    }

    fn entry(&mut self) -> Option<Entry<'static>> {
        let right = ["A 01", "A LINE OF 25 CHARACTERS ."].map(Entry::Text).map(Some);
        let others = ["", "A LINE OF 26 CHARACTERS ..", "A\u{e9}", "A|B"].map(Entry::Text);
        self.of(&[None, None, None, right[0], right[1], Some(Entry::Ask)], &others.map(Some))
    }
}

fn tag(number: u8) -> Tag {
    Tag::new(number).expect("below 100")
}

/// Right or nearly right values give a payload without error and warning, or a refusal.
pub fn nearly_right_values_are_written_right(choices: &[u8]) {
    let mut choose = Choices(choices.iter().cycle());
    let mut accounts = Vec::new();
    for number in [choose.of(&[26, 27, 45, 40], &[25, 2]), choose.of(&[0, 0, 31], &[26, 27])] {
        if number > 0 {
            accounts.push(choose.acquirer(number));
        }
    }
    if choose.of(&[true], &[false]) {
        accounts.push(choose.repository());
    }
    let mut additional = NewAdditional::default();
    for entry in [
        &mut additional.bill_number,
        &mut additional.mobile_number,
        &mut additional.store_label,
        &mut additional.loyalty_number,
        &mut additional.reference_label,
        &mut additional.customer_label,
        &mut additional.terminal_label,
        &mut additional.purpose,
    ] {
        *entry = choose.entry();
    }
    additional.merchant_tax_id = choose.of(&[None], &[Some("A1")]);
    let rules = choose.of(&[Rules::Qris], &[Rules::Emv]);
    let mut builder = Builder::new(
        choose.of(
            &["TOKO", "A LINE OF 25 CHARACTERS ."],
            &["", " TOKO", "TOKO ", "A LINE OF 26 CHARACTERS ..", "T\u{f6}KO", "T\nO"],
        ),
        choose.of(&["PALU", "FIFTEEN OF THEM"], &["", " PALU", "PALU ", "SIXTEEN OF THEM."]),
        choose.of(&["5812", "0000", "4829"], &["581", "58I2", ""]),
    )
    .rules(rules)
    .accounts(&accounts)
    .currency(choose.of(&["360"], &["840", "36"]))
    .country_code(choose.of(&["ID"], &["SG", "id"]))
    .additional(additional);
    let dynamic = choose.of(&[Some(false), Some(true), Some(true)], &[None]);
    if let Some(dynamic) = dynamic {
        builder =
            builder.initiation(if dynamic { Initiation::Dynamic } else { Initiation::Static });
    }
    let has_amount = dynamic == Some(true);
    if choose.of(&[has_amount], &[!has_amount]) {
        builder = builder.amount(choose.amount());
    }
    if let Some(tip) = choose.tip() {
        builder = builder.tip(tip);
    }
    if let Some(code) = choose.of(&[Some("10110")], &[Some("1011"), Some("1011O"), Some(""), None])
    {
        builder = builder.postal_code(code);
    }

    let mut buffer = [0; 600];
    let Ok(text) = builder.encode_into(&mut buffer) else {
        return nothing_is_left(&buffer);
    };
    assert_eq!(text.len(), builder.encoded_len());
    let payload = Payload::parse(text).expect("what is written is a payload");
    let worst = payload.findings(rules).map(|finding| finding.severity()).max();
    assert!(worst.is_none_or(|worst| worst == Severity::Info), "{text}");
    change(&payload, &mut choose);
}

/// A changed payload has no error and no new warning, or the change is refused.
pub fn changes_bring_nothing_wrong(text: &str, choices: &[u8]) {
    if let Ok(payload) = Payload::parse(text) {
        change(&payload, &mut Choices(choices.iter().cycle()));
    }
}

fn change(payload: &Payload<'_>, choose: &mut Choices<'_>) {
    let mut amendment = match choose.of(&[0, 1, 2], &[2]) {
        0 => payload.to_dynamic(choose.amount()),
        1 => payload.to_static(),
        _ => payload.amend(),
    };
    for _ in 0..choose.of(&[0, 1, 2, 3], &[9]) {
        let path = choose.of(
            &["62.01", "62.05", "62.07", "62.08"],
            &["01", "54", "55", "56", "57", "61", "62", "62.09", "62.50.00", "26.02", "63"],
        );
        let path = path.parse().expect("a path");
        let value = choose.of(
            &[Some("INV-1"), Some("A"), Some("11"), Some("12"), Some("5000"), None],
            &[Some("02"), Some(""), Some("\u{e9}"), Some("A LINE OF 26 CHARACTERS ..")],
        );
        amendment = match value {
            Some(value) => amendment.set(path, value),
            None => amendment.remove(path),
        };
    }
    if choose.of(&[false, false, true], &[true]) {
        amendment = amendment.tip(choose.tip());
    }
    let mut buffer = [0; 600];
    let Ok(amended) = amendment.encode_into(&mut buffer) else {
        return nothing_is_left(&buffer);
    };
    assert_eq!(amended.len(), amendment.encoded_len());
    let amended = Payload::parse(amended).expect("what is amended is a payload");
    let rules = if amended.country_code() == Some("ID") { Rules::Qris } else { Rules::Emv };
    for found in amended.findings(rules).filter(|found| found.severity() > Severity::Info) {
        let same = |it: &Finding| (it.code(), it.path()) == (found.code(), found.path());
        let warned =
            found.severity() == Severity::Warning && payload.findings(rules).any(|it| same(&it));
        assert!(warned, "{} in {amended:?}", found.code());
    }
}

/// A refused payload must not stay in the buffer.
fn nothing_is_left(buffer: &[u8]) {
    assert!(buffer.iter().all(|&byte| byte == 0), "{buffer:?}");
}
