package dev.weft.net.loop;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import java.util.Queue;

/**
 * Whether there is anything that a loop has to be polled for: channels, what is queued, timers. A
 * loop that is not used need not be seen to while its holder is stuck.
 *
 * <p>Timers are seen by who is inside the loop alone, who notes them whenever it goes.
 */
final class LoopUse {
  private final LoopChannels channels;
  private final Queue<Runnable> queue;
  private final PatientTasks patient;

  /** Written by the user of the seat. */
  private volatile boolean timers;

  /** Set for good: such a handle tells nobody when it is closed. */
  private volatile boolean handles;

  LoopUse(LoopChannels channels, Queue<Runnable> queue, PatientTasks patient) {
    this.channels = channels;
    this.queue = queue;
    this.patient = patient;
  }

  /** Who is inside is about to go. */
  void noteTimers(boolean some) {
    if (timers != some) { // a volatile store costs a fence
      timers = some;
    }
  }

  /** Something is registered; channels are counted apart. */
  void noteHandle(IoHandle handle) {
    if (!(handle instanceof Channel.Unsafe)) {
      handles = true;
    }
  }

  /** True if there is nothing. From any thread, and a moment old. */
  boolean isNone() {
    return channels.size() == 0 && queue.isEmpty() && patient.isEmpty() && !timers && !handles;
  }
}
