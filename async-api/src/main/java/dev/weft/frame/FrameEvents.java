package dev.weft.frame;

import dev.weft.Task;
import dev.weft.frame.UnawaitedCalls.Owner;
import dev.weft.jfr.FlightSwitch;
import dev.weft.jfr.Poll;
import dev.weft.jfr.Resume;
import dev.weft.jfr.Suspend;
import dev.weft.jfr.TaskEnd;
import dev.weft.jfr.TaskSpawn;
import java.util.concurrent.CompletableFuture;

/**
 * What the Flight Recorder is told of tasks and of the calls in them. All of it is called only
 * where {@link FlightSwitch#isOn}, by the thread that owns the frame, and before it gives the frame
 * away: so what one thread tells of a suspension is older than what another one tells of the
 * resumption.
 *
 * <p>A call has no number of its own, and a field for it in each frame would cost programs that
 * nobody records; the hash of its identity tells the few calls of one task from each other.
 */
final class FrameEvents {
  /** Of code that belongs to no task. */
  private static final Owner NOBODY = new Owner(0, null);

  private FrameEvents() {}

  /** A task was accepted, and is not queued yet. */
  static void spawned(Spawn<?> task) {
    if (TaskSpawn.isWanted()) {
      TaskSpawn.emit(task.id(), task.name(), task.describe(), running().id());
    }
  }

  /** The body of a task has ended; its outcome is there. */
  static void ended(Spawn<?> task) {
    if (TaskEnd.isWanted()) {
      String outcome =
          task.isCancelled()
              ? "cancelled"
              : task.isCompletedExceptionally() ? "failed" : "completed";
      TaskEnd.emit(task.id(), task.name(), outcome);
    }
  }

  /** Polls a frame, and tells of it. */
  static void poll(Frame<?> frame) {
    boolean resumes = frame.state > 0 && Resume.isWanted();
    Poll poll = Poll.beginIfWanted();
    if (!resumes && poll == null) {
      Polling.pollUnrecorded(frame);
      return;
    }
    Task<?> task = Whereabouts.taskOf(frame); // who it is, is asked only if it is to be told
    int state = frame.state;
    if (resumes) {
      Owner owner = ownerOf(task);
      Resume.emit(owner.id(), owner.name(), callOf(frame), AwaitNames.of(frame, state));
    }
    Polling.pollUnrecorded(frame);
    if (poll != null && poll.endsWanted()) {
      Owner owner = ownerOf(task);
      poll.emit(owner.id(), owner.name(), AwaitNames.of(frame, state));
    }
  }

  /** A call is about to be parked at an await. */
  static void suspends(Frame<?> frame, int state, CompletableFuture<?> awaited) {
    if (state > 0 && !(awaited instanceof Pause) && Suspend.isWanted()) {
      Owner owner = running();
      Suspend.emit(
          owner.id(), owner.name(), callOf(frame), AwaitNames.of(frame, state), awaited.getClass());
    }
  }

  /** The running method goes on, or ends, without having come to await a call that it has made. */
  static void leaves(Object call) {
    Owner owner = running();
    if (owner.id() != NOBODY.id()) {
      UnawaitedCalls.enter(call, owner);
    }
  }

  /**
   * The task that the calling thread runs. Not that of the call which suspends: nobody awaits a
   * call before it has suspended for the first time, so it would lead nowhere.
   */
  private static Owner running() {
    Carrier carrier = Carrier.current();
    Frame<?> polled = carrier == null ? null : carrier.polledFrame();
    return polled == null ? NOBODY : ownerOf(Whereabouts.taskOf(polled));
  }

  /**
   * Who it is that a chain of awaits has led to: a task, or a call that nobody awaits. Of one whose
   * caller is about to await it, and which was resumed on another thread before it came to that,
   * there is nothing to be found.
   */
  private static Owner ownerOf(Task<?> outermost) {
    if (outermost instanceof Spawn<?>) {
      return new Owner(outermost.id(), outermost.name());
    }
    Owner owner = UnawaitedCalls.ownerOf(outermost);
    return owner == null ? NOBODY : owner;
  }

  private static int callOf(Frame<?> frame) {
    return System.identityHashCode(frame);
  }
}
