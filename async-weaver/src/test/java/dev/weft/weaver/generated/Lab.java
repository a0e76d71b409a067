package dev.weft.weaver.generated;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import dev.weft.weaver.corpus.SwitchDepths;
import dev.weft.weaver.generated.Failure.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Weaves and runs compiled programs and compares what they do. Used on a pump's thread only. */
final class Lab implements AutoCloseable {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final Map<String, byte[]> LIBRARY = new ConcurrentHashMap<>();
  private static final byte[] MISSING = {};
  private static final ClassSource FALLBACK = ClassSource.of(Lab.class.getClassLoader());

  private final Pump pump;
  private final Racer racer = new Racer();
  private final Statistics statistics;
  private final UnaryOperator<Map<String, byte[]>> tampering;
  private final Set<Engine> complete;

  /**
   * @param tampering what is done to woven classes before they are loaded; a test of the lab itself
   * @param complete engines that may refuse nothing of what is generated, unless it is too large
   */
  Lab(
      Pump pump,
      Statistics statistics,
      UnaryOperator<Map<String, byte[]>> tampering,
      Set<Engine> complete) {
    this.pump = pump;
    this.statistics = statistics;
    this.tampering = tampering;
    this.complete = complete;
  }

  /**
   * Runs a program in all the ways given.
   *
   * @param name its class's simple name
   * @param classes its class files by name
   * @return how it failed first in each of the trials
   */
  List<Failure> examine(long seed, String name, Map<String, byte[]> classes, List<Trial> trials) {
    List<Failure> failures = new ArrayList<>();
    ProgramLoader unwoven = ProgramLoader.blocking(classes);
    try {
      unwoven.linkAll();
    } catch (VerifyError e) {
      statistics.miscompiled(e);
      return failures;
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
    // What initializers of classes do is seen in the first run only.
    Runner blocking = new Runner(unwoven, name, seed);
    Outcome first = blocking.run(Timing.READY);
    Outcome later = blocking.run(Timing.READY);
    for (Trial trial : trials) {
      Failure failure = examine(seed, name, classes, trial, first, later);
      if (failure != null) {
        failures.add(failure);
      }
    }
    return failures;
  }

  private @Nullable Failure examine(
      long seed,
      String name,
      Map<String, byte[]> classes,
      Trial trial,
      Outcome first,
      Outcome later) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    Map<String, byte[]> woven = weave(classes, trial, diagnostics);
    for (Diagnostic diagnostic : diagnostics) {
      if (diagnostic.message().contains("the weaver has a bug")) {
        return new Failure(Kind.WEAVER_FAILED, trial, diagnostic.toString());
      }
    }
    if (!diagnostics.isEmpty()) {
      statistics.refused(trial.engine(), diagnostics);
      boolean tooLarge =
          diagnostics.stream()
              .allMatch(diagnostic -> diagnostic.code() == DiagnosticCode.METHOD_TOO_LARGE);
      return complete.contains(trial.engine()) && !tooLarge
          ? new Failure(Kind.REFUSED, trial, diagnostics.get(0).toString())
          : null;
    }
    ProgramLoader loader = ProgramLoader.woven(tampering.apply(woven));
    List<String> mismatches = SwitchDepths.mismatches(woven.values());
    if (!mismatches.isEmpty()) {
      return new Failure(Kind.INVALID, trial, "a switch that confuses HotSpot: " + mismatches);
    }
    try {
      loader.linkAll();
    } catch (LinkageError | ClassNotFoundException e) {
      return new Failure(Kind.INVALID, trial, e.toString());
    }
    Runner runner = new Runner(loader, name, seed);
    Outcome expected = first;
    for (Timing timing : trial.timings()) {
      Outcome seen = runner.run(timing);
      statistics.ran(trial.engine(), seen.completedLater());
      if (!seen.isLike(expected)) {
        return new Failure(kindOf(seen), trial.only(timing), expected.differenceTo(seen));
      }
      expected = later;
    }
    return null;
  }

  private static Kind kindOf(Outcome seen) {
    if (seen.isStuck()) {
      return Kind.STUCK;
    }
    return seen.mentionsLinkageError() ? Kind.INVALID : Kind.DIFFERENT;
  }

  private static Map<String, byte[]> weave(
      Map<String, byte[]> classes, Trial trial, List<Diagnostic> diagnostics) {
    ClassSource source =
        internalName -> {
          byte[] own = classes.get(internalName.replace('/', '.'));
          return own != null ? own : library(internalName);
        };
    Weaver weaver =
        new Weaver(source, trial.mode(), WeaverOptions.DEFAULT.withEngine(trial.engine()));
    Map<String, byte[]> woven = new HashMap<>();
    new TreeMap<>(classes)
        .forEach(
            (name, bytes) -> {
              WeaveResult result = weaver.weave(bytes);
              result.diagnostics().stream().filter(Diagnostic::isError).forEach(diagnostics::add);
              woven.put(name, result.bytes() == null ? bytes : result.bytes());
              result.frames().forEach((frame, file) -> woven.put(frame.replace('/', '.'), file));
            });
    return woven;
  }

  private static byte @Nullable [] library(String internalName) {
    byte[] bytes =
        LIBRARY.computeIfAbsent(
            internalName,
            name -> {
              byte[] found = FALLBACK.read(name);
              return found == null ? MISSING : found;
            });
    return bytes == MISSING ? null : bytes;
  }

  @Override
  public void close() {
    racer.close();
  }

  /** Runs one version of a program, again and again in the same class loader. */
  private final class Runner {
    private final Method run;
    private final long seed;

    Runner(ProgramLoader loader, String name, long seed) {
      this.seed = seed;
      try {
        run =
            Class.forName(Program.PACKAGE + "." + name, true, loader)
                .getDeclaredMethod("run", Probe.class);
        run.setAccessible(true);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }

    Outcome run(Timing timing) {
      pump.reset();
      Probe probe = new Probe(timing, seed, racer);
      CompletableFuture<?> end;
      try {
        end = ((CompletionStage<?>) run.invoke(null, probe)).toCompletableFuture();
      } catch (InvocationTargetException e) {
        end = CompletableFuture.failedFuture(e.getCause());
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
      boolean stuck = !finish(end, probe, timing);
      String result =
          stuck
              ? Outcome.STUCK
              : end.handle(
                      (value, error) ->
                          error == null ? String.valueOf(value) : Probe.describe(error))
                  .join();
      return new Outcome(List.copyOf(probe.trace()), result, probe.completedLater());
    }

    /** Polls and completes until the program has ended; false if nothing is left to be done. */
    private boolean finish(CompletableFuture<?> end, Probe probe, Timing timing) {
      long start = 0;
      while (!end.isDone()) {
        if (pump.poll() || probe.completeNext()) {
          start = 0;
        } else if (timing != Timing.RACING) {
          return false;
        } else if (start == 0) {
          start = System.nanoTime();
        } else if (System.nanoTime() - start > DEADLINE_NANOS) {
          return false;
        } else {
          Thread.yield();
        }
      }
      return true;
    }
  }
}
