package dev.weft.weaver.lower;

import dev.weft.weaver.prepare.SourceNames;
import java.util.List;
import org.objectweb.asm.tree.ClassNode;

/**
 * Where the awaits of a method stand, for reports on suspended frames: the name of its class, its
 * own, the source file, and the line of each state, separated by tabs. One string, because a
 * constant that nobody loads costs a running program nothing.
 */
final class AwaitTable {
  /** Of a string constant, in the JVM's own UTF-8. */
  private static final int MOST_BYTES = 65_535;

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
            && table.add(SourceNames.of(owner, target.async().method()))
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
}
