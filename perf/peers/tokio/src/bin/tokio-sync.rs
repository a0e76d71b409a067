//! What Tokio's locks cost, with the loops of dev.weft.perf.sync: prints nanoseconds per operation.
//!
//! `tokio-sync [ROUNDS]`
//!
//! Uncontended: lock, count, unlock, by one task that never waits. Handed over: eight tasks on two
//! workers want one lock over and over, and hold it over a yield, or briefly. The best of the rounds.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::{unconstrained, yield_now};

const TASKS: usize = 8;
const TURNS: usize = 50_000;
const ALONE: usize = 10_000_000;

async fn mutex_turns(mutex: Arc<Mutex<u64>>, turns: usize, over_yield: bool) {
    for _ in 0..turns {
        let mut held = mutex.lock().await;
        *held += 1;
        if over_yield {
            yield_now().await;
        }
    }
}

async fn semaphore_turns(semaphore: Arc<Semaphore>, turns: usize, over_yield: bool) {
    for _ in 0..turns {
        let _permit = semaphore.acquire().await.unwrap();
        if over_yield {
            yield_now().await;
        }
    }
}

fn run<F, T>(runtime: &Runtime, tasks: usize, body: F)
where
    F: Fn() -> T,
    T: Future<Output = ()> + Send + 'static,
{
    runtime.block_on(async {
        let all: Vec<_> = (0..tasks).map(|_| tokio::spawn(body())).collect();
        for one in all {
            one.await.unwrap();
        }
    });
}

fn best(name: &str, rounds: usize, operations: usize, mut round: impl FnMut()) {
    round();
    let nanos = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            round();
            start.elapsed().as_nanos() as f64 / operations as f64
        })
        .fold(f64::MAX, f64::min);
    println!("{name:30} {nanos:9.1} ns");
}

fn main() {
    let rounds = std::env::args().nth(1).map_or(5, |it| it.parse().expect("a number of rounds"));
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();

    best("mutex, uncontended", rounds, ALONE, || {
        let mutex = Arc::new(Mutex::new(0));
        run(&runtime, 1, || unconstrained(mutex_turns(mutex.clone(), ALONE, false)));
    });
    best("semaphore, uncontended", rounds, ALONE, || {
        let semaphore = Arc::new(Semaphore::new(1));
        run(&runtime, 1, || unconstrained(semaphore_turns(semaphore.clone(), ALONE, false)));
    });
    for over_yield in [true, false] {
        let held = if over_yield { "over a yield" } else { "briefly" };
        best(&format!("mutex, held {held}"), rounds, TASKS * TURNS, || {
            let mutex = Arc::new(Mutex::new(0));
            run(&runtime, TASKS, || mutex_turns(mutex.clone(), TURNS, over_yield));
        });
        best(&format!("semaphore, held {held}"), rounds, TASKS * TURNS, || {
            let semaphore = Arc::new(Semaphore::new(1));
            run(&runtime, TASKS, || semaphore_turns(semaphore.clone(), TURNS, over_yield));
        });
    }
}
