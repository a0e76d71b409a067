package dev.weft.jcstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the races of this source set in jcstress, which makes JVMs of its own for them. Classes
 * named {@code ...Races} must pass. Each has a twin {@code ...Weakened}, the same protocol without
 * what it rests on, and every test of it must fail, so that it is known that this machine shows
 * such a race.
 *
 * <p>As part of all tests a selection runs for some seconds. All of them, in every mode of
 * compilation, take a quarter of an hour or more:
 *
 * <pre>
 *   mvn test -pl async-api -Dtest=JcstressTest -DargLine=-Djcstress=default \
 *       -Dtest.timeout="4 h" -Dtest.jvm.timeout.seconds=14400
 * </pre>
 *
 * with jcstress's modes {@code quick}, {@code default}, {@code tough} or {@code stress}.
 */
@Timeout(Integer.MAX_VALUE) // it starts dozens of JVMs; the limit is that of the tests' JVM
class JcstressTest {
  private static final String SMOKE = "smoke";

  /** For how long each configuration is run. */
  private static final int SMOKE_MILLIS = 200;

  /** After longer than this, what has not failed is taken for sound. */
  private static final int MOST_SMOKE_MILLIS = 10_000;

  private static final List<String> SMOKE_SOUND =
      List.of(
          "OverflowAndSteal",
          "LifoSlot",
          "PushAndSleep",
          "UseAndBorrow",
          "ParkAndComplete",
          "ParkAndCancel",
          "SubmitAndLook",
          "RestAndAwait",
          "InnerEndsAndIsCancelled",
          "LinkAndCancelRoot",
          "HandOverAndAbandon",
          "CancelAndRelease",
          "SignalAndCancel",
          "GrantAndAbandon",
          "TakeAgainAndAbandon",
          "SendAndCancelReceive",
          "ReceiveAndCancelSend",
          "ReleaseAndRelease",
          "NudgeAndChange",
          "ForkAndClose",
          "EndAndClose");

  private static final List<String> SMOKE_WEAKENED =
      List.of(
          "PopWithoutCas",
          "TakenWithoutCas",
          "PushAndSleepWithoutFence",
          "UseWithoutCas",
          "ParkWithoutLook",
          "RestWithoutLook",
          "MovedWithoutCas",
          "WaitWithoutSecondLook",
          "ReadWithoutSeizing",
          "SendAndReceiveWithoutLock",
          "WonWithoutCas",
          "ChangeWithoutLock",
          "ForkWithoutLook",
          "CloseInTwoSteps");

  private static final Pattern STATUS =
      Pattern.compile("\\[(OK|FAILED|ERROR|TIMEOUT)\\] (dev\\.weft\\.\\S+)");

  private final String mode = System.getProperty("jcstress", SMOKE);

  @Test
  void theRacesPass(@TempDir Path folder) throws Exception {
    String output = run(folder, "Races", SMOKE_SOUND, SMOKE_MILLIS);
    List<String> passed = tests(output, "OK");
    assertThat(passed).as(output).isNotEmpty();
    assertThat(tests(output, "FAILED|ERROR|TIMEOUT")).as(output).isEmpty();
    if (mode.equals(SMOKE)) { // one that is not there by its name would pass without a word
      assertThat(SMOKE_SOUND)
          .allSatisfy(
              name -> assertThat(passed).anySatisfy(it -> assertThat(it).endsWith("." + name)));
    }
  }

  @Test
  void theirWeakenedTwinsFail(@TempDir Path folder) throws Exception {
    List<String> left = SMOKE_WEAKENED;
    for (int millis = SMOKE_MILLIS; !left.isEmpty(); millis *= 20) {
      String output = run(folder, "Weakened", left, millis);
      List<String> passed = tests(output, "OK");
      assertThat(tests(output, "ERROR|TIMEOUT")).as(output).isEmpty();
      assertThat(passed.size() + tests(output, "FAILED").size()).as(output).isPositive();
      if (!mode.equals(SMOKE) || millis > MOST_SMOKE_MILLIS) {
        assertThat(passed).as(output).isEmpty();
        return;
      }
      // Where others use the processors, the two sides may not have met in so short a time.
      left =
          left.stream()
              .filter(name -> passed.stream().anyMatch(it -> it.endsWith("." + name)))
              .toList();
    }
  }

  /** The names of the tests that are reported so. A test is reported for each configuration. */
  private static List<String> tests(String output, String status) {
    List<String> tests = new ArrayList<>();
    for (Matcher line = STATUS.matcher(output); line.find(); ) {
      if (line.group(1).matches(status)) {
        tests.add(line.group(2));
      }
    }
    return tests;
  }

  private String run(Path folder, String kind, List<String> smoke, int smokeMillis)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("org.openjdk.jcstress.Main", "-r", folder.toString(), "-v"));
    if (mode.equals(SMOKE)) {
      String names = smoke.stream().collect(Collectors.joining("|", "(", ")"));
      command.addAll(List.of("-t", kind + "\\." + names + "$"));
      command.addAll(List.of("-m", "quick", "-f", "1", "-iters", "1", "-time", "" + smokeMillis));
      command.addAll(List.of("-sc", "false", "-jvmArgs", "-Xmx256m"));
    } else {
      command.addAll(List.of("-t", kind, "-m", mode));
    }
    File log = folder.resolve("log.txt").toFile();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile()) // where it leaves its result file
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    try {
      process.waitFor();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readString(log.toPath(), StandardCharsets.UTF_8);
  }
}
