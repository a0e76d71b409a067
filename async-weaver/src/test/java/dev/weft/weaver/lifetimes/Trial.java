package dev.weft.weaver.lifetimes;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.metrics.ExecutorMetrics;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.lifetimes.Tree.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One seed: a tree, an executor of its own, an engine, what happens, and how the executor ends. */
final class Trial {
  /** For what takes milliseconds, on a machine that may be busy. */
  private static final Duration DEADLINE =
      Duration.ofSeconds(Integer.getInteger("lifetimes.deadline", 60));

  /** How the executor ends. */
  private enum End {
    DRAIN,
    CANCEL,
    SHUTDOWN,
    SHUTDOWN_NOW
  }

  private final long seed;
  private final Weaving weaving;
  private final Venue venue;
  private final Tree tree;
  private final End end;
  private final Ledger ledger;
  private final AsyncExecutor executor;
  private final @Nullable OtherTasks others;
  private final CountDownLatch over = new CountDownLatch(1);

  Trial(long seed) {
    this(
        seed,
        new Weaving(
            Math.floorMod(seed, 8L) < 4 ? Engine.EA : Engine.DIRECT,
            Math.floorMod(seed, 16L) < 8 ? FrameMode.CLASS_FILES : FrameMode.HIDDEN_CLASSES),
        Venue.values()[(int) Math.floorMod(seed, 4L)],
        Math.floorMod(seed, 32L) < 16);
  }

  private Trial(long seed, Weaving weaving, Venue venue, boolean families) {
    this.seed = seed;
    this.weaving = weaving;
    this.venue = venue;
    Random random = new Random(mix(seed));
    boolean sockets = venue != Venue.DETERMINISTIC && random.nextInt(8) == 0;
    tree = new TreeGenerator(random, sockets, families).generate();
    end = End.values()[random.nextInt(End.values().length)];
    boolean early = random.nextInt(3) == 0;
    executor = venue.open(seed, tree.usesSockets());
    others = venue == Venue.DETERMINISTIC ? new OtherTasks(executor) : null;
    Trouble trouble = new Trouble(Trouble.plan(random, early), others, this::endHere);
    ledger = new Ledger(venue, trouble);
  }

  /** A tree with scopes, channels and locks, in the deterministic mode. */
  static Trial ofFamily(long seed, Weaving weaving) {
    return new Trial(seed, weaving, Venue.DETERMINISTIC, true);
  }

  /** SplitMix64's finalizer, as the first numbers of {@link Random} are alike for close seeds. */
  private static long mix(long seed) {
    long z = seed + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /**
   * Runs it.
   *
   * @return what was against the rules
   */
  List<String> run(Program program) throws InterruptedException {
    Call call = Call.root(ledger, tree);
    CompletableFuture<Task<Integer>> started = new CompletableFuture<>();
    // From within, as what comes from another thread comes at any time.
    executor.execute(
        () -> {
          Task<Integer> task = call.known(executor.spawn(() -> program.run(call)));
          task.finished().whenComplete((nothing, error) -> endHere());
          started.complete(task);
        });
    Task<Integer> root = started.join();
    if (!over.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
      ledger.violation("the root does not end: " + root);
    }
    endExecutor();
    if (!root.isFinished()) {
      ledger.violation("the root has not ended");
    } else {
      checkOutcome(root);
    }
    ledger.checkEnd();
    return ledger.violations();
  }

  /** Where there is one thread, it must be that one, or no run was like another. */
  private void endHere() {
    if (others != null && over.getCount() > 0) {
      if (end == End.CANCEL || end == End.SHUTDOWN_NOW) {
        ledger.closing();
        executor.shutdownNow();
        others.cancelled();
      } else {
        executor.shutdown();
      }
    }
    over.countDown();
  }

  private void endExecutor() throws InterruptedException {
    switch (end) {
      case SHUTDOWN, SHUTDOWN_NOW -> {
        if (end == End.SHUTDOWN) {
          executor.shutdown();
        } else {
          ledger.closing();
          executor.shutdownNow();
        }
        if (!executor.awaitTermination(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
          ledger.violation("the executor does not terminate");
        }
      }
      case CANCEL -> ledger.closing();
      default -> {}
    }
    Duration drain = end == End.DRAIN ? DEADLINE : Duration.ZERO;
    CloseReport report;
    if (executor instanceof WorkStealingExecutor workers) {
      report = workers.close(drain, DEADLINE);
      ExecutorMetrics metrics = workers.metrics();
      if (metrics.aliveTasks() != 0
          || metrics.spawnedTasks()
              != metrics.finishedTasks() + metrics.abortedTasks() + metrics.rejectedTasks()) {
        ledger.violation("does not add up: " + metrics);
      }
    } else {
      report = ((NodeExecutor) executor).close(drain, DEADLINE);
    }
    if (!report.ended()) {
      ledger.violation(report.toString());
    }
    if (!report.unended().isEmpty() || !executor.isTerminated()) {
      ledger.violation("is not terminated: " + report.unended());
    }
  }

  private void checkOutcome(Task<Integer> root) throws InterruptedException {
    try {
      int value = root.get();
      int expected = tree.value();
      if (value != expected) {
        ledger.violation("the root came to " + value + " instead of " + expected);
      }
    } catch (Failure expected) {
      ledger.violation("the root should have failed with " + expected);
    } catch (CancellationException cancelled) {
      // its rules are checked where it is seen
    } catch (ExecutionException failed) {
      checkFailure(failed.getCause());
    }
  }

  private void checkFailure(Throwable failure) {
    if (failure instanceof Failure mine) {
      try {
        ledger.violation("the root failed instead of coming to " + tree.value());
      } catch (Failure expected) {
        if (expected.number != mine.number) {
          ledger.violation("the root failed with " + mine + " instead of " + expected);
        }
      }
    } else if (failure instanceof RejectedExecutionException
        || !(failure instanceof java.util.concurrent.TimeoutException)) {
      ledger.violation("the root failed with " + failure);
    }
  }

  /** All about it, for people. */
  String describe(boolean events) {
    List<String> lines = new ArrayList<>();
    lines.add("seed " + seed + ", " + weaving + ", " + venue + ", ends by " + end);
    lines.addAll(ledger.violations());
    lines.add(tree.toString());
    if (events) {
      lines.addAll(ledger.events());
    }
    return String.join("\n", lines);
  }

  /** All that has happened, in its order. */
  List<String> events() {
    return ledger.events();
  }

  Weaving weaving() {
    return weaving;
  }
}
