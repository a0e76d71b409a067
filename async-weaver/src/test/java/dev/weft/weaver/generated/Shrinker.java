package dev.weft.weaver.generated;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes a failing program small, by trying whether what is one step smaller still fails alike. */
final class Shrinker {
  /** Compiled in one go: some do not compile, and the first that still fails is taken. */
  private static final int BATCH = 24;

  /** A race may take a few attempts to be lost again. */
  private static final int RACES = 10;

  private final ProgramCompiler compiler;
  private final Lab lab;
  private final long deadline;

  /** The failing program as far as it has been shrunk, and how that one fails. */
  record Shrunk(Program program, Failure failure) {}

  Shrinker(ProgramCompiler compiler, Lab lab, long seconds) {
    this.compiler = compiler;
    this.lab = lab;
    this.deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  Shrunk shrink(Program program, Failure failure, Trial complete) {
    Trial trial = reproducing(program, failure, complete);
    Shrunk smallest = new Shrunk(program, failure);
    for (Shrunk next = smallest; next != null; ) {
      smallest = next;
      next = step(smallest, trial);
    }
    return smallest;
  }

  /** The shortest trial in which the program fails. */
  private Trial reproducing(Program program, Failure failure, Trial complete) {
    Timing timing = failure.trial().timings().get(0);
    Trial shortest =
        timing == Timing.RACING
            ? new Trial(
                complete.engine(), complete.mode(), Collections.nCopies(RACES, Timing.RACING))
            : complete.only(timing);
    return firstFailing(List.of(program), failure, shortest) != null ? shortest : complete;
  }

  private @Nullable Shrunk step(Shrunk current, Trial trial) {
    List<Program> smaller =
        Reductions.of(current.program().tree()).stream()
            .map(current.program()::with)
            .filter(program -> !program.equals(current.program()))
            .toList();
    for (int start = 0; start < smaller.size(); start += BATCH) {
      if (System.nanoTime() - deadline > 0) {
        return null;
      }
      List<Program> batch = smaller.subList(start, Math.min(start + BATCH, smaller.size()));
      Shrunk failing = firstFailing(batch, current.failure(), trial);
      if (failing != null) {
        return failing;
      }
    }
    return null;
  }

  private @Nullable Shrunk firstFailing(List<Program> programs, Failure failure, Trial trial) {
    Map<String, Program> byName = new LinkedHashMap<>();
    Map<String, String> sources = new LinkedHashMap<>();
    for (Program program : programs) {
      String name = "S%03d".formatted(byName.size());
      byName.put(name, program);
      sources.put(name, program.source(name));
    }
    Map<String, Map<String, byte[]>> compiled = compiler.compile(sources).classes();
    for (Map.Entry<String, Program> each : byName.entrySet()) {
      Map<String, byte[]> classes = compiled.get(each.getKey());
      if (classes != null) {
        Program program = each.getValue();
        for (Failure seen : lab.examine(program.seed(), each.getKey(), classes, List.of(trial))) {
          if (seen.isLike(failure)) {
            return new Shrunk(program, seen);
          }
        }
      }
    }
    return null;
  }
}
