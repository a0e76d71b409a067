package dev.weft.weaver.lower;

import dev.weft.weaver.FrameMode;
import dev.weft.weaver.scan.AsyncMethod;
import dev.weft.weaver.verify.ClassHierarchy;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/**
 * What is to be lowered, and under which names.
 *
 * @param owner the class that the method stands in, not to be changed
 * @param async the method, not to be changed
 * @param mode how the frame class reaches the JVM
 * @param debug true to keep all locals in scope alive across an await
 * @param frameName internal name for the frame class
 * @param continuedName name for the continuation, which no other method of the class has
 * @param hierarchy where other classes are looked up
 */
public record LoweringTarget(
    ClassNode owner,
    AsyncMethod async,
    FrameMode mode,
    boolean debug,
    String frameName,
    String continuedName,
    ClassHierarchy hierarchy) {

  /** True if the method stands in an interface. */
  public boolean isInterface() {
    return (owner.access & Opcodes.ACC_INTERFACE) != 0;
  }
}
