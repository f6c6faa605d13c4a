//! Tests of the service over real HTTP, with a real SQLite file.

#[cfg(test)]
mod acknowledging;
#[cfg(test)]
mod bills;
#[cfg(test)]
mod charging;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod many_merchants;
#[cfg(test)]
mod merchants;
#[cfg(test)]
mod restarts;
#[cfg(test)]
mod settled;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod waiting;
#[cfg(test)]
mod watching;
