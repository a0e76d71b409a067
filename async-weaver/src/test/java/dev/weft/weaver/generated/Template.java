package dev.weft.weaver.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of source with holes in it. The holes:
 *
 * <pre>
 * $int          an expression of the type
 * ~int          one inside a lambda that awaits nothing
 * ^int          one in the guard of a case, which may neither assign nor use what changes
 * @int          a variable of the type that may be assigned to
 * #x            a new name, the same wherever it stands in the template
 * &amp;int       the body, with its braces, of an async method that returns a future of the type
 * *int          the body, with its braces, of a generator of the type
 * %             statements; on a line of its own
 * %(int #x)     statements in which a variable is declared; int! #x for one that changes
 * %(loop #l)    statements of a loop with a label; also: loop, switch, value, try, monitor
 * [[ .. ]]      a clause that may be missing
 * </pre>
 */
record Template(String source, List<Hole> holes) {
  private static final Pattern HOLE =
      Pattern.compile(
          "([$~^@&]|(?<= )\\*(?=[a-z]+(?:\\)|\\n)))([a-z]+)|(#)([a-z]+)|((?<=\\n)%(?=\\n)|%(?=\\())(?:\\(([^)]*)\\))?|(\\[\\[)|(]])");

  private static final String EMIT = "AsyncStream.emit(";

  /** The statement that emits an element of a type. */
  static String emitOf(JavaType type) {
    return EMIT + "$" + type.key() + ");";
  }

  /**
   * What stands between two pieces of plain text.
   *
   * @param kind the character that marks it, or 0 for plain text
   * @param name the type, the name, what a block may do, or the text
   */
  record Hole(char kind, String name) {}

  static Template of(String source) {
    List<Hole> holes = new ArrayList<>();
    Matcher matcher = HOLE.matcher(source);
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() > end) {
        holes.add(new Hole('\0', source.substring(end, matcher.start())));
      }
      if (matcher.group(1) != null) {
        holes.add(new Hole(matcher.group(1).charAt(0), matcher.group(2)));
      } else if (matcher.group(3) != null) {
        holes.add(new Hole('#', matcher.group(4)));
      } else if (matcher.group(5) != null) {
        holes.add(new Hole('%', matcher.group(6) == null ? "" : matcher.group(6)));
      } else {
        holes.add(new Hole(matcher.group(7) != null ? '[' : ']', ""));
      }
      end = matcher.end();
    }
    if (end < source.length()) {
      holes.add(new Hole('\0', source.substring(end)));
    }
    return new Template(source, List.copyOf(holes));
  }

  /** Whether the scope has the variables that it assigns to, and may await if it does. */
  boolean fits(Scope scope) {
    if (!scope.mayAwait && source.contains("await(")) {
      return false;
    }
    if (source.startsWith(EMIT)
        && !(scope.mayAwait && scope.emits != null && source.equals(emitOf(scope.emits)))) {
      return false;
    }
    if (!scope.mayReturn && source.startsWith("synchronized")) {
      return false; // javac 17 writes invalid code for a monitor within a switch expression
    }
    if (scope.inGuard && source.contains(".n +=")) {
      return false;
    }
    for (Hole hole : holes) {
      if (hole.kind == '@' && scope.assignable(JavaType.ofKey(hole.name)).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  boolean hasBlocks() {
    return holes.stream()
        .anyMatch(hole -> hole.kind == '%' || hole.kind == '&' || hole.kind == '*');
  }
}
