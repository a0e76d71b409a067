package dev.weft.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Node.js that is installed, if one is. */
final class RealNode {
  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** Whose order the rules were observed on; others differ in details. */
  private static final int OLDEST = 20;

  /** For some fifty programs of some ten milliseconds each, on a busy machine. */
  private static final int LIMIT_MINUTES = 10;

  /** The log of a program that Node itself cannot run: see {@code batch.js}. */
  static final List<String> FAULT = List.of("a fault of Node's own");

  private final String version;

  private RealNode(String version) {
    this.version = version;
  }

  static Optional<RealNode> find() throws InterruptedException {
    try {
      Process process = new ProcessBuilder("node", "--version").start();
      String version =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      Matcher major = Pattern.compile("v(\\d+)\\..*").matcher(version);
      boolean suits =
          process.waitFor() == 0 && major.matches() && Integer.parseInt(major.group(1)) >= OLDEST;
      return suits ? Optional.of(new RealNode(version)) : Optional.empty();
    } catch (IOException notInstalled) {
      return Optional.empty();
    }
  }

  String version() {
    return version;
  }

  /** What each program logs, run one after the other in one process. */
  List<List<String>> logs(List<List<Statement>> programs) throws IOException, InterruptedException {
    return slowLogs(programs, 1);
  }

  /** The same, with every duration so many times as long. */
  List<List<String>> slowLogs(List<List<Statement>> programs, int slower)
      throws IOException, InterruptedException {
    List<List<String>> logs = new ArrayList<>();
    while (logs.size() < programs.size()) {
      logs.addAll(logsUntilFault(programs.subList(logs.size(), programs.size()), slower));
    }
    return logs;
  }

  private static List<List<String>> logsUntilFault(List<List<Statement>> programs, int slower)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("weft-node");
    try {
      Path script = folder.resolve("batch.js");
      Path output = folder.resolve("output");
      Path complaint = folder.resolve("complaint");
      Files.writeString(script, script(programs));
      Process process =
          new ProcessBuilder(
                  "node",
                  script.toString(),
                  folder.resolve("pair").toString(),
                  output.toString(),
                  Integer.toString(slower))
              .redirectErrorStream(true)
              .redirectOutput(complaint.toFile())
              .start();
      process.getOutputStream().close();
      try {
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
          throw new IOException("node does not end; it runs " + script(programs));
        }
      } finally {
        process.destroyForcibly();
      }
      if (process.exitValue() != 0) {
        throw new IOException("node has failed: " + Files.readString(complaint));
      }
      return Files.readAllLines(output).stream().map(RealNode::entries).toList();
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  static String script(List<List<Statement>> programs) throws IOException {
    StringBuilder script = new StringBuilder();
    try (InputStream prelude =
        Objects.requireNonNull(RealNode.class.getResourceAsStream("batch.js"))) {
      script.append(new String(prelude.readAllBytes(), StandardCharsets.UTF_8));
    }
    for (List<Statement> program : programs) {
      script
          .append("programs.push((deferred, stored, handles) => ")
          .append(Statement.block(program))
          .append(");\n");
    }
    return script.toString();
  }

  private static List<String> entries(String json) {
    if (json.equals("null")) {
      return FAULT;
    }
    List<String> entries = new ArrayList<>();
    for (Matcher entry = STRING.matcher(json); entry.find(); ) {
      entries.add(entry.group(1));
    }
    return entries;
  }

  /** The distinct logs of one program that is run so many times. */
  List<List<String>> logs(List<Statement> program, int times)
      throws IOException, InterruptedException {
    List<List<Statement>> copies = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      copies.add(program);
    }
    return logs(copies).stream().distinct().toList();
  }

  /** The lines of a program, for people. */
  static String print(List<Statement> program) {
    return String.join("\n", program.stream().map(Statement::js).toList());
  }
}
