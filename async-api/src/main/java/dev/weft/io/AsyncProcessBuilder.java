package dev.weft.io;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Starts programs. Options as they are when {@link #start} is called; the object may be used again.
 *
 * <pre>{@code
 * static CompletableFuture<Integer> build(Path project) {
 *   ProcessBuilder make = new ProcessBuilder("make", "-j2").directory(project.toFile()).inheritIO();
 *   AsyncProcessBuilder builder =
 *       AsyncProcess.of(make).killDescendants(true).killGrace(Duration.ofSeconds(10));
 *   try (AsyncProcess running = await(builder.start())) {
 *     return done(await(Async.timeout(Duration.ofMinutes(5), running.exit())));
 *   }
 * }
 * }</pre>
 */
public final class AsyncProcessBuilder {
  /** Trio's. */
  private static final Duration KILL_GRACE = Duration.ofSeconds(5);

  /** Guessed: more than a busy machine needs to read what is there, and less than people wait. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** Node's is 1 MiB, about which people complain. */
  private static final int OUTPUT_LIMIT = 16 * 1024 * 1024;

  record Options(
      String name, Duration killGrace, boolean killDescendants, Duration linger, int outputLimit) {}

  private final ProcessBuilder builder;
  private Duration killGrace = KILL_GRACE;
  private boolean killDescendants;
  private Duration linger = LINGER;
  private int outputLimit = OUTPUT_LIMIT;

  AsyncProcessBuilder(ProcessBuilder builder) {
    this.builder = Objects.requireNonNull(builder);
  }

  /**
   * For how long a child that is to be killed may clean up: it gets TERM, and KILL after that. 5
   * seconds if nothing else is said.
   *
   * @param grace zero or less for KILL at once; 146 years is for ever
   */
  public AsyncProcessBuilder killGrace(Duration grace) {
    killGrace = Objects.requireNonNull(grace);
    return this;
  }

  /**
   * True if what the child has started is killed with it; false if nothing else is said. For a
   * shell, or a build: else only the shell is killed, and what it has called runs on. Who waits for
   * the end then waits for that of all.
   */
  public AsyncProcessBuilder killDescendants(boolean all) {
    killDescendants = all;
    return this;
  }

  /**
   * For how long a pipe may be silent after the child has exited until its stream ends, where a
   * process that it has left behind keeps the pipe open. 2 seconds if nothing else is said. A pipe
   * that nobody else has ends its stream at once.
   *
   * @param silence zero or less for not at all: then what a busy machine has not read in time may
   *     be lost; 146 years is for ever
   */
  public AsyncProcessBuilder linger(Duration silence) {
    linger = Objects.requireNonNull(silence);
    return this;
  }

  /**
   * How many bytes {@link AsyncProcess#output} keeps of each stream, and how many characters a line
   * may have. 16 MiB if nothing else is said.
   *
   * @param limit 1 or more
   */
  public AsyncProcessBuilder outputLimit(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("the limit must be 1 or more: " + limit);
    }
    outputLimit = limit;
    return this;
  }

  /**
   * Starts the program, on a blocking thread of the current executor, or of the shared one.
   *
   * @return fails with an {@link java.io.IOException} that says why it cannot be run. If it is
   *     cancelled, the program is not started, or killed
   */
  public Task<AsyncProcess> start() {
    List<String> command = List.copyOf(builder.command());
    String name = command.isEmpty() ? "" : command.get(0);
    Options options = new Options(name, killGrace, killDescendants, linger, outputLimit);
    return new Starting(builder, options).begin(AsyncExecutor.currentOrShared());
  }

  /** Runs the program to its end, with no input. See {@link #run(byte[])}. */
  public Task<ProcessOutput> run() {
    return run(new byte[0]);
  }

  /**
   * Runs the program to its end: starts it, gives it its input, and reads all of its output. See
   * {@link AsyncProcess#output(byte[])}.
   *
   * @return what it has written and exited with, whatever that is: see {@link
   *     ProcessOutput#requireSuccess}
   */
  public Task<ProcessOutput> run(byte[] input) {
    return new ProcessRun(this, input.clone()).begin();
  }
}
