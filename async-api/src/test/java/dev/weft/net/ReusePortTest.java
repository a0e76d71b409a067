package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.WorkStealingExecutor;
import java.net.BindException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several listeners of one port, if all say so. */
@ExtendWith(LeakCheck.class)
class ReusePortTest {
  private static final ListenOptions SHARED = ListenOptions.defaults().reusePort(true);

  private final AtomicInteger ofFirst = new AtomicInteger();
  private final AtomicInteger ofSecond = new AtomicInteger();

  private static TcpListener another(
      WorkStealingExecutor executor, TcpListener first, ListenOptions options) throws Exception {
    return Net.get(TcpListener.bind(executor, first.localAddress(), options));
  }

  private static TcpServer serve(
      WorkStealingExecutor executor, TcpListener listener, AtomicInteger served) {
    return TcpServer.start(
        executor,
        listener,
        socket -> {
          served.incrementAndGet();
          return Net.echo(socket);
        });
  }

  private void eachGetsSome(TcpListener listener) throws Exception {
    int rounds = 100; // the kernel goes by a hash: one that gets none is as likely as 1 in 2^100
    for (int i = 0; i < rounds; i++) {
      try (Socket client = Net.connect(listener)) {
        Net.roundTrip(client);
      }
    }
    assertThat(ofFirst.get() + ofSecond.get()).isEqualTo(rounds);
    assertThat(ofFirst.get()).isPositive();
    assertThat(ofSecond.get()).isPositive();
  }

  @EachTransport
  void twoOfOneExecutor(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener first = Net.listen(executor, SHARED);
        TcpListener second = another(executor, first, SHARED)) {
      serve(executor, first, ofFirst);
      serve(executor, second, ofSecond);
      eachGetsSome(first);
    }
  }

  @EachTransport
  void twoExecutorsOfWhichOneEnds(Transport transport) throws Exception {
    try (WorkStealingExecutor one = Net.executor(transport);
        WorkStealingExecutor two = Net.executor(transport);
        TcpListener first = Net.listen(one, SHARED);
        TcpListener second = another(two, first, SHARED)) {
      TcpServer ending = serve(one, first, ofFirst);
      serve(two, second, ofSecond);
      eachGetsSome(first);
      Net.get(ending.drain(java.time.Duration.ofSeconds(Net.SECONDS)));
      int before = ofFirst.get();
      for (int i = 0; i < 20; i++) {
        try (Socket client = Net.connect(second)) {
          Net.roundTrip(client);
        }
      }
      assertThat(ofFirst).hasValue(before);
    }
  }

  @EachTransport
  void allHaveToSaySo(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener shared = Net.listen(executor, SHARED);
        TcpListener alone = Net.listen(executor)) {
      assertThatThrownBy(() -> another(executor, shared, ListenOptions.defaults()))
          .isInstanceOf(BindException.class)
          .hasMessage(shared + ": Address already in use");
      assertThatThrownBy(() -> another(executor, alone, SHARED))
          .isInstanceOf(BindException.class)
          .hasMessage(alone + ": Address already in use");
    }
  }
}
