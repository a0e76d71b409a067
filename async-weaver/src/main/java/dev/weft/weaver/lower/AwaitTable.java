package dev.weft.weaver.lower;

import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Where the awaits of a method stand, for reports on suspended frames: the name of its class, its
 * own, the source file, and the line of each state, separated by tabs. One string, because a
 * constant that nobody loads costs a running program nothing.
 */
final class AwaitTable {
  /** Of a string constant, in the JVM's own UTF-8. */
  private static final int MOST_BYTES = 65_535;

  private static final String LAMBDA = "lambda$";

  private final StringBuilder table = new StringBuilder();
  private int bytes;

  private AwaitTable() {}

  /**
   * The table of a method, cut behind the last entry for which there is room.
   *
   * @param lines the source lines of its awaits in the order of their states, 0 for an unknown one
   */
  static String of(LoweringTarget target, List<Integer> lines) {
    AwaitTable table = new AwaitTable();
    ClassNode owner = target.owner();
    boolean fits =
        table.add(owner.name.replace('/', '.'))
            && table.add(sourceName(owner, target.async().method()))
            && table.add(owner.sourceFile == null ? "" : owner.sourceFile);
    for (int i = 0; fits && i < lines.size(); i++) {
      fits = table.add(Integer.toString(lines.get(i)));
    }
    return table.table.toString();
  }

  /** False if there is no room for it. */
  private boolean add(String entry) {
    boolean first = table.isEmpty();
    String text = entry.replace('\t', ' '); // the JVM lets names have one
    int size = encodedLength(text) + (first ? 0 : 1);
    if (bytes + size > MOST_BYTES) {
      return false;
    }
    bytes += size;
    table.append(first ? "" : "\t").append(text);
    return true;
  }

  private static int encodedLength(String text) {
    return text.chars().map(c -> c > 0x7FF ? 3 : c > 0x7F || c == 0 ? 2 : 1).sum();
  }

  /**
   * The name of the method that the await stands in, for people: for a lambda that of the method
   * around it, which javac puts into the lambda's ({@code lambda$buy$0}, {@code lambda$buy$5f1e$1}
   * of a serializable one). The class is asked whether it has such a method: a name may have
   * dollars of its own, and other compilers have other names.
   */
  private static String sourceName(ClassNode owner, MethodNode method) {
    boolean isLambda =
        method.name.startsWith(LAMBDA) && (method.access & Opcodes.ACC_SYNTHETIC) != 0;
    String around = isLambda ? method.name.substring(LAMBDA.length()) : "";
    for (int end = around.lastIndexOf('$'); end > 0; end = around.lastIndexOf('$')) {
      around = around.substring(0, end);
      String name =
          switch (around) {
            case "new" -> "<init>";
            case "static" -> "<clinit>";
            default -> around;
          };
      if (owner.methods.stream().anyMatch(other -> other.name.equals(name))) {
        return name;
      }
    }
    return method.name;
  }
}
