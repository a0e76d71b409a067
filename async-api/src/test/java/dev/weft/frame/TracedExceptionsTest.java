package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each exception has one entry, for as long as somebody holds it. */
class TracedExceptionsTest {
  private final TracedExceptions table = new TracedExceptions();

  /** All of them are equal. */
  private static final class Equal extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public boolean equals(Object other) {
      return other instanceof Equal;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  @Test
  void equalExceptionsAreNotTakenForEachOther() {
    Equal one = new Equal();
    Equal other = new Equal();

    assertThat(table.find(one)).isNull();
    AsyncTrace trace = table.findOrAdd(one);
    assertThat(table.find(one)).isSameAs(trace);
    assertThat(table.findOrAdd(one)).isSameAs(trace);
    assertThat(table.find(other)).isNull();
    assertThat(table.findOrAdd(other)).isNotSameAs(trace);
  }

  @Test
  void nothingIsLostWhereItGrows() {
    List<Exception> errors = new ArrayList<>();
    List<AsyncTrace> traces = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      errors.add(new Exception(null, null, false, false) {});
      traces.add(table.findOrAdd(errors.get(i)));
    }

    for (int i = 0; i < errors.size(); i++) {
      assertThat(table.find(errors.get(i))).isSameAs(traces.get(i));
    }
    assertThat(table.size()).isEqualTo(errors.size());
  }

  @Test
  void whatNobodyHoldsAnyMoreIsForgottenAndWhatSomebodyHoldsIsNot() {
    Exception held = new Exception("held");
    AsyncTrace trace = table.findOrAdd(held);
    for (int i = 0; i < 100_000; i++) {
      table.findOrAdd(new Exception(null, null, false, false) {});
    }

    int most = 1_000;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (table.size() > most && System.nanoTime() - deadline < 0) {
      System.gc();
      for (int i = 0; i < most / 2; i++) { // in each part of the table, most likely
        table.findOrAdd(new Exception(null, null, false, false) {});
      }
    }

    assertThat(table.size()).isLessThanOrEqualTo(most);
    assertThat(table.find(held)).isSameAs(trace);
  }

  @Test
  void threadsThatComeAtOnceGetTheSame() throws Exception {
    int threads = 4;
    List<Exception> errors = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      errors.add(new Exception(null, null, false, false) {});
    }
    CyclicBarrier begin = new CyclicBarrier(threads);
    Callable<List<AsyncTrace>> all =
        () -> {
          List<AsyncTrace> traces = new ArrayList<>();
          begin.await();
          errors.forEach(error -> traces.add(table.findOrAdd(error)));
          return traces;
        };
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<AsyncTrace> first = null;
      for (Future<List<AsyncTrace>> one : pool.invokeAll(Collections.nCopies(threads, all))) {
        List<AsyncTrace> traces = one.get();
        if (first == null) {
          first = traces;
        }
        assertThat(traces).usingElementComparator((a, b) -> a == b ? 0 : 1).isEqualTo(first);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(table.size()).isEqualTo(errors.size());
  }
}
