package dev.weft.weaver;

import dev.weft.weaver.MethodReport.SavedLocal;
import dev.weft.weaver.MethodReport.SuspensionPoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ByteVector;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;

/**
 * The mark of a woven class: a class file attribute, which JVMs ignore, with the report on its
 * methods. It lets {@code explain} speak about a class that was woven long ago.
 */
final class WovenAttribute extends Attribute {
  static final String NAME = "dev.weft.Woven";

  private static final int FORMAT = 4;

  private final List<MethodReport> methods;

  /** A prototype, for reading. */
  WovenAttribute() {
    this(List.of());
  }

  WovenAttribute(List<MethodReport> methods) {
    super(NAME);
    this.methods = methods;
  }

  List<MethodReport> methods() {
    return methods;
  }

  @Override
  public boolean isUnknown() {
    return false;
  }

  @Override
  protected Attribute read(
      ClassReader reader,
      int offset,
      int length,
      char @Nullable [] buffer,
      int codeOffset,
      Label @Nullable [] labels) {
    try {
      return new WovenAttribute(new Reading(reader, offset, buffer).methods());
    } catch (RuntimeException damaged) { // a constant or a length that does not exist
      return new WovenAttribute();
    }
  }

  @Override
  protected ByteVector write(
      ClassWriter writer, byte @Nullable [] code, int codeLength, int maxStack, int maxLocals) {
    ByteVector out = new ByteVector();
    out.putByte(FORMAT);
    out.putShort(methods.size());
    for (MethodReport method : methods) {
      out.putShort(writer.newUTF8(method.name()));
      out.putShort(writer.newUTF8(method.descriptor()));
      out.putShort(method.line());
      out.putByte(method.engine() == Engine.DIRECT ? 1 : 0);
      out.putShort(writer.newUTF8(method.reason()));
      out.putInt(method.originalBytes());
      out.putInt(method.wovenBytes());
      out.putByte(method.calls().hasEntry() ? 1 : 0);
      out.putShort(writer.newUTF8(method.calls().without()));
      out.putShort(method.calls().lines().size());
      method.calls().lines().forEach(out::putShort);
      out.putShort(method.suspensionPoints().size());
      for (SuspensionPoint point : method.suspensionPoints()) {
        out.putShort(point.line());
        out.putShort(point.saved().size());
        for (SavedLocal local : point.saved()) {
          out.putShort(writer.newUTF8(local.name()));
          out.putShort(writer.newUTF8(local.descriptor()));
        }
      }
    }
    return out;
  }

  private static final class Reading {
    private final ClassReader reader;
    private final char[] buffer;
    private int at;

    Reading(ClassReader reader, int offset, char @Nullable [] buffer) {
      this.reader = reader;
      this.buffer = buffer == null ? new char[reader.getMaxStringLength()] : buffer;
      at = offset;
    }

    List<MethodReport> methods() {
      List<MethodReport> methods = new ArrayList<>();
      if (unsignedByte() != FORMAT) {
        return methods;
      }
      for (int m = unsignedShort(); m > 0; m--) {
        methods.add(method());
      }
      return methods;
    }

    private MethodReport method() {
      String name = string();
      String descriptor = string();
      int line = unsignedShort();
      Engine engine = unsignedByte() == 1 ? Engine.DIRECT : Engine.EA;
      String reason = string();
      int originalBytes = integer();
      int wovenBytes = integer();
      MethodReport.Calls calls = calls();
      return new MethodReport(
          name, descriptor, line, engine, reason, originalBytes, wovenBytes, points(), calls);
    }

    private MethodReport.Calls calls() {
      boolean hasEntry = unsignedByte() == 1;
      String without = string();
      List<Integer> lines = new ArrayList<>();
      for (int count = unsignedShort(); count > 0; count--) {
        lines.add(unsignedShort());
      }
      return new MethodReport.Calls(hasEntry, lines, without);
    }

    private List<SuspensionPoint> points() {
      List<SuspensionPoint> points = new ArrayList<>();
      int count = unsignedShort();
      for (int state = 1; state <= count; state++) {
        int line = unsignedShort();
        List<SavedLocal> saved = new ArrayList<>();
        for (int s = unsignedShort(); s > 0; s--) {
          saved.add(SavedLocal.of(string(), string()));
        }
        points.add(new SuspensionPoint(state, line, saved));
      }
      return points;
    }

    private int unsignedByte() {
      return reader.readByte(at++);
    }

    private int unsignedShort() {
      at += 2;
      return reader.readUnsignedShort(at - 2);
    }

    private int integer() {
      at += 4;
      return reader.readInt(at - 4);
    }

    private String string() {
      at += 2;
      return String.valueOf(reader.readUTF8(at - 2, buffer));
    }
  }
}
