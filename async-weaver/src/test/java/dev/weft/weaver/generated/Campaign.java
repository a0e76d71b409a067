package dev.weft.weaver.generated;

import dev.weft.weaver.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Many programs, generated from consecutive seeds, examined one after the other. */
final class Campaign {
  private static final int BATCH = 80;
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ProgramCompiler.Kind compiler;
  private final int release;
  private final Path folder;
  private final Consumer<String> out;
  private final Map<Integer, ProgramCompiler> compilers = new HashMap<>();
  private final Statistics statistics = new Statistics();
  private final List<String> failures = new ArrayList<>();
  private UnaryOperator<Map<String, byte[]>> tampering = UnaryOperator.identity();
  private Set<Engine> complete = EnumSet.of(Engine.AUTO, Engine.DIRECT);
  private long shrinkSeconds = 60;
  private int mostShrunk = 8;

  /**
   * @param folder where failing programs are written to
   * @param out where progress and results go, line by line
   */
  Campaign(ProgramCompiler.Kind compiler, int release, Path folder, Consumer<String> out) {
    this.compiler = compiler;
    this.release = release;
    this.folder = folder;
    this.out = out;
  }

  /** Does something to all woven classes before they run. */
  Campaign tamperingWith(UnaryOperator<Map<String, byte[]>> change) {
    tampering = change;
    return this;
  }

  /** Names the engines of which a refusal is a failure; otherwise auto and direct. */
  Campaign requiring(Set<Engine> engines) {
    complete = engines;
    return this;
  }

  /** Bounds the time that is spent on making one failing program small. */
  Campaign shrinkingFor(long seconds) {
    shrinkSeconds = seconds;
    return this;
  }

  /** Bounds the number of failing programs that are made small. */
  Campaign shrinkingAtMost(int programs) {
    mostShrunk = programs;
    return this;
  }

  Statistics statistics() {
    return statistics;
  }

  /**
   * Examines programs.
   *
   * @param seed the first one's seed
   * @return the failures, each with its source and the command that repeats it
   */
  List<String> run(long seed, int count) throws Exception {
    out.accept(
        "%d programs from seed %d, compiled by %s for release %d, on JDK %s"
            .formatted(count, seed, compiler, release, Runtime.version()));
    return Pump.run(
        pump -> {
          try (Lab lab = new Lab(pump, statistics, tampering, complete)) {
            long start = System.nanoTime();
            long reported = start;
            for (int done = 0; done < count; done += BATCH) {
              examine(lab, seed + done, Math.min(BATCH, count - done));
              if (System.nanoTime() - reported > PROGRESS_NANOS) {
                reported = System.nanoTime();
                out.accept(progress(reported - start));
              }
            }
            out.accept(progress(System.nanoTime() - start) + "\n" + statistics);
          }
          if (statistics.miscompiled() > count / 5) {
            failures.add("the compiler failed on " + statistics.miscompiled() + " programs");
          }
          return failures;
        });
  }

  private String progress(long nanos) {
    double seconds = nanos / 1e9;
    return "%d programs in %.0f s, %.0f a second, %d failed, %d refused by EA"
        .formatted(
            statistics.programs,
            seconds,
            statistics.programs / seconds,
            failures.size(),
            statistics.refused(Engine.EA));
  }

  private void examine(Lab lab, long firstSeed, int count) {
    Map<Integer, Map<String, Program>> byVariant = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      long seed = firstSeed + i;
      byVariant
          .computeIfAbsent(ProgramCompiler.variant(seed), key -> new TreeMap<>())
          .put("P%03d".formatted(i), ProgramGenerator.generate(seed, release));
    }
    byVariant.forEach((variant, programs) -> examine(lab, compiler(variant, programs), programs));
  }

  private ProgramCompiler compiler(int variant, Map<String, Program> programs) {
    long anySeed = programs.values().iterator().next().seed();
    return compilers.computeIfAbsent(
        variant, key -> new ProgramCompiler(compiler, release, anySeed));
  }

  private void examine(Lab lab, ProgramCompiler ofVariant, Map<String, Program> programs) {
    Map<String, String> sources = new TreeMap<>();
    programs.forEach((name, program) -> sources.put(name, program.source(name)));
    ProgramCompiler.Result result = ofVariant.compile(sources);
    result
        .errors()
        .forEach(
            (name, error) -> {
              statistics.programs++;
              if (ProgramCompiler.isCrash(error)) {
                statistics.miscompiled(error);
              } else {
                report(Failure.Kind.NOT_COMPILED + " " + error, programs.get(name));
              }
            });
    result
        .classes()
        .forEach(
            (name, classes) -> {
              Program program = programs.get(name);
              statistics.programs++;
              List<Trial> trials = Trial.of(program.seed());
              for (Failure failure : lab.examine(program.seed(), name, classes, trials)) {
                failed(lab, ofVariant, program, failure, trials);
              }
            });
  }

  private void failed(
      Lab lab, ProgramCompiler ofVariant, Program program, Failure failure, List<Trial> trials) {
    if (failures.size() >= mostShrunk) {
      report(failure + " (not shrunk)", program);
      return;
    }
    Trial complete =
        trials.stream()
            .filter(trial -> trial.engine() == failure.trial().engine())
            .findFirst()
            .orElseThrow();
    Shrinker.Shrunk shrunk =
        new Shrinker(ofVariant, lab, shrinkSeconds).shrink(program, failure, complete);
    report(shrunk.failure().toString(), shrunk.program());
  }

  private void report(String failure, Program program) {
    String name = "P" + Long.toString(program.seed()).replace('-', '_');
    String command =
        "async-weaver/generated --seed %d --count 1 --compiler %s --release %d"
            .formatted(program.seed(), compiler.name().toLowerCase(java.util.Locale.ROOT), release);
    String text =
        "// %s%n// %s%n%s".formatted(failure.replace("\n", "\n// "), command, program.source(name));
    failures.add(text);
    Path file = folder.resolve(name + ".java");
    try {
      Files.createDirectories(folder);
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.accept("FAILED, see " + file + "\n" + text);
  }
}
