package dev.weft.io;

import dev.weft.Async;
import dev.weft.AsyncCloseable;
import dev.weft.Task;
import dev.weft.stream.AsyncStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A child process whose input, output and end are awaited.
 *
 * <pre>{@code
 * static CompletableFuture<String> head(Path repository) throws IOException {
 *   ProcessBuilder git = new ProcessBuilder("git", "rev-parse", "HEAD");
 *   git.directory(repository.toFile());
 *   ProcessOutput output = await(AsyncProcess.of(git).run());
 *   return done(output.requireSuccess().stdoutText().strip());
 * }
 *
 * static CompletableFuture<Long> errors(String container) {
 *   try (AsyncProcess logs = await(AsyncProcess.start("docker", "logs", container))) {
 *     return done(await(logs.stdoutLines().filter(line -> line.contains("ERROR")).count()));
 *   }                                    // what still runs is killed
 * }
 * }</pre>
 *
 * <h2>Its end</h2>
 *
 * <ul>
 *   <li>{@link #exit} is awaited without a thread of Weft's. The JDK has one for each child, which
 *       reaps it, so none stays a zombie, whether it is awaited or not.
 *   <li><b>Nothing runs for nobody.</b> Cancelling {@code exit}, {@code output} or {@code run}, and
 *       closing, kill the child: TERM, and KILL if it is still there after {@linkplain
 *       AsyncProcessBuilder#killGrace a grace}. Who awaits them goes on when it is gone. Trio does
 *       that; Tokio's {@code kill_on_drop} and Node's {@code signal} send one signal and do not
 *       wait. To wait for a time and let it run on: {@code Async.timeout(limit,
 *       Async.shield(exit))}, with the same {@code exit} each time.
 *   <li>A process that is neither awaited nor closed runs on, also when this JVM ends.
 * </ul>
 *
 * <h2>Its output</h2>
 *
 * A pipe holds 64 KiB or so: a child that writes more stands still until that is read. So read both
 * streams, let {@link #output} do it, or send what is not wanted to {@link
 * ProcessBuilder.Redirect#DISCARD}. A read that waits has a thread of its own, none of the
 * executor's pool, for as long as the child is silent.
 *
 * <p><b>A child may leave a process behind that has inherited the pipe</b> and keeps it open, so
 * that it has no end: with Node ({@code close}), Tokio ({@code wait_with_output}) and Python who
 * reads to the end then hangs, a frequent complaint. Here a stream ends when the child has exited
 * and what it had written was read; if that cannot be told from the pipe's end, when nothing has
 * come for {@linkplain AsyncProcessBuilder#linger two seconds} after that. The JDK closes such a
 * pipe when the child exits, too. What is to outlive its parent is to write to a file.
 *
 * <h2>Time</h2>
 *
 * Goes by the real clock, also on an executor with a virtual one: so does the child.
 */
public final class AsyncProcess implements AsyncCloseable {
  private final Process process;
  private final AsyncProcessBuilder.Options options;
  private final Killing killing;
  private final ProcessInput stdin;
  private final ProcessPipe stdout;
  private final ProcessPipe stderr;
  private final CompletableFuture<Integer> exited;
  private @Nullable Task<@Nullable Void> closing;

  AsyncProcess(Process process, AsyncProcessBuilder.Options options) {
    this.process = process;
    this.options = options;
    this.killing = new Killing(process, options.killGrace(), options.killDescendants());
    this.exited = process.onExit().thenApply(Process::exitValue);
    this.stdin = new ProcessInput(process.getOutputStream(), options.name(), process.pid());
    this.stdout = new ProcessPipe(process.getInputStream(), "stdout", options.linger());
    this.stderr = new ProcessPipe(process.getErrorStream(), "stderr", options.linger());
    exited.whenComplete(
        (code, never) -> {
          stdout.exited();
          stderr.exited();
          stdin.exited(options.linger());
        });
  }

  /** What starts a program, with this library's defaults. */
  public static AsyncProcessBuilder of(String... command) {
    return of(new ProcessBuilder(command));
  }

  /**
   * What starts a program.
   *
   * @param builder with command, environment, directory and redirections; not to be changed until
   *     the program has started
   */
  public static AsyncProcessBuilder of(ProcessBuilder builder) {
    return new AsyncProcessBuilder(builder);
  }

  /**
   * Starts a program; no shell is in between.
   *
   * @return fails with an {@link IOException} that says why it cannot be run. If it is cancelled,
   *     the program is not started, or killed
   */
  public static Task<AsyncProcess> start(String... command) {
    return of(command).start();
  }

  /** Runs a program to its end, with no input: {@link AsyncProcessBuilder#run()}. */
  public static Task<ProcessOutput> run(String... command) {
    return of(command).run();
  }

  /** Its number. */
  public long pid() {
    return process.pid();
  }

  /** True until it has exited. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The JDK's view of it: for signals, children, times. */
  public ProcessHandle toHandle() {
    return process.toHandle();
  }

  /** What it reads. It sees the end of that when this is closed, and may wait for it. */
  public ProcessInput stdin() {
    return stdin;
  }

  /**
   * What it writes to its standard output, as it comes; without an element if that was redirected.
   * Closing the stream early closes the pipe: writing more kills most programs, as with {@code |
   * head -1}.
   *
   * @throws IllegalStateException if it was asked for before: there is one consumer
   */
  public AsyncStream<ByteBuffer> stdout() {
    return stdout.chunks();
  }

  /** As {@link #stdout}, of its standard error. */
  public AsyncStream<ByteBuffer> stderr() {
    return stderr.chunks();
  }

  /** Its standard output in lines of UTF-8. See {@link #stdoutLines(Charset)}. */
  public AsyncStream<String> stdoutLines() {
    return stdoutLines(StandardCharsets.UTF_8);
  }

  /**
   * Its standard output in lines, each as soon as it is complete. Bytes that are no characters
   * become the charset's replacement. A line longer than {@linkplain
   * AsyncProcessBuilder#outputLimit the limit} fails the stream.
   */
  public AsyncStream<String> stdoutLines(Charset charset) {
    return stdout.lines(splitter(charset));
  }

  /** Its standard error in lines of UTF-8. */
  public AsyncStream<String> stderrLines() {
    return stderrLines(StandardCharsets.UTF_8);
  }

  /** As {@link #stdoutLines(Charset)}, of its standard error. */
  public AsyncStream<String> stderrLines(Charset charset) {
    return stderr.lines(splitter(charset));
  }

  private LineSplitter splitter(Charset charset) {
    return new LineSplitter(
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE),
        options.outputLimit());
  }

  /**
   * Waits for its exit.
   *
   * @return its exit code; after a signal, 128 and the signal's number. Its output may not have
   *     been read by then. Cancelling this kills it, as the class says
   */
  public Task<Integer> exit() {
    return new ProcessExit(exited, killing).begin();
  }

  /** As {@link #output(byte[])}, with no input. */
  public Task<ProcessOutput> output() {
    return output(new byte[0]);
  }

  /**
   * Gives it the rest of its input, reads all of its output, both streams at once, and waits for
   * its exit. Python's {@code communicate}. That it does not read its input is no failure.
   *
   * @return fails, and the child is killed, if one of the streams has more bytes than {@linkplain
   *     AsyncProcessBuilder#outputLimit the limit}, as Node has it. Cancelling this kills it
   * @throws IllegalStateException if one of the streams was asked for before
   */
  public Task<ProcessOutput> output(byte[] input) {
    AsyncStream<ByteBuffer> out = stdout.chunks();
    AsyncStream<ByteBuffer> err = stderr.chunks();
    if (input.length > 0) {
      stdin.write(input).exceptionally(unread -> null);
    }
    stdin.closeAsync();
    return Async.all(
        gather(out, "standard output"),
        gather(err, "standard error"),
        exit(),
        (written, errors, code) ->
            new ProcessOutput(options.name(), code, written.bytes(), errors.bytes()));
  }

  private Task<Gathered> gather(AsyncStream<ByteBuffer> stream, String what) {
    Gathered none = new Gathered(options.name() + "'s " + what, options.outputLimit());
    return stream.reduce(none, Gathered::with);
  }

  /**
   * Kills it, if it still runs, and closes its streams.
   *
   * @return ends when it has exited
   */
  @Override
  public Task<@Nullable Void> closeAsync() {
    synchronized (this) {
      if (closing != null) {
        return closing;
      }
      closing = new Closing();
    }
    Task<@Nullable Void> mine = closing;
    killing
        .begin()
        .whenComplete(
            (nothing, never) -> {
              stdin.closeAsync();
              stdout.end();
              stderr.end();
              mine.complete(null);
            });
    return mine;
  }

  /** Nobody can cancel a clean-up. */
  private static final class Closing extends Task<@Nullable Void> {
    @Override
    protected boolean stop() {
      return true;
    }
  }
}
