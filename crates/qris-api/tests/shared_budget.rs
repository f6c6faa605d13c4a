//! The file of a key's checks: it applies to all processes and after restarts.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod server;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use jiff::{SignedDuration, Timestamp};
use qris_api::clock::ManualClock;
use qris_api::{
    ApiKey, CheckBudget, Client, ClientBuilder, Error, Invoice, InvoiceId, MerchantId, PauseCause,
    Payment, Reason, Rupiah, Schedule, TransactionNumber, WibTime,
};
use qris_sandbox::{Fault, FaultCall, FaultRepeat, Sandbox};
use server::{Server, reply};
use tempfile::TempDir;
use tokio::task::JoinSet;

fn builder(base_url: &str, merchant: &str) -> ClientBuilder {
    let key = ApiKey::parse("sandbox-key").unwrap();
    Client::builder(key, MerchantId::parse(merchant).unwrap()).base_url(base_url)
}

/// A program with a clock that does not move, so that a waiting check is visible.
struct Program {
    client: Client,
    hand: ManualClock,
}

impl Program {
    fn start(builder: ClientBuilder) -> Self {
        Self::start_at(Timestamp::now(), builder)
    }

    fn start_at(now: Timestamp, builder: ClientBuilder) -> Self {
        let hand = ManualClock::starting_at(now);
        Self { client: builder.clock(hand.clock()).build().unwrap(), hand }
    }

    /// Whether a check is made now.
    async fn asks_now(&self, id: u64) -> bool {
        let invoice = invoice(id);
        tokio::select! {
            biased;
            payment = self.client.check_invoice(&invoice) => {
                assert_eq!(payment, Ok(Payment::Unpaid));
                true
            }
            _ = self.hand.asleep(1) => false,
        }
    }
}

fn program(base_url: &str, folder: &Path) -> Program {
    Program::start(builder(base_url, "123456").state_dir(folder))
}

fn invoice(id: u64) -> Invoice {
    let number = TransactionNumber::parse("INV-1").unwrap();
    Invoice::new(number, Rupiah::new(1_000), "", WibTime::now(), InvoiceId::new(id), "")
}

/// The file of the only key in a folder.
fn file_in(folder: &Path) -> PathBuf {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = names.collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

const CHILD_BASE_URL: &str = "QRIS_API_TEST_BASE_URL";
const CHILD_INVOICES: &str = "QRIS_API_TEST_INVOICES";
const CHILD_SECONDS: u64 = 5;

/// Six processes that check these invoices again and again: each its own, or all the same one.
fn six_processes(test: &str, sandbox: &Sandbox, folder: &TempDir, ids: [Vec<u64>; 6]) {
    let start = |ids: &Vec<u64>| -> Child {
        let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .env(CHILD_BASE_URL, sandbox.base_url())
            .env(CHILD_INVOICES, ids.join(","))
            // The default folder of a client.
            .env("QRIS_STATE_DIR", folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let children: Vec<Child> = ids.iter().map(start).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
}

/// Runs one of the six. True if this process is one of them.
async fn is_child(schedule: Schedule) -> bool {
    let Ok(base_url) = std::env::var(CHILD_BASE_URL) else { return false };
    let ids = std::env::var(CHILD_INVOICES).unwrap();
    let client = builder(&base_url, "123456").schedule(schedule).build().unwrap();
    let mut checks = JoinSet::new();
    for id in ids.split(',').map(|id| id.parse().unwrap()) {
        let client = client.clone();
        checks.spawn(async move {
            loop {
                assert_eq!(client.check_invoice(&invoice(id)).await, Ok(Payment::Unpaid));
            }
        });
    }
    tokio::time::sleep(Duration::from_secs(CHILD_SECONDS)).await;
    checks.abort_all();
    while let Some(ended) = checks.join_next().await {
        assert!(ended.unwrap_err().is_cancelled(), "a check failed");
    }
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn six_processes_together_ask_sixty_times_a_minute() {
    if is_child(Schedule::default()).await {
        return;
    }
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ids = [0, 1, 2, 3, 4, 5].map(|child| (1..=15).map(|id| 100 * child + id).collect());
    let test = "six_processes_together_ask_sixty_times_a_minute";
    let started = Instant::now();
    six_processes(test, &sandbox, &folder, ids);
    assert!(started.elapsed() < Duration::from_secs(55), "this machine is too slow for this test");
    let calls = sandbox.calls();
    assert_eq!((calls.checks(), calls.busiest_minute()), (60, 60));
}

#[tokio::test(flavor = "multi_thread")]
async fn six_processes_together_keep_the_gaps_of_one_invoice() {
    let schedule = Schedule::default()
        .with_tries(2)
        .with_try_gap(Duration::from_millis(500))
        .with_check_gap(Duration::from_millis(1_000));
    if is_child(schedule).await {
        return;
    }
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let test = "six_processes_together_keep_the_gaps_of_one_invoice";
    six_processes(test, &sandbox, &folder, [(); 6].map(|()| vec![7]));
    let asked = sandbox.calls().checks_of(7);
    let gaps: Vec<SignedDuration> =
        asked.windows(2).map(|pair| pair[1].duration_since(pair[0])).collect();
    assert!(gaps.len() >= 3, "{gaps:?}");
    // A request may take longer to arrive than the next.
    let late = SignedDuration::from_millis(400);
    assert!(gaps[0] + late >= SignedDuration::from_millis(500), "{gaps:?}");
    assert!(gaps[1..].iter().all(|gap| *gap + late >= SignedDuration::from_secs(1)), "{gaps:?}");
}

#[tokio::test]
async fn a_restarted_program_knows_its_earlier_checks() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let start = || program(&sandbox.base_url(), &state);
    assert!(start().asks_now(1).await);
    assert!(!start().asks_now(1).await, "the same invoice waits for its gap");
    assert!(start().asks_now(2).await, "another invoice does not wait");
    let few = builder(&sandbox.base_url(), "123456").state_dir(&state);
    let few = Program::start(few.budget(CheckBudget::per_minute(2)));
    assert!(!few.asks_now(3).await, "two checks were made in this minute");
    let key = ApiKey::parse("another").unwrap();
    let other = Client::builder(key, MerchantId::parse("123456").unwrap());
    let other = other.base_url(sandbox.base_url()).state_dir(&state);
    let other = other.budget(CheckBudget::per_minute(1)).build().unwrap();
    let refused = Err(Error::Rejected { reason: Reason::InvalidApiKey });
    assert_eq!(other.check_invoice(&invoice(1)).await, refused, "another key has its own budget");
    assert_eq!(sandbox.calls().checks(), 2);
}

#[tokio::test]
async fn a_budget_in_memory_or_in_a_folder_of_its_own_leaves_the_state_folder_alone() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (state, own) = (folder.path().join("state"), folder.path().join("own"));
    let start = |budget: CheckBudget| {
        Program::start(builder(&sandbox.base_url(), "123456").state_dir(&state).budget(budget))
    };
    assert!(start(CheckBudget::in_memory(60)).asks_now(1).await);
    assert!(start(CheckBudget::in_memory(60)).asks_now(1).await, "a budget in memory is lost");
    assert!(start(CheckBudget::in_folder(&own, 60)).asks_now(1).await);
    assert!(!start(CheckBudget::in_folder(&own, 60)).asks_now(1).await);
    assert!(!state.exists());
    file_in(&own);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_file_and_it_has_neither_key_nor_merchant() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("a").join("b");
    assert!(program(&sandbox.base_url(), &state).asks_now(1).await);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let file = file_in(&state);
    assert_eq!((mode(&state), mode(&file)), (0o700, 0o600));
    let said = format!("{}{}", file.display(), fs::read_to_string(&file).unwrap());
    assert!(!said.contains("sandbox-key") && !said.contains("123456"), "{said}");
}

#[tokio::test]
async fn a_pause_applies_to_other_processes_and_a_refused_merchant_only_to_itself() {
    let folder = tempfile::tempdir().unwrap();
    let busy = Server::raw(reply(429, "Retry-After: 600\r\n", b"busy")).await;
    let start = |server: &str, merchant: &str| {
        builder(server, merchant).state_dir(folder.path()).build().unwrap()
    };
    let first = start(&busy.base_url(), "123456").check_invoice(&invoice(1)).await;
    assert!(matches!(first, Err(Error::MalformedReply { status: 429, .. })), "{first:?}");
    let second = start(&busy.base_url(), "654321").check_invoice(&invoice(2)).await;
    let Err(Error::Paused { wait, cause: PauseCause::RetryAfter }) = second else {
        panic!("found {second:?}");
    };
    assert!((590..=600).contains(&wait.as_secs()), "{wait:?}");

    let sandbox = Sandbox::start().await.unwrap();
    let wrong = || start(&sandbox.base_url(), "654321");
    let refused = wrong().check_invoice(&invoice(1)).await;
    assert_eq!(refused, Err(Error::Rejected { reason: Reason::InvalidMerchantId }));
    let paused = wrong().check_invoice(&invoice(2)).await;
    let cause = PauseCause::Refused(Reason::InvalidMerchantId);
    assert!(
        matches!(&paused, Err(Error::Paused { cause: found, .. }) if *found == cause),
        "{paused:?}"
    );
    let right = start(&sandbox.base_url(), "123456").check_invoice(&invoice(3)).await;
    assert_eq!(right, Ok(Payment::Unpaid), "the right merchant ID works");
}

/// Records the warnings of this thread.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<u8>>>);

impl Warnings {
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let heard = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::WARN)
            .with_writer(move || heard.clone());
        tracing::subscriber::set_default(subscriber.finish())
    }

    fn count(&self, words: &str) -> usize {
        String::from_utf8_lossy(&self.0.lock().unwrap()).matches(words).count()
    }
}

impl io::Write for Warnings {
    fn write(&mut self, words: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(words);
        Ok(words.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn an_unusable_file_logs_one_warning_and_stops_no_check() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    fs::write(&blocked, "not a folder").unwrap();
    let warnings = Warnings::default();
    let listening = warnings.listen();
    let program = program(&sandbox.base_url(), &blocked.join("state"));
    for id in 1..=5 {
        assert!(program.asks_now(id).await);
    }
    assert!(!program.asks_now(1).await, "the gaps are kept in memory");
    drop(listening);
    assert_eq!(warnings.count("kept in memory only"), 1);
}

#[tokio::test]
async fn a_corrupt_file_is_replaced() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    assert!(program(&sandbox.base_url(), folder.path()).asks_now(1).await);
    let file = file_in(folder.path());
    for content in [&b"\0\0\0\0"[..], b"{\"version\":1,\"asked\":[17", b"{\"version\":99}"] {
        fs::write(&file, content).unwrap();
        let warnings = Warnings::default();
        let listening = warnings.listen();
        assert!(program(&sandbox.base_url(), folder.path()).asks_now(1).await);
        assert!(!program(&sandbox.base_url(), folder.path()).asks_now(1).await);
        drop(listening);
        assert_eq!(warnings.count("starts empty"), 1);
    }
}

#[tokio::test]
async fn a_lock_that_is_never_released_stops_no_check() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = program(&sandbox.base_url(), folder.path());
    assert!(program.asks_now(1).await);
    let held = File::open(file_in(folder.path())).unwrap();
    held.lock().unwrap();
    assert!(program.asks_now(2).await);
    assert!(!program.asks_now(2).await, "the gaps are kept in memory");
}

#[tokio::test]
async fn setting_the_clock_back_delays_a_check_by_at_most_a_gap() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let now: Timestamp = "2026-11-22T10:00:00+07:00".parse().unwrap();
    let start = |now| {
        let builder = builder(&sandbox.base_url(), "123456").state_dir(folder.path());
        Program::start_at(now, builder)
    };
    assert!(start(now).asks_now(1).await);
    let earlier = now - SignedDuration::from_hours(2);
    let Program { client: after, hand } = start(earlier);
    let invoice = invoice(1);
    let mut check = std::pin::pin!(after.check_invoice(&invoice));
    let wakes = tokio::select! {
        biased;
        payment = &mut check => panic!("it did not wait: {payment:?}"),
        wakes = hand.asleep(1) => wakes,
    };
    assert_eq!(wakes, earlier + SignedDuration::from_secs(15));
    hand.set(wakes);
    assert_eq!(check.await, Ok(Payment::Unpaid));
}

#[tokio::test]
async fn files_unused_for_a_week_are_removed_and_others_are_kept() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, days: u64| {
        let path = folder.path().join(name);
        let day = Duration::from_secs(24 * 60 * 60);
        let modified = SystemTime::now() - day * u32::try_from(days).unwrap();
        File::create(&path).unwrap().set_modified(modified).unwrap();
        path
    };
    let [old, new, other] = [file("budget-old", 8), file("budget-new", 6), file("notes", 8)];
    assert!(program(&sandbox.base_url(), folder.path()).asks_now(1).await);
    assert_eq!([old, new, other].map(|path| path.exists()), [false, true, true]);
}

#[tokio::test]
async fn a_check_that_failed_counts_too() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Once);
    let first = program(&sandbox.base_url(), folder.path());
    let failed = first.client.check_invoice(&invoice(1)).await;
    assert!(matches!(failed, Err(Error::MalformedReply { .. })), "{failed:?}");
    assert!(!program(&sandbox.base_url(), folder.path()).asks_now(1).await);
}
