package dev.weft.weaver.lifetimes;

import dev.weft.sync.AsyncMutex;
import dev.weft.sync.AsyncSemaphore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The locks of a run, by number, and who has them. */
public final class Locks {
  private static final int PERMITS = 3;

  private final Ledger ledger;
  private final Map<Integer, AsyncMutex> mutexes = new ConcurrentHashMap<>();
  private final Map<Integer, AsyncSemaphore> semaphores = new ConcurrentHashMap<>();
  private final Map<Integer, AtomicInteger> inMutex = new ConcurrentHashMap<>();
  private final Map<Integer, AtomicInteger> inSemaphore = new ConcurrentHashMap<>();

  Locks(Ledger ledger) {
    this.ledger = ledger;
  }

  AsyncMutex mutex(int number) {
    return mutexes.computeIfAbsent(number, key -> new AsyncMutex());
  }

  AsyncSemaphore semaphore(int number) {
    return semaphores.computeIfAbsent(number, key -> new AsyncSemaphore(PERMITS));
  }

  /** How many permits a tree takes. */
  int wanted(Tree tree) {
    return 1 + tree.id() % PERMITS;
  }

  Turn enter(Call call) {
    Tree tree = call.tree();
    boolean permits = tree.shape() == Tree.Shape.PERMITTED;
    int number = call.step(0).number();
    int taken = permits ? wanted(tree) : 1;
    AtomicInteger inside =
        (permits ? inSemaphore : inMutex).computeIfAbsent(number, key -> new AtomicInteger());
    int now = inside.addAndGet(taken);
    if (now > (permits ? PERMITS : 1)) {
      call.violation("is the one too many: " + now + " have lock " + number);
    }
    return new Turn(inside, taken);
  }

  /** To be called when everything has ended. */
  void checkEnd() {
    mutexes.forEach(
        (number, mutex) -> {
          if (mutex.isLocked()) {
            ledger.violation("mutex " + number + " is locked for ever");
          }
        });
    semaphores.forEach(
        (number, semaphore) -> {
          if (semaphore.availablePermits() != PERMITS) {
            ledger.violation(
                "semaphore " + number + " ends with " + semaphore.availablePermits() + " permits");
          }
        });
  }

  /** Somebody has a lock, or permits: closed before they are given back. */
  public static final class Turn implements AutoCloseable {
    private final AtomicInteger inside;
    private final int taken;

    private Turn(AtomicInteger inside, int taken) {
      this.inside = inside;
      this.taken = taken;
    }

    @Override
    public void close() {
      inside.addAndGet(-taken);
    }
  }
}
