package dev.weft.weaver.generated;

/**
 * Parts of the language that a program may or may not use. Each program is made with some of them
 * only ("swarm testing"): a program that uses everything hides what happens without, and is refused
 * as a whole by an engine that cannot take one of them.
 */
enum Feature {
  LOOPS(85),
  SWITCHES(60),
  TRIES(75),
  MONITORS(20),
  LAMBDAS(50),
  CLASSES(40),
  ARRAYS(70),
  /** Awaits in the arguments of constructors, also in nested and conditional ones. */
  CONSTRUCTION(50),
  PATTERNS(60),
  SMALL_PRIMITIVES(50),
  FLOATING_POINT(50),
  STRINGS(80),
  MERGED_TYPES(50),
  FIELDS(60),
  FAILURES(60),
  /** Methods with hundreds of local variables. */
  WIDE_LOCALS(3),
  /** Switches with hundreds of cases. */
  LONG_SWITCHES(5),
  /** Async streams, made by generators and read in loops. */
  GENERATORS(40);

  /** In how many of a hundred programs. */
  final int percent;

  Feature(int percent) {
    this.percent = percent;
  }
}
