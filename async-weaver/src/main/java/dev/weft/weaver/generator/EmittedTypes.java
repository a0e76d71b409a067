package dev.weft.weaver.generator;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.analysis.TypeFlow;
import dev.weft.weaver.scan.AwaitCall;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.signature.SignatureReader;
import org.objectweb.asm.signature.SignatureVisitor;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Elements that cannot be of the type that a generator is declared to have: javac infers the type
 * of each {@code emit} by itself, and compares it with nothing.
 *
 * <p>Refused is what no object can be: two classes, both of which can be read, neither of which
 * extends the other. The value itself may well be of a narrower type than the class file tells: of
 * a {@code List<Integer>} the elements are {@code Object}s there, and of a {@code Box<Integer>}
 * with {@code T extends Number} its {@code Number}s. So a superclass passes, and so do interfaces,
 * type variables, and whatever is not known.
 */
final class EmittedTypes {
  private static final Type OBJECT = Type.getObjectType("java/lang/Object");

  private final ClassHierarchy hierarchy;
  private final MethodNode method;
  private final Type declared;

  private EmittedTypes(ClassHierarchy hierarchy, MethodNode method, Type declared) {
    this.hierarchy = hierarchy;
    this.method = method;
    this.declared = declared;
  }

  /** What is wrong with the elements of a generator, before it is divided. */
  static List<Refusal> refusals(ClassNode owner, MethodNode method, ClassHierarchy hierarchy) {
    Type declared = Element.of(method);
    boolean hasFrames = (owner.version & 0xFFFF) >= Opcodes.V1_7; // in each class file since then
    return declared == null || !hasFrames
        ? List.of()
        : new EmittedTypes(hierarchy, method, declared).in(owner);
  }

  private List<Refusal> in(ClassNode owner) {
    List<Refusal> refusals = new ArrayList<>();
    TypeFlow types;
    try {
      types = new TypeFlow(owner.name, method);
    } catch (AnalyzerException | RuntimeException nonsense) {
      return refusals; // the engines say what is wrong with it
    }
    for (int i = 0; i < method.instructions.size(); i++) {
      AbstractInsnNode insn = method.instructions.get(i);
      Frame<BasicValue> before = Generators.isEmit(insn) ? types.before(i) : null;
      if (before != null) {
        BasicValue value = before.getStack(before.getStackSize() - 1);
        Type emitted = value.getType();
        if (emitted != null && !TypeFlow.isNull(value) && areDisjoint(emitted, declared)) {
          refusals.add(
              new Refusal(DiagnosticCode.EMITTED_TYPE, AwaitCall.lineOf(insn), message(emitted)));
        }
      }
    }
    return refusals;
  }

  private String message(Type emitted) {
    return "emit of a "
        + emitted.getClassName()
        + " in the generator "
        + method.name
        + ", whose elements are of the type "
        + declared.getClassName()
        + ": whoever reads them would get a ClassCastException. Emit what the method's return type"
        + " says, or change that";
  }

  /** True if no object is of both types. */
  private boolean areDisjoint(Type one, Type other) {
    boolean array = one.getSort() == Type.ARRAY;
    boolean otherArray = other.getSort() == Type.ARRAY;
    if (array && otherArray) {
      return areDisjoint(componentOf(one), componentOf(other));
    }
    if (one.getSort() < Type.ARRAY || other.getSort() < Type.ARRAY) {
      return !one.equals(other); // components; an int is no Object
    }
    if (array || otherArray) {
      return isClass(array ? other : one) && !OBJECT.equals(array ? other : one);
    }
    return isClass(one)
        && isClass(other)
        && !hierarchy.mayBeSubclass(one.getInternalName(), other.getInternalName())
        && !hierarchy.mayBeSubclass(other.getInternalName(), one.getInternalName());
  }

  private boolean isClass(Type type) {
    String name = type.getInternalName();
    return hierarchy.knows(name) && !hierarchy.isInterface(name);
  }

  private static Type componentOf(Type array) {
    return Type.getType(array.getDescriptor().substring(1));
  }

  /** The erasure of a method's element type, from its generic signature; null if none is said. */
  private static final class Element extends SignatureVisitor {
    private final StringBuilder descriptor = new StringBuilder();
    private String end = ";";
    private boolean known;

    private Element() {
      super(Opcodes.ASM9);
    }

    static @Nullable Type of(MethodNode method) {
      if (method.signature == null) {
        return null;
      }
      Element element = new Element();
      try {
        new SignatureReader(method.signature).accept(new Result(element));
      } catch (RuntimeException unreadable) { // no compiler has to care for it
        return null;
      }
      return element.known ? Type.getType(element.descriptor.append(element.end).toString()) : null;
    }

    @Override
    public SignatureVisitor visitArrayType() {
      descriptor.append('[');
      return this;
    }

    @Override
    public void visitBaseType(char type) {
      descriptor.append(type);
      end = "";
      known = true;
    }

    @Override
    public void visitClassType(String name) {
      descriptor.append('L').append(name);
      known = true;
    }

    @Override
    public void visitInnerClassType(String name) {
      descriptor.append('$').append(name);
    }

    @Override
    public SignatureVisitor visitTypeArgument(char wildcard) {
      return new SignatureVisitor(Opcodes.ASM9) {};
    }
  }

  /** Finds the argument of a return type. */
  private static final class Result extends SignatureVisitor {
    private final Element element;
    private boolean returned;

    Result(Element element) {
      super(Opcodes.ASM9);
      this.element = element;
    }

    @Override
    public SignatureVisitor visitReturnType() {
      returned = true;
      return this;
    }

    /** Also those of bounds and parameters, which come before. */
    @Override
    public SignatureVisitor visitTypeArgument(char wildcard) {
      boolean wanted = returned && wildcard != SignatureVisitor.SUPER;
      return wanted ? element : new SignatureVisitor(Opcodes.ASM9) {};
    }
  }
}
