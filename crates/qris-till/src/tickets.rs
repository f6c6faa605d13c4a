//! Tickets for `EventSource`, which cannot send a header.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom as _, SystemRandom};
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};

use crate::access::Access;

/// How long a ticket is valid.
pub(crate) const LIFETIME: Duration = Duration::from_secs(60);

/// The maximum number of unused tickets. A new ticket replaces the oldest.
const MAX_TICKETS: usize = 1_000;

const TICKET_BYTES: usize = 32;

struct Ticket {
    bytes: [u8; TICKET_BYTES],
    expires: Instant,
    /// The sender that requested it. The stream has the same access.
    access: Access,
}

/// The unused tickets.
#[derive(Default)]
pub(crate) struct Tickets(Mutex<Vec<Ticket>>);

impl Tickets {
    /// A new ticket as 64 hexadecimal digits; `None` where the system has no random numbers.
    pub(crate) fn issue(&self, access: Access, now: Instant) -> Option<String> {
        let mut bytes = [0; TICKET_BYTES];
        SystemRandom::new().fill(&mut bytes).ok()?;
        let mut tickets = self.lock();
        tickets.retain(|ticket| now < ticket.expires);
        if tickets.len() >= MAX_TICKETS {
            tickets.remove(0);
        }
        tickets.push(Ticket { bytes, expires: now + LIFETIME, access });
        Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Redeems a ticket and returns its sender; `None` if it is unknown, used or too old. All
    /// tickets are compared in constant time.
    pub(crate) fn redeem(&self, text: &str, now: Instant) -> Option<Access> {
        let bytes = parse(text)?;
        let mut tickets = self.lock();
        tickets.retain(|ticket| now < ticket.expires);
        let (mut found, mut place) = (Choice::from(0), 0);
        for (at, ticket) in (0_u64..).zip(&*tickets) {
            let is_it = ticket.bytes.ct_eq(&bytes);
            place.conditional_assign(&at, is_it);
            found |= is_it;
        }
        match (bool::from(found), usize::try_from(place)) {
            (true, Ok(place)) => Some(tickets.remove(place).access),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Ticket>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tickets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tickets([{} redacted])", self.lock().len())
    }
}

fn parse(text: &str) -> Option<[u8; TICKET_BYTES]> {
    let mut bytes = [0; TICKET_BYTES];
    if text.len() != 2 * TICKET_BYTES {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_opens_one_stream_within_its_minute() {
        let (tickets, now) = (Tickets::default(), Instant::now());
        let [used, late] =
            [(); 2].map(|()| tickets.issue(Access::anybody(), now).expect("random numbers"));
        assert_eq!(used.len(), 64);
        assert_ne!(used, late);
        assert!(!format!("{tickets:?}").contains(&used), "{tickets:?}");
        for text in
            ["", "0", &used[..63], &format!("{used}0"), &"0".repeat(64), &"\u{e9}".repeat(32)]
        {
            assert!(tickets.redeem(text, now).is_none(), "{text}");
        }
        assert!(tickets.redeem(&used, now).is_some());
        assert!(tickets.redeem(&used, now).is_none(), "it was used");
        assert!(tickets.redeem(&late, now + LIFETIME).is_none(), "its minute is over");
    }

    #[test]
    fn a_thousand_tickets_wait_at_most_and_the_oldest_makes_room() {
        let (tickets, now) = (Tickets::default(), Instant::now());
        let issue = || tickets.issue(Access::anybody(), now).expect("random numbers");
        let (first, second) = (issue(), issue());
        for _ in 1..MAX_TICKETS {
            issue();
        }
        assert_eq!(tickets.lock().len(), MAX_TICKETS);
        assert!(tickets.redeem(&first, now).is_none());
        assert!(tickets.redeem(&second, now).is_some());
    }
}
