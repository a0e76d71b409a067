package dev.weft.select;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first of several operations and goes on with what it has brought; the others have
 * not happened. Tokio's {@code select!}, Go's and Kotlin's {@code select}.
 *
 * <pre>{@code
 * static CompletableFuture<String> nextLine(MpscReceiver<String> lines, Task<Void> stopped) {
 *   return Select.<String>biased()
 *       .on(stopped, nothing -> "stop")
 *       .on(lines.onReceive(), line -> line == null ? "end" : line)
 *       .after(Duration.ofSeconds(30), () -> "silence")
 *       .run();
 * }
 * }</pre>
 *
 * <h2>Which one</h2>
 *
 * The operations are begun one after the other on the calling thread. The first that is ready is
 * it, and those after it are not begun. A {@link #biased} select begins with the one that was named
 * first, a {@link #fair} one with any of them: drawn at random, by the seed where the executor is
 * deterministic. If none is ready, the first that becomes so.
 *
 * <h2>What becomes of the others</h2>
 *
 * <ul>
 *   <li>A {@link Selectable} (to receive, to send, to lock) has had no effect: no message was
 *       taken, none was sent.
 *   <li>A stage is cancelled as an await is whose method is cancelled: calls and operations that
 *       nobody else awaits end early, and the select ends when they have run to their end, clean-up
 *       included; a value that one of them has come to meanwhile is given back if it is of the kind
 *       that can be. A spawned task and a plain future are let go of, and go on. So a read, for
 *       instance, stands here as {@code () -> socket.read(..)}, and takes no bytes if it loses.
 *       (Kotlin and Go have no stages as branches; Tokio drops the future where it stands.)
 * </ul>
 *
 * <p>If the operation that comes first has failed, so does the select. Cancelling the select, or
 * the method that awaits it, cancels all of its operations.
 *
 * <p>A channel that has ended is ready and brings null, as its {@code receive} does: so nobody
 * misses the end, and each select is made anew, so that a loop leaves out what has ended. Kotlin
 * throws, which tells nobody which channel it was; Tokio leaves a branch out whose pattern does not
 * match, and users wonder why nothing happens.
 *
 * <p>Handlers are called when the select's turn comes on its executor, or on the calling thread if
 * an operation was ready at once. They may throw anything. They are no async methods: what is to be
 * awaited is done with the result of the select.
 *
 * @param <R> what the handlers make of it
 */
public final class Select<R extends @Nullable Object> {
  /**
   * What is done with what an operation has brought.
   *
   * <pre>{@code
   * Select.Handler<String, Integer> length = line -> line == null ? 0 : line.length();
   * }</pre>
   *
   * @param <T> what the operation brings
   * @param <R> what is made of it
   */
  @FunctionalInterface
  public interface Handler<T extends @Nullable Object, R extends @Nullable Object> {
    /** Makes the select's result of an operation's. */
    R apply(T value) throws Exception;
  }

  /** How an operation is begun. */
  record Option<R extends @Nullable Object>(
      @Nullable Selectable<?> operation,
      @Nullable Supplier<? extends @Nullable CompletionStage<?>> call,
      @Nullable CompletionStage<?> stage,
      Handler<?, ? extends R> handler) {}

  private final boolean fair;
  private final List<Option<R>> options = new ArrayList<>(4);
  private @Nullable Callable<? extends R> orElse;
  private boolean begun;

  private Select(boolean fair) {
    this.fair = fair;
  }

  /** A select in which none of those that are ready is preferred. */
  public static <R extends @Nullable Object> Select<R> fair() {
    return new Select<>(true);
  }

  /** A select that prefers, of those that are ready at once, the one that was named first. */
  public static <R extends @Nullable Object> Select<R> biased() {
    return new Select<>(false);
  }

  /** Adds an operation on a channel, a lock or their kind. */
  public <T extends @Nullable Object> Select<R> on(
      Selectable<T> operation, Handler<? super T, ? extends R> handler) {
    Objects.requireNonNull(operation, "the operation is null");
    return add(new Option<>(operation, null, null, checked(handler)));
  }

  /**
   * Adds a call that is made when its turn comes, and not at all if another one was ready before.
   */
  public <T extends @Nullable Object> Select<R> on(
      Supplier<? extends CompletionStage<T>> call, Handler<? super T, ? extends R> handler) {
    Objects.requireNonNull(call, "the call is null");
    return add(new Option<>(null, call, null, checked(handler)));
  }

  /** Adds something that is under way. If another one comes first, it is cancelled by the rules. */
  public <T extends @Nullable Object> Select<R> on(
      CompletionStage<T> stage, Handler<? super T, ? extends R> handler) {
    Objects.requireNonNull(stage, "the stage is null");
    return add(new Option<>(null, null, stage, checked(handler)));
  }

  /**
   * Adds a timer.
   *
   * @param duration from the run on, with the resolution and the limits of {@link
   *     AsyncExecutor#sleep}; zero or less is ready at once
   */
  public Select<R> after(Duration duration, Callable<? extends R> handler) {
    Objects.requireNonNull(duration, "the duration is null");
    Objects.requireNonNull(handler, "the handler is null");
    return on(() -> AsyncExecutor.currentOrShared().sleep(duration), over -> handler.call());
  }

  /**
   * What is done if none is ready now: nothing waits then. Go's {@code default}. Calls that were
   * begun are cancelled, and awaited.
   */
  public Select<R> orElse(Callable<? extends R> handler) {
    orElse = Objects.requireNonNull(handler, "the handler is null");
    return this;
  }

  /**
   * Begins the operations. Once for each select.
   *
   * @return a task that ends with what the handler returns; fails with what it throws, or what the
   *     operation has failed with. Complete if an operation was ready and no other has to end.
   * @throws IllegalStateException if there is nothing to wait for, or this was run before
   */
  public Task<R> run() {
    if (begun) {
      throw new IllegalStateException("a select is run once");
    }
    begun = true;
    if (options.isEmpty() && orElse == null) {
      throw new IllegalStateException("a select without branches would wait for ever");
    }
    return new Selection<R>(options, orElse).begin(fair);
  }

  private Select<R> add(Option<R> option) {
    if (begun) {
      throw new IllegalStateException("this select was run before");
    }
    options.add(option);
    return this;
  }

  private static <H> H checked(H handler) {
    return Objects.requireNonNull(handler, "the handler is null");
  }
}
