package dev.weft.weaver.generated;

/** When the futures complete that a program awaits. */
enum Timing {
  /** Before the program gets to see them. */
  READY,
  /** One by one, whenever all code has suspended. */
  DEFERRED,
  /** In turn ready and deferred, plain futures and tasks. */
  ALTERNATING,
  /** Ready or deferred by chance. */
  RANDOM,
  /** On another thread, while the program may be suspending on them. */
  RACING
}
