package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import io.netty.buffer.ByteBuf;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What is written beside the loop and on it goes out in the order in which it was written, and
 * either is refused for what the other has done before.
 */
@ExtendWith(LeakCheck.class)
class WriteOrderTest {
  private static final TcpOptions SMALL = TcpOptions.defaults().sendLimit(16 * 1024);

  /** No write waits. */
  private static final TcpOptions ROOMY = TcpOptions.defaults().sendLimit(64 << 20);

  private static final int RECORDS = 5_000;
  private static final int CLOSES = 50;

  /** Does something on the loop. */
  private static <T extends @Nullable Object> CompletableFuture<T> onLoop(
      TcpStream stream, Callable<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    stream
        .driver()
        .execute(
            () -> {
              try {
                result.complete(action.call());
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /** A loop that stands until it is told to go on, and then does something. */
  private static final class StandingLoop<T extends @Nullable Object> {
    private final CountDownLatch standing = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CompletableFuture<T> result;

    StandingLoop(TcpStream stream, Callable<T> then) throws Exception {
      result =
          onLoop(
              stream,
              () -> {
                standing.countDown();
                assertThat(goOn.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
                return then.call();
              });
      assertThat(standing.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    T goOn() throws Exception {
      goOn.countDown();
      return Net.get(result);
    }
  }

  @EachGround
  void whatWasStagedBeforeGoesFirst(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      for (int i = 0; i < 100; i++) {
        StandingLoop<Task<?>> loop =
            new StandingLoop<>(pair.stream, () -> pair.stream.write(Net.buf("c")));
        pair.stream.write(Net.buf("a"));
        pair.stream.write(Net.buf("b"));
        Net.get(loop.goOn());
        Net.get(Net.get(onLoop(pair.stream, () -> pair.stream.write(Net.buf("d")))));
        assertThat(pair.peer.getInputStream().readNBytes(4)).asString().isEqualTo("abcd");
      }
    }
  }

  @EachGround
  void aWriteOnTheLoopIsRefusedAfterACloseBesideIt(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      StandingLoop<@Nullable Throwable> loop =
          new StandingLoop<>(pair.stream, () -> refusal(pair.stream.write(Net.buf("late"))));
      pair.stream.write(Net.buf("sent"));
      pair.stream.close();
      assertThat(loop.goOn()).isInstanceOf(IOException.class);
      assertThat(pair.peer.getInputStream().readAllBytes()).asString().isEqualTo("sent");
    }
  }

  @EachGround
  void aWriteOnTheLoopIsRefusedAfterAShutdownBesideIt(Ground ground) throws Exception {
    try (Pair pair = Pair.open(ground)) {
      StandingLoop<@Nullable Throwable> loop =
          new StandingLoop<>(pair.stream, () -> refusal(pair.stream.write(Net.buf("late"))));
      pair.stream.write(Net.buf("sent"));
      Task<?> shutdown = pair.stream.shutdownOutput();
      assertThat(loop.goOn()).isInstanceOf(IOException.class);
      Net.get(shutdown);
      assertThat(pair.peer.getInputStream().readAllBytes()).asString().isEqualTo("sent");
    }
  }

  @EachGround
  void aWriteOnTheLoopIsRefusedWhileOneBesideItWaits(Ground ground) throws Exception {
    byte[] much = new byte[64 * 1024];
    try (Pair pair = Pair.open(ground, SMALL)) {
      for (int i = 0; i < 20; i++) {
        StandingLoop<@Nullable Throwable> loop =
            new StandingLoop<>(pair.stream, () -> refusal(pair.stream.write(Net.buf("refused"))));
        Task<?> waiting = pair.stream.write(Net.buf(much));
        assertThat(waiting).isNotDone();
        assertThat(loop.goOn()).isInstanceOf(IllegalStateException.class);
        assertThat(pair.peer.getInputStream().readNBytes(much.length)).isEqualTo(much);
        Net.get(waiting);
        Net.get(Net.get(onLoop(pair.stream, () -> pair.stream.write(Net.buf("next")))));
        assertThat(pair.peer.getInputStream().readNBytes(4)).asString().isEqualTo("next");
      }
    }
  }

  @EachGround
  void oneThatWaitedAndWasCancelledStandsInNobodysWay(Ground ground) throws Exception {
    byte[] much = new byte[64 * 1024];
    try (Pair pair = Pair.open(ground, SMALL)) {
      StandingLoop<Task<?>> loop =
          new StandingLoop<>(pair.stream, () -> pair.stream.write(Net.buf("next")));
      Task<?> waiting = pair.stream.write(Net.buf(much));
      waiting.cancel(false);
      Task<?> next = loop.goOn();
      assertThat(pair.peer.getInputStream().readNBytes(much.length)).isEqualTo(much);
      Net.get(next);
      assertThat(pair.peer.getInputStream().readNBytes(4)).asString().isEqualTo("next");
    }
  }

  /** One who moves between the loop and another thread, and one who writes beside the loop. */
  @EachGround
  void whoMovesToTheLoopAndBackDoesNotOvertakeItself(Ground ground) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    System.out.println("WriteOrderTest: seed " + seed);
    Random random = new Random(seed);
    try (Pair pair = Pair.open(ground, ROOMY)) {
      Thread other =
          new Thread(
              () -> {
                for (int i = 0; i < RECORDS; i++) {
                  pair.stream.write(writtenBy(1, i));
                }
              });
      other.start();
      CompletableFuture<int[]> received = received(pair.peer, 2 * RECORDS);
      for (int i = 0; i < RECORDS; ) {
        int staged = Math.min(RECORDS - i, random.nextInt(3));
        for (int end = i + staged; i < end; i++) {
          assertThat(pair.stream.write(writtenBy(0, i))).isCompleted();
        }
        if (i < RECORDS) {
          int next = i++;
          assertThat(Net.get(onLoop(pair.stream, () -> pair.stream.write(writtenBy(0, next)))))
              .isCompleted();
        }
      }
      other.join();
      assertThat(Net.get(received)).as("seed %d", seed).containsExactly(RECORDS, RECORDS);
    }
  }

  /** What was accepted arrives, and what was refused does not. */
  @EachGround
  void aCloseBesideWritesDividesThemInTwo(Ground ground) throws Exception {
    try (AsyncExecutor executor = ground.open();
        TcpListener listener =
            Net.get(
                TcpListener.bind(
                    executor,
                    Net.loopback(0),
                    ROOMY.lingerTimeout(Duration.ofSeconds(Net.SECONDS))))) {
      for (int i = 0; i < CLOSES; i++) {
        try (Socket peer = Net.connect(listener);
            TcpStream stream = Net.get(listener.accept())) {
          CompletableFuture<int[]> received = received(peer, Integer.MAX_VALUE);
          CompletableFuture<Integer> onLoop = new CompletableFuture<>();
          CountDownLatch begun = new CountDownLatch(2);
          writeOnLoop(stream, 0, begun, onLoop);
          CompletableFuture<Integer> beside = new CompletableFuture<>();
          Thread other =
              new Thread(
                  () -> {
                    int accepted = 0;
                    while (isAccepted(stream.write(writtenBy(1, accepted)))) {
                      accepted++;
                      begun.countDown();
                    }
                    beside.complete(accepted);
                  });
          other.start();
          assertThat(begun.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
          stream.close();
          assertThat(Net.get(received)).containsExactly(Net.get(onLoop), Net.get(beside));
          other.join();
        }
      }
    }
  }

  /** Writes on the loop, one record in each turn of it, until that is refused. */
  private static void writeOnLoop(
      TcpStream stream, int at, CountDownLatch begun, CompletableFuture<Integer> accepted) {
    stream
        .driver()
        .loop()
        .execute(
            () -> {
              if (isAccepted(stream.write(writtenBy(0, at)))) {
                begun.countDown();
                writeOnLoop(stream, at + 1, begun, accepted);
              } else {
                accepted.complete(at);
              }
            });
  }

  private static boolean isAccepted(Task<?> written) {
    assertThat(written).isDone();
    return refusal(written) == null;
  }

  /** Why a write that does not wait has failed, if so. Node mode ends by failures nobody hears. */
  private static @Nullable Throwable refusal(Task<?> written) {
    return written.handle((done, error) -> error).getNow(null);
  }

  private static ByteBuf writtenBy(int writer, int number) {
    return Net.buf(
        new byte[] {
          (byte) writer,
          (byte) (number >>> 24),
          (byte) (number >>> 16),
          (byte) (number >>> 8),
          (byte) number
        });
  }

  /** How many records of each writer have come, in its order; until the end, or so many in all. */
  private static CompletableFuture<int[]> received(Socket peer, int most) {
    CompletableFuture<int[]> result = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              int[] next = new int[2];
              try {
                DataInputStream in =
                    new DataInputStream(new BufferedInputStream(peer.getInputStream()));
                while (next[0] + next[1] < most) {
                  int writer = in.read();
                  if (writer < 0) {
                    break;
                  }
                  int number = in.readInt();
                  if (number != next[writer]++) {
                    throw new AssertionError(
                        "of writer %d came %d, expected %d"
                            .formatted(writer, number, next[writer] - 1));
                  }
                }
                result.complete(next);
              } catch (EOFException cut) {
                result.completeExceptionally(new AssertionError("a record was cut", cut));
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            },
            "reader");
    reader.setDaemon(true);
    reader.start();
    return result;
  }
}
