//! Measures a till beside a sandbox, both in this process, over real HTTP:
//! `cargo run --release -p qris-till --example load [DATABASE_URL]`.
//!
//! It prints what a charge costs beyond the bare call of the API, and how many charges a second
//! twenty clients get. Without a URL it uses a SQLite file of its own.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use qris_api::{ApiKey, Client, ClientBuilder, MerchantId, Rupiah, Tip, TransactionNumber};
use qris_sandbox::Sandbox;
use qris_till::{Settings, Till};

type Failure = Box<dyn Error + Send + Sync>;

/// How many charges are measured one after the other, and by all clients together.
const ONE_BY_ONE: u32 = 500;
const TOGETHER: u32 = 4_000;
const CLIENTS: u32 = 20;

fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let file = format!("sqlite://{}", folder.path().join("load.db").display());
    let database = std::env::args().nth(1).unwrap_or(file);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (sandbox, till) = runtime.block_on(async {
        let sandbox = Sandbox::start().await?;
        let till = Till::start(Settings::main(client(&sandbox)?, database)).await?;
        Ok::<_, Failure>((sandbox, till))
    })?;
    let bare = client(&sandbox)?.build()?;

    // One after the other, in turns, so that what else the machine does hits both.
    let mut through_till = Connection::open(till.address())?;
    let (mut bare_times, mut till_times) = (Vec::new(), Vec::new());
    for sale in 0..ONE_BY_ONE {
        let number = TransactionNumber::parse(format!("BARE-{sale}"))?;
        let started = Instant::now();
        runtime.block_on(bare.create_invoice(&number, Rupiah::new(25_578), Tip::None))?;
        bare_times.push(started.elapsed());
        let started = Instant::now();
        through_till.charge(&format!("ONE-{sale}"))?;
        till_times.push(started.elapsed());
    }
    let (bare, through) = (median(&mut bare_times), median(&mut till_times));
    println!("bare create    {bare:>10.1?}  (median of {ONE_BY_ONE})");
    println!("charge         {through:>10.1?}");
    println!("charge - bare  {:>10.1?}", through.saturating_sub(bare));

    let started = Instant::now();
    let clients = (0..CLIENTS).map(|client| {
        let address = till.address();
        std::thread::spawn(move || {
            let mut connection = Connection::open(address)?;
            (0..TOGETHER / CLIENTS)
                .try_for_each(|sale| connection.charge(&format!("ALL-{client}-{sale}")))
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.join().map_err(|_| "a client panicked")??;
    }
    let rate = f64::from(TOGETHER) / started.elapsed().as_secs_f64();
    println!("{CLIENTS} clients     {rate:>10.0}  charges a second");
    runtime.block_on(till.stop());
    Ok(())
}

fn client(sandbox: &Sandbox) -> Result<ClientBuilder, Failure> {
    let (key, merchant) = (ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?);
    Ok(Client::builder(key, merchant).base_url(sandbox.base_url()))
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// One HTTP connection that is kept open.
struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(till: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(till)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    fn charge(&mut self, number: &str) -> Result<(), Failure> {
        let body = format!(r#"{{"number":"{number}","amount":25578}}"#);
        let request = format!(
            "POST /api/orders HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 201") {
            return Err(format!("expected 201, found {line}").into());
        }
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        Ok(self.stream.read_exact(&mut body)?)
    }
}
