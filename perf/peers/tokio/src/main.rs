//! An echo server on Tokio's multi-thread runtime, as Tokio's documentation would write it.
//!
//! `tokio-peer [--protocol plain|framed] [--size BYTES] [--threads N] [--trace]`
//!
//! Prints "port N" and ends when its standard input does. With --trace it serves nobody and prints
//! a backtrace from a task that was suspended, three async functions deep.

use std::io::{Read, Write};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::spawn_blocking;

const BUFFER: usize = 16 * 1024;
const BURN: u8 = 1;
const BURN_ELSEWHERE: u8 = 2;

async fn echo(mut socket: TcpStream) -> std::io::Result<()> {
    let mut buf = vec![0; BUFFER];
    loop {
        let n = socket.read(&mut buf).await?;
        if n == 0 {
            return Ok(());
        }
        socket.write_all(&buf[..n]).await?;
    }
}

async fn framed(mut socket: TcpStream, size: usize) -> std::io::Result<()> {
    let mut buf = vec![0; BUFFER.max(size)];
    let mut len = 0;
    loop {
        let n = socket.read(&mut buf[len..]).await?;
        if n == 0 {
            return Ok(());
        }
        len += n;
        let mut done = 0;
        while len - done >= size {
            let frame = &buf[done..done + size];
            let time = Duration::from_micros(
                u32::from_be_bytes([frame[1], frame[2], frame[3], frame[4]]).into(),
            );
            match frame[0] {
                BURN => burn(time),
                BURN_ELSEWHERE => spawn_blocking(move || burn(time)).await?,
                _ => {}
            }
            done += size;
        }
        socket.write_all(&buf[..done]).await?;
        buf.copy_within(done..len, 0);
        len -= done;
    }
}

fn burn(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

async fn serve(framed_size: Option<usize>) -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("port {}", listener.local_addr()?.port());
    std::io::stdout().flush()?;
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        // What goes wrong with a connection ends it, and the client sees that.
        match framed_size {
            None => tokio::spawn(echo(socket)),
            Some(size) => tokio::spawn(framed(socket, size)),
        };
    }
}

async fn inner() -> std::backtrace::Backtrace {
    tokio::task::yield_now().await;
    std::backtrace::Backtrace::force_capture()
}

async fn middle() -> std::backtrace::Backtrace {
    inner().await
}

async fn outer() -> std::backtrace::Backtrace {
    middle().await
}

fn main() -> std::io::Result<()> {
    let mut threads = 2;
    let mut size = 64;
    let mut is_framed = false;
    let mut is_traced = false;
    let args: Vec<String> = std::env::args().skip(1).collect();
    for option in args.chunks(2) {
        let value = option.get(1).map_or("", String::as_str);
        match option[0].as_str() {
            "--protocol" => is_framed = value == "framed",
            "--size" => size = value.parse().expect("--size takes a number"),
            "--trace" => is_traced = true,
            "--threads" => threads = value.parse().expect("--threads takes a number"),
            other => panic!("unknown option {other}"),
        }
    }
    if is_traced {
        let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
        println!("{}", runtime.block_on(async { tokio::spawn(outer()).await })?);
        return Ok(());
    }
    std::thread::spawn(|| {
        let mut bytes = [0; 64];
        while matches!(std::io::stdin().read(&mut bytes), Ok(n) if n > 0) {}
        std::process::exit(0);
    });
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_io()
        .build()?
        .block_on(async {
            // On a worker, as a task is faster there than in block_on.
            tokio::spawn(serve(is_framed.then_some(size))).await?
        })
}
