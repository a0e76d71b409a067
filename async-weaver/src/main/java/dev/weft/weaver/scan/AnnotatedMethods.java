package dev.weft.weaver.scan;

import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Whether the method that a call names, or one that it overrides, has an annotation. Read from
 * class files alone, each at most once; what cannot be found has none.
 */
final class AnnotatedMethods {
  private final ClassHierarchy hierarchy;
  private final Predicate<String> annotation;

  private record Members(Set<String> annotated, List<String> parents) {}

  private final Map<String, Members> classes = new HashMap<>();

  /**
   * @param annotation accepts the descriptors of annotations
   */
  AnnotatedMethods(ClassHierarchy hierarchy, Predicate<String> annotation) {
    this.hierarchy = hierarchy;
    this.annotation = annotation;
  }

  /** True if it has, in the class or above it. */
  boolean has(String owner, String name, String descriptor) {
    // What overrides a method may return a subtype of what that does.
    String key = name + descriptor.substring(0, descriptor.indexOf(')') + 1);
    return has(owner, key, new HashSet<>());
  }

  private boolean has(String owner, String key, Set<String> seen) {
    if (!seen.add(owner)) {
      return false;
    }
    Members members = classes.computeIfAbsent(owner, this::read);
    return members.annotated().contains(key)
        || members.parents().stream().anyMatch(parent -> has(parent, key, seen));
  }

  private Members read(String owner) {
    Reading reading = new Reading();
    ClassReader reader = hierarchy.reader(owner);
    if (reader != null) {
      reader.accept(
          reading, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    }
    return new Members(reading.annotated, reading.parents);
  }

  private final class Reading extends ClassVisitor {
    final Set<String> annotated = new HashSet<>();
    final List<String> parents = new ArrayList<>();

    Reading() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      if (superName != null) {
        parents.add(superName);
      }
      if (interfaces != null) {
        parents.addAll(List.of(interfaces));
      }
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public @Nullable AnnotationVisitor visitAnnotation(String desc, boolean visible) {
          if (annotation.test(desc)) {
            annotated.add(name + descriptor.substring(0, descriptor.indexOf(')') + 1));
          }
          return null;
        }
      };
    }
  }
}
