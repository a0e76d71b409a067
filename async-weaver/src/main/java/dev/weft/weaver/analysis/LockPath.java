package dev.weft.weaver.analysis;

import java.util.List;

/**
 * How a method gets at an object: a parameter, a field of something, what a call has returned. Two
 * objects of one path are taken for the same.
 *
 * @param name for messages; empty if it has none
 * @param origin what tells it from others of the same {@code of}: a name, or the instruction that
 *     makes it
 * @param of the receiver and the arguments
 * @param stable true if the path leads to the same object whenever the method follows it
 */
record LockPath(String name, Object origin, List<LockPath> of, boolean stable) {
  static LockPath root(String name, Object origin) {
    return new LockPath(name, origin, List.of(), true);
  }

  /** What an instruction has made, which makes another one when it runs again. */
  static LockPath madeBy(Object instruction) {
    return new LockPath("", instruction, List.of(), false);
  }

  LockPath field(String owner, String field) {
    return new LockPath(field, owner + "." + field, List.of(this), stable);
  }

  /** True if this path is the other one, or leads over it. */
  boolean leadsOver(LockPath other) {
    return equals(other) || of.stream().anyMatch(part -> part.leadsOver(other));
  }
}
