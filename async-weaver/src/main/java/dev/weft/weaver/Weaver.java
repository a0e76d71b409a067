package dev.weft.weaver;

import java.util.List;
import java.util.Map;

/**
 * Class bytes in, woven class bytes and diagnostics out. Immutable, safe to share between threads.
 */
public final class Weaver {
  private final ClassSource classes;
  private final FrameMode mode;

  /**
   * @param classes where other classes of the application are read, to learn whether a return type is
   *     a future
   * @param mode how the frames' classes are to reach the JVM
   */
  public Weaver(ClassSource classes, FrameMode mode) {
    this.classes = classes;
    this.mode = mode;
  }

  /**
   * Weaves a class. Never throws for what the bytes hold: what is wrong with them is in the result.
   *
   * @param classFile the bytes of any class file
   */
  public WeaveResult weave(byte[] classFile) {
    return new WeaveResult("", null, Map.of(), List.of(), List.of());
  }

  /**
   * What weaving did to a class that is woven already, or would do to one that is not. Writes nothing.
   */
  public WeaveResult explain(byte[] classFile) {
    return weave(classFile);
  }
}
