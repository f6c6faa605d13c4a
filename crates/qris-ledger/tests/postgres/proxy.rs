//! A network between a ledger and its server that can stop carrying data without closing
//! connections.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Forwards connections from its own port to a server.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    silent: Arc<AtomicBool>,
}

impl Proxy {
    #[track_caller]
    pub(crate) fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let silent = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&silent);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(server) else { continue };
                carry(&client, &server, &shared);
                carry(&server, &client, &shared);
            }
        });
        Self { port, silent }
    }

    /// From now on nothing arrives, and no connection breaks.
    pub(crate) fn fall_silent(&self) {
        self.silent.store(true, Ordering::SeqCst);
    }

    /// New connections are forwarded again; what was sent before is lost.
    pub(crate) fn speak(&self) {
        self.silent.store(false, Ordering::SeqCst);
    }
}

fn carry(from: &TcpStream, to: &TcpStream, silent: &Arc<AtomicBool>) {
    let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else { return };
    let silent = Arc::clone(silent);
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        loop {
            match from.read(&mut buffer) {
                Ok(count @ 1..) => {
                    // Data that comes during a silence is lost, and so is everything after it.
                    while silent.load(Ordering::SeqCst) {
                        thread::sleep(Duration::from_millis(10));
                        if !silent.load(Ordering::SeqCst) {
                            return;
                        }
                    }
                    if to.write_all(&buffer[..count]).is_err() {
                        return;
                    }
                }
                _ => return to.shutdown(std::net::Shutdown::Both).unwrap_or(()),
            }
        }
    });
}
