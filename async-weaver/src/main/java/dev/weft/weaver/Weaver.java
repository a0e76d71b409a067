package dev.weft.weaver;

import dev.weft.weaver.scan.ConstantPoolScan;
import dev.weft.weaver.verify.ClassHierarchy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Class bytes in, woven class bytes and diagnostics out. Immutable, safe to share between threads.
 *
 * <p>A class without an await costs one look at its constant pool. Weaving is deterministic: the
 * same bytes give the same bytes.
 *
 * <pre>{@code
 * Path file = classes.resolve("shop/Shop.class");
 * WeaveResult result =
 *     new Weaver(ClassSource.of(loader), FrameMode.CLASS_FILES).weave(Files.readAllBytes(file));
 * result.diagnostics().forEach(System.err::println);
 * if (result.bytes() != null) {
 *   for (Map.Entry<String, byte[]> frame : result.frames().entrySet()) {
 *     Files.write(classes.resolve(frame.getKey() + ".class"), frame.getValue());
 *   }
 *   Files.write(file, result.bytes()); // last: it needs its frames
 * }
 * }</pre>
 */
public final class Weaver {
  /** The newest class file version that this weaver's ASM can read. */
  private static final int NEWEST_VERSION = Opcodes.V27;

  private final ClassSource classes;
  private final FrameMode mode;
  private final WeaverOptions options;

  /**
   * A weaver with {@link WeaverOptions#DEFAULT}.
   *
   * @param classes where other classes of the application are read, to learn whether a return type
   *     is a future and to verify the woven code
   * @param mode how the frames' classes are to reach the JVM
   */
  public Weaver(ClassSource classes, FrameMode mode) {
    this(classes, mode, WeaverOptions.DEFAULT);
  }

  /**
   * @param classes where other classes of the application are read, to learn whether a return type
   *     is a future and to verify the woven code
   * @param mode how the frames' classes are to reach the JVM
   * @param options which engine weaves, and how
   */
  public Weaver(ClassSource classes, FrameMode mode, WeaverOptions options) {
    this.classes = classes;
    this.mode = mode;
    this.options = options;
  }

  /**
   * Weaves a class. Never throws for what the bytes hold: what is wrong with them is in the result.
   *
   * @param classFile the bytes of any class file
   */
  public WeaveResult weave(byte[] classFile) {
    return weave(
        classFile, mode == FrameMode.HIDDEN_CLASSES ? CallsBetween.any() : new CallsBetween());
  }

  /**
   * Weaves a class among others.
   *
   * @param calls what those call: it may be called in another way, that costs less
   */
  public WeaveResult weave(byte[] classFile, CallsBetween calls) {
    ConstantPoolScan scan;
    try {
      scan = ConstantPoolScan.of(classFile);
    } catch (IOException e) {
      return failure("", DiagnosticCode.DAMAGED, "not a class file: " + e.getMessage());
    }
    String name = scan.className();
    WeaveResult nothing = new WeaveResult(name, null, Map.of(), List.of(), List.of());
    if (!scan.mentionsAwait() && !scan.mentionsTest()) {
      boolean mayClose = scan.mentionsClose() && scan.version() <= NEWEST_VERSION;
      return mayClose ? weaveCloses(classFile, calls, nothing) : nothing;
    }
    if (scan.version() > NEWEST_VERSION) {
      return failure(
          name,
          DiagnosticCode.NEW_CLASS_FILE,
          "awaits in a class file of version "
              + scan.version()
              + ", and this weaver reads up to "
              + NEWEST_VERSION
              + ": compile for an older release, or use a newer weaver");
    }
    try {
      ClassHierarchy hierarchy = new ClassHierarchy(classes);
      return ClassWeaving.weave(classFile, hierarchy, mode, options, calls);
    } catch (RuntimeException | AssertionError e) { // ASM's answers to a damaged class file
      return failure(
          name, DiagnosticCode.DAMAGED, "the class file is damaged, or the weaver has a bug: " + e);
    } catch (OutOfMemoryError | StackOverflowError e) { // a hostile one may claim any size
      return failure(
          name, DiagnosticCode.DAMAGED, "weaving the class takes more memory than there is: " + e);
    }
  }

  /** Most classes that close something have no async method, and are nobody's business here. */
  private WeaveResult weaveCloses(byte[] classFile, CallsBetween calls, WeaveResult nothing) {
    try {
      return ClassWeaving.weaveCloses(classFile, new ClassHierarchy(classes), mode, options, calls)
          .orElse(nothing);
    } catch (RuntimeException | AssertionError | OutOfMemoryError | StackOverflowError damaged) {
      return nothing;
    }
  }

  private static WeaveResult failure(String name, DiagnosticCode code, String message) {
    Diagnostic diagnostic = new Diagnostic(name.replace('/', '.'), 0, code, message);
    return new WeaveResult(name, null, Map.of(), List.of(), List.of(diagnostic));
  }

  /**
   * What weaving did to a class that is woven already, or would do to one that is not. Writes
   * nothing.
   */
  public WeaveResult explain(byte[] classFile) {
    WeaveResult result = weave(classFile);
    if (result.failed() || result.bytes() != null) {
      return result;
    }
    return new WeaveResult(
        result.className(), null, Map.of(), reportIn(classFile), result.diagnostics());
  }

  private static List<MethodReport> reportIn(byte[] classFile) {
    Found found = new Found();
    try {
      new ClassReader(classFile)
          .accept(
              found,
              new Attribute[] {new WovenAttribute()},
              ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    } catch (RuntimeException e) { // too new or damaged, and not awaiting: nothing to report
      return List.of();
    }
    return found.woven == null ? List.of() : found.woven.methods();
  }

  private static final class Found extends ClassVisitor {
    @Nullable WovenAttribute woven;

    Found() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitAttribute(Attribute attribute) {
      if (attribute instanceof WovenAttribute found) {
        woven = found;
      }
    }
  }
}
