package dev.weft.weaver.lower;

import dev.weft.weaver.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;

/**
 * A call of {@code suspend} in a frame class that does not exist yet: the call site carries the
 * class as strings, a char per byte, and the run time defines it when the call is first linked.
 */
final class HiddenFrameCall {
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

  private HiddenFrameCall() {}

  /** The call, for a frame class with this name and these bytes. */
  static InvokeDynamicInsnNode of(String frameName, byte[] frame, String descriptor) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(frameName.replace('/', '.'));
    String chars = new String(frame, StandardCharsets.ISO_8859_1);
    for (int from = 0; from < chars.length(); from += CHUNK) {
      arguments.add(chars.substring(from, Math.min(chars.length(), from + CHUNK)));
    }
    return new InvokeDynamicInsnNode("suspend", descriptor, BOOTSTRAP, arguments.toArray());
  }
}
