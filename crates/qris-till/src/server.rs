//! Accepts connections and serves requests on them, within limits.
//!
//! `axum::serve` has no time limits and no connection limit: a client with many silent connections
//! uses up the open files of the process, and then the till's own calls fail too.

use std::convert::Infallible;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::connections::{Admitted, Connection, Connections};
use crate::metrics::Metrics;
use crate::state::stopped;

/// How often slow connections are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long to wait if the system has no open file or memory left for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// The maximum size of a request's head in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Serves until the till stops and every active request is answered.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Router,
    connections: Arc<Connections>,
    metrics: &Metrics,
    mut stopping: watch::Receiver<bool>,
) {
    let mut tasks = JoinSet::new();
    let mut look = tokio::time::interval(LOOK_EVERY);
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => break,
            _ = look.tick() => connections.close_late(Instant::now(), metrics),
            Some(_) = tasks.join_next() => {}
            accepted = accept(&listener, &connections, metrics) => {
                if let Some((stream, admitted)) = accepted {
                    tasks.spawn(serve_connection(stream, admitted, app.clone(), stopping.clone()));
                }
            }
        }
    }
    drop(listener);
    while !tasks.is_empty() {
        tokio::select! {
            _ = look.tick() => connections.close_late(Instant::now(), metrics),
            _ = tasks.join_next() => {}
        }
    }
}

/// Accepts the next connection, if its address has not reached its limit.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Connections>,
    metrics: &Metrics,
) -> Option<(TcpStream, Admitted)> {
    // Takes the slot first, so that a connection that cannot be served uses no open file.
    let slot = connections.slot(metrics).await;
    match listener.accept().await {
        Ok((stream, peer)) => {
            let admitted = connections.admit(peer.ip(), slot, Instant::now(), metrics)?;
            Some((stream, admitted))
        }
        Err(error) => {
            let gone = [
                ErrorKind::ConnectionAborted,
                ErrorKind::ConnectionReset,
                ErrorKind::ConnectionRefused,
            ];
            if !gone.contains(&error.kind()) {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
            None
        }
    }
}

/// Serves one connection to its end.
async fn serve_connection(
    stream: TcpStream,
    admitted: Admitted,
    app: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let connection = &admitted.connection;
    let app = TowerToHyperService::new(app);
    let service = service_fn(|mut request: Request<Incoming>| {
        connection.head_received();
        request.extensions_mut().insert(Arc::clone(connection));
        let answer = app.call(request);
        async move {
            let connection = Arc::clone(connection);
            let answer: Response<Body> = answer.await?;
            Ok::<_, Infallible>(answer.map(|body| TrackedBody { body, connection }))
        }
    });
    let io = TokioIo::new(TrackedStream { stream, connection: Arc::clone(connection) });
    let http = http1::Builder::new().max_buf_size(MAX_HEAD_BYTES).serve_connection(io, service);
    let mut http = pin!(http);
    // A broken connection needs no handling.
    tokio::select! {
        _ = http.as_mut() => return,
        () = connection.closed() => return,
        () = stopped(&mut stopping) => {}
    }
    if connection.is_receiving() {
        return;
    }
    http.as_mut().graceful_shutdown();
    tokio::select! {
        _ = http => {}
        () = connection.closed() => {}
    }
}

/// A stream that reports received and sent bytes to its connection.
struct TrackedStream {
    stream: TcpStream,
    connection: Arc<Connection>,
}

impl TrackedStream {
    fn sent(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(count)) if count > 0) {
            self.connection.sent();
        }
        written
    }
}

impl AsyncRead for TrackedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.connection.received();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for TrackedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.sent(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.sent(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The body of an answer. It reports its end to the connection.
struct TrackedBody {
    body: Body,
    connection: Arc<Connection>,
}

impl HttpBody for TrackedBody {
    type Data = <Body as HttpBody>::Data;
    type Error = <Body as HttpBody>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for TrackedBody {
    fn drop(&mut self) {
        self.connection.answered();
    }
}
