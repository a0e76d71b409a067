package dev.weft.scheduler.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Carrier;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two workers with a loop each: what the one does while the other does not poll. */
class SeveralLoopsTest {
  private static final long LATER = TimeUnit.MILLISECONDS.toNanos(200);

  /** A loop without I/O. */
  private static final class FakeDriver implements Driver {
    boolean unused;
    int polls;
    int ready;
    long parked;
    long active;

    @Override
    public int poll() {
      polls++;
      int handled = ready;
      ready = 0;
      return handled;
    }

    @Override
    public int park(long nanos) {
      parked = nanos;
      return 0;
    }

    @Override
    public void unpark() {}

    @Override
    public boolean isUnused() {
      return unused;
    }

    @Override
    public long activeNanos() {
      return active;
    }

    @Override
    public void close() {}
  }

  private static final class FakeProvider implements Driver.Provider {
    @Override
    public String name() {
      return "fake";
    }

    @Override
    public Thread newThread(Runnable run, String name, Carrier carrier) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public Driver open() {
      return new FakeDriver();
    }

    @Override
    public boolean isTransferable() {
      return true;
    }
  }

  private static final class FakeCrew implements LoopCrew {
    final Set<Integer> stuck = new HashSet<>();
    int wakes;
    int helpers;
    int taken;

    @Override
    public boolean isStuck(int worker) {
      return stuck.contains(worker);
    }

    @Override
    public void wakeForFreeLoop() {
      wakes++;
    }

    @Override
    public void wakeHelper() {
      helpers++;
    }

    @Override
    public boolean loopTaken(int from, int by) {
      taken++;
      return true;
    }

    @Override
    public long loopTakeovers() {
      return taken;
    }
  }

  private static final class FakeWorker extends LoopRunner {
    FakeWorker(LoopCrew crew, DriverSeats seats, int index) {
      super(crew, seats, index);
    }

    @Override
    public AsyncExecutor executor() {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void beginsToHandle() {}

    @Override
    protected void discount(long nanos) {}

    @Override
    protected void countSending(long nanos) {}

    @Override
    protected void countTakeover() {}
  }

  private final FakeCrew crew = new FakeCrew();
  private final DriverSeats seats = new DriverSeats(crew, "test", 2, 2, new FakeProvider(), true);
  private final LoopRunner busy = new FakeWorker(crew, seats, 0);
  private final LoopRunner idle = new FakeWorker(crew, seats, 1);

  @BeforeEach
  void open() {
    busy.driver.open();
    idle.driver.open();
  }

  private static FakeDriver loop(DriverSeat seat) {
    return (FakeDriver) seat.driver();
  }

  private DriverSeat ofBusy() {
    return seats.all()[0];
  }

  private DriverSeat ofIdle() {
    return seats.all()[1];
  }

  private void assertEachHasItsOwn() {
    assertThat(ofBusy().isHeldBy(0)).isTrue();
    assertThat(ofIdle().isHeldBy(1)).isTrue();
    assertThat(crew.taken).isZero();
  }

  @Test
  void anUnusedLoopIsLeftForOneThatIsLate() {
    loop(ofIdle()).unused = true;
    idle.driver.makeBed(System.nanoTime() + LATER);
    assertThat(ofBusy().isHeldBy(1)).isTrue();
    assertThat(ofIdle().isFree()).isTrue();
    assertThat(crew.taken).isEqualTo(1);
    assertThat(crew.wakes).as("somebody may want the one that is free").isEqualTo(1);
    long now = System.nanoTime() + LATER;
    idle.driver.poll(now);
    busy.driver.makeBed(now);
    assertThat(ofIdle().isHeldBy(0)).isTrue();
  }

  @Test
  void notForOneThatIsPolledInTime() {
    loop(ofIdle()).unused = true;
    long now = System.nanoTime();
    busy.driver.poll(now);
    idle.driver.makeBed(now);
    assertEachHasItsOwn();
  }

  @Test
  void nobodyLeavesALoopThatHasAsMuchToDo() {
    idle.driver.makeBed(System.nanoTime() + LATER);
    assertEachHasItsOwn();
  }

  @Test
  void theBusierLoopIsTheOneToSleepIn() {
    long now = System.nanoTime() + LATER;
    loop(ofBusy()).active = LATER / 2;
    busy.driver.poll(now);
    idle.driver.makeBed(now + LATER);
    assertThat(ofBusy().isHeldBy(1)).isTrue();
    assertThat(ofIdle().isFree()).isTrue();
  }

  /** In real time from here on: who sleeps asks the system's clock. */
  private static void pass() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2);
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoHasToSleepInItsOwnLoopLooksAtTheOtherSoon() {
    crew.stuck.add(0);
    for (int i = 1; i <= 3; i++) {
      pass();
      idle.driver.park(Long.MAX_VALUE);
      assertThat(loop(ofIdle()).parked).isEqualTo(500_000);
      assertThat(loop(ofBusy()).polls).isEqualTo(i);
    }
    assertThat(ofBusy().isHeldBy(0)).as("it was borrowed").isTrue();
    crew.stuck.clear();
    busy.driver.poll(System.nanoTime() + LATER); // is not late any more
    idle.driver.park(Long.MAX_VALUE);
    assertThat(loop(ofIdle()).parked).as("once more, to see").isEqualTo(500_000);
    idle.driver.park(Long.MAX_VALUE);
    assertThat(loop(ofIdle()).parked).isEqualTo(Long.MAX_VALUE);
    assertThat(loop(ofBusy()).polls).isEqualTo(4);
  }

  @Test
  void whatWasThereIsHandledBeforeASleep() {
    crew.stuck.add(0);
    pass();
    loop(ofBusy()).ready = 1;
    assertThat(idle.driver.park(Long.MAX_VALUE)).isEqualTo(1);
    assertThat(loop(ofIdle()).parked).isZero();
  }

  @Test
  void aBusyWorkerDoesNotBorrowAtEachLook() {
    crew.stuck.add(0);
    idle.driver.poll(ofBusy().lastPoll() + LATER);
    assertThat(loop(ofBusy()).polls).isEqualTo(1);
    idle.driver.poll(ofBusy().lastPoll() + 200_000);
    assertThat(loop(ofBusy()).polls).isEqualTo(1);
    idle.driver.poll(ofBusy().lastPoll() + 300_000);
    assertThat(loop(ofBusy()).polls).isEqualTo(2);
  }

  @Test
  void allNeglectedLoopsHaveTheirTurn() {
    DriverSeats three = new DriverSeats(crew, "test", 3, 3, new FakeProvider(), true);
    LoopRunner last = new FakeWorker(crew, three, 2);
    for (LoopRunner each :
        new LoopRunner[] {new FakeWorker(crew, three, 0), new FakeWorker(crew, three, 1), last}) {
      each.driver.open();
    }
    crew.stuck.add(0);
    crew.stuck.add(1);
    for (int i = 1; i <= 4; i++) {
      last.driver.poll(System.nanoTime() + i * LATER);
    }
    assertThat(loop(three.all()[0]).polls).isEqualTo(2);
    assertThat(loop(three.all()[1]).polls).isEqualTo(2);
  }

  @Test
  void oneWorkerAtATimeLooksAfterTheOthers() {
    crew.stuck.add(0);
    pass();
    assertThat(seats.beginCare(busy)).as("some other").isTrue();
    idle.driver.park(Long.MAX_VALUE);
    assertThat(loop(ofIdle()).parked).isEqualTo(Long.MAX_VALUE);
    seats.endCare();
    idle.driver.park(Long.MAX_VALUE);
    assertThat(loop(ofIdle()).parked).isEqualTo(500_000);
  }

  @Test
  void whatComesToALoopOfNobodyWakesSomebody() {
    ofBusy().wakeIfFree();
    assertThat(crew.helpers).isZero();
    ofBusy().giveUp(0);
    ofBusy().wakeIfFree();
    assertThat(crew.helpers).isEqualTo(1);
  }

  @Test
  void anUnusedLoopIsNotLeftForAnother() {
    loop(ofIdle()).unused = true;
    loop(ofBusy()).unused = true;
    idle.driver.makeBed(System.nanoTime() + LATER);
    assertEachHasItsOwn();
  }

  @Test
  void nobodyWakesUpForALoopThatIsNotUsed() {
    crew.stuck.add(0);
    pass();
    loop(ofBusy()).unused = true;
    idle.driver.park(Long.MAX_VALUE);
    assertThat(loop(ofIdle()).parked).isEqualTo(Long.MAX_VALUE);
    assertThat(loop(ofBusy()).polls).isZero();
    assertThat(seats.isAnyLate(System.nanoTime() + LATER)).as("the idle one's").isTrue();
    loop(ofIdle()).unused = true;
    assertThat(seats.isAnyLate(System.nanoTime() + LATER)).isFalse();
  }
}
