//! Adds a user to a till's database, or makes a token and prints it, as the `qris` command does:
//! `people user NAME ROLE PIN` and `people token NAME ROLE`, on the database in `QRIS_DATABASE_URL`.
//!
//! A PIN as an argument can be seen by others: this is for tests.

use std::error::Error;

use qris_api::WibTime;
use qris_ledger::Ledger;
use qris_till::{Pin, Secret};

fn main() -> Result<(), Box<dyn Error>> {
    let mut ledger = Ledger::connect(&std::env::var("QRIS_DATABASE_URL")?)?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let now = WibTime::now();
    match words[..] {
        ["user", name, role, pin] => {
            let hash = Pin::parse(pin)?.hash()?;
            ledger.add_user(&name.parse()?, role.parse()?, &hash, now)?;
        }
        ["token", name, role] => {
            let secret = Secret::generate().ok_or("no random numbers")?;
            ledger.add_token(&name.parse()?, role.parse()?, None, &secret.hash(), now)?;
            println!("{}", secret.reveal());
        }
        _ => return Err("expected user NAME ROLE PIN, or token NAME ROLE".into()),
    }
    Ok(())
}
