package dev.weft.frame;

/** A concurrent set of objects by identity, each for as long as somebody else holds it. */
final class WeakIdentitySet {
  private final WeakIdentityMap<Object, Object> entries = new WeakIdentityMap<>();

  /** False if it was there. */
  boolean add(Object object) {
    entries.expunge();
    Object mine = entries.handle(object);
    return entries.putIfAbsent(mine, mine) == mine;
  }

  boolean contains(Object object) {
    return entries.get(object) != null;
  }

  /** With those that are garbage and still to be removed. */
  int size() {
    return entries.size();
  }
}
