//! A small web server on 127.0.0.1 that is as rude as it is told to be.

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

/// What is asked of the server.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The path with its query.
    pub path: String,
    /// The headers, names in small letters.
    pub headers: HashMap<String, String>,
}

/// What it answers.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A status, headers, and a body with its length.
    Whole(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// These bytes and the end of the connection.
    Raw(Vec<u8>),
    /// These bytes, and then nothing for as long as the server lives.
    Silent(Vec<u8>),
    /// These bytes, and then this part again and again until nobody listens.
    Endless(Vec<u8>, Vec<u8>),
    /// These bytes, a few at a time.
    Drip(Vec<u8>),
}

impl Answer {
    /// Status 200 with a body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Answer {
        Answer::Whole(200, Vec::new(), body.into())
    }

    /// A status and nothing else.
    pub fn status(status: u16) -> Answer {
        Answer::Whole(status, Vec::new(), Vec::new())
    }

    /// One more header.
    pub fn with(self, name: &'static str, value: &str) -> Answer {
        let Answer::Whole(status, mut headers, body) = self else {
            panic!("only whole answers have headers")
        };
        headers.push((name, value.to_owned()));
        Answer::Whole(status, headers, body)
    }
}

type Handler = Arc<dyn Fn(&Asked) -> Answer + Send + Sync>;

/// A running server; it ends when it is dropped.
pub struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
    // Threads that are silent wait for the other end of this.
    _alive: Sender<()>,
}

impl Server {
    /// Answers every question with `handler`.
    pub fn start(handler: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (alive, ended) = channel();
        let ended = Arc::new(Mutex::new(ended));
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let handler: Handler = Arc::new(handler);
        let (log, stopped) = (Arc::clone(&asked), Arc::clone(&stop));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (handler, log, ended) =
                    (Arc::clone(&handler), Arc::clone(&log), Arc::clone(&ended));
                thread::spawn(move || serve(stream, &handler, &log, &ended));
            }
        });
        Server { port, asked, stop, _alive: alive }
    }

    /// The address of `path` here.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Everything that was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
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
    log: &Mutex<Vec<Asked>>,
    ended: &Mutex<Receiver<()>>,
) {
    let Ok(mut writer) = stream.try_clone() else { return };
    let mut reader = BufReader::new(stream);
    while let Some(asked) = question(&mut reader) {
        log.lock().unwrap().push(asked.clone());
        if !answer(&mut writer, handler(&asked), ended) {
            return;
        }
    }
}

fn question(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut asked = Asked::default();
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    line.split(' ').nth(1)?.clone_into(&mut asked.path);
    loop {
        line.clear();
        reader.by_ref().take(16_384).read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => {
                asked.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
            None => return Some(asked),
        }
    }
}

/// Whether the connection goes on.
fn answer(writer: &mut TcpStream, answer: Answer, ended: &Mutex<Receiver<()>>) -> bool {
    match answer {
        Answer::Whole(status, headers, body) => {
            let mut text =
                format!("HTTP/1.1 {status} Whatever\r\nContent-Length: {}\r\n", body.len());
            for (name, value) in headers {
                write!(text, "{name}: {value}\r\n").expect("writing to a String cannot fail");
            }
            text.push_str("\r\n");
            writer.write_all(text.as_bytes()).and_then(|()| writer.write_all(&body)).is_ok()
        }
        Answer::Raw(bytes) => {
            let _ = writer.write_all(&bytes);
            let _ = writer.shutdown(std::net::Shutdown::Both);
            false
        }
        Answer::Silent(bytes) => {
            let _ = writer.write_all(&bytes);
            let _ = ended.lock().unwrap().recv();
            false
        }
        Answer::Endless(start, part) => {
            let mut going = writer.write_all(&start).is_ok();
            while going {
                going = writer.write_all(&part).is_ok();
            }
            false
        }
        Answer::Drip(bytes) => {
            for byte in bytes.chunks(8) {
                let ended = ended.lock().unwrap().recv_timeout(Duration::from_millis(20));
                let gone = ended == Err(std::sync::mpsc::RecvTimeoutError::Disconnected);
                if gone || writer.write_all(byte).is_err() {
                    break;
                }
            }
            false
        }
    }
}
