package dev.weft.perf.compare;

import io.netty.util.Version;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Where and with what a run was made.
 *
 * @param date when it began, UTC
 * @param commit what was measured; with {@code +} if there were changes on top
 * @param cpu the processor
 * @param processors how many, as the JVM counts them
 * @param kernel the operating system
 * @param loadBefore the machine's load average of the minute before: idle is near 0
 * @param generatorJdk what the load generator ran on
 * @param versions of what was compared
 */
public record Machine(
    String date,
    String commit,
    String cpu,
    int processors,
    String kernel,
    double loadBefore,
    String generatorJdk,
    Map<String, String> versions) {

  /** Looks around. */
  static Machine look(Path perf, Path jdk) throws IOException {
    Map<String, String> versions = new TreeMap<>();
    versions.put("jdk", release(jdk));
    versions.put("node", output(perf, "node", "--version"));
    versions.put(
        "netty",
        Version.identify().values().stream()
            .map(Version::artifactVersion)
            .findFirst()
            .orElse("")); // all of Netty's artifacts have one version
    Path tokio = perf.resolve("target/peers/tokio-version");
    if (Files.exists(tokio)) {
      versions.put("tokio", Files.readString(tokio).strip());
    }
    versions.values().removeIf(String::isEmpty);
    String changes = output(perf, "git", "status", "--porcelain").isEmpty() ? "" : "+";
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        output(perf, "git", "rev-parse", "--short", "HEAD") + changes,
        processor(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        Runtime.version().toString(),
        versions);
  }

  private static String processor() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      for (String line : Files.readAllLines(info)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return System.getProperty("os.arch");
  }

  /** The version of the JDK in a folder, from the file that each JDK has. */
  private static String release(Path jdk) throws IOException {
    Properties release = new Properties();
    try (var in = Files.newBufferedReader(jdk.resolve("release"))) {
      release.load(in);
    }
    return release.getProperty("JAVA_VERSION", "").replace("\"", "");
  }

  static int featureVersion(Path jdk) throws IOException {
    return Runtime.Version.parse(release(jdk)).feature();
  }

  /** What a command prints; empty if there is no such command. */
  private static String output(Path folder, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? text.strip() : "";
    } catch (IOException missing) {
      return "";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
