package dev.weft.io;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * What a child process has left when it has run to its end. Python's {@code CompletedProcess}.
 *
 * <pre>{@code
 * static CompletableFuture<Boolean> isClean(Path repository) {
 *   ProcessBuilder git = new ProcessBuilder("git", "status", "--porcelain");
 *   git.directory(repository.toFile());
 *   ProcessOutput output = await(AsyncProcess.of(git).run());
 *   return done(output.exitCode() == 0 && output.stdout().length == 0);
 * }
 * }</pre>
 */
public final class ProcessOutput {
  /** How much of its errors a failure tells. */
  private static final int TOLD = 2000;

  private final String name;
  private final int exitCode;
  private final byte[] stdout;
  private final byte[] stderr;

  ProcessOutput(String name, int exitCode, byte[] stdout, byte[] stderr) {
    this.name = name;
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** What it has exited with: 0 for success; after a signal, 128 and the signal's number. */
  public int exitCode() {
    return exitCode;
  }

  /** What it has written to its standard output. The array is yours. */
  public byte[] stdout() {
    return stdout;
  }

  /** What it has written to its standard error. The array is yours. */
  public byte[] stderr() {
    return stderr;
  }

  /** {@link #stdout()} as UTF-8; what is none becomes a replacement. */
  public String stdoutText() {
    return stdoutText(StandardCharsets.UTF_8);
  }

  /** {@link #stdout()} as text. */
  public String stdoutText(Charset charset) {
    return new String(stdout, charset);
  }

  /** {@link #stderr()} as UTF-8; what is none becomes a replacement. */
  public String stderrText() {
    return stderrText(StandardCharsets.UTF_8);
  }

  /** {@link #stderr()} as text. */
  public String stderrText(Charset charset) {
    return new String(stderr, charset);
  }

  /**
   * This, if the program has succeeded.
   *
   * @throws IOException if its exit code is not 0, with that and the end of its errors
   */
  public ProcessOutput requireSuccess() throws IOException {
    if (exitCode == 0) {
      return this;
    }
    String errors = stderrText().strip();
    String told = errors.substring(Math.max(0, errors.length() - TOLD));
    throw new IOException(
        name + " has exited with " + exitCode + (told.isEmpty() ? "" : ": " + told));
  }

  @Override
  public String toString() {
    return "ProcessOutput["
        + name
        + ", exit code "
        + exitCode
        + ", "
        + stdout.length
        + " and "
        + stderr.length
        + " bytes]";
  }
}
