package dev.weft.weaver;

import java.util.List;

/**
 * What became of one async method.
 *
 * <pre>{@code
 * for (MethodReport method : weaver.explain(classFile).methods()) {
 *   System.out.println(method.name() + ": " + method.engine().title() + ", as " + method.reason());
 * }
 * }</pre>
 *
 * @param name its name
 * @param descriptor its descriptor
 * @param line its first line, or 0 if the class has no line numbers
 * @param engine the engine that wove it, never {@link Engine#AUTO}
 * @param reason why this engine, or why not the other, as a clause; {@link #ASKED_FOR} where an
 *     option has named it
 * @param originalBytes the size of its bytecode before weaving
 * @param wovenBytes the size of the bytecode that stands for it now, frame class left aside
 * @param suspensionPoints its awaits in the order of its bytecode
 * @param calls where it and other async methods call each other without a future between them
 */
public record MethodReport(
    String name,
    String descriptor,
    int line,
    Engine engine,
    String reason,
    int originalBytes,
    int wovenBytes,
    List<SuspensionPoint> suspensionPoints,
    Calls calls) {

  /** The reason where there was no choice. */
  public static final String ASKED_FOR = "this engine is asked for";

  /** Of a method that has no part in such calls. */
  public MethodReport(
      String name,
      String descriptor,
      int line,
      Engine engine,
      String reason,
      int originalBytes,
      int wovenBytes,
      List<SuspensionPoint> suspensionPoints) {
    this(
        name,
        descriptor,
        line,
        engine,
        reason,
        originalBytes,
        wovenBytes,
        suspensionPoints,
        Calls.NONE);
  }

  /**
   * The calls between async methods that need no future while nothing waits.
   *
   * <pre>{@code
   * if (method.calls().hasEntry()) {
   *   System.out.println(method.name() + " gives those its value who await it at once");
   * }
   * }</pre>
   *
   * @param hasEntry true if the method has a second entry, for those who await it at once
   * @param lines the lines of its awaits that call such an entry, or may do so when they are linked
   * @param without why it has neither, as a clause, if it could have; else empty
   */
  public record Calls(boolean hasEntry, List<Integer> lines, String without) {
    /** No such calls. */
    public static final Calls NONE = new Calls(false, List.of(), "");

    /** True if there are any. */
    public boolean areAny() {
      return hasEntry || !lines.isEmpty();
    }
  }

  /**
   * An await at which the method can suspend.
   *
   * <pre>{@code
   * for (MethodReport.SuspensionPoint await : method.suspensionPoints()) {
   *   System.out.println("line " + await.line() + " keeps " + await.saved().size() + " values");
   * }
   * }</pre>
   *
   * @param state the frame's state while it is parked here, from 1
   * @param line the line of the await, or 0
   * @param saved what the frame holds meanwhile, without what it awaits
   */
  public record SuspensionPoint(int state, int line, List<SavedLocal> saved) {}

  /**
   * A value that survives an await in the frame.
   *
   * <pre>{@code
   * int bytes = point.saved().stream().mapToInt(MethodReport.SavedLocal::bytes).sum();
   * }</pre>
   *
   * @param name the local's name in the source; {@code <stack 0>} for a value of a half-evaluated
   *     expression, {@code <local 3>} where the class has no names
   * @param descriptor its type
   * @param bytes its size in the frame; references count as 4 bytes (compressed pointers)
   */
  public record SavedLocal(String name, String descriptor, int bytes) {
    /**
     * A value with a descriptor, which nobody has checked where it comes from a debug table. A
     * boolean, like an int, takes 4 bytes on the stack and so in the frame.
     */
    public static SavedLocal of(String name, String descriptor) {
      boolean wide = descriptor.equals("J") || descriptor.equals("D");
      return new SavedLocal(name, descriptor, wide ? 8 : 4);
    }
  }
}
