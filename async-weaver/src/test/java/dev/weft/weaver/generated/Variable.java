package dev.weft.weaver.generated;

/**
 * Something with a name and a value.
 *
 * @param isAssignable whether the generator may assign to it
 * @param isCapturable whether lambdas and local classes may use it: its value never changes
 */
record Variable(String name, JavaType type, boolean isAssignable, boolean isCapturable) {
  /** A variable that keeps its first value. */
  static Variable fixed(String name, JavaType type) {
    return new Variable(name, type, false, true);
  }

  /** A variable that is assigned to. */
  static Variable changing(String name, JavaType type) {
    return new Variable(name, type, true, false);
  }

  /** A variable that changes, but not at the generator's will. */
  static Variable counter(String name, JavaType type) {
    return new Variable(name, type, false, false);
  }

  /** A field: assigned to, and usable in lambdas too. */
  static Variable field(String name, JavaType type) {
    return new Variable(name, type, true, true);
  }
}
