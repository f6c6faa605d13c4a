//! The command as its users run it, most of it against a sandbox.

#[cfg(test)]
mod account;
#[cfg(test)]
mod arrows;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod command;
#[cfg(test)]
mod decode;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod events;
#[cfg(test)]
mod forget;
#[cfg(test)]
mod import;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod language;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod manual;
#[cfg(test)]
mod merchants;
#[cfg(test)]
mod order;
#[cfg(test)]
mod outcome;
#[cfg(test)]
mod people;
#[cfg(test)]
mod picture;
#[cfg(test)]
mod printers;
#[cfg(test)]
mod probe;
#[cfg(test)]
mod probe_steps;
#[cfg(test)]
mod probing;
#[cfg(test)]
mod read;
#[cfg(test)]
mod renew;
#[cfg(test)]
mod resolve;
#[cfg(test)]
mod rewrite;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod settle;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod till;
#[cfg(test)]
mod used;
#[cfg(test)]
mod validate;
