//! A small web server on 127.0.0.1 that can misbehave on request.

use std::{
    collections::HashMap,
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer},
};

/// A request that the server received.
#[derive(Debug, Clone, Default)]
pub struct TestRequest {
    /// Path and query.
    pub path: String,
    /// Headers; names in lower case.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: String,
}

/// A response of the server.
#[derive(Debug, Clone)]
pub enum TestResponse {
    /// A status, headers, and a body with its `Content-Length`.
    Complete(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// These bytes, then the end of the connection.
    Raw(Vec<u8>),
    /// These bytes, then silence on the open connection until the server is dropped.
    Silent(Vec<u8>),
    /// The first bytes once, then the second ones again and again until the client disconnects.
    Endless(Vec<u8>, Vec<u8>),
    /// These bytes, eight every 20 ms.
    Drip(Vec<u8>),
}

impl TestResponse {
    /// Returns a response with status 200 and a body.
    pub fn ok(body: impl Into<Vec<u8>>) -> TestResponse {
        TestResponse::Complete(200, Vec::new(), body.into())
    }

    /// Returns a response with a status and nothing else.
    pub fn status(status: u16) -> TestResponse {
        TestResponse::Complete(status, Vec::new(), Vec::new())
    }

    /// Adds a header.
    pub fn with(self, name: &'static str, value: &str) -> TestResponse {
        let TestResponse::Complete(status, mut headers, body) = self else {
            panic!("only complete responses have headers")
        };
        headers.push((name, value.to_owned()));
        TestResponse::Complete(status, headers, body)
    }
}

/// A certificate that no authority has signed, and its key.
#[derive(Debug, Clone, Copy)]
pub struct TestCertificate {
    certificate: &'static [u8],
    key: &'static [u8],
    /// The fingerprint, as OpenSSL states it.
    pub fingerprint: &'static str,
}

/// A certificate for `news.test`, `localhost` and 127.0.0.1.
pub const CERTIFICATE: TestCertificate = TestCertificate {
    certificate: include_bytes!("../../fixtures/certificates/first.certificate.der"),
    key: include_bytes!("../../fixtures/certificates/first.key.der"),
    fingerprint: "SHA256:f533a32b07d8a1a602771901a5f9f3f6d80fa2a355235ac8ff815630fd610ac2",
};

/// Another certificate for the same names.
pub const OTHER_CERTIFICATE: TestCertificate = TestCertificate {
    certificate: include_bytes!("../../fixtures/certificates/second.certificate.der"),
    key: include_bytes!("../../fixtures/certificates/second.key.der"),
    fingerprint: "SHA256:cb87d5eed78662d2f3a2f2311c9fb8305cedfedfdeff363a4269e82e8787a2f3",
};

impl TestCertificate {
    fn server_config(self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::try_from(self.key).unwrap();
        let chain = vec![CertificateDer::from(self.certificate)];
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key);
        Arc::new(config.unwrap())
    }
}

type Handler = Arc<dyn Fn(&TestRequest) -> TestResponse + Send + Sync>;

/// A running server; dropping it ends it.
pub struct Server {
    scheme: &'static str,
    port: u16,
    requests: Arc<Mutex<Vec<TestRequest>>>,
    stop: Arc<AtomicBool>,
    // Silent connections wait until this end of the channel is dropped.
    _alive: Sender<()>,
}

impl Server {
    /// Starts a server that answers every request with `handler`.
    pub fn start(handler: impl Fn(&TestRequest) -> TestResponse + Send + Sync + 'static) -> Server {
        Server::start_with(None, handler)
    }

    /// Starts a server that answers every request with `handler`, over TLS if there is a certificate; it
    /// then gives complete responses only.
    pub fn start_with(
        certificate: Option<TestCertificate>,
        handler: impl Fn(&TestRequest) -> TestResponse + Send + Sync + 'static,
    ) -> Server {
        let scheme = if certificate.is_some() { "https" } else { "http" };
        let tls = certificate.map(TestCertificate::server_config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (alive, ended) = channel();
        let ended = Arc::new(Mutex::new(ended));
        let (requests, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let handler: Handler = Arc::new(handler);
        let (log, stopped) = (Arc::clone(&requests), Arc::clone(&stop));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (handler, log, ended) =
                    (Arc::clone(&handler), Arc::clone(&log), Arc::clone(&ended));
                let tls = tls.clone();
                thread::spawn(move || match tls {
                    Some(config) => serve_tls(stream, config, &handler, &log),
                    None => serve(stream, &handler, &log, &ended),
                });
            }
        });
        Server { scheme, port, requests, stop, _alive: alive }
    }

    /// Returns the URL of `path` on this server.
    pub fn url(&self, path: &str) -> String {
        format!("{}://127.0.0.1:{}{path}", self.scheme, self.port)
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns all requests so far.
    pub fn requests(&self) -> Vec<TestRequest> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(
    stream: TcpStream,
    handler: &Handler,
    log: &Mutex<Vec<TestRequest>>,
    ended: &Mutex<Receiver<()>>,
) {
    let Ok(mut writer) = stream.try_clone() else { return };
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader) {
        log.lock().unwrap().push(request.clone());
        if !write_response(&mut writer, handler(&request), ended) {
            return;
        }
    }
}

fn serve_tls(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    handler: &Handler,
    log: &Mutex<Vec<TestRequest>>,
) {
    let Ok(connection) = ServerConnection::new(config) else { return };
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    while let Some(request) = read_request(&mut stream) {
        log.lock().unwrap().push(request.clone());
        let TestResponse::Complete(status, headers, body) = handler(&request) else { return };
        if !write_complete(stream.get_mut(), status, headers, &body) {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<TestRequest> {
    let mut request = TestRequest::default();
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    line.split(' ').nth(1)?.clone_into(&mut request.path);
    loop {
        line.clear();
        reader.by_ref().take(16_384).read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => {
                request.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
            None => break,
        }
    }
    let length = request.headers.get("content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    Some(request)
}

/// Writes a response; returns whether the connection stays open.
fn write_response(
    writer: &mut TcpStream,
    response: TestResponse,
    ended: &Mutex<Receiver<()>>,
) -> bool {
    match response {
        TestResponse::Complete(status, headers, body) => {
            write_complete(writer, status, headers, &body)
        }
        TestResponse::Raw(bytes) => {
            let _ = writer.write_all(&bytes);
            let _ = writer.shutdown(std::net::Shutdown::Both);
            false
        }
        TestResponse::Silent(bytes) => {
            let _ = writer.write_all(&bytes);
            let _ = ended.lock().unwrap().recv();
            false
        }
        TestResponse::Endless(start, part) => {
            let mut going = writer.write_all(&start).is_ok();
            while going {
                going = writer.write_all(&part).is_ok();
            }
            false
        }
        TestResponse::Drip(bytes) => {
            for byte in bytes.chunks(8) {
                let ended = ended.lock().unwrap().recv_timeout(Duration::from_millis(20));
                let server_dropped = ended == Err(std::sync::mpsc::RecvTimeoutError::Disconnected);
                if server_dropped || writer.write_all(byte).is_err() {
                    break;
                }
            }
            false
        }
    }
}

fn write_complete(
    writer: &mut impl Write,
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: &[u8],
) -> bool {
    let mut text = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        write!(text, "{name}: {value}\r\n").expect("writing to a String cannot fail");
    }
    text.push_str("\r\n");
    writer
        .write_all(text.as_bytes())
        .and_then(|()| writer.write_all(body))
        .and_then(|()| writer.flush())
        .is_ok()
}
