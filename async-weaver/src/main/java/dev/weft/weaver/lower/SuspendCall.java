package dev.weft.weaver.lower;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Names;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.verify.ClassHierarchy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * The frame class of a method, and the call in woven code that makes and parks a frame: with the
 * future, the values of the frame's fields, the state, and the frame or null on the stack, it
 * leaves what the woven method has to return.
 *
 * <p>With {@link FrameMode#HIDDEN_CLASSES} the frame class does not exist yet: the call site
 * carries it as strings, a char per byte, and the run time defines it when the call is first
 * linked.
 */
public final class SuspendCall {
  /** A string constant may take 65,535 bytes, and a char up to two of them. */
  private static final int CHUNK = 32_000;

  private static final Handle BOOTSTRAP =
      new Handle(
          Opcodes.H_INVOKESTATIC,
          Names.HIDDEN_FRAMES,
          "suspend",
          "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
              + "Ljava/lang/String;[Ljava/lang/String;)Ljava/lang/invoke/CallSite;",
          false);

  private final FrameMode mode;
  private final String frameName;
  private final byte[] frame;
  private final List<Type> fields;

  /**
   * Generates the frame class.
   *
   * @param forms in which the call will be made, no two with one descriptor
   * @param lines the source lines of the awaits in the order of their states, 0 for an unknown one
   * @throws Refusal if the agent cannot link the call, because it names an inaccessible type
   */
  public SuspendCall(
      LoweringTarget target,
      Continuation continuation,
      List<SuspendForm> forms,
      List<Integer> lines)
      throws Refusal {
    mode = target.mode();
    frameName = target.frameName();
    fields = continuation.fields();
    if (mode == FrameMode.HIDDEN_CLASSES) {
      checkAccess(target, fields, target.hierarchy());
    }
    frame =
        FrameClass.generate(
            frameName, continuation, forms, AwaitTable.of(target, lines), target.async().isBare());
  }

  /** The frame class. */
  public byte[] frame() {
    return frame;
  }

  /** A new call. */
  public AbstractInsnNode node(SuspendForm form) {
    String descriptor = form.descriptor(fields);
    if (mode == FrameMode.CLASS_FILES) {
      return new MethodInsnNode(Opcodes.INVOKESTATIC, frameName, "suspend", descriptor, false);
    }
    List<Object> arguments = new ArrayList<>();
    arguments.add(frameName.replace('/', '.'));
    String chars = new String(frame, StandardCharsets.ISO_8859_1);
    for (int from = 0; from < chars.length(); from += CHUNK) {
      arguments.add(chars.substring(from, Math.min(chars.length(), from + CHUNK)));
    }
    return new InvokeDynamicInsnNode("suspend", descriptor, BOOTSTRAP, arguments.toArray());
  }

  /** The call that makes a hidden frame is linked by its arguments' types, with access checks. */
  private static void checkAccess(
      LoweringTarget target, List<Type> fields, ClassHierarchy hierarchy) throws Refusal {
    for (Type type : fields) {
      Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
      if (element.getSort() == Type.OBJECT
          && !hierarchy.isAccessible(element.getInternalName(), target.owner().name)) {
        throw new Refusal(
            DiagnosticCode.INACCESSIBLE_TYPE,
            target.async().line(),
            "the async method "
                + target.async().method().name
                + " keeps a "
                + element.getClassName()
                + " across an await, a type that its class may not name: the agent cannot weave that,"
                + " the Maven plugin and the command line can");
      }
    }
  }
}
