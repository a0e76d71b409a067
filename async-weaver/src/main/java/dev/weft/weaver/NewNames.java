package dev.weft.weaver;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.objectweb.asm.tree.ClassNode;

/** Names for what weaving adds to a class, none of which is taken. */
final class NewNames {
  /** Of a method, in the name of a file, which may have 255 bytes; the rest is for the class. */
  private static final int LONGEST_NAME = 80;

  private final String owner;
  private final Set<String> methods = new HashSet<>();
  private final Set<String> frames = new HashSet<>();

  NewNames(ClassNode owner) {
    this.owner = owner.name;
    owner.methods.forEach(method -> methods.add(method.name));
    owner.innerClasses.forEach(inner -> frames.add(inner.name.toLowerCase(Locale.ROOT)));
  }

  /** Those of the class's methods, to which others may be added. */
  Set<String> ofMethods() {
    return methods;
  }

  /**
   * Called a lambda, which it is to its frame: JaCoCo leaves synthetic methods out of account
   * unless they have such a name, and half of the method's lines would count as never run.
   */
  String continued(String method) {
    String base = "lambda$async$" + method;
    String name = base;
    for (int i = 2; !methods.add(name) || !methods.add(Names.ofClass(name, owner)); i++) {
      name = base + "$" + i;
    }
    return name;
  }

  /** No member class's name, and unique without regard to case, because class files are files. */
  String frame(String method) {
    String base = owner + Names.FRAME_INFIX + shortened(method);
    String name = base;
    for (int i = 2; !frames.add(name.toLowerCase(Locale.ROOT)); i++) {
      name = base + "$" + i;
    }
    return name;
  }

  private static String shortened(String method) {
    return method.length() <= LONGEST_NAME
        ? method
        : method.substring(0, LONGEST_NAME) + "$" + Integer.toHexString(method.hashCode());
  }
}
