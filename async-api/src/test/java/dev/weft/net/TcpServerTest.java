package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.NodeExecutor;
import dev.weft.NodeExecutorBuilder;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.TcpServer.DrainReport;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server accepts, serves, and ends in order; nothing that a handler does harms the others. */
@ExtendWith(LeakCheck.class)
class TcpServerTest {
  private static final Duration LONG = Duration.ofSeconds(Net.SECONDS);

  private final List<Socket> clients = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }

  private Socket connect(TcpListener listener) throws IOException {
    clients.add(Net.connect(listener));
    return clients.get(clients.size() - 1);
  }

  /** Says what it is told. */
  private static final class Told implements TcpServer.Observer {
    final Map<TcpStream, Boolean> open = new ConcurrentHashMap<>();
    final AtomicInteger accepted = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();

    @Override
    public void onAccepted(TcpStream socket) {
      accepted.incrementAndGet();
      open.put(socket, true);
    }

    @Override
    public void onEnded(TcpStream socket, @Nullable Throwable error) {
      ended.incrementAndGet();
      open.remove(socket);
      if (error != null) {
        errors.add(error instanceof CompletionException ? error.getCause() : error);
      }
    }
  }

  @EachTransport
  void itServesAndEndsWhenAllAreThrough(Transport transport) throws Exception {
    Told told = new Told();
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      TcpServer server = TcpServer.start(executor, listener, Net::echo, told);
      for (int i = 0; i < 10; i++) {
        Net.roundTrip(connect(listener));
      }
      assertThat(server.open()).isEqualTo(10);
      assertThat(server.accepting()).isNotDone();
      clients.get(0).close();
      Net.await("one has ended", () -> server.open() == 9);
      Task<DrainReport> drained = server.drain(LONG);
      assertThat(server.drain(Duration.ZERO)).as("the first bound counts").isSameAs(drained);
      assertThat(Net.get(drained)).isEqualTo(new DrainReport(9, 0));
      Net.get(server.accepting());
      assertThat(server.open()).isZero();
      for (Socket client : clients.subList(1, 10)) {
        assertThat(client.getInputStream().read()).as("in order").isEqualTo(-1);
      }
      assertThat(told.accepted).hasValue(10);
      assertThat(told.ended).hasValue(10);
      assertThat(told.open).isEmpty();
      assertThat(told.errors).isEmpty();
      Net.await("nobody listens", () -> isRefused(listener));
    }
  }

  @EachTransport
  void handlersThatHangAreReset(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      AtomicInteger number = new AtomicInteger();
      Told told = new Told();
      TcpServer server =
          TcpServer.start(
              executor,
              listener,
              socket ->
                  number.getAndIncrement() % 2 == 0
                      ? Net.echo(socket)
                      : Net.echo(socket) // and goes on for ever, whatever the end
                          .thenCompose(end -> flood(socket)),
              told);
      for (int i = 0; i < 6; i++) {
        Net.roundTrip(connect(listener));
      }
      assertThat(server.drainNow(Duration.ofMillis(100))).isNotNull();
      DrainReport report = Net.get(server.drain(LONG));
      assertThat(report.reset()).isBetween(3, 6); // others, too, if the machine is slow
      assertThat(report.ended()).isEqualTo(6 - report.reset());
      int reset = 0;
      for (Socket client : clients) {
        reset += Net.isReset(client) ? 1 : 0;
      }
      assertThat(reset).isEqualTo(report.reset());
      // On a slow machine a handler may have ended well when its connection is reset all the same.
      assertThat(told.errors).hasSizeBetween(3, report.reset());
    }
  }

  /** Writes until that fails. */
  private static Task<@Nullable Void> flood(TcpStream socket) {
    Task<@Nullable Void> failed = new Task<>();
    writeOn(socket, failed);
    return failed;
  }

  private static void writeOn(TcpStream socket, Task<@Nullable Void> failed) {
    socket
        .write(Net.buf(new byte[32 * 1024]))
        .whenCompleteAsync(
            (written, error) -> {
              if (error != null) {
                failed.completeExceptionally(error);
              } else {
                writeOn(socket, failed);
              }
            });
  }

  @EachTransport
  void noTimeResetsAllAtOnce(Transport transport) throws Exception {
    for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      try (WorkStealingExecutor executor = Net.executor(transport)) {
        TcpListener listener = Net.listen(executor);
        TcpServer server = TcpServer.start(executor, listener, socket -> flood(socket));
        Socket client = connect(listener);
        assertThat(client.getInputStream().read()).isZero();
        assertThat(Net.get(server.drain(none))).isEqualTo(new DrainReport(0, 1));
        assertThat(Net.isReset(client)).isTrue();
      }
    }
  }

  /** Not before the selector has let go of the socket. */
  private boolean isRefused(TcpListener listener) {
    try {
      connect(listener);
      return false;
    } catch (IOException refused) {
      return true;
    }
  }

  @EachTransport
  void aHandlerThatThrowsResetsItsConnectionAlone(Transport transport) throws Exception {
    Told told = new Told();
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      AtomicInteger number = new AtomicInteger();
      TcpServer server =
          TcpServer.start(
              executor,
              listener,
              socket ->
                  switch (number.getAndIncrement()) {
                    case 0 -> throw new IOException("thrown");
                    case 1 -> throw new AssertionError("thrown");
                    case 2 -> Task.failedFuture(new IOException("failed"));
                    default -> Net.echo(socket);
                  },
              told);
      for (int i = 0; i < 3; i++) {
        Socket client = connect(listener);
        assertThatThrownBy(() -> client.getInputStream().read())
            .as("no end that looks as if it was all")
            .isInstanceOf(IOException.class);
      }
      Net.roundTrip(connect(listener));
      Net.await("three have ended", () -> told.ended.get() == 3);
      assertThat(told.errors)
          .extracting(Throwable::getMessage)
          .containsExactly("thrown", "thrown", "failed");
      assertThat(Net.get(server.drain(LONG))).isEqualTo(new DrainReport(1, 0));
    }
  }

  @EachTransport
  void anObserverThatThrowsHarmsNobody(Transport transport) throws Exception {
    TcpServer.Observer throwing =
        new TcpServer.Observer() {
          private final AtomicInteger number = new AtomicInteger();

          @Override
          public void onAccepted(TcpStream socket) {
            throwOneOrTheOther();
          }

          @Override
          public void onEnded(TcpStream socket, @Nullable Throwable error) {
            throwOneOrTheOther();
          }

          private void throwOneOrTheOther() {
            if (number.getAndIncrement() % 2 == 0) {
              throw new IllegalStateException("of no interest");
            }
            throw new AssertionError("of no interest");
          }
        };
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      TcpServer server = TcpServer.start(executor, listener, Net::echo, throwing);
      for (int i = 0; i < 8; i++) {
        Net.roundTrip(connect(listener));
      }
      clients.get(0).close();
      clients.get(1).close();
      Net.await("two have ended", () -> server.open() == 6);
      assertThat(Net.get(server.drain(LONG))).isEqualTo(new DrainReport(6, 0));
    }
  }

  /** Each client is answered or turned down, and none is left without a word. */
  @EachTransport
  void itDrainsWhileConnectionsCome(Transport transport) throws Exception {
    for (int round = 0; round < 5; round++) {
      try (WorkStealingExecutor executor = Net.executor(transport)) {
        TcpListener listener = Net.listen(executor);
        Told told = new Told();
        TcpServer server = TcpServer.start(executor, listener, Net::echo, told);
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        Task<Integer> coming =
            executor.spawnBlocking(
                () -> {
                  int turnedDown = 0;
                  while (!ended.get() || turnedDown == 0) {
                    try (Socket client = Net.connect(listener)) {
                      Net.roundTrip(client);
                      answered.incrementAndGet();
                    } catch (IOException | AssertionError refused) {
                      turnedDown++;
                    }
                  }
                  return turnedDown;
                });
        Net.await("some have come", () -> answered.get() >= 5);
        DrainReport report = Net.get(server.drain(LONG));
        ended.set(true);
        assertThat(report.reset()).isZero();
        assertThat(Net.get(coming)).isPositive();
        assertThat(told.ended.get()).isEqualTo(told.accepted.get());
        assertThat(told.accepted.get()).isGreaterThanOrEqualTo(answered.get());
      }
    }
  }

  @EachTransport
  void acceptingEndsWithTheListenerAndTheOthersAreServedOn(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      TcpServer server = TcpServer.start(executor, listener, Net::echo);
      Net.roundTrip(connect(listener));
      listener.close();
      Net.get(server.accepting());
      Net.roundTrip(clients.get(0));
      assertThat(Net.get(server.drain(LONG))).isEqualTo(new DrainReport(1, 0));
    }
  }

  @EachTransport
  void closingTheExecutorEndsAccepting(Transport transport) throws Exception {
    TcpServer server;
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      server = TcpServer.start(executor, listener, Net::echo);
      Net.roundTrip(connect(listener));
      executor.shutdownNow();
    }
    Net.await("it has ended", () -> server.accepting().isDone());
    Net.await("nobody is served", () -> server.open() == 0);
    assertThatThrownBy(() -> clients.get(0).getInputStream().read())
        .isInstanceOf(SocketException.class);
    assertThat(Net.get(server.drain(LONG))).isNotNull();
  }

  @Test
  void cancellingWhatItReturnsDoesNothingToIt() throws Exception {
    try (WorkStealingExecutor executor = Net.executor(Transport.AUTO)) {
      TcpListener listener = Net.listen(executor);
      TcpServer server = TcpServer.start(executor, listener, Net::echo);
      server.accepting().cancel(true);
      Net.roundTrip(connect(listener));
      Net.roundTrip(connect(listener));
      server.drain(LONG).cancel(true);
      Net.await("it drains all the same", () -> server.open() == 0);
      assertThat(clients.get(0).getInputStream().read()).isEqualTo(-1);
    }
  }

  /** A program ends when nothing is left to do; the rest of the bound is not. */
  @Test
  void aNodeProgramEndsWhenItsServerHasDrained() throws Exception {
    int[] exitCode = {-1};
    NodeExecutorBuilder program = NodeExecutor.builder();
    Thread main =
        new Thread(
            () -> {
              try {
                exitCode[0] =
                    program.run(
                        () -> {
                          NodeExecutor node = (NodeExecutor) dev.weft.AsyncExecutor.current();
                          TcpListener.bind("127.0.0.1", 0)
                              .thenAccept(
                                  listener ->
                                      TcpServer.start(node, listener, Net::echo)
                                          .drain(Duration.ofHours(1)));
                        });
              } catch (InterruptedException ended) {
                // by the test, which has failed
              }
            });
    main.setDaemon(true);
    main.start();
    Net.await("the program has ended", () -> !main.isAlive());
    assertThat(exitCode[0]).isZero();
  }
}
