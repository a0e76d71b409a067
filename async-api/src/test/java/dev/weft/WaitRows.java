package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.log.LogQueue;
import dev.weft.net.ByteStream;
import dev.weft.net.Copied;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpServer;
import dev.weft.net.TcpStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** What blocks until something has ended, for a time at most. */
final class WaitRows extends TimeRows {
  WaitRows() {
    waits();
    ends();
  }

  // ---- waiting

  private void waits() {
    String[] waits = {"false", "false", "false", "false", "true", "true"};
    row(
        "WorkStealingExecutor.awaitTermination(long,TimeUnit)",
        time -> ending(stealing(), time, executor -> awaitTermination(executor, time)),
        waits);
    row(
        "NodeExecutor.awaitTermination(long,TimeUnit)",
        time -> ending(node(), time, executor -> awaitTermination(executor, time)),
        waits);
    row(
        "ExecutorAdapter.awaitTermination(long,TimeUnit)",
        time -> ending(adapted(), time, executor -> awaitTermination(executor, time)),
        waits);
    row("Task.awaitFinished(Duration)", WaitRows::finishing, waits);
    row("LogQueue.flush(Duration)", WaitRows::flushing, waits);
    row("TcpServer.drain(Duration)", time -> draining(time, TcpServer::drain), each("0 left"));
    row(
        "TcpServer.drainNow(Duration)",
        time -> draining(time, (server, bound) -> Task.completedFuture(server.drainNow(bound))),
        each("0 left"));
    row(
        "ByteStream.copyBidirectional(ByteStream,ByteStream,Duration)",
        WaitRows::copying,
        TimeRows.REFUSED,
        TimeRows.REFUSED,
        "0 forth",
        "late",
        "0 forth",
        "0 forth");
    for (String type : List.of("WorkStealingExecutor", "NodeExecutor", "ExecutorAdapter")) {
      row(
          type + ".invokeAll(Collection,long,TimeUnit)",
          time ->
              invoking(
                  type,
                  time,
                  (executor, call) ->
                      !executor
                          .invokeAll(List.of(call), time.amount, time.unit)
                          .get(0)
                          .isCancelled()),
          waits);
      row(
          type + ".invokeAny(Collection,long,TimeUnit)",
          time ->
              invoking(
                  type,
                  time,
                  (executor, call) -> {
                    try {
                      return executor.invokeAny(List.of(call), time.amount, time.unit);
                    } catch (TimeoutException late) {
                      return false;
                    }
                  }),
          waits);
    }
  }

  private static String finishing(Time time) throws Exception {
    Task<String> task = new Task<>();
    if (time.isLong()) {
      task.complete("");
    }
    return String.valueOf(task.awaitFinished(time.duration()));
  }

  /** While a write is stuck, or is not. */
  private static String flushing(Time time) {
    CountDownLatch release = new CountDownLatch(time.isLong() ? 0 : 1);
    LogQueue queue = new LogQueue("flushed", 1, dropped -> {});
    queue.offer(() -> awaitUninterruptibly(release));
    try {
      return String.valueOf(queue.flush(time.duration()));
    } finally {
      release.countDown();
    }
  }

  /** One that has a connection, which ends when its input does, or is reset. */
  private static String draining(
      Time time, BiFunction<TcpServer, Duration, CompletableFuture<?>> drain) throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
      TcpServer server =
          TcpServer.start(
              executor,
              listener,
              socket -> socket.read().thenAccept(end -> assertThat(end).isNull()));
      try (Socket client = new Socket("127.0.0.1", listener.localAddress().getPort())) {
        client.setSoTimeout(60_000);
        drain.apply(server, time.duration()).get(60, TimeUnit.SECONDS);
        return server.drain(Duration.ZERO).get(60, TimeUnit.SECONDS) == null
            ? "no report"
            : server.open() + " left";
      }
    }
  }

  /** Of two whose peers end at once, or not if that would be too late. */
  private static String copying(Time time) throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
      int port = listener.localAddress().getPort();
      try (Socket client = new Socket("127.0.0.1", port);
          TcpStream one = executor.blockOn(listener::accept);
          Socket server = new Socket("127.0.0.1", port);
          TcpStream other = executor.blockOn(listener::accept)) {
        Task<Copied> copied = ByteStream.copyBidirectional(one, other, time.duration());
        if (time != Time.ONE) {
          client.shutdownOutput();
          server.shutdownOutput();
        }
        return copied.get(60, TimeUnit.SECONDS).forth() + " forth";
      } catch (ExecutionException e) {
        return e.getCause() instanceof SocketTimeoutException ? "late" : e.toString();
      }
    }
  }

  private static WorkStealingExecutor stealing() {
    return WorkStealingExecutor.builder().workers(1).noDriver().build();
  }

  private static ExecutorAdapter adapted() {
    return ExecutorAdapter.of(command -> new Thread(command).start());
  }

  private static AsyncExecutor executor(String type) {
    return switch (type) {
      case "NodeExecutor" -> node();
      case "ExecutorAdapter" -> adapted();
      default -> stealing();
    };
  }

  private static NodeExecutor node() {
    return NodeExecutor.builder().noDriver().build();
  }

  private interface Step<R> {
    R with(AsyncExecutor executor) throws Exception;
  }

  private static boolean awaitTermination(AsyncExecutor executor, Time time) throws Exception {
    executor.shutdown();
    return executor.awaitTermination(time.amount, time.unit);
  }

  /**
   * Does something to an executor with a task that goes on for a while after its shutdown: for
   * longer than a short time lasts, and not at all if the time is long.
   */
  private static <R> String ending(AsyncExecutor executor, Time time, Step<R> step)
      throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(time.isLong() ? 0 : 1);
    executor.execute(
        () -> {
          started.countDown();
          while (!executor.isShutdown()) {
            Thread.onSpinWait();
          }
          awaitUninterruptibly(release);
        });
    started.await();
    try {
      return String.valueOf(step.with(executor));
    } finally {
      release.countDown();
      executor.shutdown();
      assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException ending) {
        // as a task that takes no notice of it
      }
    }
  }

  private interface Invocation {
    boolean on(AsyncExecutor executor, Callable<Boolean> call) throws Exception;
  }

  private static String invoking(String type, Time time, Invocation invocation) throws Exception {
    CountDownLatch release = new CountDownLatch(time.isLong() ? 0 : 1);
    Callable<Boolean> call =
        () -> {
          awaitUninterruptibly(release);
          return true;
        };
    try (AsyncExecutor executor = executor(type)) {
      try {
        return String.valueOf(invocation.on(executor, call));
      } finally {
        release.countDown();
      }
    }
  }

  // ---- the end

  private void ends() {
    String[] ends = {"gave up", "gave up", "gave up", "gave up", "ended", "ended"};
    for (String type :
        List.of("AsyncExecutor", "WorkStealingExecutor", "NodeExecutor", "ExecutorAdapter")) {
      row(
          type + ".close(Duration)",
          time ->
              ending(
                  executor(type),
                  time,
                  executor -> {
                    try {
                      executor.close(time.duration());
                      return "ended";
                    } catch (TimeoutException late) {
                      return "gave up";
                    }
                  }),
          ends);
    }
    row(
        "WorkStealingExecutor.close(Duration,Duration)",
        time ->
            ending(
                stealing(),
                time,
                executor ->
                    reported(
                        ((WorkStealingExecutor) executor).close(time.duration(), time.duration()))),
        ends);
    row(
        "NodeExecutor.close(Duration,Duration)",
        time ->
            ending(
                node(),
                time,
                executor ->
                    reported(((NodeExecutor) executor).close(time.duration(), time.duration()))),
        ends);
    row(
        "ExecutorAdapter.close(Duration,Duration)",
        time ->
            ending(
                adapted(),
                time,
                executor ->
                    reported(((ExecutorAdapter) executor).close(time.duration(), time.duration()))),
        ends);
    row(
        "WorkStealingExecutorBuilder.closeBound(Duration)",
        time -> closing(time, builder -> builder.closeBound(time.duration())),
        REFUSED,
        REFUSED,
        "gave up",
        "gave up",
        "ended",
        "ended");
    row(
        "WorkStealingExecutorBuilder.closeDrain(Duration)",
        time ->
            closing(
                time,
                builder -> builder.closeDrain(time.duration()).closeBound(Duration.ofNanos(1))),
        REFUSED,
        REFUSED,
        "gave up",
        "gave up",
        "ended",
        "ended");
  }

  private static String reported(CloseReport report) {
    assertThat(report.took()).isGreaterThanOrEqualTo(Duration.ZERO);
    return report.ended() ? "ended" : "gave up";
  }

  private static String closing(Time time, UnaryOperator<WorkStealingExecutorBuilder> option)
      throws Exception {
    WorkStealingExecutor executor =
        option.apply(WorkStealingExecutor.builder().workers(1).noDriver()).build();
    return ending(
        executor,
        time,
        closed -> {
          closed.close();
          return closed.isTerminated() ? "ended" : "gave up";
        });
  }
}
