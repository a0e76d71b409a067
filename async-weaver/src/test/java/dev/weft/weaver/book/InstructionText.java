package dev.weft.weaver.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.util.Printer;

/**
 * An instruction in few words: the JVM's name for it, and what it is about without packages and
 * descriptors.
 */
final class InstructionText {
  private static final int LONGEST_STRING = 16;

  private final Function<LabelNode, String> labels;
  private final Function<AbstractInsnNode, String> variables;

  /**
   * @param labels the name of each label that is jumped to
   * @param variables of an access to a local, the name of the variable, or nothing
   */
  InstructionText(
      Function<LabelNode, String> labels, Function<AbstractInsnNode, String> variables) {
    this.labels = labels;
    this.variables = variables;
  }

  /** The text of an instruction; of a frame likewise. */
  String of(AbstractInsnNode insn) {
    if (insn instanceof FrameNode frame) {
      return "[" + entries(frame.local) + " | " + entries(frame.stack) + "]";
    }
    return (Printer.OPCODES[insn.getOpcode()].toLowerCase(Locale.ROOT) + " " + operand(insn))
        .strip();
  }

  private String operand(AbstractInsnNode insn) {
    if (insn instanceof VarInsnNode access) {
      return access.var + " " + variables.apply(insn);
    } else if (insn instanceof IincInsnNode increment) {
      return increment.var + " by " + increment.incr + " " + variables.apply(insn);
    } else if (insn instanceof MethodInsnNode call) {
      return simple(call.owner) + "." + call.name;
    } else if (insn instanceof FieldInsnNode field) {
      return simple(field.owner) + "." + field.name;
    } else if (insn instanceof TypeInsnNode type) {
      return typeName(Type.getObjectType(type.desc));
    } else if (insn instanceof JumpInsnNode jump) {
      return labels.apply(jump.label);
    } else if (insn instanceof LdcInsnNode constant) {
      return constant(constant.cst);
    } else if (insn instanceof IntInsnNode number) {
      return insn.getOpcode() == Opcodes.NEWARRAY
          ? Printer.TYPES[number.operand].substring(2).toLowerCase(Locale.ROOT)
          : Integer.toString(number.operand);
    } else if (insn instanceof TableSwitchInsnNode table) {
      return cases(table);
    } else if (insn instanceof LookupSwitchInsnNode lookup) {
      return cases(lookup.keys, lookup.labels, lookup.dflt);
    } else if (insn instanceof InvokeDynamicInsnNode dynamic) {
      return dynamic.name + implementation(dynamic);
    } else if (insn instanceof MultiANewArrayInsnNode array) {
      return typeName(Type.getType(array.desc)) + " " + array.dims;
    }
    return "";
  }

  private String cases(TableSwitchInsnNode table) {
    List<Integer> keys = new ArrayList<>();
    for (int key = table.min; key <= table.max; key++) {
      keys.add(key);
    }
    return cases(keys, table.labels, table.dflt);
  }

  private String cases(List<Integer> keys, List<LabelNode> targets, LabelNode other) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < keys.size(); i++) {
      text.append(keys.get(i)).append(':').append(labels.apply(targets.get(i))).append(' ');
    }
    return text.append("default:").append(labels.apply(other)).toString();
  }

  /** Of a lambda, the method that has its body. */
  private static String implementation(InvokeDynamicInsnNode dynamic) {
    return dynamic.bsmArgs.length > 1 && dynamic.bsmArgs[1] instanceof Handle body
        ? " (" + body.getName() + ")"
        : "";
  }

  private static String constant(Object value) {
    if (value instanceof String text) {
      String shown = text.replace("\n", "\\n");
      return '"'
          + (shown.length() > LONGEST_STRING ? shown.substring(0, LONGEST_STRING) + ".." : shown)
          + '"';
    }
    return value instanceof Type type ? typeName(type) + ".class" : value.toString();
  }

  private static String entries(List<Object> entries) {
    List<String> texts = new ArrayList<>();
    for (Object entry : entries) {
      texts.add(entry(entry));
    }
    return String.join(" ", texts);
  }

  private static String entry(Object entry) {
    if (entry instanceof String name) {
      return typeName(Type.getObjectType(name));
    } else if (entry instanceof LabelNode) {
      return "half-made";
    }
    return entry.equals(Opcodes.TOP)
        ? "-"
        : entry.equals(Opcodes.INTEGER)
            ? "int"
            : entry.equals(Opcodes.LONG)
                ? "long"
                : entry.equals(Opcodes.FLOAT)
                    ? "float"
                    : entry.equals(Opcodes.DOUBLE) ? "double" : "null";
  }

  /** A type without its package. */
  static String typeName(Type type) {
    return switch (type.getSort()) {
      case Type.ARRAY -> typeName(type.getElementType()) + "[]".repeat(type.getDimensions());
      case Type.OBJECT -> simple(type.getInternalName());
      default -> type.getClassName();
    };
  }

  private static String simple(String internalName) {
    return internalName.startsWith("[")
        ? typeName(Type.getObjectType(internalName))
        : internalName.substring(internalName.lastIndexOf('/') + 1);
  }
}
