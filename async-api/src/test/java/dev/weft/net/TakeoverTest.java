package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.weft.Async;
import dev.weft.Logged;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.loop.WorkerEventLoop;
import dev.weft.scheduler.watch.TakeoverLog;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A task that is stuck on the worker that polls does not hold up the other connections. */
@ExtendWith(LeakCheck.class)
class TakeoverTest {
  private final Logger takeoverLog = (Logger) LoggerFactory.getLogger(TakeoverLog.class);
  private final List<String> takeovers = new CopyOnWriteArrayList<>();

  @RegisterExtension
  final Logged logged =
      new Logged(TakeoverLog.class, line -> takeovers.add(line.getFormattedMessage()));

  @AfterEach
  void sayNoMore() {
    takeoverLog.setLevel(null);
  }

  /** Waits on its worker's thread for as long as the latch is closed, whenever input comes. */
  private static HandWritten<Void> sticking(
      WorkStealingExecutor executor, TcpStream stream, CountDownLatch stuck, CountDownLatch end) {
    return new HandWritten<>(
        executor,
        (frame, state, awaited) -> {
          if (state == 0) {
            return frame.await(stream.read(), 1);
          }
          ((ByteBuf) Await.take(awaited)).release();
          stuck.countDown();
          assertThat(end.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
          stream.write(Net.buf("late")); // from a worker that may have lost the loop by now
          return Settled.value(null);
        });
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void theOnlyWorkerServesOthersWhileATaskBlocksInPlace(Transport transport) throws Exception {
    assumeTrue(transport.isAvailable(), transport::unavailabilityReason);
    try (WorkStealingExecutor executor =
            WorkStealingExecutor.builder().workers(1).driver(transport.driver()).build();
        TcpListener listener = Net.listen(executor);
        Socket blocking = Net.connect(listener);
        TcpStream blockingStream = Net.get(listener.accept());
        Socket other = Net.connect(listener);
        TcpStream otherStream = Net.get(listener.accept())) {
      Net.echo(otherStream);
      for (int i = 0; i < 10; i++) {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        HandWritten<Void> task =
            new HandWritten<>(
                executor,
                (frame, state, awaited) -> {
                  if (state == 0) {
                    return frame.await(blockingStream.read(), 1);
                  }
                  ((ByteBuf) Await.take(awaited)).release();
                  blocked.countDown();
                  assertThat(Async.blockInPlace(() -> end.await(Net.SECONDS, TimeUnit.SECONDS)))
                      .isTrue();
                  blockingStream.write(Net.buf("late")); // from a thread that polls nothing
                  return Settled.value(null);
                });
        executor.schedule(task);
        blocking.getOutputStream().write('x');
        assertThat(blocked.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
        for (int j = 0; j < 5; j++) {
          other.getOutputStream().write(j);
          assertThat(other.getInputStream().read()).isEqualTo(j);
        }
        end.countDown();
        assertThat(blocking.getInputStream().readNBytes(4)).asString().isEqualTo("late");
        Net.get(task);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void othersAreServedWhileATaskIsStuckWhereItWasWoken(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket sticky = Net.connect(listener);
        TcpStream stickyStream = Net.get(listener.accept());
        Socket other = Net.connect(listener);
        TcpStream otherStream = Net.get(listener.accept())) {
      Net.echo(otherStream);
      // More often if the task has always gone to the worker that does not poll.
      for (int i = 0; i < 10 || (i < 1000 && SocketDriver.of(executor).takeovers() == 0); i++) {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        HandWritten<Void> task = sticking(executor, stickyStream, stuck, end);
        executor.schedule(task);
        Net.await("the task waits for input", stickyStream::isReadAwaited);
        sticky.getOutputStream().write('x');
        assertThat(stuck.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
        for (int j = 0; j < 5; j++) {
          other.getOutputStream().write(j);
          assertThat(other.getInputStream().read()).isEqualTo(j);
        }
        end.countDown();
        assertThat(sticky.getInputStream().readNBytes(4)).asString().isEqualTo("late");
        Net.get(task);
      }
      assertThat(SocketDriver.of(executor).takeovers()).isPositive();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void aSlowPollSaysWhoHasTakenItsLoop(Transport transport) throws Exception {
    assumeTrue(transport.isAvailable(), transport::unavailabilityReason);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket sticky = Net.connect(listener);
        TcpStream stickyStream = Net.get(listener.accept());
        Socket other = Net.connect(listener);
        TcpStream otherStream = Net.get(listener.accept())) {
      Net.echo(otherStream);
      takeoverLog.setLevel(Level.DEBUG);
      String takeover = null;
      // Again if the task has gone to the worker that does not poll.
      for (int i = 0; takeover == null; i++) {
        int before = i;
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        HandWritten<Void> task = sticking(executor, stickyStream, stuck, end);
        executor.schedule(task);
        Net.await("the task waits for input", stickyStream::isReadAwaited);
        sticky.getOutputStream().write('x');
        assertThat(stuck.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
        other.getOutputStream().write(1);
        assertThat(other.getInputStream().read()).isEqualTo(1); // by who has the loop now
        Net.await("it is told", () -> executor.metrics().slowPolls() > before);
        takeover = executor.slowPolls().get(executor.slowPolls().size() - 1).takeover();
        end.countDown();
        assertThat(sticky.getInputStream().readNBytes(4)).asString().isEqualTo("late");
        Net.get(task);
      }
      assertThat(takeover)
          .matches(
              "Its I/O loop was taken over by worker [01], \\d+ ms after it was first seen in this"
                  + " poll");
      Logged.flush(); // as itself, or as one of those that were left out
      assertThat(takeovers)
          .anyMatch(
              line ->
                  line.matches(
                      ".*net-test: worker [01] has taken over the I/O loop of worker [01], which is"
                          + " in a call of dev.weft.frame.HandWritten.*"));
    }
  }

  private static WorkStealingExecutor twoLoops(Transport transport) {
    return WorkStealingExecutor.builder()
        .name("net-test")
        .workers(2)
        .ioLoops(2)
        .driver(transport.driver())
        .build();
  }

  /** With a loop each, a worker that sleeps in its own sees to the other one's as well. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void aWorkerWithALoopOfItsOwnHelpsOut(Transport transport) throws Exception {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    try (WorkStealingExecutor executor = twoLoops(transport);
        TcpListener listener = Net.listen(executor)) {
      IoEventLoopGroup group = executor.eventLoopGroup();
      List<EventExecutor> loops = new ArrayList<>();
      group.forEach(loops::add);
      assertThat(loops).hasSize(2);
      CountDownLatch stuck = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      executor.execute(
          () -> {
            stuck.countDown();
            try {
              assertThat(end.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      assertThat(stuck.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 20; i++) {
        for (EventExecutor loop : loops) {
          assertThat(loop.submit(() -> 1).get(Net.SECONDS, TimeUnit.SECONDS)).isOne();
        }
      }
      end.countDown();
    }
  }

  /** And so are the connections of both loops, whichever of them it sleeps in. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void theConnectionsOfBothLoopsAreServedByTheWorkerThatIsLeft(Transport transport)
      throws Exception {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    try (WorkStealingExecutor executor = twoLoops(transport);
        TcpListener listener = Net.listen(executor);
        Socket sticky = Net.connect(listener);
        TcpStream stickyStream = Net.get(listener.accept())) {
      List<Socket> clients = new ArrayList<>();
      List<TcpStream> streams = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(Net.connect(listener));
        TcpStream stream = Net.get(listener.accept());
        streams.add(stream);
        Net.echo(stream);
      }
      for (int i = 0; i < 10; i++) {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        HandWritten<Void> task = sticking(executor, stickyStream, stuck, end);
        executor.schedule(task);
        Net.await("the task waits for input", stickyStream::isReadAwaited);
        sticky.getOutputStream().write('x');
        assertThat(stuck.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
        for (int j = 0; j < 20; j++) {
          for (Socket client : clients) {
            client.getOutputStream().write(j);
          }
          for (Socket client : clients) {
            assertThat(client.getInputStream().read()).isEqualTo(j);
          }
        }
        end.countDown();
        assertThat(sticky.getInputStream().readNBytes(4)).asString().isEqualTo("late");
        Net.get(task);
      }
      assertThat(SocketDriver.of(executor).takeovers()).isPositive();
      for (int i = 0; i < 8; i++) {
        clients.get(i).close();
        streams.get(i).close();
      }
    }
  }

  @EachTransport
  void connectionsAreSpreadOverTheLoops(Transport transport) throws Exception {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    try (WorkStealingExecutor executor = twoLoops(transport);
        TcpListener listener = Net.listen(executor)) {
      List<Socket> clients = new ArrayList<>();
      List<TcpStream> streams = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        clients.add(Net.connect(listener));
        TcpStream stream = Net.get(listener.accept());
        streams.add(stream);
        Net.echo(stream);
      }
      for (int i = 0; i < 9; i++) {
        clients.get(i).getOutputStream().write(i);
        assertThat(clients.get(i).getInputStream().read()).isEqualTo(i);
      }
      // Nine connections and the listener: five each, unless a loop stood still for want of a core.
      assertThat(Net.channels(executor)).isEqualTo(10);
      IoEventLoopGroup group = executor.eventLoopGroup();
      assertThat(group).hasSize(2).allMatch(loop -> ((WorkerEventLoop) loop).channels() > 0);
      for (int i = 0; i < 9; i++) {
        clients.get(i).close();
        streams.get(i).close();
      }
    }
  }

  /** Switched off, and so each transport as io_uring is: one thread has the loop for ever. */
  @EachTransport
  void withoutTakeoverOneThreadHasTheLoop(Transport transport) throws Exception {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    try (WorkStealingExecutor executor =
            WorkStealingExecutor.builder()
                .workers(2)
                .name("net-test")
                .takeover(false)
                .ioLoops(1)
                .driver(transport.driver())
                .build();
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Net.echo(stream);
      IoEventLoopGroup group = executor.eventLoopGroup();
      for (int i = 0; i < 100; i++) {
        client.getOutputStream().write(i);
        assertThat(client.getInputStream().read()).isEqualTo(i);
        executor.execute(() -> {});
        assertThat(Net.get(group.submit(() -> Thread.currentThread().getName())))
            .isEqualTo("net-test-worker-0");
      }
      assertThat(SocketDriver.of(executor).takeovers()).isZero();
    }
  }
}
