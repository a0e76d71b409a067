package dev.weft.net.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.net.memory.ConnectionMemory;
import dev.weft.net.memory.MemoryBudget;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the kernel is silent about what waits, and no longer than that. */
class MutedEpollTest {
  private final Turns turns = new Turns(2, 400_000);
  private final List<String> log = new ArrayList<>();
  private final ConnectionMemory memory =
      new ConnectionMemory(new MemoryBudget(8L * MemoryBudget.CHUNK), null, () -> {}, () -> {});
  private GuardedHandle guarded;

  private final class Handle implements EpollIoHandle {
    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      log.add("told");
    }

    @Override
    public FileDescriptor fd() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static final class Registration implements IoRegistration {
    boolean valid = true;

    @Override
    public <T> T attachment() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long submit(IoOps ops) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isValid() {
      return valid;
    }

    @Override
    public boolean cancel() {
      throw new UnsupportedOperationException();
    }
  }

  private final class Muting implements GuardedHandle.Muting {
    @Override
    public void mute() {
      log.add("mute");
    }

    @Override
    public void unmute() {
      log.add("unmute");
    }
  }

  @BeforeEach
  void aHeavyConnection() {
    assumeTrue(Epoll.isAvailable(), "epoll is not there");
    memory.take(MemoryBudget.LARGEST);
    IoHandle handle =
        GuardedHandle.of(
            new Handle(),
            new GuardedHandle.Setting(
                turns, new Activity(System::nanoTime), null, new Turns.Turn(memory)));
    guarded = (GuardedHandle) handle;
    guarded.mutedBy(new Muting());
  }

  private void poll(Registration registration) {
    turns.beginPoll();
    EpollIoEvent event = () -> EpollIoOps.EPOLLIN;
    guarded.handle(registration, event);
    turns.endPoll();
  }

  private void pollOften(Registration registration) {
    for (int i = 0; i < 10; i++) {
      poll(registration);
    }
  }

  @Test
  void whatWaitsForLongIsMutedAndSpeaksWhenItsTurnHasCome() {
    Registration registration = new Registration();
    pollOften(registration);
    assertThat(log).containsOnly("mute");
    log.clear();
    turns.runAll();
    assertThat(log).containsExactly("unmute", "told");
  }

  /** The two system calls would cost more than that it is told again. */
  @Test
  void whatWaitsForARoundOrTwoIsNotMuted() {
    Registration registration = new Registration();
    for (int i = 0; i < 100; i++) {
      poll(registration);
      poll(registration);
      poll(registration);
      turns.runAll();
    }
    assertThat(log).containsOnly("told").hasSize(100);
  }

  /** As happens when Netty has asked for nothing for a while: see {@link RearmedEpoll}. */
  @Test
  void alsoIfItWasRegisteredAnewMeanwhile() {
    Registration first = new Registration();
    poll(first);
    first.valid = false;
    pollOften(new Registration());
    log.clear();
    turns.runAll();
    assertThat(log).containsExactly("unmute"); // and the kernel tells it again
  }
}
