package dev.weft.handoff;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A queue of pieces of text. Remembers what it has said. */
final class Texts extends HandOff<String> {
  /** What {@link #isFull} was, each time that it has changed. */
  final List<Boolean> changes = new CopyOnWriteArrayList<>();

  final List<String> discarded = new CopyOnWriteArrayList<>();

  /** What is thrown when the source is to start again, and when a text is discarded. */
  volatile @Nullable RuntimeException failure;

  /** What happens when it is full, or no longer. */
  volatile Runnable onChange = () -> {};

  Texts(int limit) {
    super(limit);
  }

  private void failIfToldTo() {
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
  }

  @Override
  protected int weigh(String text) {
    return text.length();
  }

  @Override
  protected void discard(String text) {
    failIfToldTo();
    discarded.add(text);
  }

  @Override
  protected void onFullChanged() {
    failIfToldTo();
    changes.add(isFull());
    onChange.run();
  }

  @Override
  protected void onWaiting() {}

  @Override
  protected String wanted() {
    return "a text";
  }

  @Override
  protected String busy() {
    return "another one waits for a text";
  }
}
