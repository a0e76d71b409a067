package dev.weft.weaver.corpus;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceClassVisitor;

/** A shape after the weaver has seen every class of it. */
public final class WovenShape {
  private final Shape shape;
  private final Map<String, byte[]> classes = new TreeMap<>();
  private final Weaver weaver;
  public final List<WeaveResult> results = new ArrayList<>();

  public WovenShape(Shape shape, Map<String, byte[]> compiled, FrameMode mode, Engine engine) {
    this.shape = shape;
    ClassLoader unwoven = new ShapeLoader(ShapeRun.class.getClassLoader(), compiled);
    weaver = new Weaver(ClassSource.of(unwoven), mode, WeaverOptions.DEFAULT.withEngine(engine));
    compiled.forEach(
        (name, bytes) -> {
          WeaveResult result = weaver.weave(bytes);
          results.add(result);
          classes.put(name, result.bytes() == null ? bytes : result.bytes());
          result
              .frames()
              .forEach((frame, frameBytes) -> classes.put(frame.replace('/', '.'), frameBytes));
        });
  }

  /** All classes, frames included, by name. */
  public Map<String, byte[]> classes() {
    return classes;
  }

  ShapeLoader load() {
    return new ShapeLoader(ShapeRun.class.getClassLoader(), classes);
  }

  /** Why classes were not woven. */
  public List<String> diagnostics() {
    return diagnostics(true);
  }

  List<String> warnings() {
    return diagnostics(false);
  }

  private List<String> diagnostics(boolean errors) {
    return results.stream()
        .flatMap(result -> result.diagnostics().stream())
        .filter(diagnostic -> diagnostic.isError() == errors)
        .map(Object::toString)
        .toList();
  }

  int suspensionPoints() {
    return results.stream().mapToInt(WeaveResult::suspensionPoints).sum();
  }

  Observation run(Readiness readiness, int failing) {
    try {
      return Observation.of(ShapeRun.run(load(), shape.className(), readiness.name(), failing));
    } catch (ReflectiveOperationException | LinkageError | AssertionError e) {
      throw new AssertionError(e + "\n" + dump(), e);
    }
  }

  /** What ASM's verifier and HotSpot have against the classes; empty if nothing. */
  String complaints() {
    StringWriter complaints = new StringWriter();
    ClassLoader loader = load();
    for (byte[] bytes : classes.values()) {
      CheckClassAdapter.verify(new ClassReader(bytes), loader, false, new PrintWriter(complaints));
    }
    SwitchDepths.mismatches(classes.values())
        .forEach(method -> complaints.append("switch of depth unlike what follows in " + method));
    return complaints.toString();
  }

  /** The names of the classes in which a second weaving finds something to do. */
  List<String> changedByWeavingAgain() {
    List<String> changed = new ArrayList<>();
    classes.forEach(
        (name, bytes) -> {
          WeaveResult again = weaver.weave(bytes);
          if (again.bytes() != null || again.failed()) {
            changed.add(name + " " + again.diagnostics());
          }
        });
    return changed;
  }

  /** The source, the diagnostics and the woven bytecode, for the message of a failed test. */
  String dump() {
    StringWriter dump = new StringWriter();
    PrintWriter out = new PrintWriter(dump);
    out.println(shape.source());
    diagnostics().forEach(out::println);
    for (WeaveResult result : results) {
      if (result.bytes() != null) {
        new ClassReader(result.bytes())
            .accept(new TraceClassVisitor(null, new Textifier(), out), ClassReader.SKIP_DEBUG);
      }
    }
    return dump.toString();
  }
}
