//! A PostgreSQL server for each test: in a temporary folder, on a socket there and a free port of
//! this machine, removed when the test ends. Needs Debian's package `postgresql`.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

mod proxy;

pub(crate) use proxy::Proxy;

pub(crate) struct Server {
    folder: TempDir,
    port: u16,
}

impl Server {
    #[track_caller]
    pub(crate) fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("pg").tempdir().expect("a temporary folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let server = Self { folder, port };
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(server.folder.path()));
        }
        let data = server.data();
        run(server.command("initdb").arg("-D").arg(&data).args([
            "-A",
            "trust",
            "-U",
            "qris",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        ]));
        server.resume();
        server
    }

    /// The URL of a separate ledger on this server: a schema with this name.
    #[track_caller]
    pub(crate) fn url(&self, schema: &str) -> String {
        self.sql(&format!("CREATE SCHEMA {schema}"));
        let host = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://qris@{host}:{}/postgres?options=-c%20search_path%3D{schema}", self.port)
    }

    /// A network that can stop carrying data, and the URL of a separate ledger through it.
    #[track_caller]
    pub(crate) fn over_a_network(&self, schema: &str) -> (Proxy, String) {
        self.sql(&format!("CREATE SCHEMA {schema}"));
        let proxy = Proxy::before(([127, 0, 0, 1], self.port).into());
        let url = format!(
            "postgres://qris@127.0.0.1:{}/postgres?options=-c%20search_path%3D{schema}",
            proxy.port
        );
        (proxy, url)
    }

    /// Runs statements with psql and returns the output.
    #[track_caller]
    pub(crate) fn sql(&self, sql: &str) -> String {
        let output = Command::new(binary("psql"))
            .args(["-U", "qris", "-d", "postgres", "-At", "-v", "ON_ERROR_STOP=1", "-c", sql, "-h"])
            .arg(self.folder.path())
            .args(["-p", &self.port.to_string()])
            .output()
            .expect("psql runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Kills the server.
    #[track_caller]
    pub(crate) fn stop(&self) {
        run(self.command("pg_ctl").arg("-D").arg(self.data()).args(["-m", "immediate", "stop"]));
    }

    /// Starts the server again.
    ///
    /// It does not wait for its disk: what it has written survives its own end, though not the
    /// machine's.
    #[track_caller]
    pub(crate) fn resume(&self) {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c unix_socket_directories={} -p {} \
             -c max_connections=200 -c fsync=off",
            self.folder.path().display(),
            self.port
        );
        let log = self.folder.path().join("log");
        run(self
            .command("pg_ctl")
            .arg("-D")
            .arg(self.data())
            .arg("-l")
            .arg(&log)
            .args(["-w", "-o", &options, "start"]));
    }

    /// Turns on TLS with a generated certificate for `localhost`. Returns the certificate's file
    /// and a URL that requires TLS.
    #[track_caller]
    pub(crate) fn with_tls(&self, schema: &str) -> (PathBuf, String) {
        let certificate = self.data().join("server.crt");
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
        openssl.args(["-nodes", "-days", "2", "-subj", "/CN=a test of the QRIS ledger", "-addext"]);
        openssl
            .args([
                "subjectAltName=DNS:localhost",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-keyout",
            ])
            .arg(self.data().join("server.key"));
        run(openssl.arg("-out").arg(&certificate).stderr(Stdio::null()));
        if is_root() {
            run(Command::new("chown").arg("-R").arg("postgres").arg(self.data()));
        }
        self.sql("ALTER SYSTEM SET ssl = on");
        self.stop();
        self.resume();
        self.sql(&format!("CREATE SCHEMA {schema}"));
        let url = format!(
            "postgres://qris@localhost:{}/postgres?sslmode=require&options=-c%20search_path%3D{schema}",
            self.port
        );
        (certificate, url)
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of the server's programs, which do not run as root.
    fn command(&self, name: &str) -> Command {
        let binary = binary(name);
        if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(binary);
            command
        } else {
            Command::new(binary)
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        stop.arg("-D").arg(self.data()).args(["-m", "immediate", "stop"]);
        // It may already have been stopped.
        let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

#[track_caller]
fn run(command: &mut Command) {
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .current_dir("/")
        .status()
        .expect("PostgreSQL's programs run");
    assert!(output.success(), "{command:?}");
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Debian keeps the server's programs in a folder by version, outside the path.
#[track_caller]
fn binary(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("bin").join(name));
    let mut found: Vec<PathBuf> = found.filter(|path| Path::exists(path)).collect();
    found.sort();
    found.pop().expect("PostgreSQL is installed: apt-get install postgresql")
}
