package dev.weft.net.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.Transport;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a loop has to be polled for. */
class LoopUseTest {
  private final LoopChannels channels = new LoopChannels(new DefaultEventLoop());
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private final PatientTasks patient = new PatientTasks(1_000_000);
  private final LoopUse use = new LoopUse(channels, queue, patient);

  @Test
  void aLoopWithoutAnythingIsNotUsed() {
    assertThat(use.isNone()).isTrue();
  }

  @Test
  void channelsUseItUntilTheyAreClosed() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    assertThat(use.isNone()).isFalse();
    channel.close();
    assertThat(use.isNone()).isTrue();
  }

  @Test
  void soDoesWhatIsQueued() {
    queue.add(() -> {});
    assertThat(use.isNone()).isFalse();
    queue.clear();
    patient.add(() -> {});
    assertThat(use.isNone()).isFalse();
    patient.run(Runnable::run);
    assertThat(use.isNone()).isTrue();
  }

  @Test
  void soDoTimersAsLongAsThereAreAny() {
    use.noteTimers(true);
    assertThat(use.isNone()).isFalse();
    use.noteTimers(false);
    assertThat(use.isNone()).isTrue();
  }

  @Test
  void whatIsNoChannelIsForGood() {
    use.noteHandle(new EmbeddedHandle());
    assertThat(use.isNone()).isFalse();
  }

  private static final class EmbeddedHandle implements IoHandle {
    @Override
    public void close() {}

    @Override
    public void handle(IoRegistration registration, IoEvent event) {}
  }

  /** A timer is in no queue that other threads see. */
  @Test
  void anExecutorsLoopKnowsOfItsTimers() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder()
            .name("net-test")
            .workers(1)
            .driver(Transport.NIO.driver())
            .build()) {
      IoEventLoopGroup group = executor.eventLoopGroup();
      WorkerEventLoop loop = (WorkerEventLoop) group.next();
      Future<?> timer = loop.schedule(() -> {}, 1, TimeUnit.HOURS);
      awaitUse(loop, true); // it is noted at the end of a poll
      for (int i = 0; i < 3; i++) {
        loop.submit(() -> {}).get(1, TimeUnit.MINUTES);
        assertThat(loop.isUnused()).isFalse();
      }
      timer.cancel(false);
      awaitUse(loop, false);
    }
  }

  /** Looks when nothing is queued any more, which is a use as well. */
  private static void awaitUse(WorkerEventLoop loop, boolean used) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    do {
      loop.submit(() -> {}).get(1, TimeUnit.MINUTES);
    } while (loop.isUnused() == used && System.nanoTime() - end < 0);
    assertThat(loop.isUnused()).isNotEqualTo(used);
  }
}
