package dev.weft.weaver;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the warnings: the choice that compilers offer with {@code -Werror} and {@code
 * -Wno-...}. Immutable.
 *
 * <pre>
 *   warnings=error,WEFT041=off
 * </pre>
 *
 * A code's own setting counts before that of {@code warnings}, whatever their order. Errors about
 * what cannot be woven are not open to choice.
 *
 * <pre>{@code
 * WeaverOptions strict =
 *     WeaverOptions.DEFAULT.withSeverities(
 *         DiagnosticSeverities.parse("warnings=error,WEFT041=off"));
 * }</pre>
 */
public final class DiagnosticSeverities {
  /** As each code has it. */
  public static final DiagnosticSeverities DEFAULT =
      new DiagnosticSeverities(null, new EnumMap<>(DiagnosticCode.class));

  private static final String WARNINGS = "warnings";

  private final @Nullable Severity warnings;
  private final Map<DiagnosticCode, Severity> byCode;

  private DiagnosticSeverities(@Nullable Severity warnings, Map<DiagnosticCode, Severity> byCode) {
    this.warnings = warnings;
    this.byCode = byCode;
  }

  /**
   * Reads settings such as {@code WEFT041=error,warnings=off}. They are separated by commas, colons
   * or white space: the agent's options need the commas for themselves, and a pom has lines.
   *
   * @throws IllegalArgumentException if a code or a severity does not exist, or an error is to be
   *     less; the message says what is possible
   */
  public static DiagnosticSeverities parse(String settings) {
    Severity warnings = null;
    Map<DiagnosticCode, Severity> byCode = new EnumMap<>(DiagnosticCode.class);
    for (String setting : settings.strip().split("[,:\\s]+", -1)) {
      if (setting.isEmpty()) {
        continue;
      }
      int equals = setting.indexOf('=');
      if (equals < 0) {
        throw wrong(setting, "it is not CODE=SEVERITY");
      }
      String subject = setting.substring(0, equals);
      Severity severity = severity(setting, setting.substring(equals + 1));
      if (subject.equals(WARNINGS)) {
        warnings = severity;
      } else {
        byCode.put(configurable(setting, subject, severity), severity);
      }
    }
    return new DiagnosticSeverities(warnings, byCode);
  }

  private static Severity severity(String setting, String name) {
    for (Severity severity : Severity.values()) {
      if (severity.toString().equals(name)) {
        return severity;
      }
    }
    throw wrong(setting, "a severity is one of " + joined(Arrays.asList(Severity.values())));
  }

  private static DiagnosticCode configurable(String setting, String number, Severity severity) {
    DiagnosticCode code = DiagnosticCode.of(number.toUpperCase(Locale.ROOT));
    if (code == null) {
      throw wrong(
          setting,
          "there is no such code. Those of warnings are " + joined(DiagnosticCode.warnings()));
    }
    if (code.severity() == Severity.ERROR && severity != Severity.ERROR) {
      throw wrong(
          setting,
          code
              + " stands for what cannot be woven, and stays an error. What can be set are the warnings: "
              + joined(DiagnosticCode.warnings()));
    }
    return code;
  }

  private static IllegalArgumentException wrong(String setting, String why) {
    return new IllegalArgumentException(
        "cannot read the diagnostic setting '"
            + setting
            + "': "
            + why
            + ". Write for example warnings=error,"
            + DiagnosticCode.warnings().get(0)
            + "=off");
  }

  private static String joined(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** What a diagnostic of this code is. */
  public Severity of(DiagnosticCode code) {
    Severity own = byCode.get(code);
    if (own != null) {
      return own;
    }
    return code.severity() == Severity.WARNING && warnings != null ? warnings : code.severity();
  }
}
