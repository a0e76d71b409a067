package dev.weft;

import dev.weft.frame.Await;
import dev.weft.frame.Carrier;
import dev.weft.frame.InPlace;
import dev.weft.frame.Relay;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * async/await for Java. A method that returns a {@link java.util.concurrent.CompletableFuture}, a
 * {@link CompletionStage} or a {@link Task} may {@link #await} other futures:
 *
 * <pre>{@code
 * static CompletableFuture<Receipt> buy(Shop shop, Item item) {
 *   Price price = await(shop.price(item));
 *   if (await(shop.reserve(item))) {
 *     return shop.pay(price);
 *   }
 *   throw new SoldOutException(item);    // the caller sees a failed future
 * }
 * }</pre>
 *
 * The weaver (Maven plugin, java agent or command line of {@code async-weaver}) turns such a method
 * into a state machine. No thread blocks while it waits.
 */
public final class Async extends Combinators {
  private static final Task<@Nullable Void> DONE = Settled.value(null);

  private Async() {}

  /**
   * Waits for a stage without blocking a thread: the method that calls this returns an incomplete
   * future to its caller and goes on here once the stage is complete.
   *
   * <p><b>Thread.</b> Up to the first await whose stage is not complete the method runs on its
   * caller's thread. It goes on as a task of the {@link AsyncExecutor} on which it suspended;
   * outside any executor, of {@link WorkStealingExecutor#shared()}. An await of a complete stage
   * goes straight on, except that after 128 of them in a row the method lets other tasks run first;
   * one of a method that has awaited something itself may not count once more.
   *
   * <p><b>Exceptions.</b> If the stage failed, its exception is thrown here: the original one, also
   * if it is a checked one, and not a {@code CompletionException} around it. The compiler does not
   * know which. Who wants to catch a checked one tells it: {@link #await(CompletionStage, Class)}.
   *
   * <p><b>Cancellation.</b> If the method is cancelled while it waits, a {@link
   * TaskCancelledException} is thrown here, once; what was called here and is awaited by nobody
   * else has run to its end by then. {@link Task#cancel} tells the whole of it.
   *
   * <p><b>Locks.</b> Not allowed while holding a monitor; the weaver refuses it. A {@code
   * java.util.concurrent.locks.Lock} belongs to its thread, too; holding one over an await is
   * warned of.
   *
   * @param stage the stage to wait for
   * @return its result
   * @throws IllegalStateException if the calling method was not woven. (The system property {@code
   *     weft.await.unwoven=block} makes it block instead, off the executors' threads: for comparing
   *     a woven program with a blocking run of it.)
   */
  public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    if (Unwoven.MAY_BLOCK && Carrier.current() == null) {
      return Await.take(Unwoven.joined(stage));
    }
    throw Unwoven.refusal();
  }

  /**
   * As {@link #await(CompletionStage)}, for failures of a checked type: the compiler lets a {@code
   * catch} around it name that type, and wants it caught or declared.
   *
   * <pre>{@code
   * static Task<Price> priceInTime(Shop shop, Price fallback) {
   *   try {
   *     return done(await(Async.timeout(Duration.ofSeconds(1), shop.price()), TimeoutException.class));
   *   } catch (TimeoutException e) {
   *     return done(fallback);
   *   }
   * }
   * }</pre>
   *
   * <p>The type is for the compiler alone and costs nothing: it is not looked at when the program
   * runs. A stage that fails with something else throws that, as ever. So the {@code catch
   * (Exception)} can go that a checked exception asked for otherwise, and that takes cancellations
   * and mistakes along. (Guava's {@code Futures.getChecked} is declared likewise, and wraps.)
   *
   * @param type what the stage may fail with
   */
  public static <T extends @Nullable Object, X extends Throwable> T await(
      CompletionStage<T> stage, @Nullable Class<X> type) throws X {
    if (Unwoven.MAY_BLOCK && Carrier.current() == null) {
      return Await.take(Unwoven.joined(stage));
    }
    throw Unwoven.refusal();
  }

  /**
   * As {@link #await(CompletionStage, Class)}, for two types.
   *
   * @param first what the stage may fail with
   * @param second what else
   */
  public static <T extends @Nullable Object, X extends Throwable, Y extends Throwable> T await(
      CompletionStage<T> stage, @Nullable Class<X> first, @Nullable Class<Y> second) throws X, Y {
    if (Unwoven.MAY_BLOCK && Carrier.current() == null) {
      return Await.take(Unwoven.joined(stage));
    }
    throw Unwoven.refusal();
  }

  /**
   * Starts an async body as a task of its own, on the current executor or, outside any, on the
   * shared one. See {@link AsyncExecutor#spawn}.
   */
  public static <T extends @Nullable Object> Task<T> spawn(
      Callable<? extends CompletionStage<T>> body) {
    return AsyncExecutor.currentOrShared().spawn(body);
  }

  /** As {@link #spawn(Callable)}, with a name for reports. */
  public static <T extends @Nullable Object> Task<T> spawn(
      String name, Callable<? extends CompletionStage<T>> body) {
    return AsyncExecutor.currentOrShared().spawn(name, body);
  }

  /**
   * Calls an async body, on the calling thread, and takes the coop budget off it: however many
   * awaits of it are ready in a row, it does not let other tasks run in between. Holds for the
   * async methods that it calls, directly or not, and not for tasks that it spawns. Tokio's {@code
   * task::unconstrained}.
   *
   * <p>A body that always finds its data ready then starves all others of its worker.
   *
   * @return what the body returns; a failed task with what it throws
   */
  public static <T extends @Nullable Object> CompletionStage<T> unconstrained(
      Callable<? extends CompletionStage<T>> body) {
    Carrier carrier = Carrier.current();
    boolean before = carrier != null && carrier.setUnconstrained(true);
    try {
      return body.call();
    } catch (Exception error) {
      return Settled.failure(error);
    } finally {
      Carrier now = Carrier.current(); // another one, if the body has blocked in place
      if (now != null) {
        now.setUnconstrained(before);
      }
    }
  }

  /** Runs a blocking call on a thread meant for that. See {@link AsyncExecutor#spawnBlocking}. */
  public static <T extends @Nullable Object> Task<T> spawnBlocking(Callable<T> call) {
    return AsyncExecutor.currentOrShared().spawnBlocking(call);
  }

  /**
   * Makes a call that blocks on the calling thread itself, for code that cannot be moved to {@link
   * #spawnBlocking}: because it holds a lock, uses thread-locals, or is deep inside a library. On a
   * worker of a {@link WorkStealingExecutor}, another thread takes over the worker first, with its
   * queue, timers and I/O, and stays with it; the calling task goes on by itself, and returns to
   * the workers when it next suspends. That costs a hand-over between threads, some 10 us if one is
   * at hand from an earlier call, else the start of a thread. Tokio's {@code task::block_in_place}.
   *
   * <p>Where nobody can take over, it simply makes the call: outside any executor; in the
   * deterministic mode; on a worker whose I/O loop is bound to its thread (io_uring, or without
   * takeover), whose sockets wait meanwhile; and in what runs within the loop itself, which are
   * Netty's handlers and functions hung on a sleep or a socket's operation. Elsewhere {@link
   * AsyncExecutor#blockOn} may be called within it. It may be called within itself. Cancelling the
   * task does not interrupt the call. A virtual clock stands still until the call ends.
   *
   * <p>Each call that is under way occupies a thread, without a limit: bound them where there may
   * be thousands.
   *
   * @return what the call returns
   * @throws IllegalStateException on the loop of a {@link NodeExecutor}, where nobody can take over
   * @throws Exception what the call throws
   */
  public static <T extends @Nullable Object> T blockInPlace(Callable<T> call) throws Exception {
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      carrier.beforeBlocking();
    }
    return call.call();
  }

  /**
   * For debuggers, to be evaluated where one has stopped: until the async method that calls this
   * returns, its awaits wait on their thread, and do not suspend. So a step over an await ends on
   * the method's next line, with all of its locals, under the same callers. On a worker another
   * thread takes over the worker first, as for {@link #blockInPlace}, so all else goes on.
   *
   * <p>It holds for that one call, and not for those that it makes. Its caller gets the future when
   * the method has ended and not at the first await; so an await of what the caller has yet to do
   * waits for ever. An await that waits here is told of no cancellation. {@code await} of {@link
   * #on} suspends all the same, and so does each await where nobody can take over: on the loop of a
   * {@link NodeExecutor}, in the deterministic mode, on a worker whose I/O loop is bound to its
   * thread, and on an {@link ExecutorAdapter}.
   *
   * @return which method that is, in words
   */
  public static String awaitInPlace() {
    return InPlace.here();
  }

  /**
   * To be awaited: lets the executor's other tasks, timers and sockets have their turn before the
   * calling method goes on. Allocates nothing. The task returned is complete; only {@code await}
   * gives it its meaning.
   */
  public static Task<@Nullable Void> yieldNow() {
    return Await.YIELD;
  }

  /**
   * To be awaited: the method goes on on another executor, and stays there.
   *
   * <pre>{@code
   * static Task<Void> onClick(AsyncExecutor ui, JLabel label) {
   *   String price = await(Async.spawnBlocking(() -> Files.readString(Path.of("price"))));
   *   await(Async.on(ui)); // from here on the event thread
   *   label.setText(price);
   *   return done();
   * }
   * }</pre>
   *
   * <p>It holds for the method that awaits it, to its end, and for the methods that this calls
   * after that. Its caller goes on where it was: so to come back is to return, or to await {@code
   * on} of the first executor. On the executor already it goes straight on. What is not awaited
   * does nothing, and a method that returns it ends at once, where it is.
   *
   * <p>A method that gets past the await is on the executor, and was not cancelled before that: a
   * cancellation that is there before the move, or comes during it, is thrown by this await as a
   * {@link TaskCancelledException}, on either of the two. If the executor no longer accepts work, a
   * {@link java.util.concurrent.RejectedExecutionException} is thrown, and the method is where it
   * was.
   *
   * <p>The executor on which the method first suspended keeps account of it, and its {@code close}
   * waits for it. The other does not: where it closes while the method waits, the method is ended
   * by a {@link HaltedError} as soon as it would go on there.
   *
   * <p>C# had {@code SwitchTo} and took it out, since one could not come back in a {@code finally},
   * where an await was not allowed. Here it is, and callers never notice. Kotlin has only the
   * scoped form, which is {@link #on(AsyncExecutor, Callable)}.
   *
   * @see ExecutorAdapter
   */
  public static Task<@Nullable Void> on(AsyncExecutor executor) {
    return Relay.moveTo(executor);
  }

  /**
   * Calls an async body on another executor, for one that is to do one thing there and come back:
   * {@code String name = await(on(ui, () -> done(field.getText())))}. Kotlin's {@code withContext}.
   *
   * <p>As {@code executor.spawn(body)}, but as a call: who awaits it and is cancelled cancels it,
   * and goes on when it has run to its end.
   *
   * @return a task that ends as the body does; it has failed with {@link
   *     java.util.concurrent.RejectedExecutionException} if the executor no longer accepts work
   */
  public static <T extends @Nullable Object> Task<T> on(
      AsyncExecutor executor, Callable<? extends CompletionStage<T>> body) {
    return Relay.cancelling(executor.spawn(body));
  }

  /** A task that completes after the given time. See {@link AsyncExecutor#sleep}. */
  public static Task<@Nullable Void> sleep(Duration duration) {
    return AsyncExecutor.currentOrShared().sleep(duration);
  }

  /**
   * Limits the time that a stage may take.
   *
   * <p>When the time is over, what the stage stands for is cancelled as {@link Task#cancel} would
   * do it, if it is a call or an operation that nobody else awaits; and the task returned ends when
   * that has run to its end, clean-up included. So whoever awaits it goes on after the limited body
   * and never beside it; if that is more than a second after the limit, a line in the log says
   * where it stands. A stage with a life of its own (a spawned task, a plain future) is let go of
   * at once; with {@link #cancelling} around it, it is cancelled too.
   *
   * @param limit counted from now, with a resolution of one millisecond; a stage that is complete
   *     already is in time however short it is, zero or less included
   * @return a task that ends as the stage does, or, if the stage is not complete in time and does
   *     not come to a value all the same, fails with a {@link
   *     java.util.concurrent.TimeoutException} that says which await was late ({@link
   *     #await(CompletionStage, Class)} lets you catch it). Cancelling the task cancels what it
   *     limits likewise, and frees the timer.
   */
  public static <T extends @Nullable Object> Task<T> timeout(
      Duration limit, CompletionStage<T> stage) {
    return Relay.timeout(AsyncExecutor.currentOrShared(), limit, stage);
  }

  /**
   * Calls an async body that has to be done by a certain time. When that is over, the body is
   * cancelled as {@link #timeout} does it.
   *
   * <p>Unlike the limit of a {@code timeout} the deadline is inherited: whatever the body calls,
   * spawns or forks, on whatever thread it goes on, can ask for {@link #remainingTime}; a {@code
   * withDeadline} within it ends at the earlier of the two, and begins nothing after that. A task
   * that was spawned is not cancelled by it. Go's {@code context.WithTimeout}, gRPC's deadlines.
   *
   * @param limit counted from now, with a resolution of one millisecond; of an outer deadline and
   *     this one, the earlier counts
   * @param body called on the calling thread, unless the deadline is over already
   * @return a task that ends as the body does, or fails with a {@link
   *     java.util.concurrent.TimeoutException} that says which await was late; and with what the
   *     body throws
   */
  public static <T extends @Nullable Object> Task<T> withDeadline(
      Duration limit, Callable<? extends CompletionStage<T>> body) {
    return Relay.withDeadline(limit, body);
  }

  /**
   * How much is left of the earliest {@linkplain #withDeadline deadline} in force here: for a
   * client that passes it on to its server. Null if there is none; zero or less when it is over.
   */
  public static @Nullable Duration remainingTime() {
    return Relay.remainingTime();
  }

  /**
   * A stage whose awaiter passes its cancellation on to it, whatever it is: also to a spawned task,
   * which otherwise has a life of its own, and to a plain future, of which {@code cancel(true)} is
   * called: {@code await(cancelling(client.sendAsync(..)))} ends the request when the method is
   * cancelled. The awaiter goes on when the task has run to its end. A {@code
   * minimalCompletionStage()} is let go of: nobody can cancel what is behind it.
   *
   * @return a task that ends as the stage does; cancelling it cancels the stage
   */
  public static <T extends @Nullable Object> Task<T> cancelling(CompletionStage<T> stage) {
    return Relay.cancelling(stage);
  }

  /**
   * A stage that no cancellation of its awaiter reaches, not even if it is a call that only this
   * method awaits. A method that is cancelled while it awaits it goes on at once with a {@link
   * TaskCancelledException}, and the call beside it to its own end. Python's {@code
   * asyncio.shield}.
   *
   * @return a task that ends as the stage does; cancelling it leaves the stage alone
   */
  public static <T extends @Nullable Object> Task<T> shield(CompletionStage<T> stage) {
    return Relay.shield(stage);
  }

  /**
   * True if the running async method was cancelled: it itself, a call further out that awaits it,
   * or their task; whether that was delivered already or is to come at the next await. Cheap enough
   * for a loop that computes. False outside any task, and in a method that has yet to suspend when
   * it was called outside any executor.
   */
  public static boolean isCancelled() {
    Carrier carrier = Carrier.current();
    return carrier != null && carrier.isCancelled();
  }

  /** An interval that catches up on missed ticks, {@link MissedTickBehavior#BURST}. */
  public static Interval interval(Duration period) {
    return interval(period, MissedTickBehavior.BURST);
  }

  /**
   * Ticks at a fixed rate, the first one at once.
   *
   * @param period positive; times have a resolution of one millisecond, and more than 146 years
   *     counts as that
   * @throws IllegalArgumentException if the period is zero or less
   */
  public static Interval interval(Duration period, MissedTickBehavior behavior) {
    return new Interval(AsyncExecutor.currentOrShared(), period, behavior);
  }

  /** A complete task without a value, for the end of a method that returns {@code Void}. */
  public static Task<@Nullable Void> done() {
    return DONE;
  }

  /** A complete task with a value, for the end of an async method. */
  public static <T extends @Nullable Object> Task<T> done(@Nullable T value) {
    return Settled.value(value);
  }
}
