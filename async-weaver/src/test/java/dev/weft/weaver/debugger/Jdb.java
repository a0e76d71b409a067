package dev.weft.weaver.debugger;

import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The JDK's debugger, told one command after the other. Its prompts come from several threads, so
 * they do not tell where an answer ends: a command that it does not know is sent behind each, and
 * its complaint is the end.
 */
final class Jdb implements AutoCloseable {
  private static final int SECONDS = 240;

  private static final Pattern PROMPT = Pattern.compile("(?m)^(?:> |\\S+\\[\\d+\\] )+");

  /** An event with the line of source that it stands at, and the prompt behind it. */
  private static final Pattern STOPPED =
      Pattern.compile(
          "(?s)(?:Breakpoint hit|Step completed): .*\\n\\d+ [^\\n]*\\s+\\S+\\[\\d+\\] ");

  private static final String EXITED = "The application exited";

  private final Process process;
  private final InputStream out;
  private final Writer in;
  private final StringBuilder heard = new StringBuilder();
  private int ends;

  private Jdb(Process process) {
    this.process = process;
    out = process.getInputStream();
    in = process.outputWriter(StandardCharsets.UTF_8);
    CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly); // what is read ends then
  }

  /** Where this JDK has it; it is in none that has a runtime alone. */
  static Path executable() {
    Path bin = Path.of(System.getProperty("java.home"), "bin");
    Path plain = bin.resolve("jdb");
    return Files.exists(plain) ? plain : bin.resolve("jdb.exe");
  }

  /** Starts one for a class with a {@code main}, which is yet to be run. */
  static Jdb start(Path sources, String classPath, String main) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(executable().toString());
    command.add("-J-Duser.language=en");
    command.add("-Dslf4j.internal.verbosity=ERROR"); // it has no provider here, and need not say so
    command.addAll(List.of("-sourcepath", sources.toString(), "-classpath", classPath, main));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().remove("_JAVA_OPTIONS");
    Jdb jdb = new Jdb(builder.start());
    jdb.until(text -> text.endsWith("> "));
    jdb.heard.setLength(0);
    return jdb;
  }

  /** What it answers to a command, without prompts. */
  String say(String command) throws IOException {
    send(command);
    return answer();
  }

  /** The same for an expression, which it evaluates on a third thread. */
  String evaluate(String expression) throws IOException {
    send("print " + expression);
    until(text -> text.matches("(?s).*" + Pattern.quote(expression) + " = [^\\n]*\\n.*"));
    return answer();
  }

  /** The same for a command that lets the program go on: up to where it stops again, or ends. */
  String sayAndWait(String command) throws IOException {
    send(command);
    until(text -> STOPPED.matcher(text).find() || text.contains(EXITED));
    return heard.indexOf(EXITED) >= 0 ? PROMPT.matcher(heard).replaceAll("") : answer();
  }

  private String answer() throws IOException {
    String end = "the-end-" + ++ends;
    send(end);
    until(text -> text.contains("'" + end + "'") && text.endsWith(" "));
    String text = PROMPT.matcher(heard).replaceAll("");
    heard.setLength(0);
    return text.lines().filter(line -> !line.contains(end)).reduce("", (a, b) -> a + b + "\n");
  }

  private void send(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  private void until(Predicate<String> complete) throws IOException {
    byte[] chunk = new byte[8192];
    while (!complete.test(heard.toString())) {
      int length = out.read(chunk);
      if (length < 0) {
        throw new AssertionError("jdb has ended, or did not answer in time; it said:\n" + heard);
      }
      heard.append(new String(chunk, 0, length, StandardCharsets.US_ASCII).replace("\r", ""));
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
