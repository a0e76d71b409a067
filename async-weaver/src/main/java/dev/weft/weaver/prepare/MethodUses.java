package dev.weft.weaver.prepare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Where the code of one class uses the methods of one class: the same or another. */
final class MethodUses {
  /** A use of a method: where, and by which plain call; null if by a method handle. */
  record Use(MethodNode in, @Nullable MethodInsnNode call) {}

  private final String used;
  private final Map<String, List<Use>> uses = new LinkedHashMap<>();

  /**
   * Finds them.
   *
   * @param used the internal name of the class whose methods are used
   */
  MethodUses(ClassNode user, String used) {
    this.used = used;
    for (MethodNode method : user.methods) {
      for (AbstractInsnNode insn : method.instructions) {
        if (insn instanceof MethodInsnNode call && call.owner.equals(used)) {
          add(call.name + call.desc, new Use(method, call));
        } else if (insn instanceof InvokeDynamicInsnNode dynamic) {
          for (Object argument : dynamic.bsmArgs) {
            addHandle(argument, method);
          }
        } else if (insn instanceof LdcInsnNode constant) {
          addHandle(constant.cst, method);
        }
      }
    }
  }

  /** Those of a method, by its name and descriptor. */
  List<Use> of(String method) {
    return uses.getOrDefault(method, List.of());
  }

  /** All of them, by the name and descriptor of what is used. */
  Map<String, List<Use>> all() {
    return uses;
  }

  private void addHandle(Object constant, MethodNode in) {
    if (constant instanceof Handle handle && handle.getOwner().equals(used)) {
      add(handle.getName() + handle.getDesc(), new Use(in, null));
    } else if (constant instanceof ConstantDynamic dynamic) {
      for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
        addHandle(dynamic.getBootstrapMethodArgument(i), in);
      }
    }
  }

  private void add(String method, Use use) {
    uses.computeIfAbsent(method, any -> new ArrayList<>()).add(use);
  }
}
