//! The listening socket, which can be closed for some time.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// The number of connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

/// The pause after a failure to accept or to listen.
const PAUSE: Duration = Duration::from_millis(50);

/// A port that accepts or refuses connections.
#[derive(Debug)]
pub(crate) struct Port {
    address: SocketAddr,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    socket: Socket,
    /// Counts the refusals, so that the end of an old one does not end a new one.
    refusals: u64,
    /// Wakes the server when there is a socket to accept from.
    waker: Option<Waker>,
}

#[derive(Debug)]
enum Socket {
    Listening(TcpListener),
    /// Bound without listening, so that the port stays reserved; `None` if even that failed.
    Refusing(Option<TcpSocket>),
    /// The sandbox has ended.
    Closed,
}

impl Port {
    pub(crate) fn new(listener: TcpListener) -> io::Result<Self> {
        Ok(Self {
            address: listener.local_addr()?,
            state: Mutex::new(State {
                socket: Socket::Listening(listener),
                refusals: 0,
                waker: None,
            }),
        })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses connections from now on. They are refused when this returns.
    pub(crate) fn refuse(self: &Arc<Self>, runtime: &tokio::runtime::Handle, time: Duration) {
        let number = {
            let mut state = self.state();
            match &state.socket {
                Socket::Closed => return,
                Socket::Refusing(_) => {}
                Socket::Listening(_) => {
                    // Close the socket before another is bound to the port.
                    state.socket = Socket::Refusing(None);
                    state.socket = Socket::Refusing(bind(self.address).ok());
                }
            }
            state.refusals += 1;
            state.refusals
        };
        let port = Arc::clone(self);
        runtime.spawn(async move {
            tokio::time::sleep(time).await;
            port.listen_again(Some(number)).await;
        });
    }

    /// Ends the refusal now.
    pub(crate) fn stop_refusing(self: &Arc<Self>, runtime: &tokio::runtime::Handle) {
        // Listening needs the runtime, and the caller may not be on it.
        let _on_runtime = runtime.enter();
        if self.try_listen(None).is_err() {
            let port = Arc::clone(self);
            runtime.spawn(async move { port.listen_again(None).await });
        }
    }

    /// Ends the refusal with this number, or any refusal.
    async fn listen_again(&self, refusal: Option<u64>) {
        while self.try_listen(refusal).is_err() {
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn try_listen(&self, refusal: Option<u64>) -> io::Result<()> {
        let mut state = self.state();
        if refusal.is_some_and(|number| number != state.refusals) {
            return Ok(());
        }
        let Socket::Refusing(socket) = &mut state.socket else {
            return Ok(());
        };
        let socket = match socket.take() {
            Some(socket) => socket,
            None => bind(self.address)?,
        };
        state.socket = Socket::Listening(socket.listen(BACKLOG)?);
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
        Ok(())
    }

    fn close(&self) {
        self.state().socket = Socket::Closed;
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections to the port are still open, or were a moment ago.
    socket.set_reuseaddr(cfg!(not(windows)))?;
    socket.bind(address)?;
    Ok(socket)
}

/// The server accepts from this. The port is closed when it is dropped.
#[derive(Debug)]
pub(crate) struct Incoming(pub(crate) Arc<Port>);

impl Drop for Incoming {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Listener for Incoming {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            let accepted = poll_fn(|context| {
                let mut state = self.0.state();
                let accepted = match &state.socket {
                    Socket::Listening(listener) => listener.poll_accept(context),
                    Socket::Refusing(_) | Socket::Closed => Poll::Pending,
                };
                if accepted.is_pending() {
                    state.waker = Some(context.waker().clone());
                }
                accepted
            });
            match accepted.await {
                Ok(connection) => return connection,
                // Out of file descriptors, or the connection is already gone.
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.0.address)
    }
}
