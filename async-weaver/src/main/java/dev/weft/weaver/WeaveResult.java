package dev.weft.weaver;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the weaver made of a class.
 *
 * <pre>{@code
 * WeaveResult result = weaver.weave(classFile);
 * if (result.failed()) {
 *   result.diagnostics().forEach(System.err::println);
 * } else if (result.bytes() != null) {
 *   System.out.println(result.className() + ": " + result.suspensionPoints() + " awaits");
 * }
 * }</pre>
 *
 * @param className the internal name of the class, {@code a/b/C}; empty if the bytes were not a
 *     class
 * @param bytes the woven class, or null if there was nothing to weave, the class is woven already,
 *     or something was wrong
 * @param frames generated frame classes by internal name; empty with {@link
 *     FrameMode#HIDDEN_CLASSES}
 * @param methods the woven methods
 * @param diagnostics what was wrong or risky, sorted; with an error among it, nothing was woven
 */
public record WeaveResult(
    String className,
    byte @Nullable [] bytes,
    Map<String, byte[]> frames,
    List<MethodReport> methods,
    List<Diagnostic> diagnostics) {

  /** True if something in the class could not be woven. */
  public boolean failed() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }

  /** The number of awaits at which the woven methods can suspend. */
  public int suspensionPoints() {
    return methods.stream().mapToInt(method -> method.suspensionPoints().size()).sum();
  }
}
