package dev.weft.weaver;

import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * JUnit Jupiter runs methods that return nothing, and no others. So each {@code @AsyncTest} that
 * returns a future gets an entry for JUnit, of the same name and with all annotations, that hands
 * the future on to Weft's extension; and the method itself another name, since JUnit finds methods
 * by name and parameters, and would find either.
 *
 * <pre>
 *   &#64;AsyncTest Task&lt;Void&gt; greets(AsyncExecutor executor) { .. }
 *
 *   &#64;AsyncTest void greets(AsyncExecutor executor) {
 *     AsyncTestBody.returned(greets$async(executor));
 *   }
 *   synthetic Task&lt;Void&gt; greets$async(AsyncExecutor executor) { .. }
 * </pre>
 *
 * <p>Calls of it within its class go to the new name; tests are not called from elsewhere. A method
 * that is private, static or abstract is left as it is: JUnit refuses it, and the extension's own
 * engine says why.
 */
final class AsyncTestEntries {
  private static final String BODY_SUFFIX = "$async";
  private static final int KEPT_FLAGS =
      Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED | Opcodes.ACC_FINAL;

  private final ClassNode owner;
  private final ClassHierarchy hierarchy;

  /** What methods are called now, by name and descriptor. */
  private final Map<String, String> renamed = new HashMap<>();

  AsyncTestEntries(ClassNode owner, ClassHierarchy hierarchy) {
    this.owner = owner;
    this.hierarchy = hierarchy;
  }

  /**
   * Makes them.
   *
   * @return the new names, by the old name and the descriptor; empty if there is no such test
   */
  Map<String, String> make() {
    Set<String> names = new HashSet<>();
    owner.methods.forEach(method -> names.add(method.name));
    List<MethodNode> entries = new ArrayList<>();
    for (MethodNode method : owner.methods) {
      if (isTest(method)) {
        String body = freeName(method.name + BODY_SUFFIX, names);
        renamed.put(method.name + method.desc, body);
        entries.add(entry(method, body));
        method.name = body;
        method.access |= Opcodes.ACC_SYNTHETIC;
        dropAnnotations(method);
      }
    }
    owner.methods.addAll(entries);
    if (!renamed.isEmpty()) {
      owner.methods.forEach(this::redirectCalls);
    }
    return renamed;
  }

  private static String freeName(String base, Set<String> names) {
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + i;
    }
    return name;
  }

  private boolean isTest(MethodNode method) {
    Type result = Type.getReturnType(method.desc);
    return (method.access
                & (Opcodes.ACC_PRIVATE
                    | Opcodes.ACC_STATIC
                    | Opcodes.ACC_ABSTRACT
                    | Opcodes.ACC_SYNTHETIC))
            == 0
        && isAnnotated(method.visibleAnnotations)
        && result.getSort() == Type.OBJECT
        && hierarchy.isSubclass(result.getInternalName(), Names.STAGE);
  }

  private static boolean isAnnotated(@Nullable List<AnnotationNode> annotations) {
    return annotations != null
        && annotations.stream().anyMatch(each -> each.desc.equals(Names.ASYNC_TEST_DESC));
  }

  private MethodNode entry(MethodNode test, String body) {
    Type[] parameters = Type.getArgumentTypes(test.desc);
    MethodNode entry =
        new MethodNode(
            test.access & KEPT_FLAGS,
            test.name,
            Type.getMethodDescriptor(Type.VOID_TYPE, parameters),
            withoutResult(test.signature),
            test.exceptions.toArray(new String[0]));
    entry.parameters = test.parameters;
    entry.visibleAnnotations = test.visibleAnnotations;
    entry.invisibleAnnotations = test.invisibleAnnotations;
    entry.visibleAnnotableParameterCount = test.visibleAnnotableParameterCount;
    entry.visibleParameterAnnotations = test.visibleParameterAnnotations;
    entry.invisibleAnnotableParameterCount = test.invisibleAnnotableParameterCount;
    entry.invisibleParameterAnnotations = test.invisibleParameterAnnotations;
    addLine(entry, test);
    entry.instructions.add(new VarInsnNode(Opcodes.ALOAD, 0));
    int slot = 1;
    for (Type parameter : parameters) {
      entry.instructions.add(new VarInsnNode(parameter.getOpcode(Opcodes.ILOAD), slot));
      slot += parameter.getSize();
    }
    boolean inInterface = (owner.access & Opcodes.ACC_INTERFACE) != 0;
    entry.instructions.add(
        new MethodInsnNode(
            inInterface ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL,
            owner.name,
            body,
            test.desc,
            inInterface));
    entry.instructions.add(
        new MethodInsnNode(
            Opcodes.INVOKESTATIC,
            Names.ASYNC_TEST_BODY,
            "returned",
            Type.getMethodDescriptor(Type.VOID_TYPE, Type.getObjectType(Names.STAGE)),
            false));
    entry.instructions.add(new InsnNode(Opcodes.RETURN));
    return entry;
  }

  /** IDEs and stack traces lead to the test. */
  private static void addLine(MethodNode entry, MethodNode test) {
    for (AbstractInsnNode insn : test.instructions) {
      if (insn instanceof LineNumberNode line) {
        LabelNode start = new LabelNode();
        entry.instructions.add(start);
        entry.instructions.add(new LineNumberNode(line.line, start));
        return;
      }
    }
  }

  /** The parameters of a generic signature, and what it throws. */
  private static @Nullable String withoutResult(@Nullable String signature) {
    if (signature == null) {
      return null;
    }
    int result = signature.lastIndexOf(')') + 1;
    int thrown = signature.indexOf('^', result);
    return signature.substring(0, result) + "V" + (thrown < 0 ? "" : signature.substring(thrown));
  }

  private static void dropAnnotations(MethodNode method) {
    method.visibleAnnotations = null;
    method.invisibleAnnotations = null;
    method.visibleAnnotableParameterCount = 0;
    method.invisibleAnnotableParameterCount = 0;
    method.visibleParameterAnnotations = null;
    method.invisibleParameterAnnotations = null;
  }

  private void redirectCalls(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof MethodInsnNode call && call.owner.equals(owner.name)) {
        call.name = renamed.getOrDefault(call.name + call.desc, call.name);
      } else if (insn instanceof InvokeDynamicInsnNode dynamic) {
        for (int i = 0; i < dynamic.bsmArgs.length; i++) {
          if (dynamic.bsmArgs[i] instanceof Handle handle && handle.getOwner().equals(owner.name)) {
            dynamic.bsmArgs[i] = redirected(handle);
          }
        }
      }
    }
  }

  private Handle redirected(Handle handle) {
    String name = renamed.get(handle.getName() + handle.getDesc());
    return name == null
        ? handle
        : new Handle(
            handle.getTag(), handle.getOwner(), name, handle.getDesc(), handle.isInterface());
  }
}
