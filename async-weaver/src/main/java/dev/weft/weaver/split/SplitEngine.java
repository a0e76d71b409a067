package dev.weft.weaver.split;

import dev.weft.weaver.Refusal;
import dev.weft.weaver.scan.AsyncMethod;
import org.objectweb.asm.tree.ClassNode;

/** Splits a method at its awaits. */
public interface SplitEngine {
  /**
   * Splits one method. Neither the class nor the method is changed.
   *
   * @param owner the class that the method stands in
   * @throws Refusal if this engine cannot split the method
   */
  SplitMethod split(ClassNode owner, AsyncMethod method) throws Refusal;
}
