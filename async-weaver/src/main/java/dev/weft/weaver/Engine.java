package dev.weft.weaver;

/** What turns a method into the frame form. */
public enum Engine {
  /** EA Async for the methods that it splits right, {@link #DIRECT} for the others. */
  AUTO,
  /** EA Async's splitter, and the frame in place of what it emits. Refuses what EA gets wrong. */
  EA,
  /** Weft's own lowering, from bytecode straight to the frame. */
  DIRECT
}
