package dev.weft.weaver.scan;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Names;
import dev.weft.weaver.verify.ClassHierarchy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.ModuleVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Looks for a registered {@code FutureAdapter} without loading it: in the service files and the
 * module descriptors of the class path, and by the type that the adapter's {@code adapt} is
 * declared to return. What cannot be told is given the benefit of the doubt: this decides about a
 * warning alone.
 */
public final class AdapterRegistrations {
  private static final String SERVICE = "META-INF/services/dev.weft.FutureAdapter";
  private static final int PROVIDER = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
  private static final String PARAMETERS = "(" + Names.FUTURE_DESC + ")";

  private final ClassSource classes;
  private final ClassHierarchy hierarchy;

  public AdapterRegistrations(ClassSource classes, ClassHierarchy hierarchy) {
    this.classes = classes;
    this.hierarchy = hierarchy;
  }

  /** A warning for each of these methods that needs an adapter, where none is in sight. */
  public List<RiskyCall> missing(List<AsyncMethod> methods) {
    List<RiskyCall> missing = new ArrayList<>();
    for (AsyncMethod method : methods) {
      if (method.result() == AsyncMethod.Result.REGISTERED
          && !mayHave(method.returnType().getInternalName())) {
        missing.add(
            new RiskyCall(
                DiagnosticCode.NO_ADAPTER,
                method.line(),
                ("the async method %s returns %s, and no FutureAdapter for that type is in sight:"
                        + " without one it fails when it has to suspend. Name one in"
                        + " META-INF/services/dev.weft.FutureAdapter, or return a CompletableFuture")
                    .formatted(method.method().name, method.returnType().getClassName())));
      }
    }
    return missing;
  }

  /** True if an adapter for this type may be registered. */
  public boolean mayHave(String internalName) {
    try {
      return inServiceFiles(internalName) || inModules(internalName);
    } catch (RuntimeException unreadable) { // a file of that name, in a jar that is damaged
      return true;
    }
  }

  private boolean inServiceFiles(String internalName) {
    for (byte[] file : classes.resources(SERVICE)) {
      List<String> lines = new String(file, StandardCharsets.UTF_8).lines().toList();
      for (String line : lines) {
        String adapter = line.replaceFirst("#.*", "").strip().replace('.', '/');
        if (!adapter.isEmpty() && mayMake(adapter, internalName, false)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean inModules(String internalName) {
    for (byte[] file : classes.resources("module-info.class")) {
      if (provides(file, internalName)) {
        return true;
      }
    }
    return false;
  }

  private boolean provides(byte[] descriptor, String type) {
    try {
      Provided provided = new Provided(type);
      new ClassReader(descriptor).accept(provided, 0);
      return provided.fits;
    } catch (RuntimeException unreadable) { // damaged, or newer than ASM: it may name an adapter
      return new String(descriptor, StandardCharsets.ISO_8859_1).contains(Names.FUTURE_ADAPTER);
    }
  }

  /**
   * True if a class may make a future of a type.
   *
   * @param inModule whether a module names it: then it may have a static method {@code provider()},
   *     and the adapter is what that returns
   */
  private boolean mayMake(String adapter, String type, boolean inModule) {
    try {
      byte[] bytes = classes.read(adapter);
      if (bytes == null) {
        return true;
      }
      Results results = new Results(type);
      new ClassReader(bytes)
          .accept(
              results, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      String provided = results.provided;
      if (!inModule || provided == null) {
        return results.adapts ? results.fits : inherits(results, type);
      }
      return provided.equals(Names.FUTURE_ADAPTER) || mayMake(provided, type, false);
    } catch (RuntimeException unreadable) { // damaged, too new, or in a jar that is closed
      return true;
    }
  }

  /** An adapter that does not declare {@code adapt} has it from its superclass or an interface. */
  private boolean inherits(Results results, String type) {
    return results.supertypes.stream()
        .filter(above -> !above.equals("java/lang/Object") && !above.equals(Names.FUTURE_ADAPTER))
        .anyMatch(above -> mayMake(above, type, false));
  }

  /** What a module's descriptor provides. */
  private final class Provided extends ClassVisitor {
    private final String type;
    boolean fits;

    Provided(String type) {
      super(Opcodes.ASM9);
      this.type = type;
    }

    @Override
    public ModuleVisitor visitModule(String name, int access, @Nullable String version) {
      return new ModuleVisitor(Opcodes.ASM9) {
        @Override
        public void visitProvide(String service, String... providers) {
          for (String adapter : providers) {
            fits |= service.equals(Names.FUTURE_ADAPTER) && mayMake(adapter, type, true);
          }
        }
      };
    }
  }

  private final class Results extends ClassVisitor {
    private final String type;
    final List<String> supertypes = new ArrayList<>();
    boolean adapts;
    boolean fits;

    /** What its static method {@code provider()} is declared to return, if it has one. */
    @Nullable String provided;

    Results(String type) {
      super(Opcodes.ASM9);
      this.type = type;
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
        supertypes.add(superName);
      }
      if (interfaces != null) {
        supertypes.addAll(List.of(interfaces));
      }
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      if (name.equals("provider")
          && descriptor.startsWith("()L")
          && (access & PROVIDER) == PROVIDER) {
        provided = Type.getReturnType(descriptor).getInternalName();
      }
      boolean bridge = (access & Opcodes.ACC_BRIDGE) != 0;
      if (!bridge && name.equals("adapt") && descriptor.startsWith(PARAMETERS)) {
        String made = Type.getReturnType(descriptor).getInternalName();
        adapts = true;
        fits |=
            made.equals(Names.STAGE)
                || made.equals(Names.FUTURE)
                || hierarchy.isSubclass(made, type);
      }
      return null;
    }
  }
}
