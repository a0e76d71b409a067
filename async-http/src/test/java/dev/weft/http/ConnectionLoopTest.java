package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What streams want of their connection's loop. */
class ConnectionLoopTest {
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private final ConnectionLoop turns =
      new ConnectionLoop(loop::add, () -> false, () -> done.add("flush"));

  private final class Say implements ConnectionLoop.Turn {
    private final String word;

    Say(String word) {
      this.word = word;
    }

    @Override
    public void take() {
      done.add(word);
    }

    @Override
    public void refuse() {
      done.add("not " + word);
    }
  }

  private void run() {
    for (Runnable task; (task = loop.poll()) != null; ) {
      task.run();
    }
  }

  @Test
  void whatSeveralWantIsSentTogether() {
    turns.add(new Say("one"));
    turns.add(new Say("two"));
    assertThat(loop).as("asked once").hasSize(1);
    run();
    assertThat(done).containsExactly("one", "two", "flush");
  }

  @Test
  void whatIsAddedInATurnIsStillTaken() {
    turns.add(
        new ConnectionLoop.Turn() {
          @Override
          public void take() {
            turns.add(new Say("later"));
            turns.afterSending(() -> done.add("sent"));
          }

          @Override
          public void refuse() {}
        });
    run();
    assertThat(done).startsWith("later", "flush", "sent");
  }

  /** So many at a time that the loop gets to its sockets. */
  @Test
  void manyAreTakenInParts() {
    for (int i = 0; i < 1000; i++) {
      turns.add(new Say("word"));
    }
    loop.remove().run();
    assertThat(done.size()).isBetween(2, 500);
    run();
    assertThat(done).filteredOn("word"::equals).hasSize(1000);
    assertThat(done).endsWith("flush");
  }

  @Test
  void oneThatFailsKeepsNobodyBack() {
    turns.add(
        new ConnectionLoop.Turn() {
          @Override
          public void take() {
            throw new IllegalStateException("thrown by the test");
          }

          @Override
          public void refuse() {}
        });
    turns.add(new Say("word"));
    try {
      loop.remove().run();
    } catch (IllegalStateException expected) {
      // the loop logs it
    }
    run();
    assertThat(done).contains("word").endsWith("flush");
  }

  @Test
  void withoutALoopAllAreRefused() {
    ConnectionLoop ended =
        new ConnectionLoop(
            action -> {
              throw new RejectedExecutionException("thrown by the test");
            },
            () -> true,
            () -> done.add("flush"));
    ended.add(new Say("one"));
    ended.add(new Say("two"));
    assertThat(done).containsExactly("not one", "not two");
  }

  /** What it is told of then it never does. */
  @Test
  void aLoopThatEndsWhileItIsToldRefusesAll() {
    ConnectionLoop ending =
        new ConnectionLoop(loop::add, () -> !loop.isEmpty(), () -> done.add("flush"));
    ending.add(new Say("one"));
    ending.add(new Say("two"));
    assertThat(done).containsExactly("not one", "not two");
  }

  /** A loop that ends, beside threads that add: each turn is taken or refused, once. */
  @Test
  void eachIsTakenOrRefused() throws Exception {
    for (int round = 0; round < 50; round++) {
      ExecutorService thread = Executors.newSingleThreadExecutor();
      AtomicInteger taken = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      ConnectionLoop ending = new ConnectionLoop(thread, thread::isShutdown, () -> {});
      List<Thread> streams = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Thread stream =
            new Thread(
                () -> {
                  for (int j = 0; j < 300; j++) {
                    ending.add(
                        new ConnectionLoop.Turn() {
                          @Override
                          public void take() {
                            taken.incrementAndGet();
                          }

                          @Override
                          public void refuse() {
                            refused.incrementAndGet();
                          }
                        });
                  }
                });
        streams.add(stream);
        stream.start();
      }
      thread.shutdown();
      for (Thread stream : streams) {
        stream.join();
      }
      assertThat(thread.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      assertThat(taken.get() + refused.get()).isEqualTo(900);
    }
  }
}
