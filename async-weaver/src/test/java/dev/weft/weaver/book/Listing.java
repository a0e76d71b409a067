package dev.weft.weaver.book;

import dev.weft.weaver.lower.FrameClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The bytecode of a method as text, cut where another source line begins. */
final class Listing {
  /** In place of a line: the signature. */
  static final int SIGNATURE = -1;

  /** In place of a line: the exception table. */
  static final int EXCEPTIONS = -2;

  /** In place of a line: the local variable table. */
  static final int VARIABLES = -3;

  /** In place of a line: code that has none. */
  static final int NO_LINE = 0;

  /**
   * Text that belongs together.
   *
   * @param line the source line, or one of the constants
   */
  record Run(int line, List<String> text) {}

  /** What is shown besides the instructions. */
  record Detail(boolean frames, boolean variables) {}

  private final MethodNode method;
  private final Detail detail;

  /** By the slots that the weaver has added, what they hold. */
  private final Map<Integer, String> added;

  /**
   * Where code begins that has its line only from what happens to stand before it: what EA Async's
   * switch goes to.
   */
  private final Set<@Nullable AbstractInsnNode> withoutLine = new HashSet<>();

  /** By the instruction that each stands before; null stands for the end. */
  private final Map<@Nullable AbstractInsnNode, String> labels = new HashMap<>();

  private final List<Run> runs = new ArrayList<>();

  private Listing(MethodNode method, Detail detail, Map<Integer, String> added) {
    this.method = method;
    this.detail = detail;
    this.added = added;
  }

  /**
   * Lists a method.
   *
   * @param added by the slots that the weaver has added, what they hold
   */
  static List<Run> of(MethodNode method, Detail detail, Map<Integer, String> added) {
    return of(new Listing(method, detail, added));
  }

  /** Lists the continuation of a method that EA Async has split. */
  static List<Run> ofContinuation(MethodNode method, Detail detail, Map<Integer, String> added) {
    Listing listing = new Listing(method, detail, added);
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof TableSwitchInsnNode dispatch) {
        dispatch.labels.forEach(label -> listing.withoutLine.add(behind(label)));
        break;
      }
    }
    return of(listing);
  }

  private static List<Run> of(Listing listing) {
    MethodNode method = listing.method;
    listing.runs.add(new Run(SIGNATURE, List.of(signature(method))));
    listing.nameLabels();
    listing.code();
    listing.exceptions();
    if (listing.detail.variables()) {
      listing.variables();
    }
    return listing.runs;
  }

  /** Lists a frame class, without its constructor and, twice, its table of lines. */
  static List<Run> ofFrame(ClassNode frame) {
    List<String> text = new ArrayList<>();
    for (FieldNode field : frame.fields) {
      if (field.name.equals(FrameClass.TABLE_FIELD)) {
        continue;
      }
      text.add(InstructionText.typeName(Type.getType(field.desc)) + " " + field.name);
    }
    for (MethodNode method : frame.methods) {
      if (!method.name.equals("<init>") && !method.name.equals("awaitTable")) {
        text.add("");
        of(method, new Detail(false, false), Map.of()).forEach(run -> text.addAll(run.text()));
      }
    }
    return List.of(new Run(NO_LINE, text));
  }

  private static String signature(MethodNode method) {
    return ((method.access & Opcodes.ACC_STATIC) != 0 ? "static " : "")
        + method.name
        + Arrays.stream(Type.getArgumentTypes(method.desc))
            .map(InstructionText::typeName)
            .collect(Collectors.joining(", ", "(", ")"));
  }

  private void nameLabels() {
    Set<@Nullable AbstractInsnNode> named = new HashSet<>();
    for (AbstractInsnNode insn : method.instructions) {
      targets(insn).forEach(label -> named.add(behind(label)));
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      Stream.of(block.start, block.end, block.handler).forEach(at -> named.add(behind(at)));
    }
    if (detail.variables()) {
      for (LocalVariableNode variable : variableTable()) {
        Stream.of(variable.start, variable.end).forEach(at -> named.add(behind(at)));
      }
    }
    for (AbstractInsnNode insn : method.instructions) {
      if (named.contains(insn)) {
        labels.put(insn, "L" + labels.size());
      }
    }
    labels.put(null, "end");
  }

  private static Stream<LabelNode> targets(AbstractInsnNode insn) {
    if (insn instanceof JumpInsnNode jump) {
      return Stream.of(jump.label);
    } else if (insn instanceof TableSwitchInsnNode table) {
      return Stream.concat(table.labels.stream(), Stream.of(table.dflt));
    } else if (insn instanceof LookupSwitchInsnNode lookup) {
      return Stream.concat(lookup.labels.stream(), Stream.of(lookup.dflt));
    }
    return Stream.empty();
  }

  private static @Nullable AbstractInsnNode behind(LabelNode label) {
    AbstractInsnNode at = label;
    while (at != null && at.getOpcode() < 0) {
      at = at.getNext();
    }
    return at;
  }

  private String name(LabelNode label) {
    return labels.getOrDefault(behind(label), "?");
  }

  private void code() {
    InstructionText texts = new InstructionText(this::name, this::variableOf);
    int line = NO_LINE;
    FrameNode frame = null;
    List<String> text = new ArrayList<>();
    for (AbstractInsnNode insn : method.instructions) {
      int next =
          insn instanceof LineNumberNode number
              ? number.line
              : withoutLine.contains(insn) ? NO_LINE : line;
      if (next != line && !text.isEmpty()) {
        runs.add(new Run(line, text));
        text = new ArrayList<>();
      }
      line = next;
      if (insn instanceof FrameNode here) {
        frame = here;
      } else if (insn.getOpcode() >= 0) {
        String label = labels.get(insn);
        if (label != null) {
          text.add(label + ":");
        }
        if (frame != null && detail.frames()) {
          text.add("  " + texts.of(frame));
        }
        frame = null;
        text.add("  " + texts.of(insn));
      }
    }
    runs.add(new Run(line, text));
  }

  private void exceptions() {
    if (method.tryCatchBlocks.isEmpty()) {
      return;
    }
    List<String> text = new ArrayList<>();
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      text.add(
          "  %s..%s %s: %s"
              .formatted(
                  name(block.start),
                  name(block.end),
                  block.type == null
                      ? "any"
                      : InstructionText.typeName(Type.getObjectType(block.type)),
                  name(block.handler)));
    }
    runs.add(new Run(EXCEPTIONS, text));
  }

  private void variables() {
    List<String> text = new ArrayList<>();
    for (LocalVariableNode variable : variableTable()) {
      text.add(
          "  %d %s: %s..%s"
              .formatted(variable.index, variable.name, name(variable.start), name(variable.end)));
    }
    runs.add(new Run(VARIABLES, text));
  }

  private List<LocalVariableNode> variableTable() {
    return method.localVariables == null ? List.of() : method.localVariables;
  }

  /** The name of a local as the class file has it, where it is accessed. */
  private String variableOf(AbstractInsnNode access) {
    int slot = access instanceof VarInsnNode local ? local.var : slotOfIncrement(access);
    boolean write = access.getOpcode() >= Opcodes.ISTORE && access.getOpcode() <= Opcodes.ASTORE;
    // A variable begins behind the instruction that first writes it.
    int at = method.instructions.indexOf(access) + (write ? 1 : 0);
    for (LocalVariableNode variable : variableTable()) {
      if (variable.index == slot
          && method.instructions.indexOf(variable.start) <= at
          && at < method.instructions.indexOf(variable.end)) {
        return variable.name;
      }
    }
    return added.getOrDefault(slot, "");
  }

  private static int slotOfIncrement(AbstractInsnNode increment) {
    return ((org.objectweb.asm.tree.IincInsnNode) increment).var;
  }
}
