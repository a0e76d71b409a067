package dev.weft.weaver.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Some generated programs of each compiler do woven what they do when they block. The system
 * properties {@code generated.seed} and {@code generated.count} repeat a run or make it longer; the
 * script {@code generated} beside the module is for thousands.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES) // 300 programs, on a machine that may be busy
class GeneratedProgramsTest {
  private static final int COUNT = Integer.getInteger("generated.count", 300);

  /** Not negative, so that it can be given to the script. */
  private static final long SEED =
      Long.getLong("generated.seed", RandomGenerator.getDefault().nextLong(1L << 40));

  private static final Path FAILURES = Path.of("target", "generated-failures");

  @Test
  void runWovenLikeTheyBlock() throws Exception {
    run(ProgramCompiler.Kind.JAVAC, COUNT - COUNT / 10);
  }

  @Test
  void runWovenLikeTheyBlockWhenCompiledByEclipse() throws Exception {
    run(ProgramCompiler.Kind.ECJ, COUNT / 10);
  }

  private static void run(ProgramCompiler.Kind compiler, int count) throws Exception {
    Campaign campaign =
        new Campaign(compiler, compiler.newestRelease(), FAILURES, System.out::println);

    List<String> failures = campaign.run(SEED, count);

    assertThat(failures).as("failed of %d programs from seed %d", count, SEED).isEmpty();
    Statistics statistics = campaign.statistics();
    assertThat(statistics.programs).isEqualTo(count);
    for (Engine engine : List.of(Engine.EA, Engine.DIRECT)) {
      assertThat(statistics.refused(engine)).as("%s refuses", engine).isLessThan(count / 2);
      assertThat(statistics.suspended(engine)).as("%s suspends", engine).isGreaterThan(count);
    }
  }
}
