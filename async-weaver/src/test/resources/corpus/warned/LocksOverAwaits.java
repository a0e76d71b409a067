// Locks that are held over an await, and many that are not.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

class LocksOverAwaits {
  static final ReentrantLock SHARED = new ReentrantLock();

  private final Lock own = new ReentrantLock();
  private final ReadWriteLock pair = new ReentrantReadWriteLock();
  private final Map<String, Lock> locks = new HashMap<>();
  private final StampedLock stamped = new StampedLock();
  private boolean fair;

  static class Fair extends ReentrantLock {
    Fair() {
      super(true);
    }
  }

  Lock own() {
    return own;
  }

  // ---- held

  static CompletableFuture<Integer> run(Source s) {
    SHARED.lock();
    try {
      await(s.of(1)); // warning: [WEFT044] the lock 'LocksOverAwaits.SHARED' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
    } finally {
      SHARED.unlock();
    }
    return s.of(await(s.of(1)));
  }

  CompletableFuture<Integer> ofAField(Source s) throws Exception {
    own.lockInterruptibly();
    try {
      if (fair) {
        return s.of(await(s.of(1))); // warning: [WEFT044] the lock 'own' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
      }
    } finally {
      own.unlock();
    }
    return s.of(await(s.of(2)));
  }

  static CompletableFuture<Integer> ofAParameter(Source s, Fair lock) {
    lock.lock();
    try {
      return s.of(await(s.of(1))); // warning: [WEFT044] the lock 'lock' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
    } finally {
      lock.unlock();
    }
  }

  CompletableFuture<Integer> ofAView(Source s) {
    pair.readLock().lock();
    try {
      await(s.of(1)); // warning: [WEFT044] the lock 'pair.readLock()' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
      pair.writeLock().lock();
      try {
        s.log("both");
      } finally {
        pair.writeLock().unlock();
      }
    } finally {
      pair.readLock().unlock();
    }
    pair.writeLock().lock();
    pair.writeLock().unlock();
    return s.of(await(s.of(2)));
  }

  CompletableFuture<Integer> ofAMap(Source s, String key) {
    Lock lock = locks.get(key);
    lock.lock();
    try {
      return s.of(await(s.of(1))); // warning: [WEFT044] the lock 'lock' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
    } finally {
      lock.unlock();
    }
  }

  CompletableFuture<Integer> inALoop(Source s, List<Lock> all) {
    int sum = 0;
    for (Lock each : all) {
      each.lock();
      try {
        sum += await(s.of(1)); // warning: [WEFT044] the lock 'each' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
      } finally {
        each.unlock();
      }
      sum += await(s.of(2));
    }
    return s.of(sum);
  }

  CompletableFuture<Integer> ofEither(Source s, boolean first, Lock a, Lock b) {
    Lock chosen = first ? a : b;
    chosen.lock();
    try {
      return s.of(await(s.of(1))); // warning: [WEFT044] the lock 'chosen' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
    } finally {
      chosen.unlock();
    }
  }

  CompletableFuture<Integer> tried(Source s) throws Exception {
    if (own.tryLock()) {
      try {
        await(s.of(1)); // warning: [WEFT044] the lock 'own' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
      } finally {
        own.unlock();
      }
    }
    boolean taken = own.tryLock(1, TimeUnit.SECONDS);
    try {
      await(s.of(2)); // warning: [WEFT044] the lock 'own' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
    } finally {
      if (taken) {
        own.unlock();
      }
    }
    return s.of(await(s.of(3)));
  }

  CompletableFuture<Integer> oneOfTwo(Source s) {
    SHARED.lock();
    own.lock();
    SHARED.unlock();
    await(s.of(1)); // warning: [WEFT044] the lock 'own' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
    own.unlock();
    return s.of(await(s.of(2)));
  }

  CompletableFuture<Integer> unlockedOnOnePath(Source s, boolean early) {
    own.lock();
    if (early) {
      own.unlock();
    }
    await(s.of(1)); // warning: [WEFT044] the lock 'own' is held over this await: the thread that goes on after it is not its owner, so unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it before the await, and lock it again after it where need be, or take a dev.weft.sync.AsyncMutex
    if (!early) {
      own.unlock();
    }
    return s.of(await(s.of(2)));
  }

  // ---- not held

  CompletableFuture<Integer> before(Source s) {
    int value;
    own.lock();
    try {
      value = locks.size();
    } finally {
      own.unlock();
    }
    return s.of(await(s.of(value)));
  }

  CompletableFuture<Integer> betweenInALoop(Source s) {
    int sum = 0;
    while (sum < 10) {
      own.lock();
      try {
        if (sum == 5) {
          continue;
        }
        sum++;
        if (sum == 7) {
          break;
        }
      } finally {
        own.unlock();
      }
      sum += await(s.of(sum));
    }
    return s.of(await(s.of(sum)));
  }

  CompletableFuture<Integer> afterAFailure(Source s) {
    try {
      own.lock();
      try {
        s.log("may fail");
      } finally {
        own.unlock();
      }
    } catch (RuntimeException e) {
      return s.of(await(s.of(1)));
    }
    return s.of(await(s.of(2)));
  }

  CompletableFuture<Integer> afterAFailureWithAView(Source s) {
    try {
      pair.readLock().lock();
      try {
        s.log("may fail");
      } finally {
        pair.readLock().unlock();
      }
      own().lock();
      try {
        s.log("may fail");
      } finally {
        own().unlock();
      }
    } catch (RuntimeException e) {
      return s.of(await(s.of(1)));
    }
    return s.of(await(s.of(2)));
  }

  CompletableFuture<Integer> refused(Source s) {
    while (!own.tryLock()) {
      await(s.of(1));
    }
    own.unlock();
    boolean refused = !own.tryLock();
    if (refused) {
      return s.of(await(s.of(2)));
    }
    own.unlock();
    boolean both = fair && own.tryLock();
    if (!both) {
      return s.of(await(s.of(3)));
    }
    own.unlock();
    return s.of(await(s.of(4)));
  }

  CompletableFuture<Integer> onCondition(Source s, boolean locking, Lock maybe) {
    if (locking) {
      own.lock();
    }
    if (maybe != null) {
      maybe.lock();
    }
    try {
      s.log("x");
    } finally {
      if (maybe != null) {
        maybe.unlock();
      }
      if (locking) {
        own.unlock();
      }
    }
    return s.of(await(s.of(1)));
  }

  CompletableFuture<Integer> byCalls(Source s) {
    own().lock();
    try {
      locks.get("a").lock();
      locks.get("a").unlock();
    } finally {
      own().unlock();
    }
    return s.of(await(s.of(1)));
  }

  CompletableFuture<Integer> allAtOnce(Source s, List<Lock> all) {
    for (Lock each : all) {
      each.lock();
    }
    for (Lock each : all) {
      each.unlock();
    }
    return s.of(await(s.of(1)));
  }

  CompletableFuture<Integer> withoutOwner(Source s) {
    long stamp = stamped.writeLock();
    await(s.of(1));
    stamped.unlockWrite(stamp);
    Lock view = stamped.asReadLock();
    view.lock();
    await(s.of(2));
    view.unlock();
    return s.of(3);
  }

  CompletableFuture<Integer> elsewhere(Source s) {
    Callable<Integer> other =
        () -> {
          own.lock();
          try {
            return 1;
          } finally {
            own.unlock();
          }
        };
    return s.of(await(s.of(1)));
  }
}
