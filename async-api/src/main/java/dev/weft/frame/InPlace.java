package dev.weft.frame;

import dev.weft.Task;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A call whose awaits wait on their thread and do not suspend, because a debugger steps through it.
 * A debugger steps by thread and by depth of its stack: a method that suspends has returned, so a
 * step over that await ends in its caller, and what resumes the method is a call that steps in that
 * caller pass over. Nothing in the line tables of woven code could change that. Where the await
 * blocks, the method has not returned, and the step ends on its next line.
 *
 * <pre>{@code
 * String told = InPlace.here(); // what Async.awaitInPlace() does; evaluated by a debugger
 * }</pre>
 *
 * <p>The call is known by its thread, by what is polled there, and by the depth of its stack. All
 * of this is written and read by that one thread, so it is plain.
 */
public final class InPlace {
  private static final String CONTINUED = "lambda$async$";

  /** What is of this package and stands on top of the stack. */
  private static final List<String> OWN =
      List.of(InPlace.class.getName(), Await.class.getName(), "dev.weft.Async");

  private static final StackWalker STACK = StackWalker.getInstance();

  /** True once a debugger has asked. A thread that has asked has seen it, and others need not. */
  static boolean inUse;

  private static final ThreadLocal<@Nullable InPlace> HERE = new ThreadLocal<>();

  private final @Nullable Frame<?> polled;
  private final Place place;

  private InPlace(@Nullable Frame<?> polled, Place place) {
    this.polled = polled;
    this.place = place;
  }

  /** See {@link dev.weft.Async#awaitInPlace}. */
  public static String here() {
    Place place = Place.ofCaller();
    HERE.set(new InPlace(polled(Carrier.current()), place));
    inUse = true;
    String method = place.method;
    return "awaits of "
        + place.type
        + "."
        + (method.startsWith(CONTINUED) ? method.substring(CONTINUED.length()) : method)
        + " wait in place until it returns";
  }

  /**
   * An await that has to suspend asks whether it is to wait here, and does.
   *
   * @return true if it has, and need not suspend
   */
  static boolean awaits(CompletableFuture<?> future) {
    InPlace asked = HERE.get();
    if (asked == null) {
      return false;
    }
    Carrier carrier = Carrier.current();
    Place place = Place.ofCaller();
    if (polled(carrier) != asked.polled || place.depth < asked.place.depth) {
      HERE.remove(); // it has returned
      return false;
    }
    if (!place.equals(asked.place) || future instanceof Move) {
      return false;
    }
    return isComplete(future) || waitFor(future, carrier);
  }

  private static boolean isComplete(CompletableFuture<?> future) {
    return future instanceof Task<?> task ? task.isFinished() : future.isDone();
  }

  private static boolean waitFor(CompletableFuture<?> future, @Nullable Carrier carrier) {
    if (carrier != null) {
      if (!leftToAnother(carrier)) {
        return false;
      }
      carrier = Carrier.current(); // another one, which the task has come along to
      if (carrier != null) {
        carrier.awaiting(future);
      }
    }
    try {
      CompletableFuture<?> end =
          future instanceof Task<?> task
              ? task.finished()
              : future.handle((value, error) -> null); // without the failure, which is for take()
      end.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError("the end of a stage has failed", e);
    }
    return isComplete(future);
  }

  /** True if the executor goes on without this thread. */
  private static boolean leftToAnother(Carrier carrier) {
    if (!carrier.mayBlock()) {
      try {
        carrier.beforeBlocking();
      } catch (IllegalStateException alone) {
        return false;
      }
    }
    Carrier now = Carrier.current();
    return now != null && now.mayBlock();
  }

  private static @Nullable Frame<?> polled(@Nullable Carrier carrier) {
    return carrier == null ? null : carrier.polledFrame();
  }

  /** A method on the calling thread's stack. */
  private record Place(String type, String method, int depth) {
    /** The topmost one that is not of these classes. */
    static Place ofCaller() {
      return STACK.walk(
          stack -> {
            List<StackWalker.StackFrame> frames =
                stack.dropWhile(frame -> isOwn(frame.getClassName())).toList();
            StackWalker.StackFrame caller = frames.get(0);
            return new Place(caller.getClassName(), caller.getMethodName(), frames.size());
          });
    }

    private static boolean isOwn(String type) {
      return OWN.contains(type) || type.equals(Place.class.getName());
    }
  }
}
