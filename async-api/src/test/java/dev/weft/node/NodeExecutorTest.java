package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.node.pool.WorkerPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The worker pool, workers, and what concerns threads. */
class NodeExecutorTest {
  @Test
  void thePoolHasTheThreadsThatItIsTold() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().noDriver().poolThreads(4).build()) {
      CyclicBarrier four = new CyclicBarrier(4);
      AtomicInteger running = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      List<Task<Integer>> jobs = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        jobs.add(
            node.spawnBlocking(
                () -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  four.await(60, TimeUnit.SECONDS); // two waves of four, or it breaks
                  return running.decrementAndGet();
                }));
      }
      for (Task<Integer> job : jobs) {
        job.get();
      }
      assertThat(most.get()).isEqualTo(4);
    }
  }

  @Test
  void theSizeOfThePoolFollowsLibuvsRules() {
    assertThat(WorkerPool.sizeFrom(null)).isEqualTo(4);
    assertThat(WorkerPool.sizeFrom("8")).isEqualTo(8);
    assertThat(WorkerPool.sizeFrom("0")).isEqualTo(1);
    assertThat(WorkerPool.sizeFrom("many")).isEqualTo(1);
    assertThat(WorkerPool.sizeFrom("1025")).isEqualTo(1024);
    assertThat(WorkerPool.sizeFrom("99999999999999")).isEqualTo(1024);
  }

  @Test
  void outcomesOfThePoolComeBackAsCallbacksOfTheLoop() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    NodeExecutor.builder()
        .noDriver()
        .run(
            () -> {
              NodeExecutor node = NodeExecutor.current();
              Thread loop = Thread.currentThread();
              for (int i = 0; i < 2; i++) {
                Task<String> job = node.spawnBlocking(() -> "done");
                job.thenAccept(
                    done -> {
                      order.add(done + (Thread.currentThread() == loop));
                      node.nextTick(() -> order.add("tick"));
                    });
              }
              order.add("main");
            });

    assertThat(order).containsExactly("main", "donetrue", "tick", "donetrue", "tick");
  }

  @Test
  void aWorkerComputesOnAThreadOfItsOwnAndEndsWithItsPort() throws Exception {
    List<Object> log = Collections.synchronizedList(new ArrayList<>());
    int code =
        NodeExecutor.builder()
            .noDriver()
            .run(
                () -> {
                  Thread loop = Thread.currentThread();
                  Worker worker =
                      Worker.start(
                          port ->
                              port.onMessage(
                                  message -> {
                                    if (message.equals("end")) {
                                      port.close();
                                    } else {
                                      port.postMessage((int) message * 2);
                                    }
                                  }));
                  worker.onMessage(
                      message -> {
                        log.add(message);
                        log.add(Thread.currentThread() == loop);
                        if (log.size() == 4) {
                          worker.postMessage("end");
                        }
                      });
                  worker.onExit(exit -> log.add("exit " + exit));
                  worker.postMessage(1);
                  worker.postMessage(2);
                });

    assertThat(log).containsExactly(2, true, 4, true, "exit 0");
    assertThat(code).isZero();
  }

  @Test
  void aWorkersUncaughtExceptionIsToldAndItsTerminationToo() throws Exception {
    List<Object> log = Collections.synchronizedList(new ArrayList<>());
    NodeExecutor.builder()
        .noDriver()
        .run(
            () -> {
              Worker fails =
                  Worker.start(
                      port -> {
                        throw new IllegalStateException("in the worker");
                      });
              fails.onError(error -> log.add(error.getMessage()));
              fails.onExit(
                  exit -> {
                    log.add("exit " + exit);
                    Worker waits = Worker.start(port -> port.onMessage(message -> {}));
                    waits.terminate().thenAccept(end -> log.add("terminated " + end));
                  });
            });

    assertThat(log).containsExactly("in the worker", "exit 1", "terminated 1");
  }

  @Test
  void theGlobalsAreForTheLoopsThread() {
    try (NodeExecutor node = NodeExecutor.builder().noDriver().build()) {
      assertThatThrownBy(() -> node.setTimeout(() -> {}, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("event loop node");
      assertThatThrownBy(NodeExecutor::current).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> Worker.start(port -> {})).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void postsOfManyThreadsArriveEachInItsThreadsOrder() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().noDriver().build()) {
      int threads = 4;
      int posts = 20_000;
      int[] last = new int[threads];
      BlockingQueue<String> wrong = new LinkedBlockingQueue<>();
      CountDownLatch done = new CountDownLatch(threads * posts);
      for (int t = 0; t < threads; t++) {
        int thread = t;
        new Thread(
                () -> {
                  for (int i = 1; i <= posts; i++) {
                    int number = i;
                    node.execute(
                        () -> {
                          if (last[thread] != number - 1) {
                            wrong.add(thread + ": " + last[thread] + " before " + number);
                          }
                          last[thread] = number;
                          done.countDown();
                        });
                  }
                })
            .start();
      }
      assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(wrong).isEmpty();
    }
  }

  @Test
  void aFailedTaskThatAnotherThreadStartedIsThatThreadsAffair() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().noDriver().build()) {
      Task<Object> failed =
          node.spawn(() -> Settled.failure(new IllegalStateException("looked at later")));
      node.submit(() -> {}).get();
      assertThatThrownBy(failed::get).hasMessageContaining("looked at later");
      assertThat(node.submit(() -> "alive").get()).isEqualTo("alive");
    }
  }

  @Test
  void utilizationAddsUpToTheTimeThatHasPassed() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().noDriver().build()) {
      LoopUtilization before =
          node.submit(
                  () -> {
                    LoopUtilization atFirst = node.eventLoopUtilization();
                    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
                    while (System.nanoTime() < end) {
                      Thread.onSpinWait();
                    }
                    return atFirst;
                  })
              .get();
      LoopUtilization busy = node.eventLoopUtilization().since(before);
      assertThat(busy.activeNanos()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(19));
      assertThat(busy.utilization()).isBetween(0.0, 1.0);
    }
  }

  @Test
  void theDelayOfTheLoopIsMeasured() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().noDriver().build()) {
      LoopDelay delay = node.submit(() -> node.monitorEventLoopDelay(1)).get();
      while (delay.count() < 5) {
        node.submit(() -> {}).get();
      }
      node.submit(
              () -> {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(30);
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
              })
          .get();
      long before = delay.count();
      while (delay.count() == before) {
        node.submit(() -> {}).get();
      }
      node.submit(delay::close).get();
      assertThat(delay.maxNanos()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(29));
      assertThat(delay.percentileNanos(100)).isEqualTo(delay.maxNanos());
      assertThat(delay.minNanos()).isLessThanOrEqualTo((long) delay.meanNanos());
    }
  }

  @Test
  void nothingIsTakenThatWouldNeverRun() throws Exception {
    NodeExecutor ended = NodeExecutor.builder().noDriver().start(() -> {});
    assertThat(ended.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> ended.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(ended.spawnBlocking(() -> 1)).isCompletedExceptionally();
    int code =
        NodeExecutor.builder()
            .noDriver()
            .run(
                () -> {
                  NodeExecutor node = NodeExecutor.current();
                  assertThatThrownBy(() -> node.setTimeout(null, 1))
                      .isInstanceOf(NullPointerException.class);
                  assertThatThrownBy(() -> node.queueMicrotask(null))
                      .isInstanceOf(NullPointerException.class);
                });
    assertThat(code).isZero();
  }

  @Test
  void closeOnItsOwnThreadIsRefusedAndFromOutsideItStillWorks() throws Exception {
    NodeExecutor node = NodeExecutor.builder().noDriver().build();
    Task<Object> refused =
        node.spawn(
            () -> {
              node.close();
              return Async.done("never");
            });
    assertThatThrownBy(() -> refused.get(60, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(IllegalStateException.class);
    node.close();
    assertThat(node.isTerminated()).isTrue();
  }

  @Test
  void aFailedBlockingCallThatNobodyAwaitsIsReported() throws Exception {
    List<String> reported = new ArrayList<>();
    NodeExecutor.builder()
        .noDriver()
        .run(
            () -> {
              NodeExecutor node = NodeExecutor.current();
              node.onUnhandledRejection((error, task) -> reported.add(error.getMessage()));
              node.spawnBlocking(
                  () -> {
                    throw new IllegalStateException("on the pool");
                  });
            });
    assertThat(reported).containsExactly("on the pool");
  }
}
