package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.WorkStealingExecutorBuilder;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import dev.weft.net.loop.SocketDriver;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An echo server whose tasks burn 5 to 20 ms of CPU now and then, so that its I/O loops change
 * hands all the time, under a {@link StressClient}. Some of the echoes are written in two parts by
 * two tasks, one after the other, which may run on different workers.
 *
 * <p>Run for a minute per transport by {@code mvn test -pl async-api -Dtest=TakeoverStressTest
 * -Dweft.stress.seconds=60}.
 */
final class TakeoverStress {
  private static final int CONNECTIONS = 200;

  private final WorkStealingExecutor executor;
  private final TcpListener listener;
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicLong burns = new AtomicLong();

  /** One echo in so many burns. */
  private static final int BURN_ONE_IN = 400;

  private TakeoverStress(WorkStealingExecutor executor, TcpListener listener) {
    this.executor = executor;
    this.listener = listener;
  }

  /** Returns what happened, for people; throws if a byte was wrong or lost. */
  static String run(Transport transport, int workers, int loops, long millis, long seed)
      throws Exception {
    WorkStealingExecutorBuilder builder =
        WorkStealingExecutor.builder().name("stress").workers(workers).driver(transport.driver());
    if (loops > 0) {
      builder.ioLoops(loops);
    }
    try (WorkStealingExecutor executor = builder.build();
        TcpListener listener = Net.listen(executor)) {
      return new TakeoverStress(executor, listener).run(millis, seed)
          + " on "
          + transport
          + " with "
          + workers
          + " workers, seed "
          + seed;
    }
  }

  private String run(long millis, long seed) throws Exception {
    executor.spawn(this::accept);
    List<FutureTask<StressClient.Result>> clients = new ArrayList<>();
    FutureTask<StressClient.Result> client =
        new FutureTask<>(new StressClient(listener.localAddress(), CONNECTIONS, millis, seed));
    clients.add(client);
    Thread thread = new Thread(client, "stress-client");
    thread.setDaemon(true);
    thread.start();
    Random random = new Random(seed);
    while (!client.isDone()) { // a task from outside that burns, beside those that echo
      executor.execute(this::burn);
      TimeUnit.MILLISECONDS.sleep(20 + random.nextInt(40));
    }
    StressClient.Result result = Net.get(client);
    long takeovers = SocketDriver.of(executor).takeovers();
    Net.await("the end of every connection's task", () -> served.get() == 0);
    return String.format(
        "%d connections, %d of them reset, %d bytes, %d tasks burned, %d takeovers",
        result.connections(), result.resets(), result.bytes(), burns.get(), takeovers);
  }

  private HandWritten<Void> accept() {
    return start(
        (frame, state, awaited) -> {
          CompletableFuture<?> now = awaited;
          while (true) {
            if (now != null) {
              TcpStream stream = (TcpStream) Await.take(now);
              if (stream == null) {
                return Settled.value(null);
              }
              served.incrementAndGet();
              executor.spawn(() -> echo(stream)).whenComplete((r, e) -> ended(stream));
            }
            now = listener.accept();
            if (!now.isDone()) {
              return frame.await(now, 1);
            }
          }
        });
  }

  private void ended(TcpStream stream) {
    stream.close();
    served.decrementAndGet();
  }

  private HandWritten<Void> echo(TcpStream stream) {
    return start(
        (frame, state, awaited) -> {
          CompletableFuture<?> now = awaited;
          int at = state;
          while (true) {
            if (at == 1) { // read
              ByteBuf buf = (ByteBuf) Await.take(now);
              if (buf == null) {
                return Settled.value(null);
              }
              now = write(stream, buf);
              at = 2;
            } else { // written, or not begun
              if (at == 2) {
                Await.take(now);
              }
              now = stream.read();
              at = 1;
            }
            if (!now.isDone()) {
              return frame.await(now, at);
            }
          }
        });
  }

  private CompletableFuture<?> write(TcpStream stream, ByteBuf buf) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextInt(BURN_ONE_IN) == 0) {
      burn();
    }
    if (buf.readableBytes() < 2 || random.nextInt(8) != 0) {
      return stream.write(buf);
    }
    ByteBuf first = buf.readRetainedSlice(1 + random.nextInt(buf.readableBytes() - 1));
    Task<?> written = stream.write(first);
    return executor.spawn(
        () -> {
          if (ThreadLocalRandom.current().nextInt(BURN_ONE_IN) == 0) {
            burn();
          }
          return written
              .handle((done, error) -> error)
              .thenCompose(error -> stream.write(buf)); // which also releases it
        });
  }

  private void burn() {
    burns.incrementAndGet();
    long end =
        System.nanoTime()
            + TimeUnit.MILLISECONDS.toNanos(5 + ThreadLocalRandom.current().nextInt(16));
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private HandWritten<Void> start(HandWritten.Body<Void> body) {
    HandWritten<Void> frame = new HandWritten<>(executor, body);
    ((AsyncExecutor) executor).schedule(frame);
    return frame;
  }
}
