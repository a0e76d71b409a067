package dev.weft.weaver.prepare;

import org.objectweb.asm.tree.MethodNode;

/** Copies of a method's code, which passes may change. */
public final class CodeCopy {
  private CodeCopy() {}

  /** The code alone: no annotations, no signature, no exceptions, no parameter names. */
  public static MethodNode of(MethodNode original, String descriptor) {
    MethodNode copy = new MethodNode(original.access, original.name, descriptor, null, null);
    original.accept(copy);
    copy.parameters = null;
    copy.attrs = null;
    copy.annotationDefault = null;
    copy.visibleAnnotations = null;
    copy.invisibleAnnotations = null;
    copy.visibleTypeAnnotations = null;
    copy.invisibleTypeAnnotations = null;
    copy.visibleParameterAnnotations = null;
    copy.invisibleParameterAnnotations = null;
    copy.visibleLocalVariableAnnotations = null;
    copy.invisibleLocalVariableAnnotations = null;
    return copy;
  }
}
