package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.frame.Seeds;
import dev.weft.select.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random calls of the core of all locks, beside a model of a few lines. After each call exactly
 * those have got something that have in the model.
 *
 * <p>More seeds: {@code mvn test -pl async-api -Dtest=PermitsModelTest,SyncSeedsTest
 * -DargLine=-Dweft.seeds=10000}.
 */
class PermitsModelTest {
  private static final int STEPS = 60;

  /** One request, in the model and in truth. */
  private static final class Request {
    final int number;
    final Task<Integer> task;
    final Claim claim;
    boolean granted;
    boolean free;

    Request(int number, Task<Integer> task, Claim claim) {
      this.number = number;
      this.task = task;
      this.claim = claim;
    }
  }

  /** What there is, and who waits, in order. */
  private static final class Model {
    final int most;
    final boolean saturating;
    final List<Request> waiting = new ArrayList<>();
    final List<Request> all = new ArrayList<>();
    int free;

    Model(int free, int most, boolean saturating) {
      this.free = free;
      this.most = most;
      this.saturating = saturating;
    }

    void request(Request request) {
      all.add(request);
      waiting.add(request);
      grant();
    }

    void release(int number) {
      free = saturating ? Math.min(most, free + number) : free + number;
      grant();
    }

    void withdraw(Request request) {
      waiting.remove(request);
      grant();
    }

    void grantAll() {
      for (Request each : waiting) {
        if (each.claim == null || each.claim.winner() == each.task) {
          each.granted = true;
          each.free = true;
        }
      }
      waiting.clear();
    }

    private void grant() {
      while (!waiting.isEmpty() && waiting.get(0).number <= free) {
        Request first = waiting.remove(0);
        if (first.claim == null || first.claim.winner() == first.task || first.task.isDone()) {
          first.granted = true;
          free -= first.number;
        }
      }
    }
  }

  @Test
  void whoGetsWhatIsAsInTheModel() {
    Seeds.all().forEach(PermitsModelTest::run);
  }

  private static void run(long seed) {
    Random random = Seeds.random(seed);
    boolean saturating = random.nextInt(4) == 0;
    int most = saturating ? 1 : 1 + random.nextInt(5);
    Permits permits = new Permits("permits", most, most, saturating);
    Model model = new Model(most, most, saturating);
    List<Request> held = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      String what = "seed " + seed + ", step " + step;
      int kind = random.nextInt(12);
      if (kind < 5) {
        int number = random.nextInt(most + 1);
        Claim claim = random.nextInt(3) == 0 ? new Claim() : null;
        if (claim != null && random.nextInt(3) == 0) {
          claim.win("another");
        }
        Ready<Integer> ready = new Ready<>(permits, number, number);
        Task<Integer> task = claim == null ? permits.acquire(ready) : permits.enqueue(ready, claim);
        Request request = new Request(number, task, claim);
        if (claim == null
            || claim.winner() != "another"
            || !model.waiting.isEmpty()
            || number > model.free) {
          model.request(request);
        } else {
          model.all.add(request); // it waits nowhere
        }
      } else if (kind < 6) {
        int number = random.nextInt(most + 1);
        boolean expected = model.waiting.isEmpty() && model.free >= number;
        assertThat(permits.tryAcquire(number)).as(what).isEqualTo(expected);
        if (expected) {
          permits.release(number);
        }
      } else if (kind < 9 && !held.isEmpty()) {
        Request back = held.remove(random.nextInt(held.size()));
        if (random.nextBoolean()) {
          permits.release(back.number);
          model.release(back.number);
        } else {
          Abandoning.abandoned(back.task); // the method that was to have it is halted
          if (!back.free) {
            model.release(back.number);
          }
        }
      } else if (kind < 11 && !model.waiting.isEmpty()) {
        Request gone = model.waiting.get(random.nextInt(model.waiting.size()));
        boolean withdrawn = gone.task.cancel(false);
        assertThat(withdrawn).as(what).isTrue();
        model.withdraw(gone);
      } else if (kind == 11 && saturating) {
        permits.releaseAll();
        model.grantAll();
      }
      for (Request each : model.all) {
        assertThat(each.task.isDone() && !each.task.isCancelled()).as(what).isEqualTo(each.granted);
        if (each.granted && !held.contains(each)) {
          held.add(each);
        }
      }
      model.all.removeIf(each -> each.granted);
      if (!saturating) {
        assertThat(permits.available()).as(what).isEqualTo(model.free);
      }
    }
    for (Request each : List.copyOf(model.waiting)) {
      each.task.cancel(false);
      model.withdraw(each);
    }
    held.addAll(model.all.stream().filter(each -> each.granted && !held.contains(each)).toList());
    for (Request each : held) {
      permits.release(each.number);
      model.release(each.number);
    }
    assertThat(permits.available()).as("seed " + seed).isEqualTo(model.free);
    assertThat(permits.tryAcquire(model.free)).as("seed " + seed).isTrue();
  }
}
