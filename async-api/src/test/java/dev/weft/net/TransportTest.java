package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.WorkStealingExecutor;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.io.DriverProviders;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which transport is taken, and the contract of their drivers. */
class TransportTest {
  @Test
  void autoIsEpollWhereThereIsOne() {
    assertThat(Transport.AUTO.driver().name())
        .isEqualTo(Transport.EPOLL.isAvailable() ? "epoll" : "nio");
    assertThat(Transport.IO_URING).hasToString("io_uring");
    assertThat(Transport.NIO.isAvailable()).isTrue();
    assertThat(Transport.AUTO.isAvailable()).isTrue();
  }

  @Test
  void autoIsFoundAsAService() {
    assertThat(ServiceLoader.load(Driver.Provider.class))
        .singleElement()
        .satisfies(found -> assertThat(found.name()).isEqualTo(Transport.AUTO.driver().name()));
  }

  @EachTransport
  void anUnavailableOneSaysWhy(Transport transport) {
    if (transport.isAvailable()) {
      assertThat(transport.unavailabilityReason()).isNull();
    } else {
      assertThat(transport.unavailabilityReason()).isNotBlank();
      assertThatThrownBy(() -> DriverProviders.of(transport.driver()).open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(transport + " is not available here: ");
    }
  }

  /** Wakes a worker that sleeps in the driver, many times over, from a thread of its own. */
  @EachTransport
  void noWakeUpIsLost(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      for (int i = 0; i < 20_000; i++) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        executor.execute(() -> done.complete(true));
        assertThat(Net.get(done)).isTrue();
      }
    }
  }
}
