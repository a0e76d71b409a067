package dev.weft.weaver.cli;

import dev.weft.weaver.MethodReport;
import dev.weft.weaver.MethodReport.SavedLocal;
import dev.weft.weaver.MethodReport.SuspensionPoint;
import dev.weft.weaver.Names;
import dev.weft.weaver.WeaveResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.objectweb.asm.Type;

/**
 * What weaving made of a class, as text:
 *
 * <pre>
 * class com.example.Shop: 1 async method, 2 suspension points, code 4.9 times as large (median)
 *
 * CompletableFuture buy(Shop, Item), line 12
 *   engine: EA Async (it splits the method right, and HotSpot compiles what it makes of it)
 *   code: 61 bytes as compiled, 298 woven, 4.9 times as large
 *   calls: by the second entry of what is awaited in line 14
 *
 *   state  line  saved  type              bytes
 *   -----  ----  -----  ----------------  -----
 *       1    13  item   com.example.Item      4
 *       2    14  price  long                  8
 *                item   com.example.Item      4
 * </pre>
 */
final class Explanation {
  private static final String NAME = "saved";
  private static final String TYPE = "type";

  private final WeaveResult result;

  Explanation(WeaveResult result) {
    this.result = result;
  }

  void printTo(PrintWriter out) {
    String name = result.className().replace('/', '.');
    List<MethodReport> methods = result.methods();
    if (methods.isEmpty()) {
      out.println("class " + name + " has no async methods");
      return;
    }
    out.println(
        "class %s: %s, %s, code %s (median)"
            .formatted(
                name,
                count(methods.size(), "async method"),
                count(result.suspensionPoints(), "suspension point"),
                times(medianGrowth(methods))));
    methods.forEach(method -> print(method, out));
  }

  private static void print(MethodReport method, PrintWriter out) {
    out.println();
    out.println(signature(method) + (method.line() > 0 ? ", line " + method.line() : ""));
    out.println(
        "  engine: "
            + method.engine().title()
            + (method.reason().isEmpty() ? "" : " (" + method.reason() + ")"));
    out.println(
        "  code: %s as compiled, %d woven, %s"
            .formatted(
                count(method.originalBytes(), "byte"), method.wovenBytes(), times(growth(method))));
    String calls = calls(method.calls());
    if (!calls.isEmpty()) {
      out.println("  calls: " + calls);
    }
    if (!method.suspensionPoints().isEmpty()) {
      out.println();
      printTable(method.suspensionPoints(), out);
    }
  }

  /** Without a future between the methods; empty if there are none. */
  private static String calls(MethodReport.Calls calls) {
    List<String> parts = new ArrayList<>();
    if (calls.hasEntry()) {
      parts.add("has a second entry for those who await it at once");
    }
    if (!calls.lines().isEmpty()) {
      List<Integer> lines = calls.lines().stream().distinct().sorted().toList();
      String list =
          lines.stream()
              .map(line -> line > 0 ? String.valueOf(line) : "?")
              .collect(Collectors.joining(", "));
      parts.add(
          "by the second entry of what is awaited in line"
              + (lines.size() == 1 ? " " : "s ")
              + list);
    }
    if (!calls.without().isEmpty()) {
      parts.add("all by a future (" + calls.without() + ")");
    }
    return String.join("; ", parts);
  }

  private static double growth(MethodReport method) {
    return (double) method.wovenBytes() / method.originalBytes();
  }

  private static double medianGrowth(List<MethodReport> methods) {
    double[] sorted = methods.stream().mapToDouble(Explanation::growth).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String times(double growth) {
    return String.format(Locale.ROOT, "%.1f times as large", growth);
  }

  private static void printTable(List<SuspensionPoint> points, PrintWriter out) {
    List<SavedLocal> all =
        points.stream().map(SuspensionPoint::saved).flatMap(Collection::stream).toList();
    int names = width(NAME, all.stream().map(SavedLocal::name).toList());
    int types = width(TYPE, all.stream().map(Explanation::typeOf).toList());
    String row = "  %5s  %4s  %-" + names + "s  %-" + types + "s  %5s";
    print(out, row, "state", "line", NAME, TYPE, "bytes");
    print(out, row, "-----", "----", "-".repeat(names), "-".repeat(types), "-----");
    for (SuspensionPoint point : points) {
      Object state = point.state();
      Object line = point.line() > 0 ? point.line() : "?";
      if (point.saved().isEmpty()) {
        print(out, row, state, line, "-", "", 0);
      }
      for (SavedLocal local : point.saved()) {
        print(out, row, state, line, local.name(), typeOf(local), local.bytes());
        state = "";
        line = "";
      }
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // the widths are known at run time only
  private static void print(PrintWriter out, String row, Object... cells) {
    out.println(row.formatted(cells).stripTrailing());
  }

  private static int width(String title, List<String> cells) {
    return Math.max(title.length(), cells.stream().mapToInt(String::length).max().orElse(0));
  }

  private static String typeOf(SavedLocal local) {
    return Type.getType(local.descriptor()).getClassName();
  }

  private static String signature(MethodReport method) {
    Type type = Type.getMethodType(method.descriptor());
    String parameters =
        Arrays.stream(type.getArgumentTypes())
            .map(Explanation::simpleName)
            .collect(Collectors.joining(", "));
    String kind = type.getReturnType().getInternalName().equals(Names.STREAM) ? "generator " : "";
    return kind + simpleName(type.getReturnType()) + " " + method.name() + "(" + parameters + ")";
  }

  private static String simpleName(Type type) {
    String name = type.getClassName();
    return name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
