package dev.weft.weaver.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.corpus.CorpusClassFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Jazzer, guided by what of the weaver and of ASM an input reaches, looks for bytes that {@link
 * WeaverFuzz} fails on, starting from the corpus's class files. For {@code fuzz.seconds} seconds,
 * 30 unless told otherwise:
 *
 * <pre>mvn verify -pl async-weaver -am -Dit.test=WeaverFuzzIT -Dfuzz.seconds=3600
 * -Dtest.jvm.timeout.seconds=4000</pre>
 *
 * What it finds is in {@code target/fuzz/crash-*}; what it learns stays in {@code target/fuzz/seen}
 * for the next run.
 */
class WeaverFuzzIT {
  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 30);

  /**
   * Starting Jazzer, and running the seeds, which no time limit of its own cuts short. Guessed: a
   * machine with ten times as much to do as it has processors takes over a minute.
   */
  private static final int MARGIN_SECONDS = 240;

  @Test
  @Timeout(value = Integer.MAX_VALUE, unit = TimeUnit.SECONDS) // it has its own, below
  void noBytesUpsetTheWeaver() throws Exception {
    Path folder = Path.of("target", "fuzz").toAbsolutePath();
    Path seeds = Files.createDirectories(folder.resolve("seeds"));
    Path seen = Files.createDirectories(folder.resolve("seen"));
    CorpusClassFiles.write(seeds);
    Path log = folder.resolve("log.txt");

    Process jazzer =
        new ProcessBuilder(command(seen, seeds))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(jazzer.waitFor(SECONDS + MARGIN_SECONDS, TimeUnit.SECONDS))
          .as("Jazzer ends; it said\n%s", tail(log))
          .isTrue();
    } finally {
      jazzer.destroyForcibly();
    }

    assertThat(jazzer.exitValue()).as("Jazzer found something:\n%s", tail(log)).isZero();
    String end = tail(log);
    assertThat(end).contains("Done ");
    System.out.println(
        "fuzzed: " + end.lines().filter(line -> line.startsWith("Done ")).findFirst().orElse(""));
  }

  private static List<String> command(Path seen, Path seeds) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED"); // the fuzzer itself is native
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-XX:+EnableDynamicAgentLoading");
    command.add("-Xmx256m"); // what a hostile class may make the weaver take
    command.add("-Xss1m");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + WeaverFuzz.class.getName());
    command.add("--instrumentation_includes=dev.weft.weaver.**:org.objectweb.asm.**");
    command.add("-max_total_time=" + SECONDS);
    command.add("-timeout=60"); // seconds for one input, before it counts as a hang
    command.add("-rss_limit_mb=2048");
    command.add("-max_len=65536");
    command.add(seen.toString());
    command.add(seeds.toString());
    return command;
  }

  private static String tail(Path log) throws IOException {
    String all = Files.readString(log);
    return all.substring(Math.max(0, all.length() - 8_000));
  }
}
