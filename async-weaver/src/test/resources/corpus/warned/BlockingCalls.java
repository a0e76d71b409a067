// Calls that block, in async methods and elsewhere.
package shapes;

import static dev.weft.Async.await;

import dev.weft.*;
import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;

class BlockingCalls {
  static class Future2<T> extends CompletableFuture<T> {}

  static CompletableFuture<String> futures(Source s, Task<String> task, Future<String> future, ForkJoinTask<String> forked, Future2<String> other) throws Exception {
    await(s.of(1));
    String text = s.of("x").join(); // warning: [WEFT041] CompletableFuture.join blocks the thread that runs this async method, and all tasks that wait for it: write await(future), which costs no more
    text += task.get(); // warning: [WEFT041] CompletableFuture.get blocks the thread that runs this async method, and all tasks that wait for it: write await(future), which costs no more
    text += other.get(1, TimeUnit.SECONDS); // warning: [WEFT041] CompletableFuture.get blocks the thread that runs this async method, and all tasks that wait for it: write await(future), which costs no more
    text += future.get(); // warning: [WEFT041] Future.get blocks the thread that runs this async method, and all tasks that wait for it: await a CompletionStage, or move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    text += forked.join(); // warning: [WEFT041] ForkJoinTask.join blocks the thread that runs this async method, and all tasks that wait for it: move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    text += task.getNow("now");
    text += String.join(",", "a");
    text += Map.of("k", "v").get("k");
    text += WorkStealingExecutor.shared().blockOn(() -> s.of("y")); // warning: [WEFT041] AsyncExecutor.blockOn blocks the thread that runs this async method, and all tasks that wait for it: write await(thatMethod())
    return s.of(text);
  }

  static CompletableFuture<String> times(Source s, Thread thread, Process process, Object monitor) throws Exception {
    await(s.of(1));
    Thread.sleep(10); // warning: [WEFT041] Thread.sleep blocks the thread that runs this async method, and all tasks that wait for it: write await(Async.sleep(duration))
    Thread.sleep(10, 10); // warning: [WEFT041] Thread.sleep blocks the thread that runs this async method, and all tasks that wait for it: write await(Async.sleep(duration))
    TimeUnit.SECONDS.sleep(1); // warning: [WEFT041] TimeUnit.sleep blocks the thread that runs this async method, and all tasks that wait for it: write await(Async.sleep(duration))
    thread.join(); // warning: [WEFT041] Thread.join blocks the thread that runs this async method, and all tasks that wait for it: move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    thread.join(10L); // warning: [WEFT041] Thread.join blocks the thread that runs this async method, and all tasks that wait for it: move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    process.waitFor(); // warning: [WEFT041] Process.waitFor blocks the thread that runs this async method, and all tasks that wait for it: write await(process.onExit())
    synchronized (monitor) {
      monitor.wait(); // warning: [WEFT041] Object.wait blocks the thread that runs this async method, and all tasks that wait for it: await a CompletableFuture that the other side completes
      monitor.wait(10); // warning: [WEFT041] Object.wait blocks the thread that runs this async method, and all tasks that wait for it: await a CompletableFuture that the other side completes
      monitor.notifyAll();
    }
    return s.of("end");
  }

  static CompletableFuture<String> meetings(Source s, CountDownLatch latch, CyclicBarrier barrier, Semaphore semaphore, Exchanger<String> exchanger, Phaser phaser, ExecutorService executor) throws Exception {
    await(s.of(1));
    latch.await(); // warning: [WEFT041] CountDownLatch.await blocks the thread that runs this async method, and all tasks that wait for it: await a CompletableFuture that the other side completes
    barrier.await(); // warning: [WEFT041] CyclicBarrier.await blocks the thread that runs this async method, and all tasks that wait for it: await a CompletableFuture that the other side completes
    semaphore.acquire(); // warning: [WEFT041] Semaphore.acquire blocks the thread that runs this async method, and all tasks that wait for it: move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    semaphore.tryAcquire();
    exchanger.exchange("x"); // warning: [WEFT041] Exchanger.exchange blocks the thread that runs this async method, and all tasks that wait for it: await a CompletableFuture that the other side completes
    phaser.arriveAndAwaitAdvance(); // warning: [WEFT041] Phaser.arriveAndAwaitAdvance blocks the thread that runs this async method, and all tasks that wait for it: await a CompletableFuture that the other side completes
    executor.invokeAll(List.of()); // warning: [WEFT041] ExecutorService.invokeAll blocks the thread that runs this async method, and all tasks that wait for it: move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    executor.awaitTermination(1, TimeUnit.SECONDS); // warning: [WEFT041] ExecutorService.awaitTermination blocks the thread that runs this async method, and all tasks that wait for it: move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    return s.of("end");
  }

  static CompletableFuture<String> queues(Source s, LinkedBlockingQueue<String> queue) throws Exception {
    await(s.of(1));
    String text = queue.take(); // warning: [WEFT041] BlockingQueue.take blocks the thread that runs this async method, and all tasks that wait for it: await a CompletableFuture that the other side completes, or move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    queue.put(text); // warning: [WEFT041] BlockingQueue.put blocks the thread that runs this async method, and all tasks that wait for it: use offer(element), which does not wait, or move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    queue.offer(text);
    queue.offer(text, 1, TimeUnit.SECONDS); // warning: [WEFT041] BlockingQueue.offer blocks the thread that runs this async method, and all tasks that wait for it: use offer(element), which does not wait, or move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    queue.poll();
    queue.poll(1, TimeUnit.SECONDS); // warning: [WEFT041] BlockingQueue.poll blocks the thread that runs this async method, and all tasks that wait for it: use poll(), which does not wait, or move it to a thread of its own with await(Async.spawnBlocking(() -> ...))
    return s.of(text);
  }

  static CompletableFuture<String> inLambda(Source s) {
    Callable<CompletableFuture<String>> async = () -> s.of(await(s.of("x")) + s.of("y").join()); // warning: [WEFT041] CompletableFuture.join blocks the thread that runs this async method, and all tasks that wait for it: write await(future), which costs no more
    Callable<String> ordinary = () -> s.of("x").join();
    return s.of(await(s.of("end")));
  }

  static String notAsync(Source s) throws Exception {
    Thread.sleep(10);
    return s.of("x").join();
  }
}
