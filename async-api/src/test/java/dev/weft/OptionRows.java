package dev.weft;

import dev.weft.net.ListenOptions;
import dev.weft.net.TcpOptions;
import dev.weft.net.TlsAcceptor;
import dev.weft.net.TlsConnector;
import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Options, and the conversions behind all of them. */
final class OptionRows extends TimeRows {
  OptionRows() {
    options();
  }

  private void options() {
    row(
        "WorkStealingExecutorBuilder.blockingKeepAlive(Duration)",
        time -> {
          try (WorkStealingExecutor executor =
              WorkStealingExecutor.builder()
                  .workers(1)
                  .noDriver()
                  .blockingKeepAlive(time.duration())
                  .build()) {
            executor.spawnBlocking(() -> 1).get(60, TimeUnit.SECONDS);
            executor.submit(() -> Async.blockInPlace(() -> 1)).get(60, TimeUnit.SECONDS);
            return executor.submit(() -> "works").get(60, TimeUnit.SECONDS);
          }
        },
        REFUSED,
        REFUSED,
        REFUSED,
        "works",
        "works",
        "works");
    row(
        "WorkStealingExecutorBuilder.slowPollThreshold(Duration)",
        time -> {
          try (WorkStealingExecutor executor =
              WorkStealingExecutor.builder()
                  .workers(1)
                  .noDriver()
                  .slowPollThreshold(time.duration())
                  .build()) {
            return executor.submit(() -> "works").get(60, TimeUnit.SECONDS);
          }
        },
        REFUSED,
        REFUSED,
        "works",
        "works",
        "works",
        "works");
    row(
        "NodeExecutorBuilder.slowPollThreshold(Duration)",
        time -> {
          try (NodeExecutor executor =
              NodeExecutor.builder().noDriver().slowPollThreshold(time.duration()).build()) {
            return executor.submit(() -> "works").get(60, TimeUnit.SECONDS);
          }
        },
        REFUSED,
        REFUSED,
        "works",
        "works",
        "works",
        "works");
    TcpOptions tcp = TcpOptions.defaults();
    String century = Duration.ofDays(36_500).toString();
    row(
        "TcpOptions.idleTimeout(Duration)",
        time -> tcp.idleTimeout(time.duration()).idleTimeout().toString(),
        REFUSED,
        REFUSED,
        "PT0S",
        "PT0.001S",
        century,
        century);
    row(
        "TcpOptions.lingerTimeout(Duration)",
        time -> tcp.lingerTimeout(time.duration()).lingerTimeout().toString(),
        REFUSED,
        REFUSED,
        "PT0S",
        "PT0.001S",
        century,
        century);
    row(
        "TcpOptions.handshakeTimeout(Duration)",
        time -> tcp.handshakeTimeout(time.duration()).handshakeTimeout().toString(),
        REFUSED,
        REFUSED,
        "PT0S",
        "PT0.001S",
        century,
        century);
    row(
        "TlsAcceptor.Builder.handshakeTimeout(Duration)",
        time -> {
          TlsAcceptor.builder().handshakeTimeout(time.duration());
          return "taken";
        },
        REFUSED,
        REFUSED,
        "taken",
        "taken",
        "taken",
        "taken");
    row(
        "TlsConnector.Builder.handshakeTimeout(Duration)",
        time -> {
          TlsConnector.builder().handshakeTimeout(time.duration());
          return "taken";
        },
        REFUSED,
        REFUSED,
        "taken",
        "taken",
        "taken",
        "taken");
    ListenOptions listen = ListenOptions.defaults();
    row(
        "ListenOptions.acceptBackOff(Duration)",
        time -> listen.acceptBackOff(time.duration()).acceptBackOff().toString(),
        REFUSED,
        REFUSED,
        REFUSED,
        "PT0.001S",
        century,
        century);
    String limit = Duration.ofMillis(Integer.MAX_VALUE).toString();
    row(
        "TcpOptions.connectTimeout(Duration)",
        time -> tcp.connectTimeout(time.duration()).connectTimeout().toString(),
        REFUSED,
        REFUSED,
        "PT0S",
        "PT0.001S",
        limit,
        limit);
    String most = Long.toString(Nanos.MAX);
    row(
        "Nanos.of(Duration)",
        time -> Long.toString(Nanos.of(time.duration())),
        "-" + most,
        "-1",
        "0",
        "1",
        most,
        most);
    row(
        "Nanos.of(long,TimeUnit)",
        time -> Long.toString(Nanos.of(time.amount, time.unit)),
        "-" + most,
        "-1",
        "0",
        "1",
        most,
        most);
    row(
        "Nanos.atLeastZero(Duration)",
        time -> Long.toString(Nanos.atLeastZero(time.duration()).toNanos()),
        "0",
        "0",
        "0",
        "1",
        most,
        most);
  }
}
