package dev.weft.frame;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A concurrent map whose keys are known by identity and weakly. An entry whose key is garbage goes
 * with the next {@link #expunge}; a value must not refer to the key.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class WeakIdentityMap<K, V> {
  private final ConcurrentMap<Object, V> entries = new ConcurrentHashMap<>();
  private final ReferenceQueue<Object> garbage = new ReferenceQueue<>();

  /** What stands for a key: equal to itself and to a {@link Probe} for the same one. */
  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object key, ReferenceQueue<Object> garbage) {
      super(key, garbage);
      hash = System.identityHashCode(key);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    /** One whose referent is garbage equals itself alone, by which it is removed. */
    @Override
    public boolean equals(@Nullable Object other) {
      Object key = get();
      return other == this
          || (key != null && other instanceof Key stored && stored.refersTo(key))
          || (other instanceof Probe probe && probe.key == key);
    }
  }

  /** What a key is looked for with: no reference, which the collector would have to look at. */
  private record Probe(Object key) {
    @Override
    public int hashCode() {
      return System.identityHashCode(key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key stored ? stored.refersTo(key) : other == this;
    }
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** With the entries whose keys are garbage, and which are still to be expunged. */
  int size() {
    return entries.size();
  }

  @Nullable V get(K key) {
    return entries.get(new Probe(key));
  }

  /** Stands for a key in the map, and does not keep it alive. */
  Object handle(K key) {
    return new Key(key, garbage);
  }

  /**
   * Makes an entry, unless there is one for the key.
   *
   * @param handle the key's
   * @return the value that is in the map now
   */
  V putIfAbsent(Object handle, V value) {
    V other = entries.putIfAbsent(handle, value);
    return other == null ? value : other;
  }

  void remove(Object handle, V value) {
    entries.remove(handle, value);
  }

  /** Drops the entries whose keys are garbage. */
  void expunge() {
    for (Reference<?> gone; (gone = garbage.poll()) != null; ) {
      entries.remove(gone);
    }
  }
}
