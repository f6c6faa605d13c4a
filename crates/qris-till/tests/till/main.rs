//! The till over real HTTP, with a real sandbox and real databases.

#[cfg(test)]
mod access;
#[cfg(test)]
mod accounts;
#[cfg(test)]
mod billing_day;
#[cfg(test)]
mod cancel;
#[cfg(test)]
mod catching_up;
#[cfg(test)]
mod charging;
#[cfg(test)]
mod checking;
#[cfg(test)]
mod connections;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod cors;
#[cfg(test)]
#[path = "../../../qris-ledger/tests/disk/mod.rs"]
mod disk;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod health;
#[cfg(test)]
mod logins;
#[cfg(test)]
mod merchants;
#[cfg(test)]
mod names;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod outgoing;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod pay;
#[cfg(test)]
mod people;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod plans;
#[cfg(test)]
#[path = "../../../qris-ledger/tests/postgres/mod.rs"]
mod postgres;
#[cfg(test)]
mod printers;
#[cfg(test)]
mod program;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod renew;
#[cfg(test)]
mod report;
#[cfg(test)]
mod resolve;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod running;
#[cfg(test)]
mod saved_picture;
#[cfg(test)]
mod settlements;
#[cfg(test)]
mod shifts;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod story;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod used;
#[cfg(test)]
mod waiting;
#[cfg(test)]
mod watching;
#[cfg(test)]
mod webhooks;
