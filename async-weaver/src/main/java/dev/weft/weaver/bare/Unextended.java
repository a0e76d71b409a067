package dev.weft.weaver.bare;

import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/**
 * Classes that are not final, and that nothing extends all the same: a nested class that is
 * private, local or anonymous can be named by its nest alone, and the class files of that are there
 * to be looked at. They are of one source, and so compiled together.
 *
 * <p>A sealed class is none: it has subclasses, or is final.
 */
final class Unextended {
  private final ClassHierarchy hierarchy;

  /** By internal name, what was asked for. */
  private final Map<String, Boolean> known = new HashMap<>();

  Unextended(ClassHierarchy hierarchy) {
    this.hierarchy = hierarchy;
  }

  /** True if a class is one; false as well where that cannot be seen. */
  boolean isOne(ClassNode type) {
    return known.computeIfAbsent(type.name, name -> isNamedByNestAlone(type) && hasNoHeir(type));
  }

  private static boolean isNamedByNestAlone(ClassNode type) {
    return type.nestHostClass != null
        && (type.access & Opcodes.ACC_INTERFACE) == 0
        && type.innerClasses.stream()
            .filter(inner -> inner.name.equals(type.name))
            .anyMatch(
                inner -> (inner.access & Opcodes.ACC_PRIVATE) != 0 || inner.outerName == null);
  }

  private boolean hasNoHeir(ClassNode type) {
    ClassNode host = read(type.nestHostClass);
    if (host == null || host.nestMembers == null || !host.nestMembers.contains(type.name)) {
      return false;
    }
    List<String> nest = new ArrayList<>(host.nestMembers);
    nest.add(host.name);
    nest.remove(type.name);
    for (String member : nest) {
      ClassReader reader = hierarchy.reader(member);
      if (reader == null || type.name.equals(reader.getSuperName())) {
        return false;
      }
    }
    return true;
  }

  private @Nullable ClassNode read(String name) {
    ClassReader reader = hierarchy.reader(name);
    if (reader == null) {
      return null;
    }
    ClassNode node = new ClassNode();
    try {
      reader.accept(node, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    } catch (RuntimeException damaged) { // the JVM will say what is wrong with it
      return null;
    }
    return node;
  }
}
