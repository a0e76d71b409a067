package dev.weft.weaver.prepare;

import dev.weft.weaver.Names;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Has each call that spawns a task say where it stands: the body goes through {@code
 * SpawnSite.mark}, with a constant, on its way to the executor.
 *
 * <pre>
 *   aload executor                     aload executor
 *   invokedynamic call -&gt; Callable     invokedynamic call -&gt; Callable
 *                                      ldc "shop.Main\tmain\tMain.java\t12"
 *                                      invokestatic SpawnSite.mark
 *   invokeinterface spawn              invokeinterface spawn
 * </pre>
 *
 * The run time asks for no stack, so a program that spawns pays a store for it. In every method of
 * a class that awaits; other classes are not woven.
 */
public final class SpawnSites {
  private static final String OURS = "dev/weft/";
  private static final Set<String> SPAWNING = Set.of("spawn", "fork", "blockOn", "on");
  private static final String CALLABLE_DESC = "Ljava/util/concurrent/Callable;";
  private static final String MARK = "mark";
  private static final String MARK_DESC =
      "(" + CALLABLE_DESC + "Ljava/lang/String;)" + CALLABLE_DESC;

  /** A method that is about as large as one may be gets no larger for the sake of reports. */
  private static final int MOST_INSTRUCTIONS = 15_000;

  /** Fits into a constant, whatever its characters are: those take 3 bytes at the most. */
  private static final int MOST_CHARS = 20_000;

  private SpawnSites() {}

  /** Marks the calls of a class. */
  public static void mark(ClassNode owner) {
    for (MethodNode method : owner.methods) {
      if (method.instructions.size() <= MOST_INSTRUCTIONS && mark(owner, method)) {
        method.maxStack++; // the analyses before the split go by it
      }
    }
  }

  private static boolean mark(ClassNode owner, MethodNode method) {
    boolean changed = false;
    int line = 0;
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      if (insn instanceof LineNumberNode number) {
        line = number.line;
      } else if (insn instanceof MethodInsnNode call && spawns(call) && !isMarked(call)) {
        String site = site(owner, method, line);
        if (site.length() > MOST_CHARS) {
          return changed;
        }
        InsnList mark = new InsnList();
        mark.add(new LdcInsnNode(site));
        mark.add(
            new MethodInsnNode(Opcodes.INVOKESTATIC, Names.SPAWN_SITE, MARK, MARK_DESC, false));
        method.instructions.insertBefore(call, mark);
        changed = true;
      }
    }
    return changed;
  }

  private static boolean spawns(MethodInsnNode call) {
    return call.getOpcode() != Opcodes.INVOKESPECIAL // an override has been marked by its caller
        && call.owner.startsWith(OURS)
        && SPAWNING.contains(call.name)
        && call.desc.contains(CALLABLE_DESC + ")");
  }

  /** In a class that was woven before. */
  private static boolean isMarked(MethodInsnNode call) {
    return call.getPrevious() instanceof MethodInsnNode before
        && before.owner.equals(Names.SPAWN_SITE);
  }

  private static String site(ClassNode owner, MethodNode method, int line) {
    String file = owner.sourceFile == null ? "" : owner.sourceFile;
    return String.join(
        "\t",
        owner.name.replace('/', '.'),
        SourceNames.of(owner, method).replace('\t', ' '),
        file.replace('\t', ' '),
        Integer.toString(line));
  }
}
