package dev.weft.handoff;

import dev.weft.Task;
import java.util.ArrayList;
import java.util.List;

/** A task whose value has to be given back, as that of a read. */
public final class Held extends Returnable<String> {
  /** What was given back. */
  public final List<String> returned = new ArrayList<>();

  /** What happens when it is asked to stop, before it does. */
  public Runnable onStop = () -> {};

  /** What happens when its value comes back, before it is there. */
  public Runnable onReturn = () -> {};

  @Override
  protected void giveBack(String value) {
    onReturn.run();
    returned.add(value);
  }

  @Override
  protected boolean stop() {
    onStop.run();
    return super.stop();
  }

  /** Nobody is interested in a task any more. */
  public static void abandoned(Task<?> task) {
    abandon(task);
  }
}
