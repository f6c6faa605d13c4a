//! The history of a key, in a small file that processes share.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Map, Value, json};

use super::history::{Asked, History, Refused, Span};
use crate::error::Reason;

/// The format of the file.
const VERSION: u64 = 1;

/// A longer file was not written by this crate.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// A running process holds the lock for microseconds; a stopped process may hold it for ever.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);
const LOCK_PAUSE: Duration = Duration::from_millis(2);

/// Files that were not written for this time are removed.
const PRUNED_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);

const PREFIX: &str = "budget-";

/// The file of a key.
pub(super) fn path(folder: &Path, digest: &str) -> PathBuf {
    folder.join(format!("{PREFIX}{digest}"))
}

/// A locked file and its content. Dropping it unlocks the file.
#[derive(Debug)]
pub(super) struct Locked {
    file: File,
    pub(super) history: History,
    /// Members that this version does not know. They are kept.
    rest: Map<String, Value>,
    /// The error, if the content could not be read.
    pub(super) is_new_start: bool,
}

impl Locked {
    /// Opens the file, after no other process uses it.
    pub(super) async fn open(path: &Path) -> io::Result<Self> {
        let file = open(path)?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if started.elapsed() > LOCK_TIMEOUT => {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_PAUSE).await,
            }
        }
        let mut bytes = Vec::new();
        (&file).take(MAX_BYTES).read_to_end(&mut bytes)?;
        let read = read(&bytes);
        let is_new_start = read.is_none() && !bytes.is_empty();
        let (history, rest) = read.unwrap_or_default();
        Ok(Self { file, history, rest, is_new_start })
    }

    /// Writes `history`.
    pub(super) fn save(&mut self) -> io::Result<()> {
        let bytes = write(&self.history, self.rest.clone());
        // Write first, then truncate: if the process is killed in between, a whole object is still
        // at the beginning, and only that is read.
        self.file.rewind()?;
        self.file.write_all(&bytes)?;
        self.file.set_len(bytes.len() as u64)
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other("expected a regular file, found another kind of file"));
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Removes the files of keys that are no longer used. Sandboxes leave one for each port.
pub(super) fn prune(folder: &Path) {
    let Some(before) = SystemTime::now().checked_sub(PRUNED_AFTER) else { return };
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let modified = entry.metadata().and_then(|found| found.modified());
        if is_ours && modified.is_ok_and(|modified| modified < before) {
            // Another process may have removed it first.
            fs::remove_file(entry.path()).ok();
        }
    }
}

/// The default folder for state files.
pub(super) fn default_folder(variable: impl Fn(&str) -> Option<String>) -> PathBuf {
    let path = |name: &str| variable(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    if let Some(folder) = path("QRIS_STATE_DIR") {
        return folder;
    }
    let state = if cfg!(windows) {
        path("LOCALAPPDATA")
    } else {
        // The XDG specification says to ignore a relative path.
        path("XDG_STATE_HOME")
            .filter(|folder| folder.is_absolute())
            .or_else(|| Some(path("HOME")?.join(".local").join("state")))
    };
    match state {
        Some(state) => state.join("qris"),
        None => {
            let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(variable);
            let user = user.unwrap_or_default();
            let plain: String = user.chars().filter(char::is_ascii_alphanumeric).collect();
            std::env::temp_dir().join(format!("qris-{plain}"))
        }
    }
}

fn milliseconds(time: Duration) -> Value {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).into()
}

fn time(value: &Value) -> Option<Duration> {
    value.as_u64().map(Duration::from_millis)
}

fn span(value: &Value) -> Option<Span> {
    Some(Span { since: time(value.get(0)?)?, until: time(value.get(1)?)? })
}

fn write(history: &History, mut object: Map<String, Value>) -> Vec<u8> {
    let asked: Vec<Value> = history.asked.iter().copied().map(milliseconds).collect();
    let invoices: Map<String, Value> = history
        .invoices
        .iter()
        .map(|(id, asked)| {
            let last_scheduled = asked.last_scheduled.map(milliseconds);
            let value = json!([
                milliseconds(asked.last),
                last_scheduled,
                asked.scheduled,
                asked.presses,
                asked.hinted,
            ]);
            (id.to_string(), value)
        })
        .collect();
    let pair = |span: Span| json!([milliseconds(span.since), milliseconds(span.until)]);
    let refused = history.refused.as_ref().map(|refused| {
        json!({
            "span": pair(refused.span),
            "reason": refused.reason.code(),
            "account": refused.account,
        })
    });
    object.insert("version".to_owned(), VERSION.into());
    object.insert("asked".to_owned(), asked.into());
    object.insert("invoices".to_owned(), invoices.into());
    object.insert("retry_after".to_owned(), history.retry_after.map(pair).into());
    object.insert("refused".to_owned(), refused.into());
    Value::Object(object).to_string().into_bytes()
}

/// Reads the object at the beginning of the file.
fn read(bytes: &[u8]) -> Option<(History, Map<String, Value>)> {
    let first = serde_json::Deserializer::from_slice(bytes).into_iter().next();
    let Some(Ok(Value::Object(mut object))) = first else { return None };
    let mut member = |name: &str| object.remove(name).unwrap_or_default();
    if member("version").as_u64() != Some(VERSION) {
        return None;
    }
    let mut asked = member("asked").as_array()?.iter().map(time).collect::<Option<Vec<_>>>()?;
    asked.sort_unstable();
    let mut history = History { asked: asked.into(), ..History::default() };
    for (id, value) in member("invoices").as_object()? {
        let count = |index| u32::try_from(value.get(index)?.as_u64()?).ok();
        let asked = Asked {
            last: time(value.get(0)?)?,
            last_scheduled: value.get(1).and_then(time),
            scheduled: count(2)?,
            presses: count(3)?,
            hinted: value.get(4)?.as_bool()?,
        };
        history.invoices.insert(id.parse().ok()?, asked);
    }
    history.retry_after = span(&member("retry_after"));
    history.refused = refused(&member("refused"));
    Some((history, object))
}

fn refused(value: &Value) -> Option<Refused> {
    let reason = match value.get("reason")?.as_str()? {
        "invalid-merchant-id" => Reason::InvalidMerchantId,
        _ => Reason::InvalidApiKey,
    };
    let account = value.get("account")?.as_str()?.to_owned();
    Some(Refused { span: span(value.get("span")?)?, reason, account })
}

#[cfg(test)]
mod tests {
    use super::super::history::Request;
    use super::*;
    use crate::schedule::{Schedule, Trigger};

    fn history() -> History {
        let (mut history, schedule) = (History::default(), Schedule::default());
        let now = Duration::from_millis(1_795_000_000_123);
        for (invoice, trigger) in
            [(1, Trigger::Schedule), (41_325_511_100, Trigger::Button), (2, Trigger::Webhook)]
        {
            let request = Request { invoice, trigger, schedule: &schedule };
            history.take(now, 60, &request, false).expect("a free place");
        }
        history.retry_after(now, Duration::from_secs(5));
        history.refused(now, "a", Reason::InvalidMerchantId);
        history
    }

    #[test]
    fn a_written_history_is_read_again_and_unknown_members_are_kept() {
        let rest = json!({"nmid": "ID1020021181745"}).as_object().cloned().expect("an object");
        let bytes = write(&history(), rest.clone());
        assert_eq!(read(&bytes), Some((history(), rest)));
    }

    #[test]
    fn the_rest_of_an_older_longer_content_is_ignored() {
        let bytes = [write(&history(), Map::new()).as_slice(), br#"[1,2]},"x":"#].concat();
        assert_eq!(read(&bytes).map(|(history, _)| history), Some(history()));
    }

    #[test]
    fn other_contents_are_refused() {
        let whole = write(&history(), Map::new());
        for length in 0..whole.len() {
            assert_eq!(read(&whole[..length]), None, "cut at {length}");
        }
        for text in ["{}", "[]", r#"{"version":2,"asked":[],"invoices":{}}"#, "\0\0"] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_folder_follows_the_variables_and_a_relative_xdg_folder_is_ignored() {
        let folder = |variables: &[(&str, &str)]| {
            let found = |name: &str| {
                let found = variables.iter().find(|(found, _)| *found == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            default_folder(found)
        };
        let own = [("QRIS_STATE_DIR", "/own"), ("HOME", "/home/toko"), ("LOCALAPPDATA", "/local")];
        assert_eq!(folder(&own), Path::new("/own"));
        if cfg!(unix) {
            let home = ("HOME", "/home/toko");
            assert_eq!(folder(&[home]), Path::new("/home/toko/.local/state/qris"));
            assert_eq!(folder(&[home, ("XDG_STATE_HOME", "/x")]), Path::new("/x/qris"));
            let relative = folder(&[home, ("XDG_STATE_HOME", "x")]);
            assert_eq!(relative, Path::new("/home/toko/.local/state/qris"));
        }
        let none = folder(&[("USER", "../toko")]);
        assert_eq!(none, std::env::temp_dir().join("qris-toko"));
    }
}
