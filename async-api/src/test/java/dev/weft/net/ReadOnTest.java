package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.ConnectionMemory;
import dev.weft.net.memory.MemoryBudget;
import io.netty.buffer.ByteBuf;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * When a connection reads again that had to stop, as it has itself given back what it had: at once
 * if it is in a conversation, and in its turn with all others if it sends more than is taken in.
 */
class ReadOnTest {
  /** Received of late, it makes a connection one that is ahead: see {@code Turns}. */
  private static final int MUCH = 32 * 1024;

  @EachTransport
  void whoIsNotAheadReadsOnBeforeThePatientOnes(Transport transport) throws Exception {
    assertThat(readsOnBeforeThePatient(transport, false)).isTrue();
  }

  @EachTransport
  void whoIsAheadWaitsAmongThePatientOnes(Transport transport) throws Exception {
    assertThat(readsOnBeforeThePatient(transport, true)).isFalse();
  }

  /** Whether it reads already when a patient task is run that was there before. */
  private static boolean readsOnBeforeThePatient(Transport transport, boolean ahead)
      throws Exception {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    try (WorkStealingExecutor executor =
            WorkStealingExecutor.builder()
                .workers(2)
                .driver(transport.driver(MemoryBudget.CHUNK))
                .closeBound(Duration.ofSeconds(Net.SECONDS))
                .build();
        TcpListener listener = Net.listen(executor);
        Socket peer = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Intake intake = stream.intake();
      List<ByteBuf> others = takeAllThatIsShared(SocketDriver.of(executor).memory());
      peer.getOutputStream().write('1');
      ByteBuf received = Net.get(stream.read());
      assertThat(received).isNotNull();
      Net.await("it has what it was promised and no more", () -> intake.memory().isStopped());

      CompletableFuture<Boolean> readsOn = new CompletableFuture<>();
      SocketDriver driver = SocketDriver.of(executor);
      driver.execute(
          () -> {
            assertThat(intake.isReading()).isFalse();
            if (ahead) {
              intake.turn().received(MUCH);
            }
            assertThat(intake.turn().isAhead()).isEqualTo(ahead);
            driver.loop().executeLater(() -> readsOn.complete(intake.isReading()));
            received.release();
          });
      boolean before = Net.get(readsOn);

      Net.await("it reads on in the end", intake::isReading);
      others.forEach(ByteBuf::release);
      return before;
    }
  }

  /** By other connections, until one that has nothing gets no more than it was promised. */
  private static List<ByteBuf> takeAllThatIsShared(MemoryBudget budget) {
    List<ByteBuf> taken = new ArrayList<>();
    int first;
    do {
      assertThat(budget.promise(null)).isTrue();
      ConnectionMemory other = new ConnectionMemory(budget, null, () -> {}, () -> {});
      int before = taken.size();
      for (@Nullable ByteBuf buf; (buf = other.take(MemoryBudget.LARGEST)) != null; ) {
        taken.add(buf);
      }
      first = taken.get(before).capacity();
    } while (first > 512);
    return taken;
  }
}
