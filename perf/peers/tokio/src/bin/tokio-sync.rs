//! What Tokio's locks, channels, sets of tasks and select cost, with the loops of dev.weft.perf.sync,
//! .channels, .scopes and .combining: prints nanoseconds per operation, behind the name of the benchmark beside which it stands.
//!
//! `tokio-sync [ROUNDS]`
//!
//! Two workers. The best of the rounds, after one that does not count.

use std::future::{ready, Future};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{channel, unbounded_channel, Receiver, Sender};
use tokio::sync::{broadcast, oneshot, watch, Barrier, Mutex, Notify, OnceCell, RwLock, Semaphore};
use tokio::task::{unconstrained, yield_now, JoinSet};

const TASKS: usize = 8;
const TURNS: usize = 50_000;
const ALONE: usize = 10_000_000;
const RING_ROUNDS: usize = 1_000;
const RINGS: usize = 50;
const CHILDREN: usize = 100_000;

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

async fn read_turns(lock: Arc<RwLock<u64>>, turns: usize) {
    for _ in 0..turns {
        std::hint::black_box(*lock.read().await);
    }
}

async fn write_turns(lock: Arc<RwLock<u64>>, turns: usize) {
    for _ in 0..turns {
        *lock.write().await += 1;
    }
}

/// ReadySignals, as what follows.
async fn notified(turns: usize) {
    let notify = Notify::new();
    for _ in 0..turns {
        notify.notify_one();
        notify.notified().await;
    }
}

async fn cached(turns: usize) {
    let cell = OnceCell::new();
    for _ in 0..turns {
        std::hint::black_box(*cell.get_or_init(|| async { 1 }).await);
    }
}

async fn oneshots(turns: usize) {
    for _ in 0..turns {
        let (to, from) = oneshot::channel();
        to.send("message").unwrap();
        std::hint::black_box(from.await.unwrap());
    }
}

async fn watched(turns: usize) {
    let (to, mut from) = watch::channel("message");
    for _ in 0..turns {
        to.send("message").unwrap();
        from.changed().await.unwrap();
    }
}

async fn broadcasts(turns: usize) {
    let (to, mut from) = broadcast::channel(16);
    for _ in 0..turns {
        to.send("message").unwrap();
        std::hint::black_box(from.recv().await.unwrap());
    }
}

/// Meeting.
async fn meet(barrier: Arc<Barrier>) {
    for _ in 0..TURNS {
        barrier.wait().await;
    }
}

/// ReadyMessages: room is there, and then a message.
async fn bounded_messages(turns: usize) {
    let (to, mut from) = channel(16);
    for _ in 0..turns {
        to.send("message").await.unwrap();
        std::hint::black_box(from.recv().await.unwrap());
    }
}

async fn unbounded_messages(turns: usize) {
    let (to, mut from) = unbounded_channel();
    for _ in 0..turns {
        to.send("message").unwrap();
        std::hint::black_box(from.recv().await.unwrap());
    }
}

/// RingOfTasks.pass.
async fn pass(mut from: Receiver<u32>, to: Sender<u32>, first: bool) {
    if first {
        to.send(0).await.unwrap();
    }
    for _ in 1..RING_ROUNDS {
        let message = from.recv().await.unwrap();
        to.send(message).await.unwrap();
    }
    from.recv().await.unwrap();
    if !first {
        to.send(0).await.unwrap();
    }
}

fn ring(runtime: &Runtime) {
    let (mut senders, receivers): (Vec<_>, Vec<_>) = (0..TASKS).map(|_| channel(1)).unzip();
    senders.rotate_left(1); // each to the next
    runtime.block_on(async {
        let all: Vec<_> = receivers
            .into_iter()
            .zip(senders)
            .enumerate()
            .map(|(i, (from, to))| tokio::spawn(pass(from, to, i == 0)))
            .collect();
        for one in all {
            one.await.unwrap();
        }
    });
}

/// ForkAndJoin.sets.
async fn sets(children: usize) {
    let mut sum = 0;
    for _ in 0..CHILDREN / children {
        let mut set = JoinSet::new();
        for _ in 0..children {
            set.spawn(async { 1 });
        }
        while let Some(ended) = set.join_next().await {
            sum += ended.unwrap();
        }
    }
    assert_eq!(sum, CHILDREN);
}

/// ReadyCalls: the first of two channels has a message.
async fn selects(turns: usize) {
    let (to, mut from) = channel(16);
    let (_to, mut empty) = channel(16);
    for _ in 0..turns {
        to.send("message").await.unwrap();
        std::hint::black_box(tokio::select! {
            biased;
            it = from.recv() => it.unwrap(),
            it = empty.recv() => it.unwrap(),
        });
    }
}

async fn fair_selects(turns: usize) {
    let (to, mut from) = channel(16);
    let (_to, mut empty) = channel(16);
    for _ in 0..turns {
        to.send("message").await.unwrap();
        std::hint::black_box(tokio::select! {
            it = from.recv() => it.unwrap(),
            it = empty.recv() => it.unwrap(),
        });
    }
}

async fn joins(turns: usize) {
    for _ in 0..turns {
        std::hint::black_box(tokio::join!(ready("message"), ready("message")));
    }
}

async fn timeouts(turns: usize) {
    for _ in 0..turns {
        let limited = tokio::time::timeout(Duration::from_secs(60), ready("message"));
        std::hint::black_box(limited.await.unwrap());
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
    println!("{name:44} {nanos:9.1} ns");
}

fn main() {
    let rounds = std::env::args().nth(1).map_or(5, |it| it.parse().expect("a number of rounds"));
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();

    best("Uncontended.mutex", rounds, ALONE, || {
        let mutex = Arc::new(Mutex::new(0));
        run(&runtime, 1, || unconstrained(mutex_turns(mutex.clone(), ALONE, false)));
    });
    best("Uncontended.semaphore", rounds, ALONE, || {
        let semaphore = Arc::new(Semaphore::new(1));
        run(&runtime, 1, || unconstrained(semaphore_turns(semaphore.clone(), ALONE, false)));
    });
    best("Uncontended.rwLockRead", rounds, ALONE, || {
        let lock = Arc::new(RwLock::new(0));
        run(&runtime, 1, || unconstrained(read_turns(lock.clone(), ALONE)));
    });
    best("Uncontended.rwLockWrite", rounds, ALONE, || {
        let lock = Arc::new(RwLock::new(0));
        run(&runtime, 1, || unconstrained(write_turns(lock.clone(), ALONE)));
    });
    best("ReadySignals.notify", rounds, ALONE, || {
        run(&runtime, 1, || unconstrained(notified(ALONE)));
    });
    best("ReadySignals.onceCell", rounds, ALONE, || {
        run(&runtime, 1, || unconstrained(cached(ALONE)));
    });
    best("ReadySignals.oneshot", rounds, ALONE, || {
        run(&runtime, 1, || unconstrained(oneshots(ALONE)));
    });
    best("ReadySignals.watch", rounds, ALONE, || {
        run(&runtime, 1, || unconstrained(watched(ALONE)));
    });
    best("ReadySignals.broadcast", rounds, ALONE, || {
        run(&runtime, 1, || unconstrained(broadcasts(ALONE)));
    });
    best("Meeting.barrier", rounds, TASKS * TURNS, || {
        let barrier = Arc::new(Barrier::new(TASKS));
        run(&runtime, TASKS, || meet(barrier.clone()));
    });
    for over_yield in [true, false] {
        let held = if over_yield { "OVER_YIELD" } else { "BRIEFLY" };
        best(&format!("HandOver.mutex, {held}"), rounds, TASKS * TURNS, || {
            let mutex = Arc::new(Mutex::new(0));
            run(&runtime, TASKS, || mutex_turns(mutex.clone(), TURNS, over_yield));
        });
        best(&format!("HandOver.semaphore, {held}"), rounds, TASKS * TURNS, || {
            let semaphore = Arc::new(Semaphore::new(1));
            run(&runtime, TASKS, || semaphore_turns(semaphore.clone(), TURNS, over_yield));
        });
    }
    best("ReadyMessages.bounded", rounds, ALONE, || {
        run(&runtime, 1, || unconstrained(bounded_messages(ALONE)));
    });
    best("ReadyMessages.unbounded", rounds, ALONE, || {
        run(&runtime, 1, || unconstrained(unbounded_messages(ALONE)));
    });
    best("RingOfTasks.bounded(1)", rounds, RINGS * TASKS * RING_ROUNDS, || {
        for _ in 0..RINGS {
            ring(&runtime);
        }
    });
    for children in [10, 1000] {
        best(&format!("ForkAndJoin.joinSet, {children}"), rounds, CHILDREN, || {
            run(&runtime, 1, || sets(children));
        });
    }

    best("ReadyCalls.select", rounds, ALONE, || {
        run(&runtime, 1, || unconstrained(selects(ALONE)));
    });
    best("ReadyCalls.fairSelect", rounds, ALONE, || {
        run(&runtime, 1, || unconstrained(fair_selects(ALONE)));
    });
    best("ReadyCalls.join", rounds, ALONE, || {
        run(&runtime, 1, || unconstrained(joins(ALONE)));
    });
    // A clock is looked after by its owner's workers, so the others are measured without one.
    let timed = Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    best("ReadyCalls.timeout", rounds, ALONE, || {
        run(&timed, 1, || unconstrained(timeouts(ALONE)));
    });
}
