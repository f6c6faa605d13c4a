//! The till over real HTTP, before a real sandbox, with real databases.

#[cfg(test)]
mod cancel;
#[cfg(test)]
mod connections;
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
#[path = "../../../qris-ledger/tests/postgres/mod.rs"]
mod postgres;
#[cfg(test)]
mod resolve;
#[cfg(test)]
mod running;
#[cfg(test)]
mod service;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod used;
#[cfg(test)]
mod watching;
