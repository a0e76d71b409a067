package dev.weft.weaver;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of diagnostics. Each has a number that never changes and is never used again, and a
 * page that explains it: {@code docs/diagnostics/WEFT001.md} and so on, beside the sources.
 *
 * <pre>{@code
 * boolean blocks =
 *     weaver.weave(classFile).diagnostics().stream()
 *         .anyMatch(diagnostic -> diagnostic.code() == DiagnosticCode.BLOCKING_CALL);
 * }</pre>
 */
public enum DiagnosticCode {
  // ---- where an await stands

  /** {@code Async::await} as a method reference. */
  METHOD_REFERENCE(1),
  /** An await in a constructor or in what javac puts into one. */
  CONSTRUCTOR(2),
  /** An await in a static initializer. */
  STATIC_INITIALIZER(3),
  /** An await in {@code main}. */
  MAIN(4),
  /** An await in a lambda that returns no future. */
  LAMBDA(5),
  /** An await in a method that returns nothing. */
  VOID_METHOD(6),
  /** An await in a method that returns something other than a future. */
  RETURN_TYPE(7),
  /** An await in a synchronized method. */
  SYNCHRONIZED_METHOD(8),
  /** An await in a synchronized block. */
  SYNCHRONIZED_BLOCK(9),
  /** An await of {@code com.ea.async} in a synchronized block that is not a simple one. */
  SYNCHRONIZED_BRANCH(10),
  /** Awaits, none of which can be reached. */
  UNREACHABLE(11),
  /** An emit, or an end, in a method that returns no {@code AsyncStream}. */
  EMIT_OUTSIDE(12),
  /** A generator that returns something other than {@code end()}. */
  GENERATOR_RESULT(13),
  /** An emit of what cannot be of the generator's element type. */
  EMITTED_TYPE(14),

  // ---- what a frame or a class file cannot hold

  /** More locals in scope at the awaits than a frame takes. */
  TOO_MANY_LOCALS(20),
  /** A method that outgrows the 64 KiB of a method. */
  METHOD_TOO_LARGE(21),
  /** A class that outgrows its constant pool. */
  CLASS_TOO_LARGE(22),
  /** A type that the agent cannot name in the class that uses it. */
  INACCESSIBLE_TYPE(23),

  // ---- class files that are not what a Java compiler writes today

  /** Bytes that are no class file, or one that makes no sense. */
  DAMAGED(30),
  /** A class file without stack maps. */
  OLD_CLASS_FILE(31),
  /** A class file that the weaver cannot read yet. */
  NEW_CLASS_FILE(32),
  /** A class file that does not pass verification before it is woven either. */
  INVALID_BEFORE(33),
  /** Bytecode that cannot be split at its awaits. */
  UNSPLITTABLE(35),
  /** Woven code that would not pass verification. */
  VERIFICATION(36),
  /** A file that cannot be read. */
  UNREADABLE(37),

  // ---- what is woven, and may yet go wrong

  /** A woven method that HotSpot will not compile. */
  HUGE_METHOD(40, Severity.WARNING),
  /** A call that blocks its thread, in an async method. */
  BLOCKING_CALL(41, Severity.WARNING),
  /** A future that nobody looks at. */
  DROPPED_FUTURE(42, Severity.WARNING),
  /** A return type that no {@code FutureAdapter} in sight is for. */
  NO_ADAPTER(43, Severity.WARNING),
  /** A {@code java.util.concurrent.locks.Lock} that is held over an await. */
  LOCK_HELD(44, Severity.WARNING),
  /** A handler that takes the cancellation of its task for something else. */
  SWALLOWED_CANCELLATION(45, Severity.WARNING),
  /** A close of what is closed by awaiting, in an ordinary method that an async method calls. */
  UNAWAITED_CLOSE(46, Severity.WARNING);

  private final int number;
  private final Severity severity;

  DiagnosticCode(int number) {
    this(number, Severity.ERROR);
  }

  DiagnosticCode(int number, Severity severity) {
    this.number = number;
    this.severity = severity;
  }

  /**
   * The severity unless one is asked for. {@link Severity#ERROR} is not open to choice: it stands
   * for what cannot be woven.
   */
  public Severity severity() {
    return severity;
  }

  /** The code with this number, {@code WEFT001}, or null. */
  public static @Nullable DiagnosticCode of(String number) {
    for (DiagnosticCode code : values()) {
      if (code.toString().equals(number)) {
        return code;
      }
    }
    return null;
  }

  /** The codes that are warnings by themselves, whose severity may be set. */
  public static List<DiagnosticCode> warnings() {
    return Arrays.stream(values()).filter(code -> code.severity == Severity.WARNING).toList();
  }

  /** The number: {@code WEFT001}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "WEFT%03d", number);
  }
}
