//! Users, sessions and tokens, on any database.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use qris_ledger::{
    Actor, Error, Ledger, MerchantRowId, NewSession, PersonName, Role, SessionHolder, SignInTry,
    TokenRole, UserId,
};

use crate::TestDatabase;
use crate::properties::at;

const NOON: &str = "2026-12-01 12:00:00";

fn name(text: &str) -> PersonName {
    text.parse().expect("a name")
}

/// The user and the hash of a try that is allowed.
#[track_caller]
fn allowed(ledger: &mut Ledger, who: &str, now: &str) -> Option<(UserId, String)> {
    match ledger.try_sign_in(who, at(now)).expect("an answer") {
        SignInTry::Now { user } => user,
        SignInTry::After(pause) => panic!("a pause of {pause:?}"),
    }
}

#[track_caller]
fn pause(ledger: &mut Ledger, who: &str, now: &str) -> Option<u64> {
    match ledger.try_sign_in(who, at(now)).expect("an answer") {
        SignInTry::Now { .. } => None,
        SignInTry::After(pause) => Some(pause.as_secs()),
    }
}

#[track_caller]
fn signed_in(ledger: &mut Ledger, who: &str, secret: &str, now: &str) {
    let (id, hash) = allowed(ledger, who, now).expect("a user");
    ledger.sign_in(id, &hash, secret, at(now)).expect("signed in");
}

#[track_caller]
fn holder(ledger: &Ledger, secret: &str) -> Option<SessionHolder> {
    ledger.session(secret).expect("an answer").map(|session| session.holder)
}

pub(crate) fn a_name_is_one_users_in_any_spelling_until_the_user_is_revoked(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let now = at(NOON);
    assert!(!ledger.has_users().unwrap());
    let siti = ledger.add_user(&name("Siti"), Role::Cashier, "hash 1", now).unwrap();
    assert_eq!((siti.name.as_str(), siti.role, siti.created_at), ("Siti", Role::Cashier, now));
    let taken = ledger.add_user(&name("SITI"), Role::Owner, "hash 2", now);
    assert!(matches!(taken, Err(Error::NameTaken)), "{taken:?}");
    assert!(ledger.has_users().unwrap());
    assert_eq!(ledger.revoke_user(&name("siti"), now).unwrap().revoked_at, Some(now));
    assert!(ledger.has_users().unwrap(), "who was revoked counts");
    assert_eq!(allowed(&mut ledger, "Siti", NOON), None, "a user who is revoked is nobody");
    let again = ledger.add_user(&name("siti"), Role::Owner, "hash 3", now).unwrap();
    assert_ne!(again.id, siti.id);
    let listed: Vec<_> = ledger.users().unwrap().into_iter().map(|user| user.role).collect();
    assert_eq!(listed, [Role::Cashier, Role::Owner]);
    for nobody in ["budi", "SITI2"] {
        assert!(matches!(ledger.revoke_user(&name(nobody), now), Err(Error::NoSuchName)));
        assert!(matches!(ledger.set_pin_hash(&name(nobody), "", now), Err(Error::NoSuchName)));
    }
}

pub(crate) fn five_tries_may_fail_and_each_pause_is_twice_the_one_before(database: &TestDatabase) {
    let mut ledger = database.open();
    ledger.add_user(&name("siti"), Role::Cashier, "hash", at(NOON)).unwrap();
    // An unknown name is treated the same.
    for who in ["siti", "nobody", "webhook", "\0\u{7}", ""] {
        let mut now = at(NOON);
        for _ in 0..5 {
            let tried = ledger.try_sign_in(who, now).unwrap();
            assert!(matches!(tried, SignInTry::Now { .. }), "{who:?}");
        }
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let SignInTry::After(pause) = ledger.try_sign_in(who, now).unwrap() else {
                panic!("no pause for {who:?}");
            };
            pauses.push(pause.as_secs());
            let almost = now.later_by(pause - Duration::from_secs(1));
            let left = ledger.try_sign_in(who, almost).unwrap();
            assert_eq!(left, SignInTry::After(Duration::from_secs(1)), "{who:?}");
            now = now.later_by(pause);
            let tried = ledger.try_sign_in(who, now).unwrap();
            assert!(matches!(tried, SignInTry::Now { .. }), "{who:?}");
        }
        assert_eq!(pauses, [30, 60, 120, 240, 480, 900, 900, 900], "{who:?}");
    }
    assert!(pause(&mut ledger, "SITI", NOON).is_none(), "the clock was set back");
}

pub(crate) fn failed_tries_outlive_the_process_and_end_with_the_right_pin(database: &TestDatabase) {
    let mut ledger = database.open();
    ledger.add_user(&name("siti"), Role::Cashier, "hash", at(NOON)).unwrap();
    for _ in 0..5 {
        assert!(allowed(&mut ledger, "siti", NOON).is_some());
    }
    drop(ledger);
    let mut ledger = database.open();
    assert_eq!(pause(&mut ledger, "SITI ", "2026-12-01 12:00:10"), Some(20));
    signed_in(&mut ledger, "siti", "secret", "2026-12-01 12:00:30");
    for _ in 0..5 {
        assert!(allowed(&mut ledger, "siti", "2026-12-01 12:00:31").is_some());
    }
    assert_eq!(pause(&mut ledger, "siti", "2026-12-01 12:00:31"), Some(30));
    ledger.set_pin_hash(&name("siti"), "other", at("2026-12-01 12:00:32")).unwrap();
    let (_, hash) = allowed(&mut ledger, "siti", "2026-12-01 12:00:32").expect("a user");
    assert_eq!(hash, "other");
    for _ in 0..4 {
        allowed(&mut ledger, "siti", "2026-12-01 12:00:32");
    }
    let next_day = "2026-12-02 12:00:33";
    let pauses = (0..6).map(|_| pause(&mut ledger, "siti", next_day)).collect::<Vec<_>>();
    assert_eq!(pauses, [None, None, None, None, None, Some(30)], "they are forgotten after a day");
}

pub(crate) fn of_many_that_try_at_once_five_are_let_try(database: &TestDatabase) {
    const MANY: usize = 12;
    let mut ledger = database.open();
    ledger.add_user(&name("siti"), Role::Cashier, "hash", at(NOON)).unwrap();
    let start = Barrier::new(MANY);
    let tried: Vec<SignInTry> = thread::scope(|scope| {
        let tries: Vec<_> = (0..MANY)
            .map(|_| {
                scope.spawn(|| {
                    let mut ledger = database.open();
                    start.wait();
                    ledger.try_sign_in("siti", at(NOON)).unwrap()
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let now = tried.iter().filter(|one| matches!(one, SignInTry::Now { .. })).count();
    assert_eq!(now, 5, "{tried:?}");
}

pub(crate) fn a_session_ends_with_its_pin_its_user_or_itself(database: &TestDatabase) {
    let mut ledger = database.open();
    let ends: [fn(&mut Ledger, &str); 3] = [
        |ledger, _| drop(ledger.set_pin_hash(&name("siti"), "new", at(NOON)).unwrap()),
        |ledger, secret| assert!(ledger.end_session(secret, at(NOON)).unwrap()),
        |ledger, _| drop(ledger.revoke_user(&name("siti"), at(NOON)).unwrap()),
    ];
    ledger.add_user(&name("Siti"), Role::Supervisor, "hash", at(NOON)).unwrap();
    ledger.add_user(&name("Budi"), Role::Cashier, "hash", at(NOON)).unwrap();
    signed_in(&mut ledger, "budi", "other", NOON);
    for (secret, end) in ["one", "two", "three"].into_iter().zip(ends) {
        signed_in(&mut ledger, "siti", secret, NOON);
        let Some(SessionHolder::User { name, role, .. }) = holder(&ledger, secret) else {
            panic!("no session {secret}");
        };
        assert_eq!((name.as_str(), role), ("Siti", Role::Supervisor));
        end(&mut ledger, secret);
        assert_eq!(holder(&ledger, secret), None, "{secret}");
        assert!(!ledger.end_session(secret, at(NOON)).unwrap());
        assert!(holder(&ledger, "other").is_some(), "another user's goes on");
    }
    assert_eq!(holder(&ledger, "secret that nobody has"), None);
}

pub(crate) fn a_pin_that_was_changed_during_a_try_opens_nothing(database: &TestDatabase) {
    let mut ledger = database.open();
    ledger.add_user(&name("siti"), Role::Cashier, "old", at(NOON)).unwrap();
    let (id, hash) = allowed(&mut ledger, "siti", NOON).expect("a user");
    ledger.set_pin_hash(&name("siti"), "new", at(NOON)).unwrap();
    let late = ledger.sign_in(id, &hash, "secret", at(NOON));
    assert!(matches!(late, Err(Error::NoSuchName)), "{late:?}");
    assert_eq!(holder(&ledger, "secret"), None);
}

pub(crate) fn a_token_is_found_by_its_hash_until_it_is_revoked(database: &TestDatabase) {
    let mut ledger = database.open();
    ledger.act_for(MerchantRowId::MAIN, &Actor::new("siti"));
    let (now, later) = (at(NOON), at("2026-12-01 12:05:00"));
    let kiosk = "kiosk".parse().unwrap();
    let added =
        ledger.add_token(&name("Layar"), TokenRole::Display, Some(&kiosk), "hash 1", now).unwrap();
    assert_eq!((added.role, added.created_by.as_str()), (TokenRole::Display, "siti"));
    assert_eq!((added.merchant.as_ref(), added.used_at), (Some(&kiosk), None));
    let taken = ledger.add_token(&name("layar"), TokenRole::Program, None, "hash 2", now);
    assert!(matches!(taken, Err(Error::NameTaken)), "{taken:?}");
    ledger.add_token(&name("erp"), TokenRole::Program, None, "hash 2", now).unwrap();
    assert_eq!(ledger.token_of_secret("hash 1").unwrap(), Some(added.clone()));
    ledger.token_used(added.id, later).unwrap();
    ledger.open_session(&NewSession::token(added.id, "secret"), now).unwrap();
    let Some(SessionHolder::Token(found)) = holder(&ledger, "secret") else { panic!() };
    assert_eq!((found.id, found.used_at), (added.id, Some(later)));
    let revoked = ledger.revoke_token(&name("LAYAR"), later).unwrap();
    assert_eq!(revoked.revoked_at, Some(later));
    assert_eq!(holder(&ledger, "secret"), None, "its sessions end with it");
    assert_eq!(ledger.token_of_secret("hash 1").unwrap(), None);
    assert_eq!(ledger.token_of_secret("hash 2").unwrap().map(|it| it.merchant), Some(None));
    assert!(matches!(ledger.revoke_token(&name("layar"), later), Err(Error::NoSuchName)));
    assert_eq!(ledger.tokens().unwrap().len(), 2);
}

pub(crate) fn it_is_known_when_a_session_was_last_used(database: &TestDatabase) {
    let mut ledger = database.open();
    ledger.open_session(&NewSession::owner_token("mac", "secret"), at(NOON)).unwrap();
    let session = ledger.session("secret").unwrap().expect("a session");
    assert_eq!(session.used_at, at(NOON));
    assert_eq!(session.holder, SessionHolder::OwnerToken { mac: "mac".into() });
    let later = at("2026-12-01 12:01:00");
    ledger.session_used(session.id, later).unwrap();
    assert_eq!(ledger.session("secret").unwrap().expect("a session").used_at, later);
}
