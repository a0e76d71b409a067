package dev.weft.weaver.book;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.Names;
import dev.weft.weaver.book.Listing.Run;
import dev.weft.weaver.corpus.Corpus;
import dev.weft.weaver.corpus.Shape;
import dev.weft.weaver.corpus.WovenShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** One async method of the corpus, as it was compiled and as each engine weaves it. */
final class Example {
  private static final String CONTINUED = "lambda$async$";

  private final Corpus corpus;
  private final Shape shape;

  /** Without the package. */
  private final String className;

  private final String method;

  /**
   * @param name the method, {@code Records$Range.read}
   */
  Example(Corpus corpus, String name) {
    this.corpus = corpus;
    int dot = name.lastIndexOf('.');
    className = name.substring(0, dot);
    method = name.substring(dot + 1);
    int nested = className.indexOf('$');
    String file = nested < 0 ? className : className.substring(0, nested);
    shape =
        corpus.shapes().stream()
            .filter(each -> each.name().equals(file))
            .findFirst()
            .orElseThrow(() -> new AssertionError("lowering.md: no shape has the method " + name));
  }

  /** The lines of the source file. */
  List<String> source() {
    return shape.source().lines().toList();
  }

  /** What an engine reports of the method. */
  MethodReport report(Engine engine) {
    return woven(engine).results.stream()
        .filter(result -> result.className().equals("shapes/" + className))
        .flatMap(result -> result.methods().stream())
        .filter(each -> each.name().equals(method))
        .findFirst()
        .orElseThrow();
  }

  /**
   * A column of a listing.
   *
   * @param name one of {@code compiled, ea.first, ea.continued, ea.frame, direct.stub, direct.body,
   *     direct.frame, outside}; the first runs are those of the bare entry where there is one
   */
  SideBySide.Column column(String name, Listing.Detail detail) {
    return switch (name) {
      case "compiled" -> new SideBySide.Column("as compiled", own(compiled(), detail));
      case "ea.first" ->
          new SideBySide.Column("EA Async: first run", own(woven(Engine.EA, className), detail));
      case "ea.continued" ->
          new SideBySide.Column("EA Async: continuation", continued(Engine.EA, detail));
      case "ea.frame" -> new SideBySide.Column("EA Async: frame class", frame(Engine.EA));
      case "direct.stub" ->
          new SideBySide.Column("direct: stub", own(woven(Engine.DIRECT, className), detail));
      case "direct.body" -> new SideBySide.Column("direct: body", continued(Engine.DIRECT, detail));
      case "direct.frame" -> new SideBySide.Column("direct: frame class", frame(Engine.DIRECT));
      case "outside" ->
          new SideBySide.Column(
              "for other callers",
              Listing.of(find(woven(Engine.EA, className), method), detail, Map.of()));
      default -> throw new AssertionError("lowering.md: there is no column " + name);
    };
  }

  private WovenShape woven(Engine engine) {
    return corpus.woven(shape, FrameMode.CLASS_FILES, engine);
  }

  private ClassNode woven(Engine engine, String name) {
    return read(woven(engine).classes().get("shapes." + name), name);
  }

  private ClassNode compiled() {
    return read(corpus.classes(shape).get("shapes." + className), className);
  }

  private static ClassNode read(byte @Nullable [] bytes, String name) {
    if (bytes == null) {
      throw new AssertionError("lowering.md: there is no class " + name);
    }
    ClassNode node = new ClassNode();
    new ClassReader(bytes).accept(node, ClassReader.EXPAND_FRAMES);
    return node;
  }

  /** The method under its own name. */
  private List<Run> own(ClassNode owner, Listing.Detail detail) {
    MethodNode found =
        owner.methods.stream()
            .filter(each -> each.name.equals(method) && isBareEntry(each))
            .findFirst()
            .orElseGet(() -> find(owner, method));
    return Listing.of(found, detail, Map.of());
  }

  private static boolean isBareEntry(MethodNode method) {
    int flags = Opcodes.ACC_PRIVATE | Opcodes.ACC_BRIDGE;
    return (method.access & flags) == flags;
  }

  private List<Run> continued(Engine engine, Listing.Detail detail) {
    ClassNode owner = woven(engine, className);
    String ofClass = Names.ofClass(CONTINUED + method, owner.name);
    boolean instance = owner.methods.stream().anyMatch(each -> each.name.equals(ofClass));
    MethodNode continued = find(owner, instance ? ofClass : CONTINUED + method);
    return engine == Engine.EA
        ? Listing.ofContinuation(continued, detail, addedByEa(continued))
        : Listing.of(continued, detail, addedByDirect(continued));
  }

  private List<Run> frame(Engine engine) {
    return Listing.ofFrame(woven(engine, className + Names.FRAME_INFIX + method));
  }

  private static MethodNode find(ClassNode owner, String name) {
    return owner.methods.stream()
        .filter(each -> each.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no method " + name + " in " + owner.name));
  }

  private static Map<Integer, String> addedByDirect(MethodNode body) {
    int slots = parameterSlots(body);
    return Map.of(slots - 2, "state", slots - 1, "frame");
  }

  /** The state is read once, before the switch; after that the method's locals overlay it. */
  private static Map<Integer, String> addedByEa(MethodNode continued) {
    Map<Integer, String> added = new HashMap<>();
    boolean first = true;
    for (AbstractInsnNode insn : continued.instructions) {
      if (insn instanceof VarInsnNode store && store.getOpcode() == Opcodes.ASTORE && first) {
        added.put(store.var, "frame");
        first = false;
      } else if (insn instanceof TableSwitchInsnNode) {
        break;
      }
    }
    return added;
  }

  private static int parameterSlots(MethodNode body) {
    boolean isStatic = (body.access & Opcodes.ACC_STATIC) != 0;
    return (Type.getArgumentsAndReturnSizes(body.desc) >> 2) - (isStatic ? 1 : 0);
  }
}
