package dev.weft.weaver.generated;

import dev.weft.Task;
import dev.weft.stream.AsyncStream;
import dev.weft.weaver.generated.Vocabulary.Body;
import dev.weft.weaver.generated.Vocabulary.Broken;
import dev.weft.weaver.generated.Vocabulary.Checked;
import dev.weft.weaver.generated.Vocabulary.Function;
import dev.weft.weaver.generated.Vocabulary.Narrower;
import dev.weft.weaver.generated.Vocabulary.Promise;
import dev.weft.weaver.generated.Vocabulary.Unchecked;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a program calls: it gets its futures here, leaves its trace here, and is stopped here when
 * it runs for too long. A program runs on one thread at a time, the {@link Pump}'s.
 */
public final class Probe {
  private static final int FUEL = 250;
  private static final int LONGEST = 40;

  private final Timing timing;
  private final Racer racer;
  private final Random random;
  private final Deque<Runnable> pending = new ArrayDeque<>();

  /** What tells two objects without a text of their own apart, and differs from run to run. */
  private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{1,8}");

  private final List<String> trace = new ArrayList<>();
  private int fuel = FUEL;
  private int created;
  private int completedLater;
  private int flips;

  Probe(Timing timing, long seed, Racer racer) {
    this.timing = timing;
    this.racer = racer;
    this.random = new Random(Dice.mix(seed));
  }

  // ---- futures

  /** A future of the value, a task or not. */
  public <T extends @Nullable Object> CompletableFuture<T> of(T value) {
    CompletableFuture<T> future =
        timing == Timing.ALTERNATING && created % 4 < 2 ? new Task<>() : new CompletableFuture<>();
    return settle(future, () -> future.complete(value));
  }

  /** A task of the value. */
  public <T extends @Nullable Object> Task<T> task(T value) {
    Task<T> task = new Task<>();
    return settle(task, () -> task.complete(value));
  }

  /** A stage that is not a future. */
  public <T extends @Nullable Object> CompletionStage<T> stage(T value) {
    return of(value).minimalCompletionStage();
  }

  /** A future of a type of the programs' own. */
  public <T extends @Nullable Object> Promise<T> promise(T value) {
    Promise<T> promise = new Promise<>();
    return settle(promise, () -> promise.complete(value));
  }

  /** A future that fails. */
  public <T extends @Nullable Object> CompletableFuture<T> fail(int kind, String message) {
    CompletableFuture<T> future = new CompletableFuture<>();
    return settle(future, () -> future.completeExceptionally(error(kind, message)));
  }

  private <F extends CompletableFuture<?>> F settle(F future, Runnable completion) {
    created++;
    switch (timing) {
      case READY -> completion.run();
      case DEFERRED -> pending.add(completion);
      case ALTERNATING -> settle(created % 2 == 0, completion);
      case RANDOM -> settle(random.nextBoolean(), completion);
      case RACING -> {
        if (random.nextInt(4) == 0) {
          completion.run();
        } else {
          completedLater++;
          racer.complete(completion, random.nextInt(200));
        }
      }
    }
    return future;
  }

  private void settle(boolean now, Runnable completion) {
    if (now) {
      completion.run();
    } else {
      pending.add(completion);
    }
  }

  /** Completes the future that has waited longest; false if there is none. */
  boolean completeNext() {
    Runnable completion = pending.poll();
    if (completion == null) {
      return false;
    }
    completedLater++;
    completion.run();
    return true;
  }

  /** How many futures were not complete when the program got them. */
  int completedLater() {
    return completedLater;
  }

  /** Calls an async body. */
  public <T extends @Nullable Object> CompletableFuture<T> call(Body<T> body) {
    return body.start();
  }

  /** Calls a generator. */
  public <T> AsyncStream<T> stream(Supplier<AsyncStream<T>> generator) {
    return generator.get();
  }

  /** Calls a function. */
  public int apply(Function function, int argument) {
    return function.apply(argument);
  }

  // ---- errors

  private static Throwable error(int kind, String message) {
    return switch (kind & 7) {
      case 0, 1 -> new Unchecked(message);
      case 2, 3 -> new Narrower(message);
      case 4, 5 -> new Checked(message);
      case 6 -> new Broken(message);
      default -> new IOException(message);
    };
  }

  /** Throws an exception that the compiler is not told of, if the condition holds. */
  public void throwIf(boolean condition, int kind, String message) {
    if (condition) {
      throw Probe.<RuntimeException>sneaky(error(kind, message));
    }
  }

  /** Lets the compiler believe in a checked exception. */
  public void declared() throws IOException, Checked {}

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E sneaky(Throwable error) throws E {
    throw (E) error;
  }

  // ---- trace

  /** Adds to the trace, and answers the value, so that it can stand inside an expression. */
  public <T extends @Nullable Object> T log(T value) {
    trace.add(show(value));
    return value;
  }

  /** Adds what was caught to the trace. */
  public String caught(Throwable error) {
    String text = "caught " + describe(error);
    trace.add(text);
    return text;
  }

  /** Notes that a method was entered, and stops a program that has run for too long. */
  public void enter(String method) {
    trace.add(method);
    if (--fuel < 0) {
      throw new Unchecked("out of fuel");
    }
  }

  /** Whether a loop may go on. */
  public boolean more() {
    return --fuel > 0;
  }

  List<String> trace() {
    return trace;
  }

  /**
   * A name for the error; its message where that is the program's own, the JVM's may differ.
   * Without what it suppresses: a woven method leaves the failure of a future that others may await
   * as it is, a blocking run does not. Closing is in the trace, and the corpus has the rest.
   */
  static String describe(@Nullable Throwable error) {
    if (error == null) {
      return "";
    }
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    StringBuilder text = new StringBuilder(cause.getClass().getSimpleName());
    if (cause instanceof Unchecked || cause instanceof Checked || cause instanceof Broken) {
      text.append(' ').append(cause.getMessage());
    } else if (cause instanceof LinkageError) {
      text.append(' ').append(cause);
    }
    return text.toString();
  }

  /** A text of a value that is the same in each run. */
  public String show(@Nullable Object value) {
    String text;
    if (value instanceof int[] array) {
      text = Arrays.toString(array);
    } else if (value instanceof byte[] array) {
      text = Arrays.toString(array);
    } else if (value instanceof long[] array) {
      text = Arrays.toString(array);
    } else if (value instanceof double[] array) {
      text = Arrays.toString(array);
    } else if (value instanceof Object[] array) {
      text = Arrays.deepToString(array);
    } else if (value instanceof CompletableFuture<?>) {
      text = "a future";
    } else {
      text = String.valueOf(value);
    }
    return cut(text);
  }

  // ---- odds and ends of expressions

  /** Keeps texts from growing. */
  public String cut(@Nullable String text) {
    if (text == null) {
      return "null";
    }
    String end = text.substring(Math.max(0, text.length() - 100_000)); // some grow to a GB
    String same = IDENTITY.matcher(end).replaceAll("@"); // an array that was concatenated
    return same.length() <= LONGEST ? same : same.substring(same.length() - LONGEST);
  }

  /** Keeps texts from growing that are appended to others. */
  public String brief(@Nullable Object value) {
    String text = show(value);
    return text.length() <= 5 ? text : text.substring(0, 5);
  }

  /** True and false, in an order that depends on nothing but the number of calls. */
  public boolean flip() {
    return ((++flips * 7) & 4) == 0;
  }

  /** A resource whose opening and closing leave a trace. */
  public Resource open(String name, boolean failing) {
    trace.add("open " + cut(name));
    return new Resource(cut(name), failing);
  }

  /** See {@link #open}. */
  public final class Resource implements AutoCloseable {
    public final String name;
    private final boolean failing;

    private Resource(String name, boolean failing) {
      this.name = name;
      this.failing = failing;
    }

    @Override
    public void close() {
      trace.add("close " + name);
      if (failing) {
        throw new Unchecked("closing " + name);
      }
    }

    @Override
    public String toString() {
      return "resource " + name;
    }
  }
}
